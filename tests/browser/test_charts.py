"""Cards on the chat page, the picture in them, and the report a tap opens."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.chatting import says
from tests.browser.conftest import Visit
from tests.browser.stage import Stage
from tests.browser.test_page import UNREADABLE, scrolls_sideways

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("width", "locale", "text"),
    [("narrow", "zh-CN", "走势"), pytest.param("wide", "en-US", "chart 7d", marks=pytest.mark.slow)],
)
async def test_a_card_shows_its_picture_and_opens_the_report(
    visit: Visit, stage: Stage, width: str, locale: str, text: str
) -> None:
    page = await visit(width, locale=locale)
    bubble = await says(page, text)

    card = bubble.locator("a.article")
    written = stage.simulator.chat(stage.lakeside.appid, stage.openid("张三"))[-1]
    assert await card.locator("strong").inner_text() == written.items[0]["title"]
    assert await card.locator("span").inner_text() == written.items[0]["description"]
    picture = card.locator("img")
    await expect(picture).to_have_js_property("complete", True)
    await expect(picture).to_have_js_property("naturalWidth", 800)
    assert not await scrolls_sideways(page)
    assert await page.evaluate(UNREADABLE) == []

    async with page.context.expect_page() as opened:
        await card.click()
    report = await opened.value
    await expect(report.locator("svg").first).to_be_visible()
    assert report.url == written.items[0]["url"]
    assert await report.evaluate("document.referrer") == ""
