"""The page behind a link of ``report``: whose it is, how long, what it says, and that it leaves no trace."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape

import pytest
import time_machine

from bot.app import build
from bot.merchants.links import Destination, Kind
from bot.merchants.people import SHELL, Role
from bot.simulator import DEMO_SHOPS, Fault, Simulator
from bot.stats.days import DayRange
from bot.stats.figures import KINDS
from bot.store import Store
from bot.web.reports import MOST_PAGES, Shown
from tests.discretion import Eavesdropper
from tests.dispatch.unruly_redis import unruly_redis
from tests.handlers.test_daily_stats import API, CONSOLE, a_saturday, a_week, counted
from tests.handlers.test_draw_chart import claimed_and_redeemed
from tests.shop import PUBLIC, Shop, open_shop, serving, settings_for
from tests.web.visitor import GONE, Seen, ask, path_in

YESTERDAY = date(2026, 11, 21)
RIGHT_TO_LEFT = "\u202ecilam🍜券"


async def page_of(shop: Shop, words: str) -> str:
    """The page behind the link that ``words`` get the viewer."""
    status, _, body = await ask(shop, path_in(await shop.viewer.says(words)))
    assert status == 200
    return body.decode()


def drawn_in(page: str) -> list[str]:
    """The words in the charts of a page."""
    return [unescape(each) for each in re.findall(r"<text[^>]*>([^<]*)</text>", page)]


async def page_about(shop: Shop, days: int) -> str:
    """The page of a long span, without the chat, where answers have four seconds."""
    services = shop.app.services[shop.appid]
    operator = services.people.operator(shop.viewer.openid)
    assert operator is not None
    span = DayRange(YESTERDAY - timedelta(days=days - 1), YESTERDAY)
    address = await services.links.offer(Destination(Kind.REPORT, span.stored(), Role.VIEWER), operator)
    status, _, body = await ask(shop, path_in(address))
    assert status == 200
    return body.decode()


async def test_a_stranger_an_older_link_and_another_kind_are_told_the_same(
    linked: Shop, clock: time_machine.Traveller
) -> None:
    a_week(linked)
    path = path_in(await linked.viewer.says("报表"))
    pages = {(await ask(linked, each))[2] for each in (f"/reports/{'x' * 32}", path.replace("reports", "files"))}
    clock.shift(86_399)
    assert (await ask(linked, path))[0] == 200
    clock.shift(2)
    status, headers, body = await ask(linked, path)
    assert status == 404
    pages.add(body)
    assert len(pages) == 1
    assert all(words in body.decode() for words in GONE)
    assert headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("how", ["removed", "suspended", "back"])
async def test_it_ends_with_the_role(linked: Shop, clock: time_machine.Traveller, how: str) -> None:
    a_week(linked)
    path, people = path_in(await linked.clerk.says("报表")), linked.app.people(linked.appid)
    openid = linked.clerk.openid
    assert (await ask(linked, path))[0] == 200
    if how == "suspended":
        await people.unfollowed(openid, 1_795_500_000)
    else:
        await people.remove(openid, by=SHELL)
    if how == "back":
        clock.shift(60)
        await people.add(openid, Role.OWNER, "李四", by=SHELL)
    assert (await ask(linked, path))[0] == 404


async def test_a_lower_role_may_still_read_what_every_operator_may(linked: Shop) -> None:
    a_week(linked)
    path = path_in(await linked.manager.says("报表"))
    await linked.app.people(linked.appid).change(linked.manager.openid, by=SHELL, role=Role.VIEWER)
    assert (await ask(linked, path))[0] == 200


@pytest.mark.parametrize(
    "path", ["/reports/", "/reports", f"/reports/{'x' * 31}", f"/reports/{'x' * 32}/", f"/reports/{'x' * 32}.svg"]
)
async def test_nothing_else_is_there(linked: Shop, path: str) -> None:
    for method in ("GET", "HEAD", "POST", "PUT"):
        status, headers, body = await ask(linked, path, method)
        assert (status, body) == (404, b""), method
        assert "Server" not in headers


async def test_other_methods_are_refused_and_leave_no_trace(linked: Shop, log: Eavesdropper) -> None:
    a_week(linked)
    path = path_in(await linked.viewer.says("报表"))
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "PATCH"):
        assert ((await ask(linked, path, method))[::2]) == (405, b"")
    log.forbid(path.rpartition("/")[2])


async def test_headers_keep_it_to_whoever_has_the_link(linked: Shop, log: Eavesdropper) -> None:
    a_week(linked)
    path = path_in(await linked.viewer.says("报表"))
    status, headers, body = await ask(linked, path)
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Robots-Tag"] == "noindex"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[\w+/]{43}='; script-src 'none'; img-src data:; base-uri 'none'; "
        r"form-action 'none'; frame-ancestors 'none'",
        headers["Content-Security-Policy"],
    )
    assert "Server" not in headers
    assert "Etag" not in headers
    assert await ask(linked, path, "HEAD") == (200, headers, b"")
    assert "script" not in Seen(body.decode()).tags
    assert not re.search(r"(?:src|href)=\"(?!data:,)|url\(|@import|https?://(?!www\.w3\.org/2000/svg)", body.decode())
    log.forbid(path.rpartition("/")[2])


async def test_the_bot_keeps_the_answer_with_its_link_sealed(linked: Shop, store: Store) -> None:
    a_week(linked)
    token = path_in(await linked.viewer.says("报表")).rpartition("/")[2]
    for key in await store.do("KEYS", "*"):
        kept = await store.do("DUMP", key) if await store.do("TYPE", key) == "stream" else await everything(store, key)
        assert token not in f"{key}{kept}"


async def everything(store: Store, key: str) -> str:
    """All a key holds, as text."""
    kind = await store.do("TYPE", key)
    commands = {"string": ("GET", key), "hash": ("HGETALL", key), "list": ("LRANGE", key, 0, -1)}
    commands |= {"set": ("SMEMBERS", key), "zset": ("ZRANGE", key, 0, -1)}
    return json.dumps(await store.do(*commands[kind]), ensure_ascii=False)


async def test_it_says_what_matters_first_in_chinese(linked: Shop) -> None:
    a_week(linked)
    said = Seen(await page_of(linked, "报表 7天")).text
    assert said[:5] == [
        "湖畔面馆 · 7 天", "2026年11月15日–11月21日", "核销 634 张，比前 7 天多 1% ▲",
        "最好：周五 11月20日 142 张 · 最少：周一 11月16日 61 张 没有数据：11月18日（多半没人看、领、用券）", "核销",
    ]  # fmt: skip
    tiles = said[5:15]
    assert tiles == [
        "634", "前 7 天 630，多 1%", "浏览", "4,438", "前 7 天 4,900，少 9%", "领取", "1,268", "前 7 天 1,400，少 9%",
        "领取率", "29%",
    ]  # fmt: skip
    assert "人数不能相加" in " ".join(said)
    day = said.index("11月18日 周三")
    assert said[day + 1 : day + 3] == ["没有数据", "11月17日 周二"]
    assert said[-3:] == [
        "一天按北京时间（UTC+8）的 0 点到 24 点算，数字来自微信",
        "制作于 11月22日 14:02",
        "链接到 11月23日 14:02 为止有效，谁拿到都能看，请勿转发",
    ]


async def test_a_part_of_a_week_is_compared_with_the_same_weekdays(
    linked: Shop, clock: time_machine.Traveller
) -> None:
    clock.move_to("2026-11-19T14:02:00+08:00")
    noodles = linked.has_voucher("春节券")
    for day, count in ((9, 80), (10, 85), (11, 85), (13, 140), (14, 160), (15, 150), (16, 90), (17, 85), (18, 100)):
        counted(linked, f"11-{day:02}", API, 700, 200, count)
        counted(linked, f"11-{day:02}", API, 700, 200, count, card_id=noodles)
    said = Seen(await page_of(linked, "报表 本周")).text
    assert said[2] == "核销 275 张，比前一周的周一–周三多 10% ▲"
    assert said[5:7] == ["275", "前一周的周一–周三 250，多 10%"]
    assert "核销率：核销 ÷ 领取；增减：核销张数和前一周的周一–周三比" in said


async def test_in_english_and_elsewhere(simulator: Simulator, store: Store, redis_server: str) -> None:
    account = {"timezone": "Europe/Berlin", "language": "en"}
    async with open_shop(simulator, redis_server, server={"public_url": PUBLIC}, account=account) as shop:
        a_week(shop)
        said = Seen(await page_of(shop, "report 7d")).text
    assert said[:4] == [
        "湖畔面馆 · 7 days", "15 Nov – 21 Nov 2026", "Redeemed 634, 1% more than the 7 days before ▲",
        "Best day: Fri 20 Nov, 142 · weakest: Mon 16 Nov, 61 "
        "No data for 18 Nov (most likely nobody viewed, claimed or redeemed)",
    ]  # fmt: skip
    assert said[5:7] == ["634", "630 the 7 days before, 1% more now"]
    assert said[-3:] == [
        "Days are WeChat's, from midnight to midnight in Beijing (UTC+8), and so are the figures",
        "Made on 22 Nov 07:02 (Europe/Berlin)",
        "The link works until 23 Nov 07:02 for whoever has it: please keep it to yourself",
    ]


async def test_empty_zero_and_late_are_three_words(linked: Shop, clock: time_machine.Traveller) -> None:
    clock.move_to("2026-11-22T07:00:00+08:00")
    counted(linked, "11-18", API, 5, 0, 0)
    counted(linked, "11-20", CONSOLE, 5, 3, 2)
    said = Seen(await page_of(linked, "报表 4天")).text
    start = said.index("11月21日 周六")
    assert said[start : start + 18] == [
        "11月21日 周六", "还没给出", "11月20日 周五", "5", "3", "2", "0", "0", "11月19日 周四", "没有数据",
        "11月18日 周三", "5", "0", "0", "0", "0",
        "0：有数据，只是没有发生 没有数据：微信没有返回这天，多半没有人看、领、用券 "
        "还没给出、未给全：微信还在算，一般第二天上午 8–10 点以后才有",
        "一天按北京时间（UTC+8）的 0 点到 24 点算，数字来自微信",
    ]  # fmt: skip


async def test_vouchers_and_people_of_one_day(linked: Shop) -> None:
    a_saturday(linked)
    said = Seen(await page_of(linked, "报表 昨天")).text
    vouchers = said.index("每张券")
    assert said[vouchers + 1 : vouchers + 17] == [
        "卡券", "浏览", "领取", "核销", "核销率", "春节券", "300", "60", "31", "52%", "豆浆券", "100", "20", "9", "45%",
        "核销率：核销 ÷ 领取",
    ]  # fmt: skip
    people = said.index("多少人")
    assert said[people + 1 : people + 8] == [
        "谁", "人数", "浏览 · 微信后台", "400", "浏览 · 接口", "200", "领取 · 微信后台",
    ]  # fmt: skip


async def test_one_day_has_the_hours_its_card_shows(linked: Shop, clock: time_machine.Traveller) -> None:
    await claimed_and_redeemed(linked)
    clock.move_to("2026-11-23T11:00:00+08:00")
    counted(linked, "11-22", API, 20, 4, 2)
    page = await page_of(linked, "报表 昨天")
    assert drawn_in(page)[:3] == ["按小时", "核销", "领取"]
    assert "机器人按微信的推送自己数的" in drawn_in(page)
    assert "按小时" not in drawn_in(await page_of(linked, "报表 7天"))
    await linked.speaks_english()
    page = await page_of(linked, "report yesterday")
    assert drawn_in(page)[:3] == ["By the hour", "Redeemed", "Claimed"]
    assert "The bot's own count of WeChat's pushes" in drawn_in(page)


async def test_figures_of_friends_are_told_where_wechat_tells_them(linked: Shop) -> None:
    linked.simulator.readings.friend_figures = True
    a_week(linked)
    said = Seen(await page_of(linked, "报表 7天")).text
    assert "其中朋友：浏览 2,218 · 领取 634 · 核销 316" in said


async def test_a_fault_of_ours_is_no_blank_page(
    linked: Shop, monkeypatch: pytest.MonkeyPatch, log: Eavesdropper
) -> None:
    a_week(linked)
    path = path_in(await linked.viewer.says("报表"))
    monkeypatch.setattr("bot.web.reports.report", lambda _: 1 / 0)
    status, _, body = await ask(linked, path)
    assert (status, "The system is busy" in body.decode()) == (500, True)
    log.forbid(path.rpartition("/")[2])


async def test_a_link_of_one_account_never_shows_another(
    simulator: Simulator, store: Store, redis_server: str, linked: Shop
) -> None:
    """Whoever could write to Redis cannot turn it either: what it leads to is sealed with its own account's secret."""
    other = DEMO_SHOPS[1]
    simulator.add_shop(other)
    simulator.set_figures(other.appid, None, "2026-11-21", 0, {"verify_cnt": 777})
    app = build(settings_for(simulator, linked.wechat_side, other, server={"public_url": PUBLIC}), redis_server)
    await app.load()
    await app.people(other.appid).add(linked.viewer.openid, Role.VIEWER, "赵敏", by=SHELL)
    a_week(linked)
    path = path_in(await linked.viewer.says("报表"))
    (key,) = [key for key in await store.do("KEYS", "*") if ":link:" in key]
    async with serving(app) as address:
        both = replace(linked, address=address)
        assert "湖畔面馆" in (await ask(both, path))[2].decode()
        membership = app.people(other.appid).find("赵敏").since
        await store.write(key, await store.read(key) | {"appid": other.appid, "since": membership})
        status, _, body = await ask(both, path)
    await app.close()
    assert (status, "777" in body.decode()) == (404, False)


async def test_hostile_titles_are_text(linked: Shop) -> None:
    title = "<img src=x onerror=alert(1)>\"'&{{7*7}}</td>"
    voucher = linked.has_voucher(title)
    rightwards = linked.has_voucher(RIGHT_TO_LEFT)
    counted(linked, "11-21", API, 9, 5, 4, card_id=voucher)
    counted(linked, "11-21", API, 9, 5, 3, card_id=rightwards)
    counted(linked, "11-21", API, 18, 10, 7)

    seen = Seen(await page_of(linked, "报表 昨天"))
    assert title in seen.text
    assert RIGHT_TO_LEFT in seen.text
    assert "img" not in seen.tags
    assert not [name for name, _ in seen.attributes if name.startswith("on")]


async def test_wechat_away_is_said_in_words(linked: Shop, log: Eavesdropper) -> None:
    a_week(linked)
    path = path_in(await linked.viewer.says("报表"))
    await linked.simulator.stop()
    status, headers, body = await ask(linked, path)
    assert (status, headers["Retry-After"], headers["Content-Type"]) == (503, "60", "text/html; charset=utf-8")
    assert Seen(body.decode()).text == ["暂时连不上微信，数字没有取到", "请几分钟后刷新这一页"]
    await linked.speaks_english()
    assert Seen((await ask(linked, path))[2].decode()).text == [
        "WeChat cannot be reached, so there are no figures", "Please reload this page in a few minutes",
    ]  # fmt: skip
    log.forbid(path.rpartition("/")[2])


async def test_a_day_s_calls_used_up_is_said_in_words(linked: Shop) -> None:
    a_week(linked)
    path = path_in(await linked.viewer.says("报表"))
    linked.simulator.fault("datacube/getcardbizuininfo", Fault(errcode=45009), times=None)
    status, _, body = await ask(linked, path)
    assert status == 503
    assert "45009" in body.decode()


async def test_days_wechat_does_not_accept_are_told_as_such(linked: Shop) -> None:
    a_week(linked)
    path = path_in(await linked.viewer.says("报表 7天"))
    linked.simulator.fault("datacube/getcardbizuininfo", Fault(errcode=61501), times=None)
    status, _, body = await ask(linked, path)
    assert (status, Seen(body.decode()).text[0]) == (503, "微信不接受 11月20日 到 11月20日 这段日期，数字没有取到。")


async def test_redis_away_is_said_in_both_languages(simulator: Simulator) -> None:
    with unruly_redis() as redis:
        async with open_shop(simulator, redis.url, server={"public_url": PUBLIC}) as shop:
            a_week(shop)
            path = path_in(await shop.viewer.says("报表"))
            await shop.app.dispatcher.settle()
            redis.kill()
            status, _, body = await ask(shop, path)
            redis.start()
            again, _, _ = await ask(shop, path)
    assert (status, Seen(body.decode()).text) == (
        503,
        ["系统暂时忙", "请一分钟后刷新这一页", "The system is busy", "Please reload this page in a minute"],
    )
    assert again == 200


def asked(shop: Shop) -> int:
    """How often WeChat was asked for figures."""
    return len(shop.calls("getcardbizuininfo")) + len(shop.calls("getcardcardinfo"))


async def test_looking_again_asks_wechat_nothing_for_five_minutes(linked: Shop, clock: time_machine.Traveller) -> None:
    a_week(linked)
    path = path_in(await linked.viewer.says("报表 7天"))
    before = asked(linked)
    first = (await ask(linked, path))[2]
    assert asked(linked) == before + 4  # two days of the account and of the vouchers, both sources
    clock.shift(299)
    assert (await ask(linked, path))[2] == first
    assert asked(linked) == before + 4
    clock.shift(2)
    assert "制作于 11月22日 14:07" in (await ask(linked, path))[2].decode()
    assert asked(linked) == before + 8


async def test_a_year_of_twenty_vouchers_fits_in_200_kb(linked: Shop) -> None:
    titles = [f"满{n}00减{n}0元代金券&<{n}>" for n in range(1, 21)]
    vouchers = [linked.has_voucher(title) for title in titles]
    for back in range(366):
        day = str(YESTERDAY - timedelta(days=back))
        for number, voucher in enumerate(vouchers):
            numbers = {f"{kind}_cnt": 123_456 + number + back for kind in KINDS}
            linked.simulator.set_figures(linked.appid, voucher, day, number % 2, numbers)
    page = await page_about(linked, 366)
    assert len(page.encode()) <= 200_000
    said = Seen(page).text
    assert [said.count(words) for words in ("每月", "2025年11月", "2026年11月", "2026年11月21日 周六")] == [1, 1, 1, 0]
    assert said[said.index("11月21日 周六") + 1] == "2,469,310"  # in full, beside its parts


async def test_five_years_are_told_by_month(linked: Shop) -> None:
    for back in range(1800):
        linked.simulator.set_figures(linked.appid, None, str(YESTERDAY - timedelta(days=back)), 0, {"verify_cnt": 7})
    page = await page_about(linked, 1800)
    said = Seen(page).text
    assert said[said.index("每天") + 1] == "超过一年，这里不逐日列出；每一天在文件里：发「导出 2021-12-18 2026-11-21」"
    assert said[said.index("2022年1月") + 1 : said.index("2022年1月") + 4] == ["0", "0", "217"]
    assert len(page.encode()) <= 200_000


def test_pages_that_were_just_made_are_few() -> None:
    shown = Shown()
    for number in range(MOST_PAGES + 1):
        shown.put((str(number), "en"), f"page {number}")
    assert [shown.get((str(number), "en")) for number in (0, 1, MOST_PAGES)] == [None, "page 1", f"page {MOST_PAGES}"]
