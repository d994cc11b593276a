"""card/pay/*: the credit account and stock for coins.

Source: "Coupons from Friends", inventory configuration and recharge (vouchers.md section 6).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from bot.simulator import credit
from bot.simulator.api.cards import card_id_of
from bot.simulator.api.request import Answer, Endpoint, Request, integer
from bot.simulator.errors import ApiError, ok
from bot.simulator.orders import Order, amount
from bot.simulator.shelf import Voucher

MOST_COINS = 100_000
WEEK = 7 * 86400
TYPES = {
    "ORDER_TYPE_SYS_ADD",
    "ORDER_TYPE_WXPAY",
    "ORDER_TYPE_REFUND",
    "ORDER_TYPE_REDUCE",
    "ORDER_TYPE_SYS_REDUCE",
}
STATUSES = {
    "ORDER_STATUS_WAITING",
    "ORDER_STATUS_SUCC",
    "ORDER_STATUS_FINANCE_SUCC",
    "ORDER_STATUS_QUANTITY_SUCC",
    "ORDER_STATUS_HAS_REFUND",
    "ORDER_STATUS_REFUND_WAITING",
    "ORDER_STATUS_ROLLBACK",
    "ORDER_STATUS_HAS_RECEIPT",
}


def activate(request: Request) -> Answer:
    """Open the account: 200 coins, once."""
    if not request.shop.friends_vouchers:
        raise ApiError(73207)
    credit.activate(request.world, request.shop.appid)
    return ok(reward=credit.REWARD)


def coins_info(request: Request) -> Answer:
    """What is left. SDKs disagree about the type (integers, decimals); here it is the strings of getpayprice."""
    coins = request.world.coins.of(request.shop.appid)
    return ok(free_coin=amount(coins.free), pay_coin=amount(coins.paid), total_coin=amount(coins.total))


def _counted(body: Mapping[str, Any], name: str) -> int:
    """A whole number above zero. Raises 71001 (missing, zero), 47001 (no number), 40122 (below)."""
    value = body.get(name)
    if value is None or value == 0:
        raise ApiError(71001)
    if type(value) is not int:
        raise ApiError(47001)
    if value < 0:
        raise ApiError(40122)
    return value


def _order_id(body: Mapping[str, Any]) -> str:
    value = body.get("order_id")
    if value is None or value == "":
        raise ApiError(71001)
    if not isinstance(value, str):
        raise ApiError(47001)
    return value


def _voucher(request: Request) -> Voucher:
    voucher = request.world.shelf.find(request.shop.appid, card_id_of(request.body))
    if not request.shop.friends_vouchers:
        raise ApiError(73208)
    return voucher


def price(request: Request) -> Answer:
    """Quote: good for sixty seconds. Whether there are coins enough is decided by confirm."""
    voucher, quantity = _voucher(request), _counted(request.body, "quantity")
    credit.check_stock(request.world, voucher, quantity)
    total = credit.price_of(voucher, quantity)
    free, paid = credit.split(total, request.world.coins.of(request.shop.appid))
    quote = request.world.orders.quote(request.shop.appid, voucher.card_id, quantity)
    return ok(order_id=quote.order_id, price=amount(total), free_coin=amount(free), pay_coin=amount(paid))


def confirm(request: Request) -> Answer:
    """Buy what was quoted."""
    voucher, quantity, order_id = _voucher(request), _counted(request.body, "quantity"), _order_id(request.body)
    quote = request.world.orders.quoted(request.shop.appid, order_id)
    if quote is None or (quote.card_id, quote.quantity) != (voucher.card_id, quantity):
        raise ApiError(71002)
    credit.confirm(request.world, voucher, quote)
    return ok()


def recharge(request: Request) -> Answer:
    """Top up: an order that waits to be paid by its QR code."""
    if not request.shop.friends_vouchers:
        raise ApiError(73206)
    count = request.body.get("coin_count")
    if count is None or count == 0:
        raise ApiError(71001)
    if type(count) is not int:
        raise ApiError(47001)
    if not 1 <= count <= MOST_COINS:
        raise ApiError(71006)
    order = credit.recharge(request.world, request.shop.appid, count)
    # No picture is drawn here (qrcode_buffer): clients draw qrcode_url, which is what it would hold.
    return ok(order_id=order.order_id, qrcode_url=order.qrcode_url, qrcode_buffer="")


def shown(order: Order, type_name: str = "order_type") -> dict[str, Any]:
    """An order as getorder and getorderlist print it."""
    return {
        "order_id": order.order_id,
        "status": order.status,
        "create_time": order.create_time,
        "pay_finish_time": order.pay_finish_time,
        "desc": order.desc,
        "free_coin_count": order.free,
        "pay_coin_count": order.paid,
        "refund_free_coin_count": "0",
        "refund_pay_coin_count": "0",
        "openid": order.openid,
        type_name: order.order_type,
    }


def _type_name(request: Request) -> str:
    return "order_tpye" if request.world.readings.misspelt_order_type else "order_type"


def get_order(request: Request) -> Answer:
    """One order."""
    order = request.world.orders.find(request.shop.appid, _order_id(request.body))
    if order is None:
        raise ApiError(71002)
    return ok(order_info=shown(order, _type_name(request)))


def order_list(request: Request) -> Answer:
    """Orders of a stretch of time (the last week), a page of them."""
    body, now = request.body, int(time.time())
    offset, count = integer(body, "offset"), integer(body, "count", least=1)
    begin = integer(body, "begin_time") if "begin_time" in body else now - WEEK
    end = integer(body, "end_time") if "end_time" in body else now
    kind, without, newest_first = _filters(body)
    found = [
        order
        for order in request.world.orders.of(request.shop.appid)
        if begin <= order.create_time <= end and kind in {None, order.order_type} and order.status != without
    ]
    found.sort(key=lambda order: order.create_time, reverse=newest_first)
    page = [shown(order, _type_name(request)) for order in found[offset : offset + count]]
    return ok(total_num=len(found), order_list=page)


def _filters(body: Mapping[str, Any]) -> tuple[str | None, str | None, bool]:
    """order_type, the status not to return, and whether the newest come first. Raises 40097."""
    kind, sort = body.get("order_type"), body.get("sort_info", {})
    without = body.get("nor_filter", {})
    if not isinstance(sort, Mapping) or not isinstance(without, Mapping):
        raise ApiError(47001)
    status, order = without.get("status"), sort.get("sort_type", "SORT_DESC")
    known = (
        set(sort) <= {"sort_key", "sort_type"}
        and set(without) <= {"status"}
        and (kind is None or kind in TYPES)
        and (status is None or status in STATUSES)
        and sort.get("sort_key", "SORT_BY_TIME") == "SORT_BY_TIME"
        and order in {"SORT_ASC", "SORT_DESC"}
    )
    if not known:
        raise ApiError(40097)
    return kind, status, order == "SORT_DESC"


ENDPOINTS = (
    Endpoint("GET", "/card/pay/activate", activate),
    Endpoint("GET", "/card/pay/getcoinsinfo", coins_info),
    Endpoint("POST", "/card/pay/getpayprice", price, members=("card_id", "quantity")),
    Endpoint("POST", "/card/pay/confirm", confirm, members=("card_id", "quantity", "order_id")),
    Endpoint("POST", "/card/pay/recharge", recharge, members=("coin_count",)),
    Endpoint("POST", "/card/pay/getorder", get_order, members=("order_id",)),
    Endpoint(
        "POST",
        "/card/pay/getorderlist",
        order_list,
        members=("offset", "count", "order_type", "nor_filter", "sort_info", "begin_time", "end_time"),
    ),
)
