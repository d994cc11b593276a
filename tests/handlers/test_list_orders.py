"""orders: coins that came and went, newest first."""

from __future__ import annotations

import pytest
import time_machine

from bot.simulator import Fault
from tests.shop import Shop


async def with_orders(shop: Shop, clock: time_machine.Traveller) -> None:
    """The account is opened, and 100 of a voucher are bought an hour later; nobody minds its notices."""
    await shop.manager.says("提醒 关 券点")
    shop.has_voucher("春节券")
    for words in ("券点", "确认"):
        await shop.manager.says(words)
    clock.shift(3600)
    for words in ("库存 春节券 +100", "确认"):
        await shop.manager.says(words)


async def test_is_for_managers(shop: Shop) -> None:
    assert await shop.clerk.says("订单") == "没有「订单」这个命令。发送「帮助」看你可以做什么。"


async def test_no_orders(shop: Shop) -> None:
    assert await shop.manager.says("订单") == "最近 7 天没有券点订单\n可以写时间，如「订单 上月」"
    await shop.speaks_english()
    assert await shop.manager.says("orders 2026-06-15 2026-06-16") == "No orders of coins from 15 Jun to 16 Jun"


async def test_the_newest_first(shop: Shop, clock: time_machine.Traveller) -> None:
    await with_orders(shop, clock)

    assert await shop.manager.says("订单") == (
        "最近 7 天有 2 笔券点订单：\n15:02 券点换库存 -20 · 库存已到账\n14:02 平台赠送 +200 · 券点已到账"
    )
    await shop.speaks_english()
    assert await shop.manager.says("orders") == (
        "2 orders of coins in the last 7 days:\n"
        "15:02 coins for stock -20 · stock credited\n14:02 given by the platform +200 · coins credited"
    )


async def test_a_range_and_the_misspelt_type(shop: Shop, clock: time_machine.Traveller) -> None:
    shop.simulator.world.readings.misspelt_order_type = True
    await with_orders(shop, clock)
    clock.shift(10 * 86_400)

    assert await shop.manager.says("订单") == "最近 7 天没有券点订单\n可以写时间，如「订单 上月」"
    assert await shop.manager.says("订单 上月") == (
        "11月1日 至 11月30日有 2 笔券点订单：\n"
        "11月22日 15:02 券点换库存 -20 · 库存已到账\n11月22日 14:02 平台赠送 +200 · 券点已到账"
    )


@pytest.mark.parametrize(
    ("span", "title"), [("今天", "11月22日"), ("本周", "11月16日 至 11月22日"), ("3天", "11月20日 至 11月22日")]
)
async def test_the_present_day_counts(shop: Shop, clock: time_machine.Traveller, span: str, title: str) -> None:
    """Orders are known at once, other than figures."""
    await with_orders(shop, clock)

    assert (await shop.manager.says(f"订单 {span}")).startswith(f"{title}有 2 笔券点订单：\n15:02 ")
    await shop.speaks_english()
    assert (await shop.manager.says("orders today")).startswith("2 orders of coins on 22 Nov:\n15:02 ")


async def test_more_than_fit(shop: Shop, clock: time_machine.Traveller) -> None:
    await with_orders(shop, clock)
    for _ in range(8):
        clock.shift(60)
        for words in ("库存 春节券 +1", "确认"):
            await shop.manager.says(words)

    lines = (await shop.manager.says("订单")).splitlines()
    assert lines[0] == "最近 7 天有 10 笔券点订单，最新的 8 笔："
    assert lines[1:] == [f"15:{minute:02} 券点换库存 -0.2 · 库存已到账" for minute in range(10, 2, -1)]


async def test_refused_by_wechat(shop: Shop) -> None:
    shop.simulator.fault("/card/pay/getorderlist", Fault(errcode=45045))

    assert (await shop.manager.says("订单")).startswith("❌ 微信没有接受：")


async def test_days_to_come(shop: Shop) -> None:
    assert await shop.manager.says("订单 明天") == (
        "11月23日 还没到。\n可以这样写：「订单 今天」「订单 7天」「订单 本月」"
    )
    await shop.speaks_english()
    assert await shop.manager.says("orders tomorrow") == (
        "23 Nov is still to come.\nTry: orders today, orders 7d, orders month"
    )
