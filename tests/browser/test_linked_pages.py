"""Reports and exports in a real browser: they fit a phone and a screen, read without script, and print."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.async_api import Browser, Page, expect

from bot import clock
from bot.merchants.people import SHELL
from bot.simulator import Fault, cash_voucher
from bot.stats import days
from bot.store import Store
from tests.browser.conftest import WIDTHS
from tests.browser.stage import Stage, open_stage
from tests.browser.test_page import UNREADABLE, scrolls_sideways
from tests.shop import PUBLIC

pytestmark = pytest.mark.browser

LONG = "超长标题" * 9 + "NoSpacesAnywhereInThisTitleWhichIsLong"

Look = Callable[..., Awaitable[Page]]


@pytest.fixture
async def stage(store: Store, redis_server: str) -> AsyncIterator[Stage]:  # noqa: ARG001 - it empties Redis
    """The demo, its bot reached by browsers, with a title that is longer than WeChat would show."""
    async with open_stage(redis_server, server={"public_url": PUBLIC}) as opened:
        appid = opened.lakeside.appid
        long = opened.simulator.add_voucher(appid, cash_voucher("湖畔面馆", 1000, title=LONG), "VERIFY_OK")
        yesterday = str(days.yesterday(clock.wechat_today()).last)
        opened.simulator.set_figures(appid, long, yesterday, 1, {"view_cnt": 12_345_678, "verify_cnt": 9})
        yield opened


@pytest.fixture
async def look(browser: Browser, stage: Stage, complaints: list[str]) -> Look:
    """Open what the owner's words lead to: ``await look("报表", "narrow", javascript=False)``."""

    async def open_page(words: str, width: str, *, language: str = "zh_CN", javascript: bool = True) -> Page:
        people, openid = stage.app.people(stage.lakeside.appid), stage.openid("王芳")
        await people.refresh()
        await people.change(openid, by=SHELL, language=language)
        said = (await stage.simulator.text(stage.lakeside.appid, openid, words)).text
        (path,) = re.findall(rf"{re.escape(PUBLIC)}(/\S+)", said)
        across, down = WIDTHS[width]
        context = await browser.new_context(
            viewport={"width": across, "height": down}, java_script_enabled=javascript, accept_downloads=True
        )
        page = await context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: complaints.extend([] if _ours(request.url, stage) else [request.url]))
        await page.goto(f"{stage.address}{path}")
        return page

    return open_page


def _ours(url: str, stage: Stage) -> bool:
    return url.startswith((f"{stage.address}/", "data:"))


CASES: list[tuple[str, str]] = [("zh_CN", "narrow"), ("zh_CN", "wide"), ("en", "narrow"), ("en", "wide")]


@pytest.mark.parametrize(
    "count", [pytest.param(1, marks=pytest.mark.slow), 30, pytest.param(366, marks=pytest.mark.slow)]
)
async def test_a_report_fits_and_can_be_read(look: Look, count: int) -> None:
    for language, width in CASES:
        words = f"报表 {count}天" if language == "zh_CN" else f"report {count}d"
        page = await look(words, width, language=language)

        assert not await scrolls_sideways(page), (language, width)
        assert await page.evaluate(UNREADABLE) == [], (language, width)
        assert await page.evaluate("document.documentElement.lang") == ("zh-CN" if language == "zh_CN" else "en")
        await expect(page.locator("h1")).to_have_count(1)
        await expect(page.locator("figure svg")).to_have_count(1 if count == 1 else 2)
        assert await page.locator("th", has_text=LONG).count() == 1
        await page.context.close()


async def test_nothing_of_a_report_needs_script(look: Look) -> None:
    page = await look("报表", "narrow", javascript=False)

    await expect(page.get_by_role("heading", name="每张券")).to_be_visible()
    await expect(page.get_by_role("img", name="每天")).to_be_visible()
    await expect(page.get_by_role("row")).to_have_count(1 + 7 + 1 + 6 + 1 + 30)


async def test_a_report_prints_without_what_paper_has_no_use_for(look: Look) -> None:
    page = await look("报表", "wide")
    await page.emulate_media(media="print")

    await expect(page.get_by_text("链接到")).to_be_hidden()
    await expect(page.get_by_text("制作于")).to_be_visible()
    assert await page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert (await page.pdf(format="A4"))[:5] == b"%PDF-"


async def test_an_export_fits_and_its_address_is_copied(look: Look) -> None:
    for language, width in CASES:
        page = await look("导出" if language == "zh_CN" else "export", width, language=language)
        await page.context.grant_permissions(["clipboard-read", "clipboard-write"])

        assert not await scrolls_sideways(page), (language, width)
        assert await page.evaluate(UNREADABLE) == [], (language, width)
        await page.locator("#copy").click()
        await expect(page.locator("#copy")).to_have_text("已复制" if language == "zh_CN" else "Copied")
        copied = await page.evaluate("navigator.clipboard.readText()")
        assert copied == await page.locator("#address").input_value()
        assert copied.startswith(f"{PUBLIC}/files/")
        await page.context.close()


async def test_without_script_an_export_has_all_but_the_button_that_copies(look: Look) -> None:
    page = await look("导出", "narrow", javascript=False)

    await expect(page.locator("#copy")).to_be_hidden()
    await expect(page.locator("#address")).to_be_visible()
    await expect(page.get_by_role("link", name="下载 CSV")).to_be_visible()


async def test_a_tap_downloads_a_file_with_the_shop_s_name(look: Look, tmp_path: Path) -> None:
    page = await look("导出", "narrow")

    for name, ending in (("下载 Excel（.xlsx）", ".xlsx"), ("下载 CSV", ".csv")):
        async with page.expect_download() as downloading:
            await page.get_by_role("link", name=name).click()
        download = await downloading.value
        await download.save_as(tmp_path / f"file{ending}")
        assert download.suggested_filename.startswith("湖畔面馆 ")
        assert download.suggested_filename.endswith(ending)
    assert openpyxl.load_workbook(tmp_path / "file.xlsx").sheetnames == ["每天每张券", "说明"]
    assert (tmp_path / "file.csv").read_bytes().startswith('\ufeff"日期"'.encode())


@pytest.mark.slow
async def test_a_long_export_shows_its_progress_and_then_its_files(look: Look, stage: Stage) -> None:
    stage.simulator.fault("getcardcardinfo", Fault(delay=1.0), times=2)
    page = await look("导出 366天", "narrow", javascript=False)

    await expect(page.get_by_role("progressbar")).to_be_visible()
    await expect(page.get_by_role("link", name="下载 CSV")).to_be_visible()


async def test_a_link_that_has_ended_says_so(browser: Browser, stage: Stage) -> None:
    page = await browser.new_page(viewport={"width": 390, "height": 844})
    answer = await page.goto(f"{stage.address}/reports/{'x' * 32}")

    assert answer is not None
    assert answer.status == 404
    await expect(page.get_by_role("heading", name="这个链接已经失效")).to_be_visible()
    await expect(page.get_by_role("heading", name="This link does not work any more")).to_be_visible()
    assert not await scrolls_sideways(page)
