"""Draws the README's picture and writes its transcript, by playing the story on the page.

``python -m tests.browser.screenshot docs/chat-page.png README.md`` (English), with ``--language zh_CN`` the
Chinese ones. Needs chromium and, for the signs in replies, an emoji font.
"""

from __future__ import annotations

import argparse
import asyncio
import re
from pathlib import Path

from playwright.async_api import Page, ViewportSize, expect

from bot.merchants.people import SHELL
from tests.browser.chatting import says, speaks_as
from tests.browser.stage import Stage, chromium, open_browser, open_stage
from tests.browser.story import BEFORE, PICTURE_AFTER, REVIEWERS, STORIES, Step
from tests.redis import running_server

CODE = re.compile(r"\b[A-Z0-9]{4}(?:-[A-Z0-9]{4}){3}\b")
MARKS = ("<!-- transcript -->", "<!-- /transcript -->")
SIZE: ViewportSize = {"width": 1280, "height": 960}
LOCALES = {"zh_CN": "zh-CN", "en": "en-US"}


async def play(page: Page, step: Step, language: str, heard: str) -> list[str]:
    """Do a step on the page, ``heard`` being the reply before; what is said, speaker by speaker."""
    if step.says:
        await speaks_as(page, step.who)
        words = step.says.format(code=(CODE.search(heard) or [""])[0])
        bubble = await says(page, words)
        return [f"{step.who}: {words}", f"湖畔面馆:\n{await bubble.inner_text()}"]
    notices = page.locator('.message[data-via="custom"] .bubble')
    before = await notices.count()
    refused, approved = REVIEWERS[language]
    review = page.locator(".review", has_text="春节券")
    if step.approved:
        await review.locator(".primary").click()
    else:
        await review.locator(".plain").first.click()
        await review.locator("input").fill(step.refused)
        await review.locator(".danger").click()
    await expect(notices).to_have_count(before + 1)
    words = approved if step.approved else refused.format(step.refused)
    return [words, f"湖畔面馆:\n{await notices.last.inner_text()}"]


async def tell(stage: Stage, page: Page, language: str, picture: Path) -> str:
    """Play the story; its transcript."""
    await speaks_as(page, "王芳")
    for words in BEFORE[language]:
        await says(page, words)
    await speaks_as(page, "张三")
    said: list[str] = []
    for number, step in enumerate(STORIES[language], 1):
        said += await play(page, step, language, said[-1] if said else "")
        if number == PICTURE_AFTER:
            await page.mouse.move(0, 0)
            await page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished))")
            await page.screenshot(path=picture)
    return "\n\n".join(said)


async def draw(picture: Path, readme: Path | None, language: str) -> None:
    """Open the stage, play, and write what came of it."""
    executable = chromium()
    if executable is None:
        raise SystemExit("chromium is not on the PATH")
    with running_server() as redis_url:
        async with open_stage(redis_url) as stage, open_browser(executable) as browser:
            people = stage.app.people(stage.lakeside.appid)
            for operator in people.all():
                await people.change(operator.openid, by=SHELL, language=language)
            page = await browser.new_page(
                viewport=SIZE, locale=LOCALES[language], reduced_motion="reduce", device_scale_factor=1.5
            )
            await page.goto(stage.simulator.url)
            await page.get_by_role("tab").nth(4).wait_for()
            transcript = await tell(stage, page, language, picture)
    if readme is not None:
        write(readme, transcript)


def write(readme: Path, transcript: str) -> None:
    """Put the transcript between its marks."""
    opening, closing = MARKS
    text, found = re.subn(
        f"{opening}.*{closing}",
        lambda _: f"{opening}\n```text\n{transcript}\n```\n{closing}",
        readme.read_text(encoding="utf-8"),
        flags=re.DOTALL,
    )
    if not found:
        raise SystemExit(f"{readme}: {opening} … {closing} not found")
    readme.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("picture", type=Path)
    parser.add_argument("readme", type=Path, nargs="?")
    parser.add_argument("--language", choices=sorted(STORIES), default="en")
    given = parser.parse_args()
    asyncio.run(draw(given.picture, given.readme, given.language))
