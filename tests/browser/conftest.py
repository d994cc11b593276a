"""A stage, and visitors who look at it through a browser and hear every complaint on its console."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from bot.store import Store
from tests.browser.stage import Stage, chromium, open_browser, open_stage

Visit = Callable[..., Awaitable[Page]]

WIDTHS = {"narrow": (390, 844), "wide": (1280, 800)}


def pytest_runtest_setup() -> None:
    """Skip what is in this folder when there is no browser; from here all of it is told in one line."""
    if chromium() is None:
        pytest.skip("browser tests need chromium on the PATH")


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Chromium."""
    async with open_browser(chromium() or "chromium") as opened:
        yield opened


@pytest.fixture
async def stage(store: Store, redis_server: str) -> AsyncIterator[Stage]:  # noqa: ARG001 - it empties Redis
    """The demo, on an empty Redis and the real clock."""
    async with open_stage(redis_server) as opened:
        yield opened


@pytest.fixture
async def complaints() -> AsyncIterator[list[str]]:
    """What the page's console said; anything left in it fails the test."""
    heard: list[str] = []
    yield heard
    assert heard == []


@pytest.fixture
async def visit(browser: Browser, stage: Stage, complaints: list[str]) -> Visit:
    """Open the page: ``await visit("narrow", locale="en-US")``; it is ready when the people are there."""

    async def open_page(width: str = "wide", *, locale: str = "zh-CN", **options: Any) -> Page:
        across, down = WIDTHS[width]
        context = await browser.new_context(viewport={"width": across, "height": down}, locale=locale, **options)
        page = await context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(stage.simulator.url)
        await page.get_by_role("tab").nth(4).wait_for()
        return page

    return open_page
