"""The credit account changed: what is certain, and the balance where WeChat tells it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import time_machine

from bot.simulator import Fault
from tests.shop import Shop

GET_COINS = "card/pay/getcoinsinfo"
AT = 1_795_327_200  # 2026-11-22 14:00 in Shanghai
CREDITED = "✅ 券点：微信支付充值，券点已到账\n订单 900002，14:00\n现在余额 1,230.5 券点：赠送 180.5，充值 1,050"


async def order(
    shop: Shop, number: str = "900002", kind: str = "WXPAY", status: str = "FINANCE_SUCC", **more: Any
) -> None:
    """The event of one order. Its counts may be what is left or what was moved, and must show nowhere."""
    elements: dict[str, Any] = {
        "OrderId": number,
        "Status": f"ORDER_STATUS_{status}",
        "CreateOrderTime": AT - 60,
        "PayFinishTime": AT,
        "Desc": "",
        "FreeCoinCount": "7777",
        "PayCoinCount": "8888",
        "RefundFreeCoinCount": "5555",
        "RefundPayCoinCount": "6666",
        "OrderType": f"ORDER_TYPE_{kind}",
        "Memo": "",
        "ReceiptInfo": "",
    }
    await shop.hears("card_pay_order", **elements | more)


@pytest.fixture
async def funded(shop: Shop) -> Shop:
    """A shop with coins, whose people may be written to."""
    shop.simulator.set_coins(shop.appid, "180.5", "1050")
    await shop.everybody_texts()
    return shop


async def test_without_a_reader_nobody_asks_wechat(funded: Shop) -> None:
    await funded.owner.says("提醒 关闭 券点")
    await funded.manager.says("提醒 关闭 券点")

    await order(funded)

    assert funded.owner.reads() == funded.manager.reads() == []
    assert funded.calls(GET_COINS) == []


async def test_managers_and_owners_read_the_order_and_the_balance(funded: Shop) -> None:
    await order(funded)

    assert funded.owner.reads() == funded.manager.reads() == [CREDITED]
    assert funded.clerk.reads() == funded.viewer.reads() == funded.customer.reads() == []


async def test_a_clerk_who_chose_everything_reads_nothing_about_money(funded: Shop) -> None:
    await funded.clerk.says("提醒 开启")
    await order(funded)
    assert funded.clerk.reads() == []


async def test_each_status_of_an_order_is_told_once(funded: Shop, clock: time_machine.Traveller) -> None:
    for status in ("WAITING", "WAITING", "SUCC", "FINANCE_SUCC", "FINANCE_SUCC"):
        clock.shift(60)
        await order(funded, status=status)

    assert [text.split("\n")[0] for text in funded.owner.reads()] == [
        "⏳ 券点：微信支付充值，等待付款",
        "⏳ 券点：微信支付充值，已付款，还没到账",
        "✅ 券点：微信支付充值，券点已到账",
    ]


@pytest.mark.parametrize(
    ("kind", "status", "line"),
    [
        ("SYS_ADD", "FINANCE_SUCC", "✅ 券点：平台赠送，券点已到账"),
        ("REDUCE", "QUANTITY_SUCC", "✅ 券点：券点换库存，库存已到账"),
        ("REFUND", "HAS_REFUND", "✅ 券点：未用的库存退回券点，已退款"),
        ("REFUND", "REFUND_WAITING", "⏳ 券点：未用的库存退回券点，退款中"),
        ("SYS_REDUCE", "FINANCE_SUCC", "✅ 券点：平台扣除，已记账"),
        ("WXPAY", "ROLLBACK", "❌ 券点：微信支付充值，微信处理失败，已撤回"),
        ("WXPAY", "HAS_RECEIPT", "✅ 券点：微信支付充值，已开发票"),
        ("NEW_KIND", "NEW_STATUS", "⚠️ 券点：账户有变动"),
    ],
)
async def test_every_kind_of_order_has_its_words(funded: Shop, kind: str, status: str, line: str) -> None:
    await order(funded, kind=kind, status=status)
    assert funded.owner.reads()[0].split("\n")[0] == line


async def test_two_orders_in_one_second_are_two_notices_and_one_pushed_three_times_is_one(funded: Shop) -> None:
    funded.simulator.delivery_faults.duplicate(copies=3)
    await asyncio.gather(order(funded, "900002"), order(funded, "A40409"))

    assert sorted(text.split("\n")[1] for text in funded.owner.reads()) == ["订单 900002，14:00", "订单 A40409，14:00"]


@pytest.mark.parametrize(
    "fault", [Fault(errcode=48001), Fault(http_status=502, html=True), Fault(drop=True), Fault(lose_answer=True)]
)
async def test_without_the_balance_only_what_is_certain_is_told(funded: Shop, fault: Fault) -> None:
    funded.simulator.fault(GET_COINS, fault, times=None)
    await order(funded)
    assert funded.owner.reads() == [
        "✅ 券点：微信支付充值，券点已到账\n"
        "订单 900002，14:00\n"
        "余额没有查到：微信暂时没有回应，可到微信公众平台后台查看"
    ]


async def test_an_event_that_says_nothing_but_its_name(funded: Shop) -> None:
    await funded.hears("card_pay_order")
    assert funded.owner.reads() == ["⚠️ 券点：账户有变动\n现在余额 1,230.5 券点：赠送 180.5，充值 1,050"]


async def test_outside_the_window_it_comes_with_the_next_message(funded: Shop, clock: time_machine.Traveller) -> None:
    clock.shift(3 * 86_400)
    await order(funded)
    assert funded.owner.reads() == []
    assert CREDITED.replace("14:00", "11月22日 14:00") in await funded.owner.says("我")


async def test_everything_in_english(funded: Shop) -> None:
    await funded.speaks_english()
    await order(funded, Desc="gift of the season")
    assert funded.owner.reads() == [
        "✅ Credit: top-up by WeChat Pay, coins credited\n"
        "Order 900002, 14:00\n"
        "WeChat's note: gift of the season\n"
        "Balance now: 1,230.5 coins, 180.5 given and 1,050 topped up"
    ]
    funded.simulator.fault(GET_COINS, Fault(errcode=48001), times=None)
    await order(funded, kind="REDUCE", status="ROLLBACK")
    assert funded.owner.reads() == [
        "❌ Credit: coins for stock, failed at WeChat and rolled back\n"
        "Order 900002, 14:00\n"
        "The balance is not known: WeChat does not answer at present; see WeChat's console"
    ]
    await order(funded, kind="X", status="X")
    assert funded.owner.reads()[0].startswith("⚠️ Credit: the account changed\n")
    await order(funded, "900003", kind="SYS_REDUCE")
    assert funded.owner.reads()[0].startswith("✅ Credit: taken by the platform, booked\n")
