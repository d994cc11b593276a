"""The Open Platform on the chat page: a merchant joins, changes what it granted, and leaves."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, expect

from bot.simulator import BOOKS
from tests.browser.chatting import says, speaks_as
from tests.browser.conftest import Visit
from tests.browser.provider import WELCOME, open_provider
from tests.browser.stage import Stage
from tests.browser.test_page import UNREADABLE, scrolls_sideways

pytestmark = pytest.mark.browser

LINKS = {"wide": "扫码授权", "narrow": "在微信里授权"}


@pytest.fixture
async def provider(stage: Stage) -> AsyncIterator[str]:
    """Where the provider's server listens; tickets come only when asked for."""
    stage.simulator.stop_tickets()
    async with open_provider(stage.simulator) as base:
        yield base


async def side(page: Page, width: str, name: str) -> None:
    """Show a side of WeChat's, or on a phone a tab."""
    await page.locator(f'#tabs [data-tab="{name}"]' if width == "narrow" else f'#sides [data-side="{name}"]').click()


async def opened(page: Page, width: str, complaints: list[str]) -> Page:
    """The authorisation page, reached from the chat page through the provider's start page."""
    async with page.context.expect_page() as popup:
        await page.locator("#merchants-start").click()
    tab = await popup.value
    tab.set_default_timeout(10_000)
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    await tab.get_by_role("link", name=LINKS[width]).click()
    return tab


@pytest.mark.parametrize(
    ("width", "locale"),
    [
        ("wide", "zh-CN"),
        ("narrow", "en-US"),
        pytest.param("wide", "en-US", marks=pytest.mark.slow),
        pytest.param("narrow", "zh-CN", marks=pytest.mark.slow),
    ],
)
async def test_a_merchant_joins_and_its_owner_is_welcomed(
    visit: Visit, stage: Stage, provider: str, complaints: list[str], width: str, locale: str
) -> None:
    page = await visit(width, locale=locale)
    await side(page, width, "platform")
    row = page.locator("#merchants-rows > li", has_text="巷口书店")
    await expect(row.locator(".chip-status")).to_have_text("未授权" if locale == "zh-CN" else "Not authorised")
    assert not await scrolls_sideways(page)

    tab = await opened(page, width, complaints)
    await expect(tab.locator(".scan")).to_be_visible(visible=width == "wide")
    assert not await scrolls_sideways(tab)
    await tab.locator("label", has_text="巷口书店").click()
    await tab.locator('[name="set"][value="13"]').uncheck()
    await tab.locator(".primary").click()
    await expect(tab.get_by_text("发送「绑定 1234」")).to_be_visible()
    assert tab.url.startswith(f"{provider}/component/authorized?state=s&auth_code=queryauthcode")

    granted = stage.simulator.authorisation(BOOKS.appid)
    assert granted is not None
    assert granted.sets == [1, 2, 3, 7, 8, 11, 15]
    await expect(row.locator(".chip-status")).to_have_attribute("data-status", "VERIFY_OK")
    assert not await scrolls_sideways(page)
    if width == "narrow":
        await page.locator('#tabs [data-tab="chat"]').click()
    await page.get_by_role("button", name="巷口书店").click()
    await speaks_as(page, "王芳")
    bubble = await says(page, "绑定 1234")
    await expect(bubble).to_have_text(WELCOME)


@pytest.mark.slow
async def test_a_refusal_grants_nothing(visit: Visit, stage: Stage, provider: str, complaints: list[str]) -> None:  # noqa: ARG001 - the server has to be there
    page = await visit()
    await side(page, "wide", "platform")
    tab = await opened(page, "wide", complaints)
    await tab.get_by_role("button", name="拒绝").click()

    await expect(tab.get_by_role("status")).to_have_text("已拒绝，没有授权。可以关闭这个页面。")
    assert stage.simulator.world.platform.authorisations.all() == []


@pytest.mark.slow
async def test_what_is_not_shown_says_why(visit: Visit, stage: Stage, provider: str, complaints: list[str]) -> None:  # noqa: ARG001 - as above
    stage.simulator.component.domain = "bot.example.com"
    page = await visit()
    await side(page, "wide", "platform")
    tab = await opened(page, "wide", complaints)

    await expect(tab.get_by_role("alert")).to_have_text(
        "无法授权：redirect_uri 的域名是 127.0.0.1，登记的是 bot.example.com"
    )
    await tab.close()
    complaints.clear()  # the browser itself notes that the page came with 400


async def test_tickets_sets_and_the_end_are_a_button_each(visit: Visit, stage: Stage, provider: str) -> None:  # noqa: ARG001 - as above
    page, simulator = await visit(), stage.simulator
    await simulator.authorise(BOOKS.appid)
    await side(page, "wide", "platform")

    await page.get_by_role("button", name="推送 ticket").click()
    await expect(page.locator("#provider-result")).to_contain_text("事件已送达：HTTP 200")
    await page.get_by_role("button", name="恢复推送").click()
    await expect(page.get_by_role("button", name="停止推送")).to_be_visible()
    await page.get_by_label("授权之后").select_option("event lost")
    await expect(page.get_by_label("授权之后")).to_have_value("event lost")
    assert simulator.component.order == "event lost"
    simulator.component.order = "event first"

    row = page.locator("#merchants-rows > li", has_text="巷口书店")
    await row.locator("summary").click()
    await row.locator('[value="1"]').uncheck()
    await row.get_by_role("button", name="确定").click()
    await expect(page.locator("#merchants-result")).to_contain_text("事件已送达")
    await expect(row.get_by_text("消息管理")).to_have_count(1)  # in the fold, not among what was granted
    await row.get_by_role("button", name="取消授权").click()
    await expect(row.locator(".chip-status")).to_have_text("未授权")
    assert [entry["what"] for entry in simulator.pushes() if entry["appid"] == BOOKS.appid] == [
        "authorized",
        "updateauthorized",
        "unauthorized",
    ]


@pytest.mark.slow
async def test_the_publication_check_shows_its_findings(visit: Visit, stage: Stage, provider: str) -> None:  # noqa: ARG001 - as above
    stage.simulator.component.sets = (8,)
    stage.simulator.component.published = False
    page = await visit()
    await side(page, "wide", "platform")
    await expect(page.locator("#provider-state")).to_have_text("未发布")

    await page.get_by_role("button", name="全网发布检测").click()

    await expect(page.locator("#provider-result")).to_have_text("1 项全部通过")
    await expect(page.locator("#provider-state")).to_have_text("已全网发布")
    await expect(page.locator("#provider-rows li")).to_have_count(1)


@pytest.mark.parametrize("scheme", [pytest.param("light", marks=pytest.mark.slow), "dark"])
async def test_every_word_stands_out_from_its_ground(
    visit: Visit,
    stage: Stage,
    provider: str,
    complaints: list[str],
    scheme: str,  # noqa: ARG001 - as above
) -> None:
    page = await visit("narrow", color_scheme=scheme, reduced_motion="reduce")
    await stage.simulator.authorise(BOOKS.appid)
    await side(page, "narrow", "platform")
    await page.locator("#merchants-rows summary").click()
    assert await page.evaluate(UNREADABLE) == []
    tab = await opened(page, "narrow", complaints)
    await expect(tab.locator(".primary")).to_be_visible()
    assert await tab.evaluate(UNREADABLE) == []
