"""The credit account: activation, quotes, stock for coins, top-ups, orders and their pushes."""

from __future__ import annotations

import asyncio
import re
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tornado.simple_httpclient import HTTPStreamClosedError

from bot.simulator import Fault, Shop, Simulator, cash_voucher
from bot.simulator.vouchers import base_info
from tests.simulator.conftest import CASH, NOODLES, PLAIN, WANG, Api, ShopServer, new_shop
from tests.simulator.test_wallets import pushed

COINS = "/card/pay/getcoinsinfo"


async def test_the_balance_is_read_by_get_only(api: Api) -> None:
    assert (await api.post(COINS, {}))["errcode"] == 43001


@pytest.mark.parametrize(("free", "paid"), [("a", "0"), ("1", "-1"), ("NaN", "1"), ("Infinity", "1"), ("", "1")])
def test_refuses_what_is_no_amount(sim: Simulator, free: str, paid: str) -> None:
    with pytest.raises(ValueError, match="no amounts"):
        sim.set_coins(NOODLES, free, paid)


async def test_amounts_are_strings(sim: Simulator, api: Api) -> None:
    empty = await api.get(COINS)
    assert empty == {"errcode": 0, "errmsg": "ok", "free_coin": "0", "pay_coin": "0", "total_coin": "0"}

    sim.set_coins(NOODLES, "180", "49.80")
    told = await api.get(COINS)
    assert (told["free_coin"], told["pay_coin"], told["total_coin"]) == ("180", "49.8", "229.8")


async def test_the_balance_outlives_the_simulator(tmp_path: Path) -> None:
    first = Simulator(tmp_path)
    first.add_shop(new_shop())
    first.set_coins(NOODLES, "0.2", "50")
    await first.stop()

    second = Simulator(tmp_path)
    assert str(second.world.coins.of(NOODLES).total) == "50.2"
    await second.stop()


ACTIVATE, PRICE, CONFIRM = "/card/pay/activate", "/card/pay/getpayprice", "/card/pay/confirm"
RECHARGE, ORDER, ORDERS = "/card/pay/recharge", "/card/pay/getorder", "/card/pay/getorderlist"


async def balance(api: Api) -> tuple[str, str]:
    """Coins given and topped up."""
    told = await api.get(COINS)
    return told["free_coin"], told["pay_coin"]


async def quoted(api: Api, quantity: int = 100, card_id: str = CASH) -> dict[str, Any]:
    """The body of confirm for a fresh quote."""
    told = await api.post(PRICE, {"card_id": card_id, "quantity": quantity})
    assert told["errcode"] == 0, told
    return {"card_id": card_id, "quantity": quantity, "order_id": told["order_id"]}


async def stock(api: Api) -> dict[str, int]:
    """The sku of the cash voucher."""
    sku: dict[str, int] = (await api.card())["base_info"]["sku"]
    return sku


async def test_activation_gives_coins_once(sim: Simulator, server: ShopServer, api: Api) -> None:
    assert (await api.post(ACTIVATE, {}))["errcode"] == 43001
    assert await api.get(ACTIVATE) == {"errcode": 0, "errmsg": "ok", "reward": 200}
    assert (await api.get(ACTIVATE))["errcode"] == 71005
    assert await balance(api) == ("200", "0")

    await sim.settled()
    told = pushed(server)
    (order,) = sim.orders(NOODLES)
    assert told == {
        "FromUserName": sim.world.nobody(NOODLES),
        "Event": "card_pay_order",
        "OrderId": order.order_id,
        "Status": "ORDER_STATUS_FINANCE_SUCC",
        "CreateOrderTime": str(order.create_time),
        "PayFinishTime": str(order.create_time),
        "Desc": "",
        "FreeCoinCount": "200",
        "PayCoinCount": "0",
        "RefundFreeCoinCount": "200",
        "RefundPayCoinCount": "0",
        "OrderType": "ORDER_TYPE_SYS_ADD",
        "Memo": "",
        "ReceiptInfo": "",
    }


async def test_the_other_reading_of_the_counts(sim: Simulator, server: ShopServer, api: Api) -> None:
    sim.readings.coin_events_tell_left = False
    await api.get(ACTIVATE)
    await sim.settled()
    assert (pushed(server)["FreeCoinCount"], pushed(server)["RefundFreeCoinCount"]) == ("200", "0")


async def test_a_suspended_feature_has_a_code_for_each_call(sim: Simulator, shop: Shop, api: Api) -> None:
    shop.friends_vouchers = False
    body = {"card_id": CASH, "quantity": 1}

    assert (await api.get(ACTIVATE))["errcode"] == 73207
    assert (await api.post(PRICE, body))["errcode"] == 73208
    assert (await api.post(CONFIRM, body | {"order_id": "1"}))["errcode"] == 73208
    assert (await api.post(RECHARGE, {"coin_count": 1}))["errcode"] == 73206
    assert sim.orders(NOODLES) == []


@pytest.mark.parametrize("path", [PRICE, CONFIRM])
@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"card_id": None}, 41012),
        ({"card_id": "pNobody"}, 40073),
        ({"quantity": None}, 71001),
        ({"quantity": 0}, 71001),
        ({"quantity": "1"}, 47001),
        ({"quantity": -1}, 40122),
    ],
)
async def test_refuses_what_is_no_purchase(api: Api, path: str, change: dict[str, Any], errcode: int) -> None:
    body = {"card_id": CASH, "quantity": 100} | ({"order_id": "1"} if path == CONFIRM else {}) | change
    assert (await api.post(path, body))["errcode"] == errcode


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"status": "CARD_STATUS_DELETE"}, 40078),
        ({"status": "CARD_STATUS_NOT_VERIFY"}, 40078),
        ({"date_info": {"type": "DATE_TYPE_FIX_TIME_RANGE", "begin_timestamp": 1, "end_timestamp": 2}}, 71004),
        ({"sku": {"quantity": 0, "total_quantity": 99_999_999}}, 45041),
    ],
)
async def test_no_stock_for_a_voucher_that_is_not_issued(
    sim: Simulator, api: Api, change: dict[str, Any], errcode: int
) -> None:
    base_info(sim.voucher(NOODLES, CASH).card).update(change)
    assert (await api.post(PRICE, {"card_id": CASH, "quantity": 2}))["errcode"] == errcode


async def test_no_coins_for_ordinary_coupons(api: Api) -> None:
    assert (await api.post(PRICE, {"card_id": PLAIN, "quantity": 2}))["errcode"] == 45030


@pytest.mark.parametrize(
    ("condition", "price"),
    [
        ({}, "20"),
        ({"can_use_with_other_discount": False}, "20"),
        ({"least_cost": 5000}, "40"),
        ({"accept_category": "面"}, "40"),
        ({"reject_category": "酒水"}, "40"),
        ({"least_cost": 5000, "accept_category": "面"}, "40"),
    ],
)
async def test_a_threshold_doubles_the_price(sim: Simulator, api: Api, condition: dict[str, Any], price: str) -> None:
    sim.set_coins(NOODLES, "15", "5")
    card = sim.add_voucher(NOODLES, cash_voucher("面馆", 1000, advanced={"use_condition": condition}))
    told = await api.post(PRICE, {"card_id": card, "quantity": 100})

    assert (told["price"], told["free_coin"], told["pay_coin"]) == (price, "15", str(int(price) - 15))


async def test_confirm_spends_coins_and_adds_stock_once(sim: Simulator, server: ShopServer, api: Api) -> None:
    sim.set_coins(NOODLES, "15", "6")
    body = await quoted(api)
    for change in ({"order_id": "1"}, {"quantity": 99}, {"card_id": PLAIN}):
        assert (await api.post(CONFIRM, body | change))["errcode"] == 71002
    assert (await api.post(CONFIRM, body | {"order_id": ""}))["errcode"] == 71001
    assert (await api.post(CONFIRM, body | {"order_id": 1}))["errcode"] == 47001

    assert await api.post(CONFIRM, body) == {"errcode": 0, "errmsg": "ok"}
    assert await balance(api) == ("0", "1")
    assert await stock(api) == {"quantity": 580, "total_quantity": 600}
    assert (await api.post(CONFIRM, body))["errcode"] == 71007
    await sim.settled()
    told = pushed(server)
    assert (told["OrderId"], told["OrderType"], told["Status"]) == (
        body["order_id"],
        "ORDER_TYPE_REDUCE",
        "ORDER_STATUS_QUANTITY_SUCC",
    )
    assert [told[name] for name in ("FreeCoinCount", "PayCoinCount", "RefundFreeCoinCount", "RefundPayCoinCount")] == [
        "0",
        "1",
        "15",
        "5",
    ]


async def test_a_quote_is_good_for_sixty_seconds(sim: Simulator, api: Api) -> None:
    sim.set_coins(NOODLES, "100", "0")
    body = await quoted(api)
    quote = sim.world.orders.quoted(NOODLES, body["order_id"])
    assert quote is not None
    quote.at -= 61
    assert (await api.post(CONFIRM, body))["errcode"] == 71008
    quote.at += 5
    assert (await api.post(CONFIRM, body))["errcode"] == 0


async def test_of_two_purchases_at_once_only_what_the_coins_allow(sim: Simulator, api: Api) -> None:
    sim.set_coins(NOODLES, "30", "0")
    quotes = [await quoted(api), await quoted(api)]
    both = await asyncio.gather(*(api.post(CONFIRM, quote) for quote in quotes))

    assert sorted(answer["errcode"] for answer in both) == [0, 71003]
    assert await balance(api) == ("10", "0")
    assert (await stock(api))["total_quantity"] == 600


async def test_one_quote_confirmed_twice_at_once_counts_once(sim: Simulator, api: Api) -> None:
    sim.set_coins(NOODLES, "100", "0")
    body = await quoted(api)
    both = await asyncio.gather(*(api.post(CONFIRM, body) for _ in range(2)))

    assert sorted(answer["errcode"] for answer in both) == [0, 71007]
    assert await balance(api) == ("80", "0")


async def test_a_lost_answer_has_bought(sim: Simulator, api: Api) -> None:
    sim.set_coins(NOODLES, "100", "0")
    body = await quoted(api)
    sim.fault(CONFIRM, Fault(lose_answer=True))
    with pytest.raises(HTTPStreamClosedError):
        await api.post(CONFIRM, body)

    assert (await stock(api))["total_quantity"] == 600
    assert sim.orders(NOODLES)[-1].order_type == "ORDER_TYPE_REDUCE"


@pytest.mark.parametrize(
    ("count", "errcode"), [(None, 71001), (0, 71001), ("5", 47001), (1.5, 47001), (-1, 71006), (100_001, 71006)]
)
async def test_refuses_what_is_no_top_up(api: Api, count: object, errcode: int) -> None:
    assert (await api.post(RECHARGE, {"coin_count": count}))["errcode"] == errcode


async def test_a_top_up_is_there_when_it_is_paid(sim: Simulator, server: ShopServer, api: Api) -> None:
    made = await api.post(RECHARGE, {"coin_count": 50})
    assert re.fullmatch(r"weixin://wxpay/bizpayurl\?pr=[\w-]+", made["qrcode_url"])
    waiting = (await api.post(ORDER, {"order_id": made["order_id"]}))["order_info"]
    assert waiting == {
        "order_id": made["order_id"],
        "status": "ORDER_STATUS_WAITING",
        "create_time": waiting["create_time"],
        "pay_finish_time": 0,
        "desc": "",
        "free_coin_count": "0",
        "pay_coin_count": "50",
        "refund_free_coin_count": "0",
        "refund_pay_coin_count": "0",
        "openid": "",
        "order_type": "ORDER_TYPE_WXPAY",
    }
    assert await balance(api) == ("0", "0")
    with pytest.raises(LookupError):
        await sim.pay("1")

    await sim.pay(made["qrcode_url"], WANG)
    assert await balance(api) == ("0", "50")
    told = pushed(server)
    assert (told["OrderId"], told["Status"], told["PayCoinCount"], told["RefundPayCoinCount"]) == (
        made["order_id"],
        "ORDER_STATUS_FINANCE_SUCC",
        "50",
        "50",
    )
    paid = (await api.post(ORDER, {"order_id": made["order_id"]}))["order_info"]
    assert (paid["status"], paid["openid"]) == ("ORDER_STATUS_FINANCE_SUCC", WANG)
    with pytest.raises(ValueError, match="does not wait to be paid"):
        await sim.pay(made["order_id"])
    sim.readings.misspelt_order_type = True
    assert "order_tpye" in (await api.post(ORDER, {"order_id": made["order_id"]}))["order_info"]


@pytest.mark.parametrize(("order_id", "errcode"), [(None, 71001), (7, 47001), ("7", 71002)])
async def test_refuses_what_is_no_order(api: Api, order_id: object, errcode: int) -> None:
    assert (await api.post(ORDER, {"order_id": order_id}))["errcode"] == errcode


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"offset": None}, 40097),
        ({"count": 0}, 40097),
        ({"order_type": "ORDER_TYPE_GIFT"}, 40097),
        ({"nor_filter": {"status": "x"}}, 40097),
        ({"nor_filter": []}, 47001),
        ({"sort_info": {"sort_key": "SORT_BY_PRICE"}}, 40097),
        ({"begin_time": "1"}, 40097),
    ],
)
async def test_refuses_a_bad_list(api: Api, change: dict[str, Any], errcode: int) -> None:
    assert (await api.post(ORDERS, {"offset": 0, "count": 10} | change))["errcode"] == errcode


async def test_orders_are_listed_by_time_type_and_status(sim: Simulator, api: Api) -> None:
    await api.get(ACTIVATE)
    await api.post(CONFIRM, await quoted(api))
    first = (await api.post(RECHARGE, {"coin_count": 1}))["order_id"]
    second = (await api.post(RECHARGE, {"coin_count": 2}))["order_id"]
    await sim.pay(second)
    for number, order in enumerate(sim.orders(NOODLES)):
        order.create_time = int(time.time()) - 100 + number

    async def listed(**changes: Any) -> list[str]:
        told = await api.post(ORDERS, {"offset": 0, "count": 10} | changes)
        return [order["order_id"] for order in told["order_list"]]

    assert (await listed())[:2] == [second, first]
    assert (await listed(sort_info={"sort_key": "SORT_BY_TIME", "sort_type": "SORT_ASC"}))[2:] == [first, second]
    assert await listed(order_type="ORDER_TYPE_WXPAY", nor_filter={"status": "ORDER_STATUS_WAITING"}) == [second]
    assert await listed(offset=1, count=1) == [first]
    assert await listed(end_time=int(time.time()) - 1000) == []
    sim.orders(NOODLES)[2].create_time -= 8 * 86400
    assert first not in await listed()
    assert first in await listed(begin_time=0)


async def test_orders_and_quotes_outlive_the_simulator(tmp_path: Path) -> None:
    first = Simulator(tmp_path)
    first.add_shop(new_shop())
    quote = first.world.orders.quote(NOODLES, CASH, 5)
    one, none = Decimal(1), Decimal(0)
    first.world.orders.add(NOODLES, "ORDER_TYPE_REDUCE", "ORDER_STATUS_QUANTITY_SUCC", free=one, paid=none)
    kept = first.orders(NOODLES)
    await first.stop()

    second = Simulator(tmp_path)
    assert second.orders(NOODLES) == kept
    assert second.world.orders.quoted(NOODLES, quote.order_id) == quote
    await second.stop()
