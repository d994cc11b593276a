"""top: what an operator reads about the best vouchers."""

from __future__ import annotations

import pytest
import time_machine

from bot.simulator import Fault
from tests.handlers.test_daily_stats import API, CONSOLE, counted
from tests.shop import Shop


def a_fortnight(shop: Shop) -> None:
    """Four vouchers last week, two of them in the week before, too."""
    noodles, tea = shop.has_voucher("春节券"), shop.has_voucher("豆浆券", gift=True)
    buns, beef = shop.has_voucher("包子券"), shop.has_voucher("牛肉面半价")
    for day, claims, count in (("11-15", 60, 20), ("11-21", 40, 11)):
        counted(shop, day, API, 500, claims, count, card_id=noodles)
    counted(shop, "11-21", CONSOLE, 90, 20, 19, card_id=tea)
    counted(shop, "11-20", API, 90, 4, 4, card_id=buns)
    counted(shop, "11-20", API, 90, 30, 3, card_id=beef)
    counted(shop, "11-08", API, 90, 90, 40, card_id=noodles)
    counted(shop, "11-14", CONSOLE, 90, 20, 17, card_id=tea)


async def test_the_best_of_the_last_seven_days(shop: Shop) -> None:
    a_fortnight(shop)

    assert await shop.viewer.says("排行") == (
        "最近 7 天 11月15日–11月21日 核销最多\n"
        "1. 春节券 31 张\n"
        "2. 豆浆券 19 张\n"
        "3. 包子券 4 张\n"
        "核销率最高（领取 10 张以上）\n"
        "1. 豆浆券 95%（19/20）\n"
        "2. 春节券 31%（31/100）\n"
        "比前 7 天增长最多\n"
        "1. 包子券 +4（0 → 4）\n"
        "2. 牛肉面半价 +3（0 → 3）\n"
        "「统计 7天 春节券」看一张券"
    )
    assert len(shop.calls("getcardcardinfo")) == 2
    assert shop.calls("getcardbizuininfo") == []
    await shop.speaks_english()
    assert await shop.viewer.says("top") == (
        "Last 7 days, 15 Nov–21 Nov: most redeemed\n"
        "1. 春节券, 31\n"
        "2. 豆浆券, 19\n"
        "3. 包子券, 4\n"
        "Highest redemption rate (of 10 claims or more)\n"
        "1. 豆浆券, 95% (19/20)\n"
        "2. 春节券, 31% (31/100)\n"
        "Grown most since the 7 days before\n"
        "1. 包子券, +4 (0 → 4)\n"
        "2. 牛肉面半价, +3 (0 → 3)\n"
        "One voucher: stats 7d 春节券"
    )


async def test_growth_in_a_part_of_a_week_is_against_the_same_weekdays(
    shop: Shop, clock: time_machine.Traveller
) -> None:
    clock.move_to("2026-11-19T14:02:00+08:00")
    noodles = shop.has_voucher("春节券")
    for day, count in (("11-11", 20), ("11-15", 60), ("11-18", 30)):
        counted(shop, day, API, 500, 100, count, card_id=noodles)

    assert (await shop.viewer.says("排行 本周")).splitlines()[-3:-1] == [
        "比前一周的周一–周三增长最多", "1. 春节券 +10（20 → 30）",
    ]  # fmt: skip
    await shop.speaks_english()
    assert (await shop.viewer.says("top week")).splitlines()[-3:-1] == [
        "Grown most since Mon–Wed the week before", "1. 春节券, +10 (20 → 30)",
    ]  # fmt: skip


async def test_what_it_names_next_can_be_sent(shop: Shop) -> None:
    a_fortnight(shop)
    assert (await shop.viewer.says("排行")).endswith("「统计 7天 春节券」看一张券")
    assert (await shop.viewer.says("统计 7天 春节券")).startswith("「春节券」最近 7 天 11月15日–11月21日\n核销 31 张")


async def test_one_day_in_both_languages(shop: Shop) -> None:
    a_fortnight(shop)

    assert await shop.viewer.says("排行 昨天") == (
        "昨日 11月21日（周六） 核销最多\n"
        "1. 豆浆券 19 张\n"
        "2. 春节券 11 张\n"
        "核销率最高（领取 10 张以上）\n"
        "1. 豆浆券 95%（19/20）\n"
        "2. 春节券 28%（11/40）\n"
        "比前一天增长最多\n"
        "1. 豆浆券 +19（0 → 19）\n"
        "2. 春节券 +11（0 → 11）\n"
        "「统计 昨天 豆浆券」看一张券"
    )
    await shop.speaks_english()
    assert (await shop.viewer.says("top yesterday")).split("\n")[6] == "Grown most since the day before"


async def test_what_nothing_is_known_of_before_has_not_grown(shop: Shop) -> None:
    voucher = shop.has_voucher("春节券")
    counted(shop, "11-21", API, 9, 3, 2, card_id=voucher)

    assert await shop.viewer.says("排行") == (
        "最近 7 天 11月15日–11月21日 核销最多\n1. 春节券 2 张\n「统计 7天 春节券」看一张券"
    )


async def test_nothing_redeemed_and_no_data_are_two_things(shop: Shop) -> None:
    assert await shop.viewer.says("排行 6.1-6.3") == (
        "6月1日–6月3日没有数据，排不出名次\n"
        "微信没有返回任何一张券的数据，多半没有人看、领、用券\n"
        "「排行 30天」看更长的时间 · 「卡券」看有哪些券"
    )
    counted(shop, "11-21", API, 9, 3, card_id=shop.has_voucher("春节券"))
    assert await shop.viewer.says("排行") == (
        "最近 7 天 11月15日–11月21日没有核销，排不出名次\n"
        "「统计 7天」看浏览和领取 · 「排行 30天」看更长的时间"
    )
    await shop.speaks_english()
    assert await shop.viewer.says("top") == (
        "Last 7 days, 15 Nov–21 Nov: nothing was redeemed, so there is no ranking\n"
        "Views and claims: stats 7d · a longer time: top 30d"
    )
    assert await shop.viewer.says("top 6.1-6.3") == (
        "1 Jun–3 Jun: no data, so there is no ranking\n"
        "WeChat sent nothing of any voucher: most likely nobody viewed, claimed or redeemed\n"
        "A longer time: top 30d · which vouchers there are: vouchers"
    )


async def test_before_wechat_has_counted(shop: Shop, clock: time_machine.Traveller) -> None:
    counted(shop, "11-20", API, 90, 4, 4, card_id=shop.has_voucher("包子券"))
    clock.move_to("2026-11-22T07:00:00+08:00")

    assert await shop.viewer.says("排行 昨天") == (
        "⏳ 昨日 11月21日（周六）的数字微信还没给出\n"
        "一般上午 8–10 点（北京时间）以后才有，到时再发一次就行\n"
        "现在能看前一段：「排行 2026-11-20」"
    )
    assert await shop.viewer.says("排行 2天") == (
        "最近 2 天 11月20日–11月21日 核销最多\n"
        "1. 包子券 4 张\n"
        "⏳ 11月21日 的数字微信还没给全，一般上午 8–10 点以后才有"
    )
    await shop.speaks_english()
    assert await shop.viewer.says("top yesterday") == (
        "⏳ Yesterday, Sat 21 Nov: WeChat's figures are not ready yet\n"
        "They usually come after 8–10 in the morning, Beijing time; send the same words again then\n"
        "Until then, the time before: top 2026-11-20"
    )
    assert await shop.viewer.says("top 2d") == (
        "Last 2 days, 20 Nov–21 Nov: most redeemed\n"
        "1. 包子券, 4\n"
        "⏳ 21 Nov: not ready yet, usually after 8–10 in the morning"
    )


async def test_no_answer_is_longer_than_a_phone(shop: Shop, clock: time_machine.Traveller) -> None:
    a_fortnight(shop)
    clock.move_to("2026-11-23T12:00:00+08:00")

    lines = (await shop.viewer.says("排行 本周")).split("\n")

    assert lines[:2] == ["上周 11月16日–11月22日 核销最多", "今天是周一，本周还没有数字，先看上周"]
    assert len(lines) <= 12


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("排行 今天", "今天的数字还没有：微信每天上午 8–10 点以后才给出前一天的。\n最近一天发「排行 昨天」"),
        ("排行 春节", "没看懂「春节」。写法：排行 [范围]\n例：排行 本月"),
    ],
)
async def test_what_is_no_time(shop: Shop, text: str, answer: str) -> None:
    assert await shop.viewer.says(text) == answer


async def test_days_wechat_refuses(shop: Shop) -> None:
    shop.simulator.fault("getcardcardinfo", Fault(errcode=61501), times=None)

    assert await shop.viewer.says("排行 6.1-6.3") == (
        "微信不接受 6月1日 到 6月3日 这段日期，数字没有取到。\n换一段再试：「统计 昨天」「统计 7天」"
    )


async def test_long_spans_cost_no_more_calls_for_the_time_before(shop: Shop) -> None:
    a_fortnight(shop)
    await shop.viewer.says("排行 365天")
    assert len(shop.calls("getcardcardinfo")) == 12


async def test_customers_are_not_told(shop: Shop) -> None:
    assert await shop.customer.says("排行") == ""
