"""try: the list of testers, sent whole, and nobody lost from it."""

from __future__ import annotations

import asyncio

import pytest
import time_machine

from bot import begun
from bot.merchants.people import SHELL, Role
from bot.simulator import Fault, Person
from bot.store import Store
from tests.dispatch.test_repeats import asked_by, carried_on, left_undone
from tests.shop import PEOPLE, Shop

SET = "/card/testwhitelist/set"
SKU = {"quantity": 0, "total_quantity": 0}
OWNER, MANAGER = PEOPLE["owner"][0], PEOPLE["manager"][0]


@pytest.fixture
def card_id(shop: Shop) -> str:
    """A voucher under review, with stock."""
    card = shop.has_voucher("春节券")
    shop.simulator.set_status(shop.appid, card, "NOT_VERIFY")
    return card


def sent(shop: Shop) -> list[object]:
    """The lists WeChat got, oldest first."""
    return [call.body for call in shop.calls(SET)]


async def crowd(shop: Shop, many: int) -> None:
    """So many more managers, all of them testers."""
    for number in range(many):
        openid = f"oTest0Crowd0000000000000{number:04}"
        shop.simulator.add_person(shop.appid, Person(openid, f"同事{number}", "manager"))
        await shop.app.people(shop.appid).add(openid, Role.MANAGER, f"同事{number}", by=SHELL)
        await shop.simulator.text(shop.appid, openid, "试领 春节券")


async def test_is_for_managers(shop: Shop, card_id: str) -> None:
    assert (await shop.clerk.says("试领 春节券")).startswith("没有「试领 春节券」这个命令")
    assert sent(shop) == []


async def test_needs_a_voucher_that_is_there(shop: Shop, card_id: str) -> None:
    assert await shop.manager.says("试领") == "还缺卡券：试领 <卡券> [关]\n例：试领 春节券"
    shop.simulator.set_status(shop.appid, card_id, "DELETE")
    assert await shop.manager.says("试领 春节券") == "「春节券」已到期或已删除，领不到了"
    await shop.speaks_english()
    assert await shop.manager.says("try 春节券") == "春节券 is over or deleted and cannot be claimed any more"
    assert sent(shop) == []


async def test_adds_the_sender_who_may_claim_then(shop: Shop, card_id: str) -> None:
    assert await shop.manager.says("试领 春节券") == (
        "✅ 你在测试名单里（1/10 人），审核前就能领「春节券」\n"
        "「投放 春节券」出二维码，用微信扫码领\n"
        "⚠️ 微信只收整份名单：在别处加的测试人已被替换\n"
        "「试领 春节券 关」退出名单"
    )
    assert sent(shop) == [{"openid": [MANAGER], "username": []}]
    await shop.simulator.claim(shop.appid, MANAGER, card_id)

    assert await shop.owner.says("试领 春节券") == (
        "✅ 你在测试名单里（2/10 人），审核前就能领「春节券」\n"
        "「投放 春节券」出二维码，用微信扫码领\n"
        "「试领 春节券 关」退出名单"
    )
    assert sent(shop)[1:] == [{"openid": [MANAGER, OWNER], "username": []}]


async def test_tells_in_english_that_there_is_no_stock(shop: Shop) -> None:
    shop.has_voucher("春节券", sku=SKU)
    await shop.speaks_english()

    assert await shop.manager.says("try 春节券") == (
        "✅ You are on the list of testers (1 of 10) and may claim 春节券 before it is approved\n"
        'Its stock is 0, so nothing can be claimed: "stock 春节券 +N" first\n'
        '"issue 春节券" makes a QR code; claim it by scanning that with WeChat\n'
        "⚠️ WeChat takes the whole list only: testers added elsewhere have been replaced\n"
        '"try 春节券 off" takes you off the list'
    )


async def test_without_stock_under_review(shop: Shop) -> None:
    """WeChat's console sells stock of approved vouchers only; whether the API waits is not confirmed."""
    shop.simulator.set_status(shop.appid, shop.has_voucher("春节券", sku=SKU), "NOT_VERIFY")

    lines = (await shop.manager.says("试领 春节券")).splitlines()
    assert lines[1] == "库存是 0，领不到：先「库存 春节券 +数量」，审核中的券微信可能不让加"
    await shop.speaks_english()
    lines = (await shop.manager.says("try 春节券")).splitlines()
    assert lines[1] == (
        'Its stock is 0, so nothing can be claimed: "stock 春节券 +N" first; '
        "while it is under review WeChat may not sell any"
    )


async def test_takes_the_sender_off_again(shop: Shop, card_id: str) -> None:
    await shop.manager.says("试领 春节券")
    await shop.owner.says("试领 春节券")

    assert await shop.manager.says("试领 春节券 关") == "已退出测试名单，名单现在 1/10 人"
    assert await shop.manager.says("试领 春节券 关") == "你不在测试名单里，名单现在 1/10 人"
    assert sent(shop)[-1] == {"openid": [OWNER], "username": []}
    await shop.speaks_english()
    assert await shop.owner.says("try 春节券 off") == "You are off the list of testers, which has 0 of 10 people"
    assert await shop.owner.says("try 春节券 off") == "You are not on the list of testers, which has 0 of 10 people"


async def test_ten_at_most(shop: Shop, card_id: str) -> None:
    await crowd(shop, 10)

    assert await shop.manager.says("试领 春节券") == (
        "没有加：测试名单最多 10 人，已经满了：同事0、同事1、同事2、同事3、同事4、同事5、同事6、同事7、同事8、同事9\n"
        "请其中一位先退出：「试领 卡券 关」"
    )
    assert len(sent(shop)) == 10
    await shop.speaks_english()
    assert (await shop.manager.says("try 春节券")).startswith(
        "Not added: the list of testers takes 10 people and is full: 同事0, 同事1"
    )


async def test_who_left_the_shop_makes_room(shop: Shop, card_id: str) -> None:
    await crowd(shop, 10)
    await shop.owner.says("移除 同事3")

    assert (await shop.manager.says("试领 春节券")).startswith("✅ 你在测试名单里（10/10 人）")
    assert "oTest0Crowd00000000000000003" not in str(sent(shop)[-1])


async def test_two_at_once_do_not_lose_each_other(shop: Shop, card_id: str) -> None:
    """The first one's call is lost and made again after all of the second one's: with the older of the two lists."""
    shop.simulator.fault(SET, Fault(drop=True))
    first = asyncio.create_task(shop.manager.says("试领 春节券"))
    await shop.until(lambda: shop.calls(SET))
    second = asyncio.create_task(shop.owner.says("试领 春节券"))
    await asyncio.gather(first, second)

    assert shop.simulator.world.circles.testers(shop.appid) == [MANAGER, OWNER]
    assert sent(shop)[-1] == {"openid": [MANAGER, OWNER], "username": []}
    assert (await first).startswith("✅ 你在测试名单里（2/10 人）")


async def test_no_answer_is_asked_for_again(shop: Shop, card_id: str) -> None:
    """The list replaces itself: sending it twice harms nobody."""
    shop.simulator.fault(SET, Fault(lose_answer=True))

    assert (await shop.manager.says("试领 春节券")).startswith("✅ 你在测试名单里（1/10 人）")
    assert sent(shop) == [{"openid": [MANAGER], "username": []}] * 2


async def test_refused_by_wechat(shop: Shop, card_id: str) -> None:
    shop.simulator.fault(SET, Fault(errcode=48001))

    assert (await shop.manager.says("试领 春节券")).startswith("❌")
    assert (await shop.owner.says("试领 春节券")).startswith("✅ 你在测试名单里（2/10 人）")


async def test_a_process_that_died_at_it_is_carried_on(
    shop: Shop, card_id: str, store: Store, clock: time_machine.Traveller
) -> None:
    await shop.manager.says("我")
    shop.manager.reads()
    await left_undone(shop, store, asked_by("manager", "试领 春节券"), has_begun=begun.VOUCHERS)
    clock.shift(5)
    await carried_on(shop)

    (answer,) = shop.manager.reads()
    assert answer.startswith("✅ 你在测试名单里（1/10 人）")
    assert shop.simulator.world.circles.testers(shop.appid) == [MANAGER]
