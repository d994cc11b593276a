"""stats: what an operator reads about a day, a span, a voucher, and about figures that are not there."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine

from bot.simulator import Fault, Simulator, cash_voucher
from bot.stats.figures import KINDS
from tests.shop import Shop, open_shop

CONSOLE, API = 0, 1


def counted(shop: Shop, day: str, source: int, *counts: int, card_id: str | None = None, **people: int) -> None:
    """What WeChat counted on ``day`` (``11-21``): views, claims, redemptions, gifts, expiries, as far as given."""
    named = {f"{kind}_cnt": count for kind, count in zip(KINDS, counts, strict=False)}
    shop.simulator.set_figures(
        shop.appid, card_id, f"2026-{day}", source, named | {f"{kind}_user": count for kind, count in people.items()}
    )


def a_saturday(shop: Shop) -> None:
    """Yesterday and the day before, both sources, two vouchers."""
    noodles, tea = shop.has_voucher("春节券"), shop.has_voucher("豆浆券", gift=True)
    counted(shop, "11-21", CONSOLE, 600, 130, 40, 2, 3, view=400, receive=120, verify=38, given=2, expire=3)
    counted(shop, "11-21", API, 250, 56, 14, 0, 1, view=200, receive=55, verify=14, given=0, expire=1)
    counted(shop, "11-20", CONSOLE, 500, 100, 30)
    counted(shop, "11-20", API, 200, 50, 12)
    counted(shop, "11-21", API, 300, 60, 31, card_id=noodles)
    counted(shop, "11-21", API, 100, 20, 9, card_id=tea)


def a_week(shop: Shop) -> None:
    """15–21 November without the 18th, and the week before."""
    for day, count in ((15, 90), (16, 61), (17, 100), (19, 120), (20, 142), (21, 121)):
        counted(shop, f"11-{day}", API, count * 7, count * 2, count, verify=count - 10, view=count * 5, receive=count)
    for day in range(8, 15):
        counted(shop, f"11-{day:02}", API, 700, 200, 90)


async def test_yesterday_is_what_stats_means(shop: Shop) -> None:
    a_saturday(shop)

    assert await shop.viewer.says("统计") == (
        "昨日 11月21日（周六）\n"
        "核销 54 张，比前一天多 12 张 ▲\n"
        "浏览 850 · 领取 186 · 核销 54\n"
        "领取率 22% · 核销率 29%\n"
        "最好：春节券 31 张\n"
        "微信后台 40 · 接口 14（核销）\n"
        "「统计 昨天 全部」看十项 · 「走势 7天」看图"
    )


async def test_yesterday_in_english(shop: Shop) -> None:
    a_saturday(shop)
    await shop.speaks_english()

    assert await shop.viewer.says("stats") == (
        "Yesterday, Sat 21 Nov\n"
        "Redeemed 54, 12 more than the day before ▲\n"
        "Viewed 850 · claimed 186 · redeemed 54\n"
        "Claim rate 22% · redemption rate 29%\n"
        "Best voucher: 春节券, 31\n"
        "Console 40 · API 14 (redeemed)\n"
        "All ten counters: stats yesterday all · picture: chart 7d"
    )


async def claimed_and_redeemed(shop: Shop) -> str:
    """What the bot counts itself, now: two claims and redemptions of a voucher, one claim of another."""
    noodles = shop.has_voucher("春节券")
    for code in ("1", "2"):
        await shop.hears("user_get_card", CardId=noodles, UserCardCode=code)
        await shop.hears("user_consume_card", CardId=noodles, UserCardCode=code, ConsumeSource="FROM_API")
    await shop.hears("user_get_card", CardId="pAnother", UserCardCode="3")
    return noodles


@pytest.mark.parametrize(
    ("redeemed", "line", "english"),
    [
        (2, "微信后台 0 · 接口 2（核销）", "Console 0 · API 2 (redeemed)"),
        (5, "比机器人实时数的：核销 +3 · 领取 一样", "Against the bot's own count: redeemed +3 · claimed the same"),
    ],
)
async def test_whoever_read_today_reads_the_next_day_by_how_much_wechat_counted_otherwise(
    shop: Shop, clock: time_machine.Traveller, redeemed: int, line: str, english: str
) -> None:
    clock.move_to("2026-11-21T12:00:00+08:00")
    noodles = await claimed_and_redeemed(shop)
    for card_id, claims in ((None, 3), (noodles, 2)):
        counted(shop, "11-21", API, 9, claims, redeemed, card_id=card_id)
    counted(shop, "11-20", API, 9, 2, 2)
    clock.move_to("2026-11-22T12:00:00+08:00")

    assert (await shop.viewer.says("统计")).splitlines()[-2] == line
    if redeemed != 2:
        assert (await shop.viewer.says("统计 春节券")).splitlines()[-2] == line
    assert "实时" not in await shop.viewer.says("统计 7天")
    assert "实时" not in await shop.viewer.says("统计 11-20"), "it counted nothing that day: it was not there yet"
    await shop.speaks_english()
    assert (await shop.viewer.says("stats")).splitlines()[-2] == english


async def test_help_names_the_ranges(shop: Shop) -> None:
    assert await shop.viewer.says("帮助 统计") == (
        "统计 [范围] [卡券] [全部]\n"
        "看核销、领取、浏览的数字，不写范围就是昨天\n"
        "例：统计 7天\n"
        "范围：昨天、7天、本周、上周、本月、上月、今年、去年、6.15、6.15-6.30、2015-06-15\n"
        "加卡券名只看这张券，加「全部」看十项"
    )
    await shop.speaks_english()
    assert await shop.viewer.says("help stats") == (
        "stats [range] [voucher] [all]\n"
        "what was redeemed, claimed and viewed; yesterday unless a range is given\n"
        "Example: stats 7d\n"
        "Ranges: yesterday, 7d, week, last week, month, last month, this year, last year, 6.15, 6.15-6.30, 2015-06-15\n"
        'With a voucher its own figures, with "all" the ten counters'
    )


async def test_all_shows_the_ten_counters_of_each_source(shop: Shop) -> None:
    a_saturday(shop)

    assert await shop.viewer.says("统计 全部") == (
        "昨日 11月21日（周六）\n"
        "核销 54 张，比前一天多 12 张 ▲\n"
        "浏览 850 次 · 微信后台 600 次 400 人 · 接口 250 次 200 人\n"
        "领取 186 次 · 微信后台 130 次 120 人 · 接口 56 次 55 人\n"
        "核销 54 次 · 微信后台 40 次 38 人 · 接口 14 次 14 人\n"
        "转赠 2 次 · 微信后台 2 次 2 人 · 接口 0 次 0 人\n"
        "过期 4 次 · 微信后台 3 次 3 人 · 接口 1 次 1 人\n"
        "两种来源里可能是同一个人，人数不能相加"
    )
    await shop.speaks_english()
    assert await shop.viewer.says("stats all") == (
        "Yesterday, Sat 21 Nov\n"
        "Redeemed 54, 12 more than the day before ▲\n"
        "Viewed 850 · Console 600, 400 people · API 250, 200 people\n"
        "Claimed 186 · Console 130, 120 people · API 56, 55 people\n"
        "Redeemed 54 · Console 40, 38 people · API 14, 14 people\n"
        "Given 2 · Console 2, 2 people · API 0, 0 people\n"
        "Expired 4 · Console 3, 3 people · API 1, 1 person\n"
        "The same people may stand in both sources, so they cannot be added up"
    )


async def test_several_days_add_counts_and_average_people(shop: Shop) -> None:
    a_week(shop)

    assert await shop.viewer.says("统计 最近７天") == (
        "最近 7 天 11月15日–11月21日\n"
        "核销 634 张，比前 7 天多 1% ▲\n"
        "浏览 4,438 · 领取 1,268 · 核销 634\n"
        "领取率 29% · 核销率 50%\n"
        "最好：周五 11月20日 142 张 · 最少：周一 11月16日 61 张\n"
        "核销来源：微信后台 0 · 接口 634（按天算，平均 96 人，11月20日最多 132 人）\n"
        "没有数据：11月18日（多半没人看、领、用券）\n"
        "「统计 7天 全部」看十项 · 「走势 7天」看图"
    )
    await shop.speaks_english()
    assert await shop.viewer.says("stats 7d") == (
        "Last 7 days, 15 Nov–21 Nov\n"
        "Redeemed 634, 1% more than the 7 days before ▲\n"
        "Viewed 4,438 · claimed 1,268 · redeemed 634\n"
        "Claim rate 29% · redemption rate 50%\n"
        "Best day: Fri 20 Nov, 142 · weakest: Mon 16 Nov, 61\n"
        "Redeemed by: Console 0 · API 634 (per day 96 people on average, at most 132 on 20 Nov)\n"
        "No data for 18 Nov (most likely nobody viewed, claimed or redeemed)\n"
        "All ten counters: stats 7d all · picture: chart 7d"
    )
    assert await shop.viewer.says("stats 15-21 Nov all") == (
        "15 Nov–21 Nov\n"
        "Redeemed 634, 1% more than the 7 days before ▲\n"
        "Viewed 4,438 · API 528 people a day, at most 710 on 20 Nov\n"
        "Claimed 1,268 · API 106 people a day, at most 142 on 20 Nov\n"
        "Redeemed 634 · API 96 people a day, at most 132 on 20 Nov\n"
        "Given 0 · API 0 people a day\n"
        "Expired 0 · API 0 people a day\n"
        "People are the average of a day: who comes again is counted again, so they cannot be added up\n"
        "No data for 18 Nov (most likely nobody viewed, claimed or redeemed)"
    )


async def test_a_part_of_a_week_is_compared_with_the_same_weekdays(shop: Shop, clock: time_machine.Traveller) -> None:
    """Next to the weekend before them, Monday to Wednesday look bad in every week of every restaurant."""
    clock.move_to("2026-11-19T14:02:00+08:00")
    for day, count in ((9, 80), (10, 85), (11, 85), (13, 140), (14, 160), (15, 150), (16, 90), (17, 85), (18, 100)):
        counted(shop, f"11-{day:02}", API, 700, 200, count)
    for earlier in ("10-26", "10-27", "10-28", "10-29", "10-30", "10-31", "11-01", "11-02", "11-03", "11-04"):
        counted(shop, earlier, API, 700, 200, 78)

    assert (await shop.viewer.says("统计 本周")).splitlines()[:2] == [
        "本周 11月16日–11月18日", "核销 275 张，比前一周的周一–周三多 10% ▲",
    ]  # fmt: skip
    assert len(shop.calls("getcardbizuininfo")) == 2
    assert (await shop.viewer.says("统计 10天")).splitlines()[1] == "核销 975 张，比两周前同样的 10 天多 25% ▲"
    await shop.speaks_english()
    assert (await shop.viewer.says("stats week")).splitlines()[:2] == [
        "This week, 16 Nov–18 Nov", "Redeemed 275, 10% more than Mon–Wed the week before ▲",
    ]  # fmt: skip
    assert (await shop.viewer.says("stats 10d")).splitlines()[1] == (
        "Redeemed 975, 25% more than the same 10 days two weeks before ▲"
    )


async def test_people_of_several_days_are_an_average_and_the_best_day(shop: Shop) -> None:
    a_week(shop)

    assert await shop.viewer.says("统计 7天 全部") == (
        "最近 7 天 11月15日–11月21日\n"
        "核销 634 张，比前 7 天多 1% ▲\n"
        "浏览 4,438 次 · 接口 日均 528 人，11月20日最多 710 人\n"
        "领取 1,268 次 · 接口 日均 106 人，11月20日最多 142 人\n"
        "核销 634 次 · 接口 日均 96 人，11月20日最多 132 人\n"
        "转赠 0 次 · 接口 日均 0 人\n"
        "过期 0 次 · 接口 日均 0 人\n"
        "人数是每天的平均：同一个人第二天会再算一次，不能相加\n"
        "没有数据：11月18日（多半没人看、领、用券）"
    )


async def test_large_figures_are_short_and_in_full_where_they_must_add_up(shop: Shop) -> None:
    counted(shop, "11-21", CONSOLE, 40_315, 9_034, 2_794, view=30_000)
    counted(shop, "11-21", API, 66_477, 15_029, 4_632, view=50_000)

    assert (await shop.viewer.says("统计")).split("\n")[2] == "浏览 10.7万 · 领取 24,063 · 核销 7,426"
    assert (await shop.viewer.says("统计 全部")).split("\n")[2] == (
        "浏览 106,792 次 · 微信后台 40,315 次 30,000 人 · 接口 66,477 次 50,000 人"
    )


async def test_a_day_is_measured_by_the_same_weekday_of_four_weeks(shop: Shop) -> None:
    a_saturday(shop)
    for day, count in (("11-14", 40), ("11-07", 60), ("10-31", 44), ("10-24", 38)):
        counted(shop, day, API, 900, 200, count)

    assert (await shop.viewer.says("统计")).split("\n")[:3] == [
        "昨日 11月21日（周六）",
        "核销 54 张，比周六平常多 12 张 ▲，前一天 42",
        "浏览 850 · 领取 186 · 核销 54",
    ]
    assert (await shop.viewer.says("统计 11.14")).split("\n")[1] == "核销 40 张，比周六平常少 4 张 ▼"
    assert (await shop.viewer.says("统计 11.7")).split("\n")[1] == "核销 60 张，比周六平常多 19 张 ▲"
    assert (await shop.viewer.says("统计 10.31")).split("\n")[1] == "核销 44 张", "one Saturday is no custom"
    counted(shop, "11-21", CONSOLE, 600, 130, 28)
    assert (await shop.viewer.says("统计")).split("\n")[1] == "核销 42 张，和周六平常一样，前一天 42"
    await shop.speaks_english()
    assert (await shop.viewer.says("stats")).split("\n")[1] == (
        "Redeemed 42, as on a usual Sat, 42 the day before"
    )
    counted(shop, "11-21", CONSOLE, 600, 130, 20)
    assert (await shop.viewer.says("stats")).split("\n")[1] == (
        "Redeemed 34, 8 fewer than on a usual Sat ▼, 42 the day before"
    )
    shop.simulator.set_figures(shop.appid, None, "2026-11-20", CONSOLE, {})
    shop.simulator.set_figures(shop.appid, None, "2026-11-20", API, {})
    assert (await shop.viewer.says("stats")).split("\n")[1] == "Redeemed 34, 8 fewer than on a usual Sat ▼"


async def test_figures_of_friends_are_shown_where_wechat_tells_them(shop: Shop) -> None:
    shop.simulator.readings.friend_figures = True
    a_saturday(shop)

    assert (await shop.viewer.says("统计")).split("\n")[2:4] == [
        "浏览 850 · 领取 186 · 核销 54",
        "其中朋友：浏览 425 · 领取 93 · 核销 27",
    ]
    assert (await shop.viewer.says("统计 春节券")).split("\n")[3] == "其中朋友：非领取人核销 10"
    assert (await shop.viewer.says("统计 全部")).split("\n")[-1] == "其中朋友：浏览 425 · 领取 93 · 核销 27"
    await shop.speaks_english()
    assert (await shop.viewer.says("stats")).split("\n")[3] == "Of these friends: viewed 425 · claimed 93 · redeemed 27"
    assert (await shop.viewer.says("stats 春节券")).split("\n")[3] == (
        "Of these friends: redeemed by others than the claimer 10"
    )


async def test_people_among_friends_are_shown_where_they_may_be(shop: Shop) -> None:
    """In the list of all counters; per day where there are several, and not where two sources may share them."""
    shop.simulator.readings.friend_figures = True
    voucher = shop.has_voucher("春节券")
    for day, factor in (("11-20", 1), ("11-21", 2)):
        counted(shop, day, API, 60, 40, 20, view=30 * factor, receive=20 * factor, verify=10 * factor)
        counted(shop, day, API, 60, 40, 20, verify=9 * factor, card_id=voucher)

    assert (await shop.viewer.says("统计 全部")).split("\n")[-1] == (
        "其中朋友：浏览 30（30 人）· 领取 20（20 人）· 核销 10（10 人）"
    )
    assert (await shop.viewer.says("统计 2天 全部")).split("\n")[-1] == (
        "其中朋友：浏览 60（日均 22 人）· 领取 40（日均 15 人）· 核销 20（日均 8 人）"
    )
    assert (await shop.viewer.says("统计 春节券 全部")).split("\n")[-1] == "其中朋友：非领取人核销 6（6 人）"
    assert "其中朋友：浏览 30 · 领取 20 · 核销 10\n" in await shop.viewer.says("统计")
    await shop.speaks_english()
    assert (await shop.viewer.says("stats 2d all")).split("\n")[-1] == (
        "Of these friends: viewed 60 (22 people a day) · claimed 40 (15 people a day) · redeemed 20 (8 people a day)"
    )
    assert (await shop.viewer.says("stats all")).split("\n")[-1] == (
        "Of these friends: viewed 30 (30 people) · claimed 20 (20 people) · redeemed 10 (10 people)"
    )
    counted(shop, "11-21", CONSOLE, 60, 40, 20, view=30)
    assert (await shop.viewer.says("stats all")).split("\n")[-1] == (
        "Of these friends: viewed 60 · claimed 40 · redeemed 20"
    )


async def test_the_examples_of_the_document_in_words(shop: Shop, clock: time_machine.Traveller) -> None:
    """"Example of POST data" and "Example of response data" of both data calls, as printed."""
    clock.move_to("2015-07-02T12:00:00+08:00")
    voucher = shop.has_voucher("春节券", first_day="2015-01-01", last_day="2015-12-31")
    example = {"view_cnt": 1, "view_user": 1, "receive_cnt": 1, "receive_user": 1, "verify_cnt": 0, "verify_user": 0}
    shop.simulator.set_figures(shop.appid, None, "2015-06-23", CONSOLE, example)
    shop.simulator.set_figures(shop.appid, voucher, "2015-06-23", CONSOLE, example)

    assert await shop.viewer.says("统计 2015-06-15 2015-06-30") == (
        "6月15日–6月30日\n"
        "核销 0 张\n"
        "浏览 1 · 领取 1 · 核销 0\n"
        "领取率 100% · 核销率 0%\n"
        "核销来源：微信后台 0 · 接口 0\n"
        "没有数据：6月15日–6月22日、6月24日–6月30日（多半没人看、领、用券）\n"
        "「统计 2015-06-15 2015-06-30 全部」看十项 · 「走势 2015-06-15 2015-06-30」看图"
    )
    assert await shop.viewer.says("统计 6.23 春节券 全部") == (
        "「春节券」6月23日（周二）\n"
        "核销 0 张\n"
        "浏览 1 次 · 微信后台 1 人\n"
        "领取 1 次 · 微信后台 1 人\n"
        "核销 0 次 · 微信后台 0 人\n"
        "转赠 0 次 · 微信后台 0 人\n"
        "过期 0 次 · 微信后台 0 人"
    )


@pytest.mark.parametrize("text", ["统计 昨天 春节券", "统计 春节券 昨天", "stats yesterday 春节", "统计 春节券"])
async def test_one_voucher_has_its_own_figures(shop: Shop, text: str) -> None:
    voucher = shop.has_voucher("春节券")
    counted(shop, "11-21", API, 300, 60, 31, card_id=voucher, view=200, receive=50, verify=30)
    counted(shop, "11-20", API, 300, 60, 33, card_id=voucher)
    counted(shop, "11-21", API, 999, 999, 999)

    assert await shop.viewer.says(text) == (
        "「春节券」昨日 11月21日（周六）\n"
        "核销 31 张，比前一天少 2 张 ▼\n"
        "浏览 300 · 领取 60 · 核销 31\n"
        "领取率 25%（按人）· 核销率 52%\n"
        "接口 31（核销）\n"
        "「统计 昨天 春节券 全部」看十项 · 「走势 7天 春节券」看图"
    )
    assert {call.body["card_id"] for call in shop.calls("getcardcardinfo")} == {voucher}
    assert shop.calls("getcardbizuininfo") == []


async def test_zero_is_a_number(shop: Shop) -> None:
    counted(shop, "11-21", API, 5)
    counted(shop, "11-20", API, 5)

    assert await shop.viewer.says("统计") == (
        "昨日 11月21日（周六）\n"
        "核销 0 张，和前一天一样\n"
        "浏览 5 · 领取 0 · 核销 0\n"
        "领取率 0%\n"
        "微信后台 0 · 接口 0（核销）\n"
        "「统计 昨天 全部」看十项 · 「走势 7天」看图"
    )


async def test_no_data_is_not_zero(shop: Shop) -> None:
    assert await shop.viewer.says("统计 6.1-6.3") == (
        "6月1日–6月3日没有数据\n"
        "微信没有返回这几天的数据，多半没有人看、领、用券\n"
        "「统计 30天」看更长的时间 · 「卡券」看有哪些券"
    )
    await shop.speaks_english()
    assert await shop.viewer.says("stats 6.1-6.3") == (
        "1 Jun–3 Jun: no data\n"
        "WeChat sent nothing at all: most likely nobody viewed, claimed or redeemed\n"
        "A longer time: stats 30d · which vouchers there are: vouchers"
    )


async def test_of_tickets_wechat_has_no_figures_which_is_not_no_data(shop: Shop) -> None:
    """getcardcardinfo, card_type: movie, air, meeting and attractions tickets cannot be fetched."""
    card = cash_voucher("湖畔面馆", 1000, title="年会门票")
    shop.simulator.add_voucher(shop.appid, {"card_type": "MEETING_TICKET", "meeting_ticket": card["cash"]}, "VERIFY_OK")

    assert await shop.viewer.says("统计 年会门票") == (
        "「年会门票」这种券，微信不提供数字\n「今日 年会门票」看机器人自己数的 · 「统计」看全部券"
    )
    await shop.speaks_english()
    assert await shop.viewer.says("stats 年会门票") == (
        "WeChat has no figures of vouchers such as 年会门票\n"
        "The bot's own count: today 年会门票 · all vouchers: stats"
    )


async def test_numbers_of_days_are_written_as_numbers(shop: Shop) -> None:
    for day in ("2026-11-20", "2025-11-20", "2024-11-20", "2023-11-20"):
        shop.simulator.set_figures(shop.appid, None, day, API, {"verify_cnt": 3})

    chinese = (await shop.viewer.says("统计 1200天")).split("\n")
    assert chinese[0] == "最近 1,200 天 2023年8月10日–2026年11月21日"
    assert chinese[-2].endswith(" 等，共 1,196 天（多半没人看、领、用券）")
    assert chinese[-1] == "「统计 1200天 全部」看十项 · 「走势 1200天」看图"
    await shop.speaks_english()
    english = (await shop.viewer.says("stats 1200d")).split("\n")
    assert english[0] == "Last 1,200 days, 10 Aug 2023–21 Nov 2026"
    assert "and more, 1,196 days in all" in english[-2]


@pytest.mark.parametrize("empty", [True, False], ids=["an empty list", "61503"])
async def test_before_wechat_has_counted_it_says_when(
    shop: Shop, clock: time_machine.Traveller, empty: bool
) -> None:
    shop.simulator.readings.not_ready_is_empty = empty
    clock.move_to("2026-11-22T07:00:00+08:00")

    assert await shop.viewer.says("统计") == (
        "⏳ 昨日 11月21日（周六）的数字微信还没给出\n"
        "一般上午 8–10 点（北京时间）以后才有，到时再发一次就行\n"
        "现在能看前一段：「统计 2026-11-20」"
    )
    await shop.speaks_english()
    assert await shop.viewer.says("stats") == (
        "⏳ Yesterday, Sat 21 Nov: WeChat's figures are not ready yet\n"
        "They usually come after 8–10 in the morning, Beijing time; send the same words again then\n"
        "Until then, the time before: stats 2026-11-20"
    )


@pytest.mark.parametrize("empty", [False, True])
async def test_over_breakfast_the_bot_tells_what_it_counted_itself(
    shop: Shop, clock: time_machine.Traveller, empty: bool
) -> None:
    clock.move_to("2026-11-21T12:00:00+08:00")
    await claimed_and_redeemed(shop)
    for day in ("10-24", "10-31", "11-07", "11-14"):
        counted(shop, day, API, 90, 9, 8)
    clock.move_to("2026-11-22T07:00:00+08:00")
    shop.simulator.readings.not_ready_is_empty = empty

    assert await shop.viewer.says("统计") == (
        "昨日 11月21日（周六）\n"
        "核销 2 张，领取 3 张（机器人自己数的），周六平常核销 8 张\n"
        "⏳ 微信的数字一般上午 8–10 点（北京时间）以后才有，到时再发一次就行\n"
        "按小时：「走势 昨天」"
    )
    assert "核销 2 张，领取 2 张（机器人自己数的）\n" in await shop.viewer.says("统计 春节券")
    await shop.speaks_english()
    assert await shop.viewer.says("stats") == (
        "Yesterday, Sat 21 Nov\n"
        "Redeemed 2, claimed 3 (the bot's own count); a usual Sat has 8 redeemed\n"
        "⏳ WeChat's figures usually come after 8–10 in the morning, Beijing time; send the same words again then\n"
        "By the hour: chart yesterday"
    )


async def test_what_wechat_leaves_out_the_bot_may_have_counted(shop: Shop, clock: time_machine.Traveller) -> None:
    clock.move_to("2026-11-20T12:00:00+08:00")
    await claimed_and_redeemed(shop)
    for source in (CONSOLE, API):
        shop.simulator.set_figures(shop.appid, None, "2026-11-20", source, None)
    clock.move_to("2026-11-22T14:00:00+08:00")

    assert await shop.viewer.says("统计 11-20") == (
        "11月20日（周五）\n"
        "核销 2 张，领取 3 张（机器人自己数的）\n"
        "微信没有返回这天的数据\n"
        "按小时：「走势 2026-11-20」"
    )
    await shop.speaks_english()
    assert await shop.viewer.says("stats 11-20") == (
        "Fri 20 Nov\n"
        "Redeemed 2, claimed 3 (the bot's own count)\n"
        "WeChat sent no figures of this day\n"
        "By the hour: chart 2026-11-20"
    )


async def test_a_span_with_yesterday_not_ready_shows_the_rest_without_comparing(
    shop: Shop, clock: time_machine.Traveller
) -> None:
    a_week(shop)
    clock.move_to("2026-11-22T07:00:00+08:00")

    assert await shop.viewer.says("统计 3d") == (
        "最近 3 天 11月19日–11月21日\n"
        "核销 262 张\n"
        "浏览 1,834 · 领取 524 · 核销 262\n"
        "领取率 29% · 核销率 50%\n"
        "最好：周五 11月20日 142 张 · 最少：周四 11月19日 120 张\n"
        "核销来源：微信后台 0 · 接口 262（按天算，平均 121 人，11月20日最多 132 人）\n"
        "⏳ 11月21日 的数字微信还没给全，一般上午 8–10 点以后才有\n"
        "「统计 3天 全部」看十项 · 「走势 3天」看图"
    )


@pytest.mark.parametrize(
    ("now", "text", "first_lines"),
    [
        ("2026-11-23T12:00", "统计 本周", ["上周 11月16日–11月22日", "今天是周一，本周还没有数字，先看上周"]),
        ("2026-12-01T12:00", "统计 本月", ["上月 11月1日–11月30日", "今天是 1 号，本月还没有数字，先看上月"]),
        ("2026-11-23T00:00", "统计", ["昨日 11月22日（周日）"]),
        ("2026-11-22T23:59", "统计", ["昨日 11月21日（周六）"]),
        ("2026-11-24T12:00", "统计 这周", ["本周 11月23日（周一）"]),
        ("2028-03-01T12:00", "统计", ["昨日 2月29日（周二）"]),
        ("2026-11-22T12:00", "统计 11.20-11.30", ["11月20日–11月21日", "最近只有昨天的数字，这里到 11月21日 为止"]),
        ("2026-11-22T12:00", "统计 2025-12-30 2026-11-20", ["2025年12月30日–2026年11月20日"]),
        ("2026-11-22T12:00", "统计 12月31日", ["2025年12月31日（周三）"]),
    ],
)
async def test_the_first_line_says_which_days(
    shop: Shop, clock: time_machine.Traveller, now: str, text: str, first_lines: list[str]
) -> None:
    shop.simulator.readings.data_ready_hour = 0
    clock.move_to(f"{now}:00+08:00")
    _every_day_of_note(shop)

    assert (await shop.viewer.says(text)).split("\n")[: len(first_lines)] == first_lines


def _every_day_of_note(shop: Shop) -> None:
    for year, days in ((2025, ["12-31"]), (2026, ["11-20", "11-21", "11-22", "11-23"]), (2028, ["02-29"])):
        for day in days:
            shop.simulator.set_figures(shop.appid, None, f"{year}-{day}", API, {"verify_cnt": 1})


async def test_bent_spans_in_english(shop: Shop, clock: time_machine.Traveller) -> None:
    await shop.speaks_english()
    clock.move_to("2026-11-23T12:00:00+08:00")
    _every_day_of_note(shop)

    assert (await shop.viewer.says("stats week")).split("\n")[:2] == [
        "Last week, 16 Nov–22 Nov",
        "It is Monday, this week has no figures yet: here is last week",
    ]
    assert (await shop.viewer.says("stats 11.20 - 11.30")).split("\n")[:2] == [
        "20 Nov–22 Nov",
        "Yesterday is the latest day with figures: this goes up to 22 Nov",
    ]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("统计 今天", "今天的数字还没有：微信每天上午 8–10 点以后才给出前一天的。\n最近一天发「统计 昨天」"),
        (
            "统计 2026-12-01",
            "12月1日 还没到，最近只能看到昨天。\n可以这样写：「统计 昨天」「统计 7天」「统计 本月」",
        ),
        ("统计 6.30-6.15", "开始日期 6.30 在结束日期 6.15 之后。\n早的日期写在前面：「统计 6.15 6.30」"),
        ("统计 6月31日", "没有「6月31日」这一天：6月只有 30 天。\n日期可以这样写：6月15日、6.15、2015-06-15"),
        ("统计 0天", "「0天」里一天也没有，至少写 1 天。\n可以这样写：「统计 昨天」「统计 7天」"),
        ("统计 9999天", "「9999天」太长，一次最多看 5 年。\n可以分几次看，例如「统计 2015-01-01 2015-12-31」"),
    ],
)
async def test_days_that_cannot_be_answered_are_explained_without_asking_wechat(
    shop: Shop, text: str, answer: str
) -> None:
    assert await shop.viewer.says(text) == answer
    assert shop.data_calls() == []


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (
            "stats today",
            "No figures for today yet: WeChat gives a day's figures the next morning, after 8–10 o'clock.\n"
            "The latest day: stats yesterday",
        ),
        (
            "stats 2026-12-01",
            "1 Dec is still to come; yesterday is the latest day with figures.\n"
            "Try: stats yesterday, stats 7d, stats month",
        ),
        (
            "stats 6.30-6.15",
            "The first day, 6.30, is after the last, 6.15.\nThe earlier one goes first: stats 6.15 - 6.30",
        ),
        (
            "stats 2026-02-30",
            "There is no day 2026-02-30: month 2 has 28 days.\nDays can be written 2015-06-15, 6.15 or 15 Jun",
        ),
        ("stats 0d", '"0d" covers no day at all; one is the least.\nTry: stats yesterday, stats 7d'),
        (
            "stats 9999d",
            '"9999d" is too long: 5 years at most in one go.\nIn parts, for example: stats 2015-01-01 2015-12-31',
        ),
    ],
)
async def test_days_that_cannot_be_answered_are_explained_in_english(shop: Shop, text: str, answer: str) -> None:
    await shop.speaks_english()

    assert await shop.viewer.says(text) == answer


async def test_days_wechat_refuses_are_told_without_its_code(shop: Shop) -> None:
    shop.simulator.fault("getcardbizuininfo", Fault(errcode=61501), times=None)

    assert await shop.viewer.says("统计 6.1-6.3") == (
        "微信不接受 6月1日 到 6月3日 这段日期，数字没有取到。\n换一段再试：「统计 昨天」「统计 7天」"
    )
    await shop.speaks_english()
    assert await shop.viewer.says("stats 6.1-6.3") == (
        "WeChat does not accept the days 1 Jun to 3 Jun; nothing was read.\n"
        "Other days may do: stats yesterday, stats 7d"
    )


async def test_old_figures_carry_a_warning(shop: Shop, clock: time_machine.Traveller) -> None:
    clock.move_to("2015-02-01T12:00:00+08:00")
    shop.simulator.set_figures(shop.appid, None, "2014-12-02", API, {"verify_cnt": 3})

    lines = (await shop.viewer.says("统计 2014-11-20 2014-12-05")).split("\n")

    assert lines[:2] == ["2014年11月20日–2014年12月5日", "核销 3 张"]
    assert "⚠️ 2014年12月1日之前的数字，微信不保证准确" in lines
    assert "没有数据：2014年11月20日–2014年12月1日、2014年12月3日–2014年12月5日（多半没人看、领、用券）" in lines


async def test_the_best_voucher_may_have_been_deleted(shop: Shop) -> None:
    a_saturday(shop)
    shop.simulator.fault("card/get", Fault(errcode=40073), times=None)

    assert "\n最好：…" in await shop.viewer.says("统计")


async def test_a_shop_in_another_zone_reads_that_days_are_beijing_days(
    simulator: Simulator, redis_server: str, store: Any, clock: time_machine.Traveller
) -> None:
    """At 21:00 in New York it is tomorrow for WeChat: its yesterday is New York's today."""
    clock.move_to("2026-11-21T21:00:00-05:00")
    async with open_shop(simulator, redis_server, account={"timezone": "America/New_York"}) as shop:
        counted(shop, "11-21", API, 5, 5, 5, view=5, receive=5)

        assert (await shop.viewer.says("统计")).split("\n")[:2] == [
            "昨日 11月21日（周六） · 按北京时间的日子",
            "核销 5 张",
        ]
        await shop.speaks_english()
        assert (await shop.viewer.says("stats")).split("\n")[0] == "Yesterday, Sat 21 Nov (Beijing days)"


async def test_a_shop_in_singapore_has_wechats_days(
    simulator: Simulator, redis_server: str, store: Any, clock: time_machine.Traveller
) -> None:
    async with open_shop(simulator, redis_server, account={"timezone": "Asia/Singapore"}) as shop:
        counted(shop, "11-21", API, 5, 5, 5)

        assert (await shop.viewer.says("统计")).split("\n")[0] == "昨日 11月21日（周六）"


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("周六", "「周六」不是时间，也没有叫这个名字的卡券。"),
        ("上上周", "「上上周」不是时间，也没有叫这个名字的卡券。是不是「上周」？"),
        ("yesterdya", "「yesterdya」不是时间，也没有叫这个名字的卡券。是不是「yesterday」？"),
        ("第三季度 全部", "「第三季度」不是时间，也没有叫这个名字的卡券。"),
    ],
)
async def test_what_is_neither_a_time_nor_a_voucher_is_told_as_such(shop: Shop, typed: str, answer: str) -> None:
    shop.has_voucher("春节券")
    how = "时间这样写：昨天、7天、本周、上月、6.15-6.30；「卡券」看全部卡券"
    assert await shop.viewer.says(f"统计 {typed}") == f"{answer}\n{how}"


async def test_what_is_neither_reads_english(shop: Shop) -> None:
    shop.has_voucher("春节券")
    await shop.speaks_english()
    assert await shop.viewer.says("stats yesterdya") == (
        '"yesterdya" is no time, and no voucher is called so. Did you mean "yesterday"?\n'
        'A time is yesterday, 7d, week, last month or 6.15-6.30; "vouchers" lists the vouchers'
    )


@pytest.mark.parametrize("typed", ["统计 春节卷", "统计 7天 周六"])
async def test_a_slip_in_a_title_or_beside_a_time_is_about_the_voucher(shop: Shop, typed: str) -> None:
    shop.has_voucher("春节券")
    words = typed.rsplit(maxsplit=1)[-1]
    guess = "是不是「春节券」？" if words == "春节卷" else ""
    assert await shop.viewer.says(typed) == f"没有找到「{words}」。{guess}发送「卡券」可以看到全部。"


async def test_no_answer_is_longer_than_a_phone(shop: Shop, clock: time_machine.Traveller) -> None:
    """The worst of all cases: a bent span, late, with gaps, in unreliable history, with everything to tell."""
    clock.move_to("2014-12-20T07:00:00+08:00")
    voucher = shop.has_voucher("春节券")
    for day, count in (("11-25", 4), ("12-02", 9), ("12-10", 5), ("12-19", 7)):
        for source in (CONSOLE, API):
            shop.simulator.set_figures(shop.appid, None, f"2014-{day}", source, _ten(count))
        shop.simulator.set_figures(shop.appid, voucher, f"2014-{day}", API, _ten(count))

    for text in ("统计 11.20-12.30", "统计 11.20-12.30 全部"):
        assert len((await shop.viewer.says(text)).split("\n")) <= 12


def _ten(count: int) -> dict[str, int]:
    return {f"{kind}_{unit}": count for kind in KINDS for unit in ("cnt", "user")}
