"""credit: what is left, and opening the account where nobody has."""

from __future__ import annotations

import pytest

from bot.merchants.people import SHELL, Role
from bot.simulator import Fault
from tests.shop import PEOPLE, Shop

ACTIVATE = "/card/pay/activate"
NOT_OPENED = (
    "券点账户还没有开通，余额 0\n开通后微信会赠送券点，只送一次\n回复「确认」开通，「取消」放弃（10 分钟内有效）"
)
BALANCE = "余额 200 券点：赠送 200，充值 0\n1 券点 = 1 元，用来买朋友的券的库存；发送「订单」看进出"


async def test_is_for_managers(shop: Shop) -> None:
    assert await shop.clerk.says("券点") == "没有「券点」这个命令。发送「帮助」看你可以做什么。"


async def test_the_balance(shop: Shop) -> None:
    shop.simulator.set_coins(shop.appid, "180.2", "50")

    assert await shop.manager.says("券点") == (
        "余额 230.2 券点：赠送 180.2，充值 50\n1 券点 = 1 元，用来买朋友的券的库存；发送「订单」看进出"
    )
    await shop.speaks_english()
    assert await shop.manager.says("credit") == (
        "Balance 230.2 coins: 180.2 given and 50 topped up\n"
        '1 coin = ¥1 and buys stock of Friend\'s Vouchers; "orders" shows what came and went'
    )


async def test_opens_the_account_after_a_yes(shop: Shop) -> None:
    assert await shop.manager.says("券点") == NOT_OPENED
    assert shop.calls(ACTIVATE) == []
    assert await shop.manager.says("确认") == (
        "✅ 券点账户已开通，微信赠送 200 券点\n发送「券点」看余额，「库存 <卡券> +数量」买库存"
    )
    assert await shop.manager.says("券点") == BALANCE
    shop.simulator.set_coins(shop.appid, "0", "0")
    assert await shop.manager.says("券点") == BALANCE.replace("200", "0")


async def test_opens_the_account_in_english(shop: Shop) -> None:
    await shop.speaks_english()

    assert await shop.manager.says("credit") == (
        "The credit account is not open yet; balance 0\nWeChat gives coins when it is opened, once\n"
        'Send "yes" to open it, "no" to drop it (within 10 minutes)'
    )
    assert await shop.manager.says("yes") == (
        "✅ The credit account is open; WeChat gave 200 coins\n"
        '"credit" shows the balance, "stock <voucher> +N" buys stock'
    )


async def test_two_people_open_it_once(shop: Shop) -> None:
    for person in (shop.manager, shop.owner):
        assert await person.says("券点") == NOT_OPENED
    await shop.manager.says("确认")

    assert await shop.owner.says("确认") == BALANCE
    assert len(shop.calls(ACTIVATE)) == 1


async def test_opened_although_the_answer_was_lost(shop: Shop) -> None:
    await shop.manager.says("券点")
    shop.simulator.fault(ACTIVATE, Fault(lose_answer=True))

    assert await shop.manager.says("确认") == BALANCE


@pytest.mark.parametrize("fault", [Fault(drop=True), Fault(html=True)], ids=["drop", "html"])
async def test_in_doubt_where_no_answer_comes(shop: Shop, fault: Fault) -> None:
    await shop.manager.says("券点")
    shop.simulator.fault(ACTIVATE, fault, times=None)

    assert await shop.manager.says("确认") == ("⚠️ 微信没有回应，不确定券点账户有没有开通\n请过一两分钟发送「券点」核对")


async def test_suspended_by_wechat(shop: Shop) -> None:
    await shop.speaks_english()
    shop.wechat_side.friends_vouchers = False
    await shop.manager.says("credit")

    assert await shop.manager.says("yes") == (
        "❌ The credit account was not opened: WeChat has suspended the opening of credit accounts (73207)\n"
        "Your settings are not at fault. Ordinary coupons need no credit."
    )


async def test_not_reached_in_doubt_and_not_allowed(shop: Shop) -> None:
    await shop.manager.says("券点")
    shop.simulator.fault(ACTIVATE, Fault(errcode=40001), times=None)
    assert await shop.manager.says("确认") == (
        "⚠️ 暂时连不上微信，没有执行\n过一会儿再回复「确认」就行（10 分钟内有效）"
    )
    await shop.speaks_english()
    assert await shop.manager.says("yes") == (
        '⚠️ WeChat cannot be reached, so this was not done\nSend "yes" again in a moment (within 10 minutes)'
    )
    shop.simulator.clear_faults()
    shop.simulator.fault(ACTIVATE, Fault(html=True), times=None)
    assert await shop.manager.says("yes") == (
        "⚠️ WeChat did not answer, so it is not certain whether the credit account was opened\n"
        'Check with "credit" in a minute or two'
    )
    await shop.manager.says("credit")
    people = shop.app.people(shop.appid)
    await people.change(PEOPLE["manager"][0], by=SHELL, role=Role.CLERK)
    assert await shop.manager.says("yes") == (
        'Not done: your role may not use "credit" any more. Send "whoami" to see your role'
    )
