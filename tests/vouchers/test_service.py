"""Vouchers: reading all of them, and finding the one that is meant, with WeChat and Redis on the other end."""

from __future__ import annotations

import asyncio

import pytest
import time_machine

from bot.errors import WeChatRefused
from bot.merchants.people import Operator
from bot.simulator import Fault
from bot.vouchers.catalogue import FRESH_SECONDS
from bot.vouchers.finding import ListGone, NotInList, SeveralVouchers, VoucherNotFound
from bot.vouchers.service import LIST_SECONDS, Vouchers
from tests.shop import Shop


def service(shop: Shop) -> Vouchers:
    """The vouchers of ``shop``, as handlers get them."""
    return shop.app.services[shop.appid].vouchers


def person(shop: Shop, role: str = "manager") -> Operator:
    """An operator of ``shop``."""
    operator = shop.app.people(shop.appid).operator(getattr(shop, role).openid)
    assert operator is not None
    return operator


async def titles(shop: Shop, *, fresh: bool = False) -> list[str]:
    """The titles of all vouchers, in order."""
    return [voucher.title for voucher in await service(shop).all(fresh=fresh)]


async def test_an_empty_account_is_asked_again_each_time(shop: Shop) -> None:
    assert await titles(shop) == []
    assert shop.calls("card/get") == []
    shop.has_voucher("春节券")

    assert await titles(shop) == ["春节券"]


async def test_pages_of_50_and_every_voucher_once(shop: Shop) -> None:
    expected = [f"第{number}号券" for number in range(103)]
    for title in expected:
        shop.has_voucher(title)

    assert sorted(await titles(shop)) == sorted(expected)
    assert [(call.body["offset"], call.body["count"]) for call in shop.calls("card/batchget")] == [
        (0, 50), (50, 50), (100, 50),
    ]  # fmt: skip
    assert len(shop.calls("card/get")) == 103


async def test_newest_first(shop: Shop, clock: time_machine.Traveller) -> None:
    for title in ("一", "二", "三"):
        shop.has_voucher(title)
        clock.shift(1)

    assert await titles(shop) == ["三", "二", "一"]


async def test_many_who_ask_at_once_cause_one_reading(shop: Shop) -> None:
    for number in range(12):
        shop.has_voucher(f"第{number}号券")

    await asyncio.gather(*(service(shop).all() for _ in range(20)))

    assert len(shop.calls("card/batchget")) == 1
    assert len(shop.calls("card/get")) == 12


async def test_a_copy_serves_for_a_minute_and_not_after_a_change(shop: Shop, clock: time_machine.Traveller) -> None:
    shop.has_voucher("一")
    assert await titles(shop) == ["一"]
    shop.has_voucher("二")
    assert await titles(shop) == ["一"]
    assert await titles(shop, fresh=True) == ["二", "一"]

    shop.has_voucher("三")
    await service(shop).changed()
    assert await titles(shop) == ["三", "二", "一"]

    shop.has_voucher("四")
    clock.shift(FRESH_SECONDS - 1)
    assert await titles(shop) == ["三", "二", "一"]
    clock.shift(1)
    assert await titles(shop) == ["四", "三", "二", "一"]


async def test_a_change_during_the_reading_makes_the_copy_an_old_one(shop: Shop) -> None:
    shop.has_voucher("一")
    shop.simulator.fault("card/get", Fault(delay=0.2))
    reading = asyncio.create_task(service(shop).all())
    while not shop.calls("card/batchget"):
        await asyncio.sleep(0)
    await service(shop).changed()
    await reading
    shop.has_voucher("二")

    assert await titles(shop) == ["二", "一"]


async def test_a_voucher_that_vanishes_between_list_and_look_is_left_out(shop: Shop) -> None:
    shop.has_voucher("一")
    shop.has_voucher("二")
    shop.simulator.fault("card/get", Fault(errcode=40073))

    assert len(await titles(shop)) == 1


async def test_any_other_refusal_is_the_readers_to_hear(shop: Shop) -> None:
    shop.has_voucher("一")
    shop.simulator.fault("card/get", Fault(errcode=48001))

    with pytest.raises(WeChatRefused) as refusal:
        await service(shop).all()
    assert refusal.value.errcode == 48001


async def test_get_is_always_fresh(shop: Shop) -> None:
    card_id = shop.has_voucher("春节券")
    await service(shop).all()
    shop.simulator.set_status(shop.appid, card_id, "DELETE")

    assert (await service(shop).get(card_id)).deleted


@pytest.mark.parametrize("words", ["春节卷", "p" * 28, "", "3"])
async def test_what_is_not_there(shop: Shop, words: str) -> None:
    shop.has_voucher("春节券")

    with pytest.raises(VoucherNotFound) as error:
        await service(shop).find(words, person(shop))
    assert error.value.nearest == ("春节券" if words == "春节卷" else "")


async def test_another_accounts_card_id_is_not_there(shop: Shop) -> None:
    with pytest.raises(VoucherNotFound):
        await service(shop).find("pAnotherShop0000000000000001", person(shop))
    assert shop.calls("card/batchget") == []


async def test_finds_by_id_title_and_piece(shop: Shop) -> None:
    card_id = shop.has_voucher("春节券")
    shop.has_voucher("豆浆券")

    for words in (card_id, "春节券", "「春节」", " 春　节 "):
        assert (await service(shop).find(words, person(shop))).card_id == card_id


async def test_a_title_made_a_moment_ago_is_found(shop: Shop) -> None:
    shop.has_voucher("春节券")
    await service(shop).all()
    card_id = shop.has_voucher("端午券")

    assert (await service(shop).find("端午", person(shop))).card_id == card_id


async def test_a_typing_error_does_not_read_everything_again(shop: Shop) -> None:
    shop.has_voucher("春节券")
    await service(shop).all()
    shop.simulator.clear_calls()

    with pytest.raises(VoucherNotFound):
        await service(shop).find("春节卷", person(shop))
    assert shop.calls("card/get") == []


async def test_several_become_the_senders_list_and_nobody_elses(shop: Shop) -> None:
    first, second = shop.has_voucher("春节券"), shop.has_voucher("春节券")
    manager, owner = person(shop), person(shop, "owner")

    with pytest.raises(SeveralVouchers) as error:
        await service(shop).find("春节券", manager)
    assert [voucher.card_id for voucher in error.value.vouchers] == [second, first]
    for words in ("#2", "＃２", "2"):
        assert (await service(shop).find(words, manager)).card_id == first
    with pytest.raises(ListGone):
        await service(shop).find("#2", owner)


async def test_a_number_beyond_the_list(shop: Shop) -> None:
    await service(shop).remember_list(person(shop), [shop.has_voucher("春节券")])

    for words in ("#0", "#2"):
        with pytest.raises(NotInList) as error:
            await service(shop).find(words, person(shop))
        assert error.value.values == {"number": int(words[1]), "count": 1}


async def test_a_bare_number_may_be_a_piece_of_a_title(shop: Shop) -> None:
    ten, twenty = shop.has_voucher("10元代金券"), shop.has_voucher("20元代金券")
    manager = person(shop)
    assert (await service(shop).find("20", manager)).card_id == twenty

    await service(shop).remember_list(manager, [ten, twenty])
    assert (await service(shop).find("2", manager)).card_id == twenty
    assert (await service(shop).find("10", manager)).card_id == ten


async def test_a_list_holds_for_a_day(shop: Shop, clock: time_machine.Traveller) -> None:
    card_id, manager = shop.has_voucher("春节券"), person(shop)
    await service(shop).remember_list(manager, [card_id])
    clock.shift(LIST_SECONDS - 1)
    assert (await service(shop).find("#1", manager)).card_id == card_id

    clock.shift(1)
    with pytest.raises(ListGone):
        await service(shop).find("#1", manager)


async def test_a_voucher_is_called_by_what_finds_it(shop: Shop) -> None:
    first, second, tea = shop.has_voucher("春节券"), shop.has_voucher("春节券"), shop.has_voucher("豆浆券")
    vouchers, manager = service(shop), person(shop)
    await vouchers.all()

    assert await vouchers.call_name(tea, "豆浆券") == "豆浆券"
    assert await vouchers.call_name(first, "春节券", manager) == first
    await vouchers.remember_list(manager, [second, first])
    assert await vouchers.call_name(first, "春节券", manager) == "#2"
    assert await vouchers.call_name(first, "春节券") == first


async def test_a_title_is_known_without_asking(shop: Shop, clock: time_machine.Traveller) -> None:
    card_id = shop.has_voucher("春节券")
    assert await service(shop).known_title(card_id) == f"…{card_id[-6:]}"
    assert await service(shop).call_name(card_id, f"…{card_id[-6:]}") == card_id
    await service(shop).all()
    await service(shop).changed()
    clock.shift(86_400)

    assert await service(shop).known_title(card_id) == "春节券"
