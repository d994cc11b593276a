"""show: one voucher on a phone, and what its reader can do next."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine

from bot.clock import day_end, day_start
from bot.simulator import cash_voucher, general_coupon, gift_voucher
from tests.shop import Shop

VALID = {
    "type": "DATE_TYPE_FIX_TIME_RANGE",
    "begin_timestamp": day_start(date(2026, 11, 1)),
    "end_timestamp": day_end(date(2026, 12, 31)),
}


def put(shop: Shop, card: dict[str, Any], status: str = "VERIFY_OK") -> str:
    """Put any card on the shelf."""
    return shop.simulator.add_voucher(shop.appid, card, status)


def everything(shop: Shop) -> str:
    """A Friend's Voucher with every field that ``show`` knows."""
    tea = shop.has_voucher("豆浆券", gift=True)
    week = [
        {"type": day, "begin_hour": 10, "begin_minute": 0, "end_hour": 20, "end_minute": 59}
        for day in ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY")
    ]
    advanced = {
        "use_condition": {
            "accept_category": "面类",
            "reject_category": "酒水",
            "least_cost": 5000,
            "can_use_with_other_discount": False,
        },
        "time_limit": [*week, {"type": "HOLIDAY"}],
        "business_service": ["BIZ_SERVICE_FREE_WIFI", "BIZ_SERVICE_DELIVER"],
        "consume_share_card_list": [{"card_id": tea, "num": 1}],
    }
    base = {"date_info": VALID, "description": "每桌限用一张\n" * 12, "location_id_list": [1, 2, 3]}
    return put(shop, cash_voucher("湖畔面馆", 1000, title="春节券", base=base, advanced=advanced), "DISPATCH")


async def test_nothing_of_that_name(shop: Shop) -> None:
    assert await shop.viewer.says("查看 春节券") == (
        "这个公众号还没有卡券。\n店长可以「新建」，在微信公众平台后台创建的这里也能看到。"
    )
    shop.has_voucher("春节券")

    assert await shop.viewer.says("查看 春节卷") == ("没有找到「春节卷」。是不是「春节券」？发送「卡券」可以看到全部。")
    assert await shop.viewer.says("查看 张三") == "没有找到「张三」。发送「卡券」可以看到全部。"
    assert await shop.viewer.says("查看 、") == (
        "「、」不是卡券，这里要写卡券名称的一部分，或列表里的 #1\n例：查看 春节券"
    )
    assert await shop.viewer.says("查看 「」") == "还缺卡券：查看 <卡券>\n例：查看 春节券"
    assert await shop.viewer.says("查看 " + "面" * 16_000) == (
        f"没有找到「{'面' * 60}…」。发送「卡券」可以看到全部。"
    )
    for typed in ("查看：春节券", "查看，春节券", "查看： 春节券"):
        assert await shop.viewer.says(typed) == await shop.viewer.says("查看 春节券")
    await shop.speaks_english()
    assert await shop.viewer.says("show 春节卷") == (
        'No voucher is called "春节卷". Did you mean 春节券? "vouchers" lists them all.'
    )


async def test_a_number_without_a_list(shop: Shop) -> None:
    shop.has_voucher("春节券")

    assert await shop.viewer.says("查看 #3") == ("不知道 #3 是哪一张：编号来自列表，一天内有效。\n发送「卡券」看列表。")
    await shop.viewer.says("卡券")
    assert await shop.viewer.says("查看 #3") == "没有 #3，你上次的列表到 #1 为止。\n发送「卡券」看全部。"
    await shop.speaks_english()
    assert await shop.viewer.says("show #3") == (
        'There is no #3; your last list ends at #1.\nSend "vouchers" for all of them.'
    )
    assert await shop.clerk.says("show #1") == (
        'It is not known which voucher #1 is: numbers come from a list and hold for a day.\nSend "vouchers" for a list.'
    )


async def test_several_of_one_title(shop: Shop, clock: time_machine.Traveller) -> None:
    shop.has_voucher("10元代金券", last_day="2026-12-31")
    clock.shift(1)
    shop.has_voucher("10元代金券", last_day="2027-01-31")
    several = (
        "「10元」有 2 张，要哪一张？\n"
        "#1 10元代金券 · 已通过 · 剩 480 · 到 2027年1月31日\n"
        "#2 10元代金券 · 已通过 · 剩 480 · 到 12月31日\n"
        "回复编号就行，例如「#1」"
    )

    assert await shop.manager.says("查看 10元") == several
    assert await shop.manager.says("查看 #2") == (
        "「10元代金券」已通过\n"
        "朋友的券 · 代金券 减 ¥10.00\n"
        "有效期：1月1日–12月31日，还有 39 天\n"
        "库存：剩 480，共 500 · 每人限领 1 张\n"
        "提醒：结账前出示券码\n"
        "须知：每桌限用一张 / 不兑现金，不找零\n"
        "免费WiFi · 1 家门店 · 电话 0571-1234567\n"
        "「修改 #2 字段=内容」 · 「延期 #2 日期」 · 「统计 #2」"
    )
    await shop.speaks_english()
    assert await shop.manager.says("show 10元代金券") == (
        '"10元代金券" fits 2 vouchers. Which one?\n'
        "#1 10元代金券 · approved · 480 left · until 31 Jan 2027\n"
        "#2 10元代金券 · approved · 480 left · until 31 Dec\n"
        'Send a number, such as "#1"'
    )


async def test_a_number_alone_picks_one_for_the_command_that_asked(shop: Shop, clock: time_machine.Traveller) -> None:
    shop.has_voucher("10元代金券", last_day="2026-12-31")
    clock.shift(1)
    shop.has_voucher("10元代金券", last_day="2027-01-31")
    await shop.manager.says("修改 10元 客服电话=0571-7654321")

    assert await shop.manager.says("#2") == (
        "「10元代金券」将改 1 处：\n"
        "客服电话：0571-1234567 → 0571-7654321\n"
        "不需要重新审核，确认后立即生效\n"
        "回复「确认」执行，「取消」放弃（10 分钟内有效）"
    )
    assert (await shop.manager.says("2")).startswith("「10元代金券」将改 1 处：")
    assert (await shop.manager.says("#3")).startswith("没有 #3，你上次的列表到 #2 为止。")
    await shop.manager.says("卡券 已通过")
    assert await shop.clerk.says("#2") == "没有「#2」这个命令。要看「#2」的话，发送「查看 #2」。"


async def test_more_of_one_title_than_a_phone_shows(shop: Shop) -> None:
    for _ in range(11):
        shop.has_voucher("10元代金券")

    lines = (await shop.viewer.says("查看 10元")).split("\n")

    assert (lines[0], len(lines)) == ("「10元」有 11 张，要哪一张？", 11)
    assert lines[-2:] == ["还有 3 张，可以多写几个字", "回复编号就行，例如「#1」"]


async def test_a_voucher_with_everything_fits_a_phone(shop: Shop) -> None:
    everything(shop)
    await shop.manager.says("卡券")

    shown = await shop.manager.says("查看 春节券")

    assert shown == (
        "「春节券」投放中\n"
        "朋友的券 · 代金券 减 ¥10.00，满 ¥50.00 可用，限 面类，酒水 除外，不与其他优惠同享\n"
        "有效期：11月1日–12月31日，还有 39 天\n"
        "库存：剩 480，共 500 · 每人限领 1 张\n"
        "提醒：结账前出示券码\n"
        "须知：" + "每桌限用一张 / " * 6 + "每桌限用一…\n"
        "时段：周一到周五 10:00–20:59、节假日\n"
        "免费WiFi · 外卖 · 3 家门店 · 电话 0571-1234567\n"
        "核销后再送「豆浆券」\n"
        "「修改 春节券 字段=内容」 · 「延期 春节券 日期」 · 「统计 春节券」"
    )
    await shop.speaks_english()
    assert await shop.manager.says("show 春节券") == (
        "春节券: issued\n"
        "Friend's Voucher · Cash voucher, ¥10.00 off, from ¥50.00 spent, "
        "for 面类 only, not for 酒水, not with other offers\n"
        "Valid: 1 Nov–31 Dec, 39 days left\n"
        "Stock: 480 left of 500 · at most 1 each\n"
        "Notice: 结账前出示券码\n"
        "Description: " + "每桌限用一张 / " * 6 + "每桌限用一…\n"
        "Hours: Monday–Friday 10:00–20:59, holiday\n"
        "free WiFi · delivery · 3 stores · phone 0571-1234567\n"
        "Redeeming it gives 豆浆券\n"
        '"update 春节券 field=text" · "extend 春节券 DATE" · "stats 春节券"'
    )


@pytest.mark.parametrize("reader", ["viewer", "clerk"])
async def test_who_may_not_change_it_is_not_told_how(shop: Shop, reader: str) -> None:
    everything(shop)

    zh = await getattr(shop, reader).says("查看 春节券")
    assert zh.endswith("\n「统计 春节券」")
    assert "修改" not in zh
    await shop.speaks_english()
    assert (await getattr(shop, reader).says("show 春节券")).endswith('\n"stats 春节券"')


async def test_an_exchange_voucher_gives_itself_again(shop: Shop) -> None:
    again = {"consume_share_self_num": 1}
    put(shop, gift_voucher("湖畔面馆", "豆浆", 1, "杯", base={"date_info": VALID}, advanced=again))

    assert await shop.viewer.says("查看 豆浆") == (
        "「豆浆1杯」已通过\n"
        "朋友的券 · 兑换券：可兑换豆浆1杯\n"
        "有效期：11月1日–12月31日，还有 39 天\n"
        "库存：剩 480，共 500 · 每人限领 1 张\n"
        "提醒：结账前出示券码\n"
        "须知：每桌限用一张 / 不兑现金，不找零\n"
        "免费WiFi · 1 家门店 · 电话 0571-1234567\n"
        "核销后再送 1 张本券\n"
        "「统计 豆浆1杯」"
    )
    await shop.speaks_english()
    assert "\nRedeeming it gives one more of it\n" in await shop.viewer.says("show 豆浆")


@pytest.mark.parametrize(
    ("dates", "zh", "en"),
    [
        ({"type": "DATE_TYPE_FIX_TERM", "fixed_term": 1}, "领取后 1 天", "1 day from the claim"),
        (
            {"type": "DATE_TYPE_FIX_TERM", "fixed_term": 30, "fixed_begin_term": 2},
            "领取后第 3 天起 30 天",
            "30 days from day 3 after the claim",
        ),
        ({"type": "DATE_TYPE_PERMANENT"}, "长期", "without end"),
        (
            VALID | {"begin_timestamp": day_start(date(2026, 11, 25))},
            "11月25日–12月31日，3 天后开始",
            "25 Nov–31 Dec, begins in 3 days",
        ),
        (
            VALID | {"begin_timestamp": day_start(date(2026, 11, 23))},
            "11月23日–12月31日，1 天后开始",
            "23 Nov–31 Dec, begins in 1 day",
        ),
        (
            VALID | {"end_timestamp": day_end(date(2026, 11, 22))},
            "11月1日–11月22日，今天到期",
            "1 Nov–22 Nov, ends today",
        ),
        (
            VALID | {"end_timestamp": day_end(date(2026, 11, 23))},
            "11月1日–11月23日，还有 1 天",
            "1 Nov–23 Nov, 1 day left",
        ),
        (
            VALID | {"end_timestamp": day_end(date(2026, 11, 21))},
            "11月1日–11月21日，已到期",
            "1 Nov–21 Nov, ended",
        ),
    ],
)
async def test_validity_in_words(shop: Shop, dates: dict[str, Any], zh: str, en: str) -> None:
    put(shop, general_coupon("湖畔面馆", "加面券", "加一份面", base={"date_info": dates}))

    lines = (await shop.manager.says("查看 加面券")).split("\n")
    assert lines[2] == f"有效期：{zh}"
    assert ("延期" in lines[-1]) == (dates["type"] == "DATE_TYPE_FIX_TIME_RANGE")
    await shop.speaks_english()
    assert (await shop.manager.says("show 加面券")).split("\n")[2] == f"Valid: {en}"


@pytest.mark.parametrize(
    ("kind", "detail", "zh", "en"),
    [
        ("DISCOUNT", {"discount": 30}, "折扣券 7 折", "Discount, 30% off"),
        ("DISCOUNT", {"discount": 15}, "折扣券 8.5 折", "Discount, 15% off"),
        ("GROUPON", {"deal_detail": "双人\n套餐"}, "团购券：双人 / 套餐", "Group deal: 双人 / 套餐"),
        ("GENERAL_COUPON", {"default_detail": "加一份面"}, "优惠券：加一份面", "Coupon: 加一份面"),
        (
            "CASH",
            {"reduce_cost": 550, "least_cost": 10000},
            "代金券 减 ¥5.50，满 ¥100.00 可用",
            "Cash voucher, ¥5.50 off, from ¥100.00 spent",
        ),
        ("MEETING_TICKET", {"meeting_detail": "年会"}, "会议门票", "Event ticket"),
        ("LUCKY_MONEY", {}, "卡券", "Voucher"),
    ],
)
async def test_ordinary_coupons_of_every_kind(shop: Shop, kind: str, detail: dict[str, Any], zh: str, en: str) -> None:
    base = general_coupon("湖畔面馆", "会员券", "", base={"date_info": VALID})["general_coupon"]["base_info"]
    put(shop, {"card_type": kind, kind.lower(): {"base_info": base, **detail}})

    assert (await shop.viewer.says("查看 会员券")).split("\n")[1] == zh
    await shop.speaks_english()
    assert (await shop.viewer.says("show 会员券")).split("\n")[1] == en


async def test_a_deleted_voucher_can_be_looked_at_and_no_more(shop: Shop) -> None:
    card_id = put(shop, cash_voucher("湖畔面馆", 1000, title="旧券"), "DELETE")

    shown = await shop.owner.says(f"查看 {card_id}")
    assert shown.startswith("「旧券」已删除\n")
    assert shown.endswith("\n「统计 旧券」")


async def test_a_voucher_under_review_says_since_when(shop: Shop) -> None:
    put(shop, cash_voucher("湖畔面馆", 1000, title="春节券"), "NOT_VERIFY")

    shown = await shop.manager.says("查看 春节券")
    assert shown.startswith("「春节券」审核中（11月22日起）\n")
    assert shown.endswith("\n「修改 春节券 字段=内容」 · 「延期 春节券 日期」 · 「审核」 · 「统计 春节券」")
    await shop.speaks_english()
    shown = await shop.viewer.says("show 春节券")
    assert shown.startswith("春节券: under review since 22 Nov\n")
    assert shown.endswith('\n"reviews" · "stats 春节券"')


async def test_a_refused_voucher_says_why(shop: Shop) -> None:
    card_id = put(shop, cash_voucher("湖畔面馆", 1000, title="春节券"), "NOT_VERIFY")
    await shop.simulator.review(shop.appid, card_id, False, "LOGO 模糊")

    assert (await shop.viewer.says("查看 春节券")).startswith("「春节券」未通过\n❌ 原因：LOGO 模糊\n朋友的券")
    await shop.speaks_english()
    assert (await shop.viewer.says("show 春节券")).startswith("春节券: refused\n❌ Reason: LOGO 模糊\nFriend's")
