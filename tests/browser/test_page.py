"""The page itself: widths, languages, keys, colours, and a connection that breaks off."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot.simulator import Simulator, demo_world
from tests.browser.chatting import says, speaks_as
from tests.browser.conftest import Visit
from tests.browser.stage import Stage

pytestmark = pytest.mark.browser

UNREADABLE = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")
TABS = ("vouchers", "reviews", "traffic", "chat")
PAIRS = {"wallet": ("wallet", "till"), "credit": ("credit", "partners")}
LONG = "https://example.com/" + "x" * 300


async def scrolls_sideways(page: Page) -> bool:
    """Whether anything is wider than the screen."""
    widest = "Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)"
    return bool(await page.evaluate(f"{widest} > innerWidth"))


@pytest.mark.parametrize("locale", ["zh-CN", pytest.param("en-US", marks=pytest.mark.slow)])
async def test_a_phone_shows_one_column_that_fits(visit: Visit, locale: str) -> None:
    page = await visit("narrow", locale=locale)
    await says(page, LONG)
    await says(page, "修改 春节券 使用须知=周末不可用")
    await says(page, "确认")
    for tab in TABS:
        await page.locator(f'#tabs [data-tab="{tab}"]').click()
        await expect(page.locator(f"#{'phone' if tab == 'chat' else tab}")).to_be_visible()
        assert await page.locator(":is(.phone, .panel):visible").count() == 1
        assert not await scrolls_sideways(page)
    for tab, panels in PAIRS.items():
        await page.locator(f'#tabs [data-tab="{tab}"]').click()
        for panel in panels:
            await expect(page.locator(f"#{panel}")).to_be_visible()
        assert await page.locator(":is(.phone, .panel):visible").count() == 2
        assert not await scrolls_sideways(page)


@pytest.mark.parametrize("locale", ["zh-CN", pytest.param("en-US", marks=pytest.mark.slow)])
async def test_a_wide_screen_shows_the_phone_and_wechats_side_at_once(visit: Visit, locale: str) -> None:
    page = await visit("wide", locale=locale)
    await says(page, LONG)
    await says(page, "修改 春节券 使用须知=周末不可用")
    await says(page, "确认")

    assert await page.locator(":is(.phone, .panel):visible").count() == 4
    assert await page.locator("#tabs").is_hidden()
    assert not await scrolls_sideways(page)


@pytest.mark.parametrize("locale", ["zh-CN", pytest.param("en-US", marks=pytest.mark.slow)])
async def test_titles_and_filters_stay_on_one_line_beside_a_scroll_bar(visit: Visit, locale: str) -> None:
    page = await visit("wide", locale=locale)
    await page.locator("#traffic").evaluate("(panel) => { panel.style.paddingRight = '15px'; }")

    lines = await page.locator("#traffic h2, .filter button").evaluate_all(
        "(nodes) => nodes.map((node) => { const words = document.createRange();"
        " words.selectNodeContents(node); return words.getClientRects().length; })"
    )

    assert lines == [1, 1, 1, 1]


async def test_roles_are_labelled_as_those_of_the_beginning(visit: Visit) -> None:
    page = await visit()

    await expect(page.locator(".people .caption").first).to_have_text("以谁的身份说话 · 开始时的角色")
    await expect(page.locator(".role").first).to_have_attribute(
        "title", "演示开始时的角色。以后由机器人管理：发「我」看现在的角色。"
    )


async def test_the_language_changes_at_a_tap_and_is_remembered(visit: Visit) -> None:
    page = await visit(locale="en-US")
    await expect(page.get_by_role("heading", name="Review queue")).to_be_visible()

    await page.get_by_role("button", name="中文").click()

    await expect(page.get_by_role("heading", name="审核队列")).to_be_visible()
    await expect(page.get_by_role("button", name="统计", exact=True)).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("heading", name="审核队列")).to_be_visible()
    assert await page.evaluate("document.documentElement.lang") == "zh-CN"


async def test_both_languages_have_the_same_words(visit: Visit) -> None:
    page = await visit()

    zh, en = await page.evaluate(
        "import('/_page/words.js').then(({ WORDS }) => [WORDS.zh, WORDS.en].map((words) => Object.keys(words).sort()))"
    )

    assert zh == en


async def test_every_person_has_a_chat_and_a_draft_of_their_own(visit: Visit) -> None:
    page = await visit()
    await says(page, "帮助")
    await page.locator("#say").fill("修改 春节")

    await speaks_as(page, "李四")

    await expect(page.locator(".message")).to_have_count(0)
    await expect(page.locator("#say")).to_have_value("")
    await page.get_by_role("button", name="老街咖啡").click()
    await expect(page.locator("#account")).to_have_text("老街咖啡")
    await page.get_by_role("button", name="湖畔面馆").click()
    await speaks_as(page, "张三")
    await expect(page.locator("#say")).to_have_value("修改 春节")
    await expect(page.locator(".message")).to_have_count(2)


async def test_the_keyboard_alone_is_enough(visit: Visit) -> None:
    page = await visit()
    keyboard = page.keyboard
    await tab_to(page, "[role=tab][aria-selected=true]")
    await keyboard.press("ArrowUp")
    await expect(page.get_by_role("tab", name="王芳")).to_be_focused()
    await expect(page.get_by_role("tab", name="王芳")).to_have_attribute("aria-selected", "true")

    await tab_to(page, "#say")
    await keyboard.type("修改 春节券 ")
    await keyboard.press("Shift+Enter")
    await keyboard.type("使用须知=周末不可用")
    assert await page.locator("#say").input_value() == "修改 春节券 \n使用须知=周末不可用"
    await keyboard.press("Enter")
    await expect(page.locator(".theirs")).to_have_count(1)
    await expect(page.locator("#heard")).to_contain_text("湖畔面馆回复")
    await keyboard.type("确认")
    await keyboard.press("Enter")
    await expect(page.locator(".review")).to_have_count(1)

    await tab_to(page, ".review .plain")
    await keyboard.press("Enter")
    await expect(page.locator(".refusal input")).to_be_focused()
    await keyboard.press("Escape")
    await expect(page.locator(".refusal")).to_be_hidden()
    await expect(page.locator(".review .verdict .plain").first).to_be_focused()
    await keyboard.press("Enter")
    await keyboard.type("图片与商户不符")
    await keyboard.press("Enter")
    await expect(page.locator('.message[data-via="custom"]')).to_contain_text("图片与商户不符")


async def test_escape_closes_what_is_open(visit: Visit) -> None:
    page = await visit("narrow")
    await page.locator("#about-button").click()
    await expect(page.locator("#about")).to_contain_text("gh_0123456789ab")

    await page.keyboard.press("Escape")

    await expect(page.locator("#about")).to_be_hidden()
    await page.locator('#tabs [data-tab="vouchers"]').click()
    await page.locator(".voucher summary").first.press("Enter")
    await expect(page.locator(".voucher .facts").first).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator(".voucher .facts").first).to_be_hidden()
    await page.keyboard.press("Escape")
    await expect(page.locator("#phone")).to_be_visible()


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        ("narrow", "dark"),
        ("wide", "light"),
        pytest.param("narrow", "light", marks=pytest.mark.slow),
        pytest.param("wide", "dark", marks=pytest.mark.slow),
    ],
)
async def test_every_word_stands_out_from_its_ground(visit: Visit, stage: Stage, scheme: str, width: str) -> None:
    page = await visit(width, color_scheme=scheme, reduced_motion="reduce")
    await says(page, "修改 春节券 使用须知=周末不可用")
    await says(page, "确认")
    stage.lakeside.callback_url = "http://127.0.0.1:9/"
    await page.locator("#say").fill("https://example.com")
    await page.locator("#say").press("Enter")
    await expect(page.locator(".system")).to_be_visible()
    for tab in TABS:
        if width == "narrow":
            await page.locator(f'#tabs [data-tab="{tab}"]').click()
        if tab == "reviews":
            await page.locator(".review .plain").first.click()
        assert await page.evaluate(UNREADABLE) == []


async def test_the_page_says_that_the_connection_is_lost_and_comes_back(
    visit: Visit, stage: Stage, complaints: list[str]
) -> None:
    page = await visit()
    await says(page, "帮助")
    port = int(stage.simulator.url.rsplit(":", 1)[1])

    await stage.simulator.stop()

    await expect(page.locator("#line")).to_have_text("连接已断开，正在重连…")
    await page.locator("#say").fill("统计")
    await page.locator("#say").press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("连不上模拟微信")
    await expect(page.locator("#say")).to_have_value("统计")

    again = Simulator()
    demo_world(again, "http://127.0.0.1:9")
    await again.start(port)
    try:
        await expect(page.locator("#line")).to_have_text("已重新连接")
        await expect(page.locator(".message")).to_have_count(0)
    finally:
        await page.close()  # else it would go on noting lost connections
        await again.stop()
    complaints.clear()  # the browser itself notes every refused connection


async def test_nothing_comes_from_elsewhere_and_nothing_is_inline(visit: Visit, stage: Stage) -> None:
    page = await visit()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    response = await page.reload()

    assert response is not None
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert {url.split("/_")[0].rstrip("/") for url in asked} == {stage.simulator.url}


async def tab_to(page: Page, selector: str, most: int = 60) -> None:
    """Press Tab until the element has the focus."""
    for _ in range(most):
        await page.keyboard.press("Tab")
        if await page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached with Tab")
