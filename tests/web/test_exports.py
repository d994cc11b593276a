"""The page and the files behind a link of ``export``: whose they are, what is in them, and that nothing leaks."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote

import aiohttp
import openpyxl
import pytest
import time_machine

from bot.merchants.people import SHELL, Role
from bot.simulator import Fault, Simulator
from bot.stats.figures import COUNTERS
from bot.store import Store
from tests.discretion import Eavesdropper
from tests.dispatch.bots import another_bot
from tests.dispatch.unruly_redis import unruly_redis
from tests.handlers.test_daily_stats import API, counted
from tests.handlers.test_export_figures import VOUCHERS, a_month
from tests.shop import PUBLIC, Shop, open_shop
from tests.web.test_reports import YESTERDAY
from tests.web.visitor import GONE, Seen, ask, path_in

HEADER = [
    "日期", "卡券", "卡券编号", "来源", "浏览次数", "浏览人数", "领取次数", "领取人数", "核销次数", "核销人数",
    "转赠次数", "转赠人数", "过期次数", "过期人数",
]  # fmt: skip
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
REFRESH = '<meta http-equiv="refresh" content="3">'


async def path_of(shop: Shop, words: str = "导出") -> str:
    """The path of a link the manager has got."""
    return path_in(await shop.manager.says(words))


async def csv_of(shop: Shop, path: str) -> list[list[str]]:
    """The rows of the CSV behind a link, as another program reads them."""
    status, _, body = await ask(shop, f"{path}.csv")
    assert status == 200
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))


async def book_of(shop: Shop, path: str) -> openpyxl.Workbook:
    """The book behind a link, as another program reads it."""
    status, _, body = await ask(shop, f"{path}.xlsx")
    assert status == 200
    return openpyxl.load_workbook(io.BytesIO(body))


async def collected(shop: Shop, path: str) -> str:
    """The page once it has the files."""
    while REFRESH in (page := (await ask(shop, path))[2].decode()):
        pass
    return page


def a_year(shop: Shop, vouchers: int = 2) -> None:
    """Something on each of 366 days."""
    ids = [shop.has_voucher(f"券{number}") for number in range(vouchers)]
    for back in range(366):
        for number, card_id in enumerate(ids):
            numbers = dict.fromkeys(COUNTERS, back * 10 + number)
            shop.simulator.set_figures(shop.appid, card_id, str(YESTERDAY - timedelta(days=back)), number % 2, numbers)


@pytest.mark.parametrize("form", ["", ".csv", ".xlsx"])
@pytest.mark.parametrize("how", ["removed", "lowered", "suspended", "back", "late", "stranger"])
async def test_it_ends_with_the_role_and_with_the_day(
    linked: Shop, clock: time_machine.Traveller, how: str, form: str
) -> None:
    a_month(linked)
    path, people, openid = await path_of(linked), linked.app.people(linked.appid), linked.manager.openid
    assert (await ask(linked, path + form))[0] == 200
    match how:
        case "removed":
            await people.remove(openid, by=SHELL)
        case "lowered":
            await people.change(openid, by=SHELL, role=Role.CLERK)
        case "suspended":
            await people.unfollowed(openid, 1_795_500_000)
        case "back":
            await people.remove(openid, by=SHELL)
            clock.shift(60)
            await people.add(openid, Role.OWNER, "张三", by=SHELL)
        case "late":
            clock.shift(86_401)
        case "stranger":
            path = f"/files/{'x' * 32}"
    status, headers, body = await ask(linked, path + form)
    assert status == 404
    assert all(words in body.decode() for words in GONE)
    assert "Content-Disposition" not in headers


@pytest.mark.parametrize("form", [".png", ".svg", ".CSV", ".xls", ".csv/"])
async def test_other_forms_of_it_are_not_there(linked: Shop, form: str) -> None:
    a_month(linked)
    assert (await ask(linked, await path_of(linked) + form))[0] == 404


async def test_a_report_is_no_file_and_an_export_no_report(linked: Shop) -> None:
    a_month(linked)
    export = await path_of(linked)
    counted(linked, "11-21", API, 1)
    report = path_in(await linked.manager.says("报表")).replace("reports", "files")
    for path in (export.replace("files", "reports"), report, f"{report}.csv", f"{report}.png"):
        assert (await ask(linked, path))[0] == 404


async def test_csv_has_every_counter_of_every_day_voucher_and_source(linked: Shop) -> None:
    a_month(linked)
    path = await path_of(linked)
    head, *rows = await csv_of(linked, path)

    assert head == HEADER
    assert [[*row[:2], *row[3:]] for row in rows] == [
        ["2026-11-18", "豆浆券", "接口", *["0"] * 10],
        ["2026-11-21", "春节券", "微信后台", "600", "400", "130", "120", "40", "0", "2", "0", "3", "0"],
        ["2026-11-21", "豆浆券", "接口", "100", "0", "20", "0", "9", "0", "0", "0", "0", "0"],
    ]
    status, headers, body = await ask(linked, f"{path}.csv")
    assert body.startswith(b"\xef\xbb\xbf")
    assert body.count(b"\r\n") == body.count(b"\n") == 4
    assert headers["Content-Type"] == "text/csv; charset=utf-8"
    assert headers["Content-Disposition"] == (
        'attachment; filename="vouchers_2026-10-23_2026-11-21.csv"; '
        "filename*=UTF-8''%E6%B9%96%E7%95%94%E9%9D%A2%E9%A6%86%202026-10-23%202026-11-21.csv"
    )
    assert status == 200


async def test_xlsx_has_the_same_and_a_sheet_that_explains_it(linked: Shop) -> None:
    a_month(linked)
    path = await path_of(linked)
    rows = await csv_of(linked, path)
    table, notes = (await book_of(linked, path)).worksheets

    assert (table.title, notes.title) == ("每天每张券", "说明")
    assert [[as_csv(cell.value) for cell in row] for row in table.rows] == rows
    assert [[cell.value for cell in row] for row in notes.rows] == [
        ["公众号", "湖畔面馆"],
        ["日期", "2026-10-23 – 2026-11-21"],
        ["制作于", "11月22日 14:02"],
        ["一天", "按北京时间（UTC+8）的 0 点到 24 点算，数字来自微信"],
        ["人数", "同一个人第二天会再算一次，也可能用了几张券，所以人数不能相加"],
        ["0", "有数据，只是没有发生"],
        ["没有数据", "2026-10-23 – 2026-11-17、2026-11-19 – 2026-11-20"],
        [None, "微信没有返回这些天，多半没有人看、领、用券"],
        ["列", "微信接口里的名字"],
        ["日期", "ref_date"], ["卡券编号", "card_id"], ["来源", "cond_source"],
        *([column, name] for column, name in zip(HEADER[4:], COUNTERS, strict=True)),
    ]  # fmt: skip
    _, headers, body = await ask(linked, f"{path}.xlsx")
    assert (headers["Content-Type"], headers["Content-Length"]) == (XLSX, str(len(body)))
    assert unquote(headers["Content-Disposition"]).endswith("湖畔面馆 2026-10-23 2026-11-21.xlsx")


def as_csv(value: Any) -> str:
    """A cell as CSV has it."""
    return f"{value:%Y-%m-%d}" if isinstance(value, datetime) else str(value)


async def test_of_one_day_the_notes_name_it_once(linked: Shop) -> None:
    a_month(linked)
    _, notes = (await book_of(linked, await path_of(linked, "导出 昨天"))).worksheets
    assert [cell.value for cell in list(notes.rows)[1]] == ["日期", "2026-11-21"]


async def test_in_english(linked: Shop, clock: time_machine.Traveller) -> None:
    a_month(linked)
    await linked.speaks_english()
    clock.move_to("2026-11-22T07:00:00+08:00")
    path = await path_of(linked, "export 4d")
    book = await book_of(linked, path)

    assert [row[:4] for row in await csv_of(linked, path)] == [
        ["Day", "Voucher", "Voucher id", "Source"],
        ["2026-11-18", "豆浆券", book.worksheets[0]["C2"].value, "API"],
    ]
    assert book.sheetnames == ["Each day and voucher", "Notes"]
    assert [[cell.value for cell in row] for row in book.worksheets[1].rows][6:9] == [
        ["No data", "2026-11-19 – 2026-11-20"],
        [None, "WeChat left these days out, most likely nobody viewed, claimed or redeemed"],
        ["Not ready yet", "2026-11-21: WeChat is still counting, usually until 8–10 the next morning"],
    ]


async def test_the_page_previews_and_guides(linked: Shop) -> None:
    a_month(linked)
    path = await path_of(linked)
    status, headers, body = await ask(linked, path)
    seen = Seen(body.decode())

    assert status == 200
    assert seen.text == [
        "湖畔面馆 · 导出 · 30 天", "2026年10月23日–11月21日", "下载 Excel（.xlsx）", "下载 CSV",
        "微信里多半不能直接下载", "点右上角「…」，选「在浏览器打开」或「在默认浏览器中打开」",
        "在浏览器里再点上面的按钮",
        "也可以复制网址，发到电脑上打开：", "复制网址", "前 3 行",
        "日期", "卡券", "浏览", "领取", "核销",
        "11月18日", "豆浆券", "0", "0", "0", "11月21日", "春节券", "600", "130", "40",
        "11月21日", "豆浆券", "100", "20", "9",
        "文件里一共 14 列，还有来源、人数、转赠、过期；每一行是一天里的一张券",
        "一天按北京时间（UTC+8）的 0 点到 24 点算，数字来自微信",
        "链接到 11月23日 14:02 为止有效，谁拿到都能看，请勿转发",
    ]  # fmt: skip
    token = path.rpartition("/")[2]
    assert ("value", f"{PUBLIC}{path}") in seen.attributes
    assert [value for name, value in seen.attributes if name == "href"] == ["data:,", f"{token}.xlsx", f"{token}.csv"]
    assert re.search(r"script-src 'sha256-[\w+/]{43}='", headers["Content-Security-Policy"])
    await linked.speaks_english()
    assert Seen((await ask(linked, path))[2].decode()).text[4:10] == [
        "WeChat rarely lets one download here",
        'Tap … at the top right, then "Open in Browser" or "Open in Default Browser"',
        "Tap the button above once more, in the browser",
        "Or copy the address and open it on a computer:",
        "Copy the address",
        "The first 3 rows",
    ]


@pytest.mark.parametrize("form", ["", ".csv", ".xlsx"])
async def test_headers_keep_it_to_whoever_has_the_link(linked: Shop, log: Eavesdropper, form: str) -> None:
    a_month(linked)
    path = await path_of(linked)
    status, headers, _ = await ask(linked, path + form)
    assert status == 200
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Robots-Tag"] == "noindex"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert not {"Server", "Etag"} & set(headers)
    asked = len(linked.calls(VOUCHERS))
    looked = await ask(linked, path + form, "HEAD")
    assert (looked[0], looked[2]) == (200, b"")
    assert looked[1].get("Content-Disposition") == headers.get("Content-Disposition")
    assert len(linked.calls(VOUCHERS)) == asked or not form
    log.forbid(path.rpartition("/")[2])


async def test_hostile_titles_are_text_everywhere(linked: Shop) -> None:
    titles = [
        '=HYPERLINK("http://evil","x")', "+cmd|' /C calc'!A0", "\u202e@SUM(A1)", "<script>alert(1)</script>🍜",
        'a\r\nb,"c"',
    ]  # fmt: skip
    for number, title in enumerate(titles):
        counted(linked, "11-21", API, number, card_id=linked.has_voucher(title))
    path = await path_of(linked)

    page = Seen((await ask(linked, path))[2].decode())
    assert page.tags.count("script") == 1
    assert titles[3] in page.text
    by_views = {row[4]: row[1] for row in (await csv_of(linked, path))[1:]}
    assert [by_views[str(number)] for number in range(5)] == [
        f"'{titles[0]}", f"'{titles[1]}", f"'{titles[2]}", titles[3], 'a  b,"c"',
    ]  # fmt: skip
    table = (await book_of(linked, path)).worksheets[0]
    cells = {row[4].value: row[1] for row in table.iter_rows(min_row=2)}
    assert {cell.data_type for cell in cells.values()} == {"s"}
    assert cells[0].value == titles[0]


async def test_a_year_is_collected_while_its_page_is_open(linked: Shop) -> None:
    a_year(linked)
    path = await path_of(linked, "导出 366天")
    assert linked.calls(VOUCHERS) == []
    linked.simulator.fault(VOUCHERS, Fault(delay=0.2), times=1)  # so that the first look finds it under way

    page = (await ask(linked, path))[2].decode()
    assert REFRESH in page
    assert Seen(page).text == [
        "湖畔面馆 · 导出 · 366 天", "2025年11月21日–2026年11月21日", "已取好 0 / 366 天", "已取好 0 / 366 天",
        "正在向微信取数字，这一页每 3 秒自己刷新，取好就能下载 中途关掉也不要紧，取好的都留着，再打开接着取",
        "一天按北京时间（UTC+8）的 0 点到 24 点算，数字来自微信",
        "链接到 11月23日 14:02 为止有效，谁拿到都能看，请勿转发",
    ]  # fmt: skip
    assert "script" not in Seen(page).tags
    assert "前 8 行" in await collected(linked, path)
    rows = await csv_of(linked, path)
    assert len(rows) == 1 + 366 * 2
    assert [rows[1][0], rows[-1][0]] == ["2025-11-21", "2026-11-21"]
    assert [row[0] for row in rows[1:]] == sorted(row[0] for row in rows[1:])
    assert len(linked.calls(VOUCHERS)) == 12 + 2  # the newest days once more


async def test_it_goes_on_where_another_process_stopped(linked: Shop, redis_server: str) -> None:
    a_year(linked)
    path = await path_of(linked, "导出 366天")
    linked.simulator.fault(VOUCHERS, Fault(delay=0.2), times=1)
    await ask(linked, path)
    await linked.until(lambda: len(linked.calls(VOUCHERS)) >= 4)
    await linked.app.collecting.close()
    before = len(linked.calls(VOUCHERS))

    async with another_bot(linked, redis_server, server={"public_url": PUBLIC}) as (_, address):
        other = replace(linked, address=address)
        await collected(other, path)
        assert len(await csv_of(other, path)) == 1 + 366 * 2
    assert 4 <= before < 12
    assert len(linked.calls(VOUCHERS)) <= 12 + 4  # two that were cut off, and the newest days once more


async def test_a_refusal_half_way_is_said_and_tried_again(linked: Shop) -> None:
    a_year(linked)
    path = await path_of(linked, "导出 366天")
    linked.simulator.fault(VOUCHERS, Fault(errcode=45009), times=None)
    status = 200
    while status == 200:
        status, headers, body = await ask(linked, path)
    assert (status, headers["Retry-After"]) == (503, "60")
    assert "45009" in body.decode()
    assert REFRESH not in body.decode()


@pytest.mark.parametrize("form", ["", ".csv", ".xlsx"])
async def test_wechat_away_is_said_in_words(linked: Shop, form: str) -> None:
    a_month(linked)
    path = await path_of(linked, "导出 昨天")
    await linked.simulator.stop()
    status, headers, body = await ask(linked, path + form)
    assert (status, headers["Content-Type"]) == (503, "text/html; charset=utf-8")
    assert "Content-Disposition" not in headers
    assert Seen(body.decode()).text == ["暂时连不上微信，数字没有取到", "请几分钟后刷新这一页"]


async def test_redis_away_is_said_in_both_languages(simulator: Simulator) -> None:
    with unruly_redis() as redis:
        async with open_shop(simulator, redis.url, server={"public_url": PUBLIC}) as shop:
            a_month(shop)
            path = await path_of(shop)
            await shop.app.dispatcher.settle()
            redis.kill()
            answers = [await ask(shop, path + form) for form in ("", ".csv", ".xlsx")]
            redis.start()
            assert (await ask(shop, f"{path}.csv"))[0] == 200
    assert [(status, "The system is busy" in body.decode()) for status, _, body in answers] == [(503, True)] * 3


async def test_what_cannot_be_finished_does_not_look_whole(linked: Shop, store: Store, log: Eavesdropper) -> None:
    """A month that was kept is gone, and WeChat refuses to tell it again after the file has begun."""
    a_year(linked)
    path = await path_of(linked, "导出 2026-01-01 2026-10-31")
    await collected(linked, path)
    whole = await csv_of(linked, path)
    (key,) = [key for key in await store.do("KEYS", "*") if ":vouchers:0:2026-06" in key]
    await store.delete(key)
    linked.simulator.fault(VOUCHERS, Fault(errcode=45009), times=None)

    assert len(whole) == 1 + 304 * 2
    with pytest.raises(aiohttp.ClientPayloadError):
        await ask(linked, f"{path}.csv")
    assert (await ask(linked, f"{path}.xlsx"))[0] == 503  # made before it is sent
    log.forbid(path.rpartition("/")[2])


async def test_a_fault_of_ours_half_way_does_not_look_whole_either(
    linked: Shop, monkeypatch: pytest.MonkeyPatch, log: Eavesdropper
) -> None:
    a_year(linked)
    path = await path_of(linked, "导出 2026-01-01 2026-10-31")
    await collected(linked, path)
    faults = iter((1, 1, 0, 0, 0))
    monkeypatch.setattr("bot.sheets.csv_file.written", lambda _: b"x" * (1 // next(faults)))
    with pytest.raises(aiohttp.ClientPayloadError):
        await ask(linked, f"{path}.csv")
    log.forbid(path.rpartition("/")[2])
