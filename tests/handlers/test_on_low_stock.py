"""A voucher runs low or out: who reads what, once for each stocking, whatever the event's Detail says."""

from __future__ import annotations

import asyncio

import pytest
import time_machine

from bot.clock import now
from bot.simulator import Fault
from tests.shop import Shop

DETAIL = "the card's quantity is equal to 37"


def running_low(shop: Shop, title: str = "春节券", left: int = 37, total: int = 500) -> str:
    """A voucher of which customers took nearly all."""
    return shop.has_voucher(title, sku={"quantity": left, "total_quantity": total})


def left(shop: Shop, card_id: str, stock: int, total: int = 500) -> None:
    """Customers took some, or somebody added some."""
    voucher = shop.simulator.voucher(shop.appid, card_id)
    voucher.card["cash"]["base_info"]["sku"] = {"quantity": stock, "total_quantity": total}
    shop.simulator.world.shelf.save(voucher)


async def low(shop: Shop, card_id: str, at: int | None = None) -> None:
    await shop.hears("card_sku_remind", at, CardId=card_id, Detail=DETAIL)


async def test_an_event_without_a_voucher_or_about_one_that_is_gone_tells_nobody(shop: Shop) -> None:
    gone = running_low(shop)
    shop.simulator.set_status(shop.appid, gone, "DELETE")
    await shop.everybody_texts()

    await shop.hears("card_sku_remind")
    await low(shop, "pGone0000000000000000abcdef")
    await low(shop, gone)

    assert shop.owner.reads() == shop.manager.reads() == []


async def test_managers_and_owners_read_what_is_left_by_card_get(shop: Shop) -> None:
    card_id = running_low(shop, left=36)
    await shop.everybody_texts()

    await low(shop, card_id)

    told = (
        "⚠️「春节券」库存不多了：剩 36 张，共 500 张\n"
        "领完后顾客就领不到了\n"
        "要继续发，请到微信公众平台后台增加库存\n"
        "「查看 春节券」看详情"
    )
    assert shop.owner.reads() == shop.manager.reads() == [told]
    assert shop.clerk.reads() == shop.viewer.reads() == shop.customer.reads() == []


async def test_each_person_chooses(shop: Shop) -> None:
    card_id = running_low(shop)
    await shop.everybody_texts()
    await shop.owner.says("提醒 关闭 库存")
    await shop.clerk.says("提醒 开启 库存")

    await low(shop, card_id)

    assert shop.owner.reads() == shop.viewer.reads() == []
    assert len(shop.manager.reads()) == 1
    assert shop.clerk.reads() == [
        "⚠️「春节券」库存不多了：剩 37 张，共 500 张\n领完后顾客就领不到了\n「查看 春节券」看详情"
    ], "who may not add stock is not told to"


async def test_low_and_out_are_told_once_for_each_stocking(shop: Shop, clock: time_machine.Traveller) -> None:
    card_id = running_low(shop)
    await shop.everybody_texts()
    await low(shop, card_id)
    left(shop, card_id, 20)
    clock.shift(12 * 3600)
    await low(shop, card_id)
    left(shop, card_id, 0)
    for _ in range(3):
        clock.shift(300)
        await low(shop, card_id)
    seen = shop.owner.reads()
    clock.shift(20 * 86_400)
    await shop.everybody_texts()
    await low(shop, card_id)
    left(shop, card_id, 100, total=900)
    await low(shop, card_id, int(now()) + 1)

    read = [text.split("\n")[0] for text in seen + shop.owner.reads()]
    assert read == [
        "⚠️「春节券」库存不多了：剩 37 张，共 500 张",
        "❌「春节券」领完了，共 500 张",
        "⚠️「春节券」库存不多了：剩 100 张，共 900 张",
    ]


async def test_an_account_whose_vouchers_tell_no_total(shop: Shop, clock: time_machine.Traveller) -> None:
    card_id = shop.has_voucher("春节券", sku={"quantity": 37})
    await shop.everybody_texts()
    await low(shop, card_id)
    clock.shift(12 * 3600)
    await low(shop, card_id)

    assert [text.split("\n")[0] for text in shop.manager.reads()] == ["⚠️「春节券」库存不多了：剩 37 张"]


async def test_two_vouchers_in_one_second_are_two_notices(shop: Shop) -> None:
    first, second = running_low(shop), running_low(shop, "端午券", left=0)
    await shop.everybody_texts()

    await asyncio.gather(low(shop, first), low(shop, second))

    assert sorted(text.split("\n")[0] for text in shop.owner.reads()) == [
        "⚠️「春节券」库存不多了：剩 37 张，共 500 张",
        "❌「端午券」领完了，共 500 张",
    ]


async def test_one_event_pushed_three_times_is_one_notice(shop: Shop) -> None:
    card_id = running_low(shop)
    await shop.everybody_texts()
    shop.simulator.delivery_faults.duplicate(copies=3)

    await low(shop, card_id)

    assert len(shop.owner.reads()) == len(shop.manager.reads()) == 1


async def test_outside_the_window_it_comes_with_the_next_message(shop: Shop, clock: time_machine.Traveller) -> None:
    card_id = running_low(shop)
    await shop.everybody_texts()
    clock.shift(3 * 86_400)

    await low(shop, card_id)

    assert shop.owner.reads() == shop.manager.reads() == []
    assert "—— 之前没能送达的 1 条 ——\n⚠️「春节券」库存不多了：剩 37 张，共 500 张\n" in await shop.manager.says("我")
    assert "库存" not in await shop.manager.says("我")


@pytest.mark.parametrize("fault", [Fault(http_status=502, html=True), Fault(errcode=48001)])
async def test_what_cannot_be_read_is_not_guessed(shop: Shop, clock: time_machine.Traveller, fault: Fault) -> None:
    card_id = running_low(shop)
    await shop.viewer.says("卡券")
    await shop.everybody_texts()
    shop.simulator.fault("card/get", fault, times=None)
    await low(shop, card_id)
    clock.shift(300)
    await low(shop, card_id)
    assert shop.owner.reads() == ["⚠️「春节券」库存不多了\n还剩多少没有查到：微信暂时没有回应\n「查看 春节券」再查一次"]

    shop.simulator.clear_faults()
    clock.shift(300)
    await low(shop, card_id)
    assert len(shop.owner.reads()) == 1, "now it is known how much"


async def test_everything_in_english(shop: Shop, clock: time_machine.Traveller) -> None:
    card_id = running_low(shop)
    await shop.viewer.says("卡券")
    await shop.everybody_texts()
    await shop.clerk.says("提醒 开启 库存")
    await shop.speaks_english()
    await low(shop, card_id)
    assert shop.owner.reads() == [
        "⚠️ 春节券 is running out: 37 left of 500\n"
        "Without stock customers cannot claim it\n"
        "To go on, add stock in WeChat's console\n"
        '"show 春节券" for details'
    ]
    left(shop, card_id, 0)
    clock.shift(300)
    await low(shop, card_id)
    assert shop.clerk.reads()[-1] == (
        '❌ 春节券 has run out: 0 left of 500\nCustomers cannot claim it now\n"show 春节券" for details'
    )
    shop.simulator.fault("card/get", Fault(http_status=502, html=True), times=None)
    clock.shift(300)
    await low(shop, card_id)
    assert shop.manager.reads()[-1] == (
        "⚠️ 春节券 is running out\n"
        "How much is left is not known: WeChat does not answer at present\n"
        '"show 春节券" looks again'
    )
