"""extend: a later last day, judged before WeChat is asked, carried out by a yes."""

from __future__ import annotations

from datetime import date

import pytest

from bot.clock import day_end
from bot.simulator import cash_voucher
from tests.shop import Shop

YES = "回复「确认」执行，「取消」放弃（10 分钟内有效）"


@pytest.mark.parametrize("day", ["2月1日", "2月28日", "2027-02-28", "明天"])
async def test_refuses_a_day_that_is_not_later_without_asking_wechat(shop: Shop, day: str) -> None:
    shop.has_voucher("春节券", last_day="2027-02-28")

    assert await shop.manager.says(f"延期 春节券 {day}") == "「春节券」现在到 2027年2月28日，只能往后延。"
    assert shop.calls("/card/update") == []


async def test_refuses_more_than_three_months(shop: Shop) -> None:
    shop.has_voucher("春节券", last_day="2026-12-31")

    assert await shop.manager.says("延期 春节券 2027-04-03") == (
        "「春节券」没有延期：一次最多延三个月：最晚到 2027年4月2日，不能到 2027年4月3日"
    )


async def test_refuses_validity_that_counts_from_the_claim(shop: Shop) -> None:
    dates = {"type": "DATE_TYPE_FIX_TERM", "fixed_term": 30, "fixed_begin_term": 0}
    card = cash_voucher("湖畔面馆", 500, title="月券", friends=False, base={"date_info": dates})
    shop.simulator.add_voucher(shop.appid, card, "VERIFY_OK")

    for words in ("延期 月券 12月31日", "延期 月券 一个月"):
        assert await shop.manager.says(words) == "「月券」没有延期：这张券的有效期从领取那天算起，不能改"


async def test_extends_after_a_yes(shop: Shop) -> None:
    card_id = shop.has_voucher("春节券", first_day="2026-11-01", last_day="2026-12-31")

    assert await shop.manager.says("延期 春节券 1月31日") == (
        "「春节券」有效期：到 12月31日 → 到 2027年1月31日\n不需要重新审核，确认后立即生效\n" + YES
    )
    assert await shop.manager.says("确认") == "✅「春节券」已修改：结束日期\n已在微信核对，立即生效\n记录号 1"

    (call,) = shop.calls("/card/update")
    dates = shop.simulator.voucher(shop.appid, card_id).card["cash"]["base_info"]["date_info"]
    assert call.body["cash"] == {"base_info": {"date_info": dates}}
    assert dates["type"] == "DATE_TYPE_FIX_TIME_RANGE"
    assert dates["end_timestamp"] == day_end(date(2027, 1, 31))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("延期 春节券 一个月", "2027年1月31日"),
        ("延期春节券两周", "2027年1月14日"),
        ("延期 春节券 30天", "2027年1月30日"),
        ("延期 春节券 再延半个月", "2027年1月15日"),
        ("extend 春节券 a month", "2027年1月31日"),
        ("extend 春节券 by 2 weeks", "2027年1月14日"),
    ],
)
async def test_a_length_counts_from_the_present_last_day(shop: Shop, words: str, expected: str) -> None:
    shop.has_voucher("春节券", last_day="2026-12-31")

    assert (await shop.manager.says(words)).splitlines()[0] == f"「春节券」有效期：到 12月31日 → 到 {expected}"


async def test_a_length_that_is_too_much_is_refused(shop: Shop) -> None:
    shop.has_voucher("春节券", last_day="2026-12-31")

    assert await shop.manager.says("延期 春节券 半年") == (
        "「春节券」没有延期：一次最多延三个月：最晚到 2027年4月2日，不能到 2027年6月30日"
    )


async def test_says_when_wechat_may_count_otherwise(shop: Shop) -> None:
    shop.has_voucher("春节券", last_day="2026-12-31")

    assert await shop.manager.says("延期 春节券 2027-03-31") == (
        "「春节券」有效期：到 12月31日 → 到 2027年3月31日\n"
        "⚠️ 微信最多延三个月，没说从哪天算起；2027年2月22日 之后可能被拒绝\n"
        "不需要重新审核，确认后立即生效\n" + YES
    )


async def test_extends_in_english(shop: Shop) -> None:
    await shop.speaks_english()
    shop.has_voucher("春节券", last_day="2026-12-31")

    assert await shop.manager.says("extend 春节券 30 Nov") == (
        "春节券 runs until 31 Dec; its last day can only move later"
    )
    assert await shop.manager.says("extend 春节券 2027-01-31") == (
        "Last day of 春节券: 31 Dec → 31 Jan 2027\n"
        "No review needed, effective at once\n"
        'Send "yes" to do it, "no" to drop it (within 10 minutes)'
    )
    assert await shop.manager.says("yes") == (
        "✅ 春节券 changed: last day\nChecked at WeChat, effective at once\nRecord 1"
    )
    assert await shop.manager.says("extend 春节券 2028-01-31") == (
        "春节券 was not extended: validity extends by three months at most: 3 May 2027 is the latest, not 31 Jan 2028"
    )


async def test_a_suspended_feature_is_an_ordinary_answer(shop: Shop) -> None:
    shop.has_voucher("春节券", last_day="2026-12-31")
    shop.wechat_side.friends_vouchers = False
    await shop.manager.says("延期 春节券 2027-01-31")

    assert await shop.manager.says("确认") == (
        "❌ 没有修改「春节券」：微信暂停了朋友的券修改有效期（73209）\n这不是你的设置问题。其他字段仍可修改。"
    )
