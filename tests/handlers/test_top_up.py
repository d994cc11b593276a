"""topup: previewed, begun after a yes, paid by WeChat Pay, and told when the coins are there."""

from __future__ import annotations

import asyncio

import pytest
import time_machine

from bot import begun
from bot.merchants.people import SHELL, Role
from bot.simulator import Fault
from bot.store import Store
from tests.dispatch.test_repeats import asked_by, carried_on, left_undone
from tests.handlers.test_issue_voucher import picture_of, scanned
from tests.shop import PEOPLE, Shop

RECHARGE = "/card/pay/recharge"
PREVIEW = "充值 50 券点，要付 ¥50\n现在余额 180.2，付款后 230.2\n回复「确认」拿付款码，「取消」放弃（10 分钟内有效）"


@pytest.fixture(autouse=True)
def funded(shop: Shop) -> None:
    """180.2 coins."""
    shop.simulator.set_coins(shop.appid, "180.2", "0")


def to_pay(shop: Shop) -> str:
    """What the manager reads after a yes."""
    order = shop.simulator.orders(shop.appid)[-1]
    return (
        "请用微信支付付 ¥50，充值 50 券点\n"
        f"付款码在下面的图里，用另一部手机的微信扫（内容是 {order.qrcode_url}）\n"
        f"订单 {order.order_id}；到账后会有通知，不付款不会扣钱"
    )


# What cannot be done ----------------------------------------------------------------------------------------------


async def test_is_for_managers(shop: Shop) -> None:
    assert (await shop.clerk.says("充值 50")).startswith("没有「充值 50」这个命令。")
    assert shop.calls(RECHARGE) == []


@pytest.mark.parametrize("words", ["0", "-5", "很多", "1.5", "5000000000"])
async def test_no_number_of_coins(shop: Shop, words: str) -> None:
    await shop.manager.says("充值 50")
    assert await shop.manager.says(f"充值 {words}") == (
        f"「{words}」不是券点数，这里要写多少券点，如 50\n例：充值 50\n之前的预览已作废"
    )
    assert shop.calls(RECHARGE) == []


async def test_no_number_of_coins_in_english(shop: Shop) -> None:
    await shop.speaks_english()

    assert await shop.manager.says("topup many") == (
        '"many" cannot be how many coins; write a whole number of coins, such as 50\nExample: topup 50'
    )
    assert await shop.manager.says("topup") == "How many coins is missing: topup N\nExample: topup 50"


async def test_more_than_wechat_takes_at_once(shop: Shop) -> None:
    assert await shop.manager.says("充值 100001") == ("没有充值：一次 1 到 100,000 券点，100,001 太多了\n可以分几次充")
    await shop.speaks_english()
    assert await shop.manager.says("topup 100,001") == (
        "Not topped up: 1 to 100,000 coins at a time, 100,001 are too many\nSeveral times are possible"
    )


async def test_suspended_by_wechat(shop: Shop) -> None:
    shop.wechat_side.friends_vouchers = False
    await shop.manager.says("充值 50")
    assert await shop.manager.says("确认") == (
        "❌ 没有充值：微信暂停了券点充值（73206）\n这不是你的设置问题。现有的券点仍可使用。"
    )
    await shop.speaks_english()
    await shop.manager.says("topup 50")
    assert await shop.manager.says("yes") == (
        "❌ Not topped up: WeChat has suspended top-ups of the credit account (73206)\n"
        "Your settings are not at fault. Credit you have can still be used."
    )


async def test_somebody_who_is_no_manager_any_more(shop: Shop) -> None:
    await shop.manager.says("充值 50")
    await shop.app.people(shop.appid).change(PEOPLE["manager"][0], by=SHELL, role=Role.CLERK)

    assert await shop.manager.says("确认") == "没有执行：你现在的角色不能再用「充值」。发送「我」看你的角色"
    assert shop.calls(RECHARGE) == []


# Topping up -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["充值 50", "充值50", "充值 50券点", "充值 50 元", "充值 ￥50", "topup 50 coins"])
async def test_a_code_to_pay_after_a_yes(shop: Shop, words: str) -> None:
    assert await shop.manager.says(words) == PREVIEW
    assert shop.calls(RECHARGE) == []
    answer = await shop.manager.says("确认")

    assert answer == to_pay(shop)
    assert [call.body for call in shop.calls(RECHARGE)] == [{"coin_count": 50}]
    assert (await shop.manager.says("日志")).endswith("\n1 · 14:02 张三 充值 50 券点 ✅")
    assert await shop.manager.says("撤销") == (
        "不能撤销记录 1（张三，14:02）：充值 50 券点\n没有付款就不会扣钱；付了款的券点一直留在账户里"
    )


async def test_the_picture_says_where_to_pay(shop: Shop) -> None:
    for words in ("充值 50", "确认"):
        await shop.manager.says(words)

    assert scanned(await picture_of(shop.manager)) == shop.simulator.orders(shop.appid)[-1].qrcode_url


async def test_in_english(shop: Shop) -> None:
    await shop.speaks_english()

    assert await shop.manager.says("topup 1,000") == (
        "Top up 1,000 coins for ¥1,000\nBalance 180.2 now, 1,180.2 once it is paid\n"
        'Send "yes" for the code to pay, "no" to drop it (within 10 minutes)'
    )
    answer = await shop.manager.says("yes")
    order = shop.simulator.orders(shop.appid)[-1]
    assert answer == (
        "Pay ¥1,000 by WeChat Pay for 1,000 coins\n"
        f"The code is in the picture below; scan it with WeChat on another phone (it says {order.qrcode_url})\n"
        f"Order {order.order_id}; a notice follows when the coins are there, and unpaid nothing is charged"
    )
    assert (await shop.manager.says("log")).endswith("\n1 · 14:02 张三: top up 1,000 coins ✅")


async def test_without_the_balance(shop: Shop) -> None:
    shop.simulator.fault("card/pay/getcoinsinfo", Fault(html=True), times=None)

    assert await shop.manager.says("充值 50") == (
        "充值 50 券点，要付 ¥50\n回复「确认」拿付款码，「取消」放弃（10 分钟内有效）"
    )


async def test_told_when_it_is_paid(shop: Shop) -> None:
    await shop.everybody_texts()
    for words in ("充值 50", "确认"):
        await shop.manager.says(words)
    await shop.until(shop.manager.reads)  # the picture of the code to pay
    order = shop.simulator.orders(shop.appid)[-1]
    await shop.simulator.pay(order.order_id)

    told = [
        f"✅ 券点：微信支付充值，券点已到账\n订单 {order.order_id}，14:02\n现在余额 230.2 券点：赠送 180.2，充值 50"
    ]
    assert (shop.manager.reads(), shop.owner.reads()) == (told, told)


async def test_two_people_at_once_each_get_a_code(shop: Shop) -> None:
    for speaker in (shop.manager, shop.owner):
        await speaker.says("充值 50")
    answers = await asyncio.gather(shop.manager.says("确认"), shop.owner.says("确认"))

    orders = [order.order_id for order in shop.simulator.orders(shop.appid)]
    assert len(orders) == 2
    assert sorted(orders) == sorted(next(each for each in orders if each in answer) for answer in answers)


# When no answer comes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [Fault(lose_answer=True), Fault(drop=True), Fault(html=True)])
async def test_no_code_came(shop: Shop, fault: Fault) -> None:
    await shop.manager.says("充值 50")
    shop.simulator.fault(RECHARGE, fault)
    assert await shop.manager.says("确认") == (
        "⚠️ 微信没有回应，没有拿到付款码；没有付款就不会扣钱\n请再发一次「充值 50」"
    )
    assert len(shop.calls(RECHARGE)) == 1
    await shop.speaks_english()
    await shop.manager.says("topup 50")
    shop.simulator.fault(RECHARGE, fault)
    assert await shop.manager.says("yes") == (
        '⚠️ WeChat did not answer, so there is no code to pay; unpaid, nothing is charged\nSend "topup 50" again'
    )


async def test_a_yes_that_never_reached_wechat_is_not_used_up(shop: Shop) -> None:
    await shop.manager.says("充值 50")
    shop.simulator.fault(RECHARGE, Fault(errcode=40001), times=None)
    assert await shop.manager.says("确认") == (
        "⚠️ 暂时连不上微信，没有执行\n过一会儿再回复「确认」就行（10 分钟内有效）"
    )
    await shop.speaks_english()
    assert await shop.manager.says("yes") == (
        '⚠️ WeChat cannot be reached, so this was not done\nSend "yes" again in a moment (within 10 minutes)'
    )
    shop.simulator.clear_faults()
    assert (await shop.manager.says("yes")).startswith("Pay ¥50 by WeChat Pay for 50 coins\n")


async def test_a_yes_whose_process_died_gets_another_code(
    shop: Shop, store: Store, clock: time_machine.Traveller
) -> None:
    await shop.manager.says("充值 50")
    shop.manager.reads()
    await left_undone(shop, store, asked_by("manager", "确认"), has_begun=begun.VOUCHERS)
    clock.shift(5)
    await carried_on(shop)

    assert shop.manager.reads() == [to_pay(shop), "[image]"]
    assert len(shop.calls(RECHARGE)) == 1
