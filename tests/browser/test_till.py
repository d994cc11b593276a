"""Wallet, till and counter on the page: claimed as a customer, scanned as a clerk, paid and decided by WeChat."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from bot.simulator import credit
from bot.simulator.demo_shops import LAKESIDE, OPENIDS
from bot.simulator.menus import Buttons
from tests.browser.chatting import says, speaks_as
from tests.browser.conftest import Visit
from tests.browser.stage import Stage

pytestmark = pytest.mark.browser

CASH = "pLake1cash10yuan0000000demo1"
SCAN: Buttons = [{"type": "scancode_waitmsg", "name": "核销扫码", "key": "scan", "sub_button": []}]
_, _, CLERK, _, CUSTOMER = OPENIDS[LAKESIDE.appid]


async def side(page: Page, name: str) -> None:
    """Show a side of WeChat's part, on any screen."""
    wide = page.locator(f'#sides [data-side="{name}"]')
    await (wide if await wide.is_visible() else page.locator(f'#tabs [data-tab="{name}"]')).click()


@pytest.mark.parametrize("width", [pytest.param("wide", marks=pytest.mark.slow), "narrow"])
async def test_a_voucher_is_claimed_and_carried_to_the_till(visit: Visit, stage: Stage, width: str) -> None:
    card = {"card_id": CASH, "is_unique_code": False, "outer_str": "till-3"}
    stage.simulator.world.tickets.make(LAKESIDE.appid, 0, cards=[card])
    stage.simulator.world.menus.put(LAKESIDE.appid, SCAN, by="api")
    page = await visit(width)
    await speaks_as(page, "小陈")
    await side(page, "wallet")
    await page.locator("#claim select").press("Home")
    await page.locator("#claim button").press("Enter")
    await expect(page.locator("#wallet-result")).to_contain_text("领到了，券码")
    (entry,) = stage.simulator.wallet(LAKESIDE.appid, CUSTOMER)
    assert (entry.card_id, entry.outer_str) == (CASH, "till-3")
    await expect(page.locator("#wallet-rows .digits")).to_have_text(
        f"{entry.code[:4]} {entry.code[4:8]} {entry.code[8:]}"
    )

    await page.locator("#wallet-rows").get_by_role("button", name="拿到收银台").press("Enter")
    await expect(page.locator("#scanner input")).to_have_value(entry.code)
    await expect(page.locator("#scanner input")).to_be_focused()
    await page.locator("#scanner input").press("Enter")
    await expect(page.locator("#till-result")).to_contain_text("扫码已送达")
    pushes = [push for push in stage.simulator.pushes() if push["what"] == "scancode_waitmsg"]
    assert [push["openid"] for push in pushes] == [CUSTOMER]

    await page.locator("#claim button").click()
    await expect(page.locator("#wallet-result")).to_have_text("领不到：已到每人限领数")


@pytest.mark.parametrize("width", [pytest.param("wide", marks=pytest.mark.slow), "narrow"])
async def test_issued_claimed_scanned_and_redeemed(visit: Visit, stage: Stage, width: str) -> None:
    """The life of a voucher, with the bot at the other end."""
    await stage.app.services[LAKESIDE.appid].menu.push()
    page = await visit(width)
    await speaks_as(page, "张三")
    await expect(await says(page, f"投放 {CASH} 渠道=门口海报")).to_contain_text("的领取码，可扫到")
    picture = page.locator(".theirs img.picture")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 800

    await speaks_as(page, "小陈")
    await side(page, "wallet")
    await page.locator("#claim select").press("Home")
    await expect(page.locator("#claim select option").first).to_contain_text("门口海报")
    await page.locator("#claim button").press("Enter")
    await expect(page.locator("#wallet-result")).to_contain_text("领到了，券码")
    (entry,) = stage.simulator.wallet(LAKESIDE.appid, CUSTOMER)
    assert entry.outer_str == "门口海报"

    if width == "narrow":
        await page.locator('#tabs [data-tab="chat"]').click()
    await speaks_as(page, "李四")
    await side(page, "wallet")
    await page.locator("#till-rows button").first.press("Enter")
    await expect(page.locator("#scanner input")).to_have_value(entry.code)
    await page.locator("#scanner input").press("Enter")
    await expect(page.locator("#till-result")).to_contain_text("可用，有效期到")
    if width == "narrow":
        await page.locator('#tabs [data-tab="chat"]').click()
    await page.locator(".theirs .entry").last.press("Enter")
    await expect(page.locator(".theirs .bubble").last).to_contain_text("✅ 已核销")
    assert stage.simulator.wallet(LAKESIDE.appid, CUSTOMER)[0].status == "CONSUMED"
    await expect(await says(page, "今日")).to_contain_text("今天核销 1 张，领取 1 张")


async def test_without_a_scan_button_the_code_is_sent_as_a_message(visit: Visit, stage: Stage) -> None:
    page = await visit("wide", locale="en-US")
    await speaks_as(page, "李四")
    await side(page, "wallet")
    await expect(page.locator("#scanner .primary")).to_be_disabled()
    await expect(page.locator("#scanner .note")).to_contain_text("has no scan button")
    await page.locator("#scanner input").fill("100200300400")
    await page.locator("#scanner .plain").press("Enter")
    await expect(page.locator(".own .bubble").last).to_have_text("redeem 100200300400")
    assert stage.simulator.chat(LAKESIDE.appid, CLERK)[0].text == "redeem 100200300400"


async def test_a_menus_buttons_are_tapped_with_the_keyboard(visit: Visit, stage: Stage) -> None:
    menu: Buttons = [{"name": "更多", "sub_button": [{"type": "click", "name": "帮助", "key": "help"}]}, *SCAN]
    stage.simulator.world.menus.put(LAKESIDE.appid, menu, by="api")
    page = await visit("wide")
    await page.locator("#menu summary").press("Enter")
    await page.locator("#menu").get_by_role("button", name="帮助").press("Enter")
    await expect(page.locator("#traffic-rows")).to_contain_text("CLICK")
    await expect(page.locator("#menu details")).not_to_have_attribute("open", "")

    await page.locator("#menu").get_by_role("button", name="核销扫码").press("Enter")
    await expect(page.locator("#scanner input")).to_be_focused()


async def test_orders_are_paid_and_partners_decided(visit: Visit, stage: Stage) -> None:
    sim = stage.simulator
    credit.recharge(sim.world, LAKESIDE.appid, 50)
    sim.add_store(LAKESIDE.appid, 5, "湖畔面馆", branch="城东店", approved=False)
    page = await visit("wide", locale="en-US")
    await expect(page.locator("#sides .dot")).to_have_text("2")
    await side(page, "credit")
    await page.locator("#credit-rows").get_by_role("button", name="Pay").press("Enter")
    await expect(page.locator("#credit-count")).to_have_text("250 in all: 200 given, 50 topped up")
    await page.locator("#partners-rows input").fill("照片不清楚")
    await page.locator("#partners-rows").get_by_role("button", name="Refuse").press("Enter")
    await expect(page.locator("#partners-rows li").last).to_contain_text("Refused")
    await expect(page.locator("#sides .dot")).to_be_hidden()


async def test_a_picture_is_sent_and_seen(visit: Visit) -> None:
    page = await visit("narrow")
    png = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001"
        "a5f645400000000049454e44ae426082"
    )
    await page.locator("#picture").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": png})
    await expect(page.locator(".own img.picture")).to_be_visible()
    loaded = await page.locator(".own img.picture").evaluate("(image) => image.decode().then(() => image.naturalWidth)")
    assert loaded == 1
