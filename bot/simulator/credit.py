"""What the credit account does: activation, stock for coins, top-ups; and its card_pay_order events."""

from __future__ import annotations

import secrets
import time
from decimal import Decimal
from typing import Any

from bot.simulator.coins import Coins
from bot.simulator.errors import ApiError
from bot.simulator.orders import Order, Quote, amount
from bot.simulator.shelf import Voucher
from bot.simulator.vouchers import base_info, inside
from bot.simulator.world import World

REWARD = 200
PLAIN_PRICE, THRESHOLD_PRICE = Decimal("0.2"), Decimal("0.4")
THRESHOLDS = ("accept_category", "reject_category", "object_use_for", "least_cost")
"""Conditions that double the price; "not combinable" alone does not. That object_use_for counts is not confirmed."""
MOST_STOCK = 100_000_000


def price_of(voucher: Voucher, quantity: int) -> Decimal:
    """Coins for so many vouchers."""
    condition = inside(voucher.card).get("advanced_info", {}).get("use_condition", {})
    dear = any(condition.get(name) for name in THRESHOLDS)
    return quantity * (THRESHOLD_PRICE if dear else PLAIN_PRICE)


def split(price: Decimal, coins: Coins) -> tuple[Decimal, Decimal]:
    """Which part comes from the coins given, which from those topped up."""
    free = min(price, coins.free)
    return free, price - free


def activate(world: World, appid: str) -> Order:
    """Give the platform's coins, once (a second time 71005; that code is not confirmed)."""
    if any(order.order_type == "ORDER_TYPE_SYS_ADD" for order in world.orders.of(appid)):
        raise ApiError(71005)
    coins = world.coins.of(appid)
    world.coins.put(appid, str(coins.free + REWARD), str(coins.paid))
    order = world.orders.add(
        appid, "ORDER_TYPE_SYS_ADD", "ORDER_STATUS_FINANCE_SUCC", free=Decimal(REWARD), paid=Decimal(0)
    )
    announce(world, order)
    return order


def check_stock(world: World, voucher: Voucher, quantity: int) -> None:
    """Whether stock of the voucher can be bought. Raises 45030, 40078, 71004, 45041."""
    if not voucher.friends:
        raise ApiError(45030)
    reviewed = voucher.status in {"CARD_STATUS_NOT_VERIFY", "CARD_STATUS_VERIFY_FAIL"}
    if voucher.status == "CARD_STATUS_DELETE" or (reviewed and not world.readings.stock_while_reviewed):
        raise ApiError(40078)
    base = base_info(voucher.card)
    if time.time() > base["date_info"].get("end_timestamp", float("inf")):
        raise ApiError(71004)
    if base["sku"]["total_quantity"] + quantity > MOST_STOCK:
        raise ApiError(45041)


def confirm(world: World, voucher: Voucher, quote: Quote) -> Order:
    """Turn coins into stock. Raises 71007, 71008, 71003 and those of :func:`check_stock`; then nothing changes."""
    if quote.used:
        raise ApiError(71007)
    if quote.late:
        raise ApiError(71008)
    check_stock(world, voucher, quote.quantity)
    coins, price = world.coins.of(voucher.appid), price_of(voucher, quote.quantity)
    if price > coins.total:
        raise ApiError(71003)
    free, paid = split(price, coins)
    world.coins.put(voucher.appid, str(coins.free - free), str(coins.paid - paid))
    quote.used = True
    world.orders.save_quote(quote)
    add_stock(world, voucher, quote.quantity)
    order = world.orders.add(
        voucher.appid,
        "ORDER_TYPE_REDUCE",
        "ORDER_STATUS_QUANTITY_SUCC",
        free=free,
        paid=paid,
        order_id=quote.order_id if world.readings.orders_keep_quote_ids else "",
    )
    announce(world, order)
    return order


def add_stock(world: World, voucher: Voucher, more: int) -> None:
    """Change what is left and what there ever was by ``more`` (or less)."""
    sku = base_info(voucher.card)["sku"]
    sku["quantity"] += more
    sku["total_quantity"] += more
    world.shelf.save(voucher)


def recharge(world: World, appid: str, count: int) -> Order:
    """A top-up that waits to be paid."""
    order = world.orders.add(appid, "ORDER_TYPE_WXPAY", "ORDER_STATUS_WAITING", free=Decimal(0), paid=Decimal(count))
    order.qrcode_url = f"weixin://wxpay/bizpayurl?pr={secrets.token_urlsafe(8)}"
    world.orders.save(order)
    return order


def pay(world: World, order: Order, openid: str) -> None:
    """Somebody pays a top-up: the coins are there. Raises :exc:`ValueError` when nothing waits to be paid."""
    if order.status != "ORDER_STATUS_WAITING":
        raise ValueError(f"order {order.order_id} does not wait to be paid: {order.status}")
    order.status, order.openid, order.pay_finish_time = "ORDER_STATUS_FINANCE_SUCC", openid, int(time.time())
    world.orders.save(order)
    coins = world.coins.of(order.appid)
    world.coins.put(order.appid, str(coins.free), str(coins.paid + Decimal(order.paid)))


def announce(world: World, order: Order) -> None:
    """Owe the account a card_pay_order."""
    world.outbox.put(order.appid, paid_event(world, order))


def paid_event(world: World, order: Order) -> dict[str, Any]:
    """card_pay_order.

    By the text the first two counts are what is left and the last two what moved; the one sample disagrees
    (``readings.coin_events_tell_left``).
    """
    coins = world.coins.of(order.appid)
    left = (amount(coins.free), amount(coins.paid))
    moved = (order.free, order.paid)
    first, last = (left, moved) if world.readings.coin_events_tell_left else (moved, ("0", "0"))
    return {
        "FromUserName": world.nobody(order.appid),
        "Event": "card_pay_order",
        "OrderId": order.order_id,
        "Status": order.status,
        "CreateOrderTime": order.create_time,
        "PayFinishTime": order.pay_finish_time,
        "Desc": order.desc,
        "FreeCoinCount": first[0],
        "PayCoinCount": first[1],
        "RefundFreeCoinCount": last[0],
        "RefundPayCoinCount": last[1],
        "OrderType": order.order_type,
        "Memo": "",
        "ReceiptInfo": "",
    }
