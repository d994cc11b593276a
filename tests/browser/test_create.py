"""A new voucher on the page: questions answered by typing, by chips and by pictures, up to the review queue."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.browser.chatting import answer, says
from tests.browser.conftest import Visit
from tests.browser.stage import Stage
from tests.images import png

pytestmark = pytest.mark.browser


async def shows(page: Page, width: int, height: int, next_question: str) -> None:
    """Send such a picture, and read the next question."""
    content, before = png(width, height), await page.locator(".theirs").count()
    await page.locator("#picture").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": content})
    await expect(await answer(page, before)).to_contain_text(next_question)


async def taps(page: Page, words: str, next_question: str) -> None:
    """Tap a suggestion, and read the next question."""
    before = await page.locator(".theirs").count()
    await page.get_by_role("group", name="可以这样发").get_by_role("button", name=words, exact=True).click()
    await expect(await answer(page, before)).to_contain_text(next_question)


async def test_a_voucher_is_made_on_the_page(visit: Visit, stage: Stage) -> None:
    page = await visit()
    await taps(page, "新建", "哪一种")
    for said in ("代金券", "20"):
        await says(page, said)
    await taps(page, "跳过", "只适用于哪些商品")
    await taps(page, "上一步", "满多少钱可用")
    for _ in range(4):
        await taps(page, "跳过", "？")
    await says(page, "1")
    await shows(page, 300, 300, "什么颜色")
    for said in ("蓝色", "结账前出示", "每桌一张", "60天"):
        await says(page, said)
    for question in ("客服电话", "适用门店", "券码怎么显示", "封面简介"):
        await taps(page, "跳过", question)
    await says(page, "湖边的面")
    await shows(page, 850, 350, "图文介绍")
    await shows(page, 100, 100, "配什么文字")
    await says(page, "手擀面")
    for question in ("什么时候可用", "提供哪些服务", "核销后再送", "将新建朋友的券"):
        await taps(page, "跳过", question)
    await taps(page, "确认", "「20元代金券」已新建并送审")

    await expect(page.get_by_role("region", name="审核队列")).to_contain_text("20元代金券")
    assert len(stage.simulator.calls("/card/create")) == 1
