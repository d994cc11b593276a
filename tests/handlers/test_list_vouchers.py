"""vouchers: the numbered list, narrowed and turned page by page."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine

from bot.simulator import Fault, cash_voucher, general_coupon
from tests.shop import Shop


def a_shelf(shop: Shop) -> None:
    """One voucher of each status, one expired, one whose validity counts from the claim; made in this order."""
    term = {"date_info": {"type": "DATE_TYPE_FIX_TERM", "fixed_term": 30, "fixed_begin_term": 0}}
    shop.has_voucher("春节券", last_day="2027-02-28")
    put(shop, "元宵券", "DISPATCH", sku={"quantity": 123_000, "total_quantity": 200_000})
    put(shop, "端午券", "NOT_VERIFY")
    put(shop, "中秋券", "VERIFY_FAIL")
    put(shop, "旧券", "DELETE")
    shop.has_voucher("夏天券", last_day="2026-08-31")
    shop.simulator.add_voucher(shop.appid, general_coupon("湖畔面馆", "加面券", "加一份面", base=term))


def put(shop: Shop, title: str, status: str, **base: Any) -> None:
    """A voucher in ``status``, valid until 31 December."""
    shop.simulator.add_voucher(shop.appid, cash_voucher("湖畔面馆", 1000, title=title, base=base), status)


async def test_an_empty_account(shop: Shop) -> None:
    assert (
        await shop.viewer.says("卡券")
        == "这个公众号还没有卡券。\n店长可以「新建」，在微信公众平台后台创建的这里也能看到。"
    )
    await shop.speaks_english()
    assert await shop.viewer.says("vouchers") == (
        "This account has no vouchers yet.\n"
        'A manager may "create" one; those made in WeChat\'s console appear here, too.'
    )


async def test_a_word_that_is_no_status(shop: Shop) -> None:
    a_shelf(shop)

    assert await shop.viewer.says("卡券 春节") == (
        "「春节」不是卡券的状态。\n"
        "可以用：审核中、已通过、投放中、未通过、已过期、已删除、全部\n"
        "找某一张：「查看 春节」"
    )
    await shop.speaks_english()
    assert await shop.viewer.says("vouchers spring 0") == (
        '"spring 0" is no status of a voucher.\n'
        "Statuses: reviewing, approved, issued, refused, expired, deleted, all\n"
        'To find one voucher: "show spring 0"'
    )


async def test_a_page_that_is_not_there(shop: Shop) -> None:
    shop.has_voucher("春节券")
    assert await shop.viewer.says("卡券 2") == "没有第 2 页，卡券一共 1 页。\n「卡券」看全部"
    for number in range(10):
        shop.has_voucher(f"第{number}号券")
    await shop.app.services[shop.appid].vouchers.changed()

    assert await shop.viewer.says("卡券 已通过 第3页") == (
        "没有第 3 页，已通过的卡券一共 2 页。\n「卡券 已通过 2」看最后一页"
    )
    await shop.speaks_english()
    assert await shop.viewer.says("vouchers 9") == (
        'There is no page 9; the list has 2 pages.\n"vouchers 2" shows the last one'
    )
    assert await shop.viewer.says("vouchers issued") == 'No voucher is issued.\n"vouchers" lists those in use'


async def test_everybody_but_customers_sees_the_list(shop: Shop) -> None:
    a_shelf(shop)
    expected = (
        "卡券 6 张\n"
        "#1 加面券 · 已通过 · 剩 480 · 领取后 30 天有效\n"
        "#2 夏天券 · 已通过 · 剩 480 · 8月31日已到期\n"
        "#3 中秋券 · 未通过 · 剩 480 · 到 12月31日\n"
        "#4 端午券 · 审核中 · 剩 480 · 到 12月31日\n"
        "#5 元宵券 · 投放中 · 剩 123,000 · 到 12月31日\n"
        "#6 春节券 · 已通过 · 剩 480 · 到 2027年2月28日\n"
        "「查看 #1」看详情"
    )

    for person in (shop.viewer, shop.clerk, shop.manager, shop.owner):
        assert await person.says("卡券") == expected
    assert await shop.customer.says("卡券") == ""


async def test_the_list_in_english(shop: Shop) -> None:
    a_shelf(shop)
    await shop.speaks_english()

    assert await shop.viewer.says("vouchers all") == (
        "7 vouchers in all\n"
        "#1 加面券 · approved · 480 left · 30 days from the claim\n"
        "#2 夏天券 · approved · 480 left · ended 31 Aug\n"
        "#3 旧券 · deleted · until 31 Dec\n"
        "#4 中秋券 · refused · 480 left · until 31 Dec\n"
        "#5 端午券 · under review · 480 left · until 31 Dec\n"
        "#6 元宵券 · issued · 123,000 left · until 31 Dec\n"
        "#7 春节券 · approved · 480 left · until 28 Feb 2027\n"
        '"show #1" for details'
    )


@pytest.mark.parametrize(
    ("words", "heading", "titles"),
    [
        ("审核中", "审核中的卡券 1 张", ["端午券"]),
        ("待审核", "审核中的卡券 1 张", ["端午券"]),
        ("Under review", "审核中的卡券 1 张", ["端午券"]),
        ("pending", "审核中的卡券 1 张", ["端午券"]),
        ("已通过", "已通过的卡券 4 张", ["加面券", "夏天券", "元宵券", "春节券"]),
        ("投放中", "投放中的卡券 1 张", ["元宵券"]),
        ("未通过", "未通过的卡券 1 张", ["中秋券"]),
        ("Refused", "未通过的卡券 1 张", ["中秋券"]),
        ("已删除", "已删除的卡券 1 张", ["旧券"]),
        ("已过期", "已过期的卡券 1 张", ["夏天券"]),
        ("1　已删除", "已删除的卡券 1 张", ["旧券"]),
    ],
)
async def test_narrowed_to_a_status(shop: Shop, words: str, heading: str, titles: list[str]) -> None:
    a_shelf(shop)

    lines = (await shop.viewer.says(f"卡券 {words}")).split("\n")

    assert lines[0] == heading
    assert [line.split(" ")[1] for line in lines[1:-1]] == titles


async def test_what_is_left_when_all_are_deleted(shop: Shop) -> None:
    put(shop, "旧券", "DELETE")

    assert await shop.viewer.says("卡券") == "没有在用的卡券，1 张都已删除。\n「卡券 已删除」看它们"
    assert await shop.viewer.says("卡券 审核中") == "没有审核中的卡券。\n「卡券」看在用的"
    await shop.speaks_english()
    assert await shop.viewer.says("vouchers") == (
        'No voucher is in use; all 1 are deleted.\n"vouchers deleted" lists them'
    )


async def test_pages_number_on_and_every_number_works(shop: Shop, clock: time_machine.Traveller) -> None:
    for number in range(12, 0, -1):
        shop.has_voucher(f"第{number:02}号券")
        clock.shift(1)

    first = await shop.viewer.says("卡券")
    assert first.startswith("卡券 12 张，第 1/2 页\n#1 第01号券 · 已通过")
    assert first.endswith("#10 第10号券 · 已通过 · 剩 480 · 到 2027年2月28日\n「查看 #1」看详情 ·「卡券 2」下一页")
    assert len(first.split("\n")) == 12
    assert await shop.viewer.says("卡券 2") == (
        "卡券 12 张，第 2/2 页\n"
        "#11 第11号券 · 已通过 · 剩 480 · 到 2027年2月28日\n"
        "#12 第12号券 · 已通过 · 剩 480 · 到 2027年2月28日\n"
        "「查看 #11」看详情"
    )
    assert (await shop.viewer.says("查看 #3")).startswith("「第03号券」")
    assert (await shop.viewer.says("查看 12")).startswith("「第12号券」")
    await shop.speaks_english()
    assert (await shop.viewer.says("vouchers approved")).endswith(
        '"show #1" for details · "vouchers approved 2" for the next page'
    )


async def test_wechat_away(shop: Shop) -> None:
    shop.simulator.fault("card/batchget", Fault(drop=True), times=None)

    assert await shop.viewer.says("卡券") == "⚠️ 暂时连不上微信，什么都没有改。请几分钟后再发一次。"
