"""Quotes for stock and the orders of the credit account, decided in one step each.

Source: vouchers.md section 6 (calls, enums, prices 0.2 and 0.4 coins) and 10.2 (card_pay_order). Coins given by the
platform are spent before those topped up, as the sample shows.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import asdict, dataclass
from decimal import Decimal

from bot.simulator.persistence import Store
from bot.simulator.stream import Stream

QUOTE_SECONDS = 60


@dataclass
class Quote:
    """A price asked for: good for one confirmation, for this voucher and number."""

    appid: str
    order_id: str
    card_id: str
    quantity: int
    at: float
    used: bool = False

    @property
    def late(self) -> bool:
        """Whether its sixty seconds are over."""
        return time.time() - self.at > QUOTE_SECONDS


@dataclass
class Order:
    """A movement of coins; ``free`` and ``paid`` are its amounts as text."""

    appid: str
    order_id: str
    order_type: str
    status: str
    create_time: int
    free: str = "0"
    paid: str = "0"
    pay_finish_time: int = 0
    desc: str = ""
    openid: str = ""
    qrcode_url: str = ""


class OrderBook:
    """Quotes and orders by account."""

    def __init__(self, store: Store, stream: Stream) -> None:
        self._store, self._stream = store, stream
        self._quotes = {(appid, key): Quote(**value) for appid, key, value in store.all("quote")}
        self._orders = {(appid, key): Order(**value) for appid, key, value in store.all("order")}

    def new_id(self) -> str:
        """An order number no other order has."""
        return f"{time.time_ns() // 1_000_000}{secrets.randbelow(10**6):06d}"

    def quote(self, appid: str, card_id: str, quantity: int) -> Quote:
        """Remember a price asked for."""
        quote = Quote(appid, self.new_id(), card_id, quantity, time.time())
        self.save_quote(quote)
        return quote

    def save_quote(self, quote: Quote) -> None:
        """Keep a new or used quote."""
        self._quotes[quote.appid, quote.order_id] = quote
        self._store.put("quote", quote.appid, quote.order_id, asdict(quote))

    def quoted(self, appid: str, order_id: str) -> Quote | None:
        """The quote of this number."""
        return self._quotes.get((appid, order_id))

    def add(
        self, appid: str, order_type: str, status: str, *, free: Decimal, paid: Decimal, order_id: str = ""
    ) -> Order:
        """Enter a movement; one that is not waiting is finished now."""
        now = int(time.time())
        order = Order(appid, order_id or self.new_id(), order_type, status, now, amount(free), amount(paid))
        order.pay_finish_time = 0 if status == "ORDER_STATUS_WAITING" else now
        self.save(order)
        return order

    def save(self, order: Order) -> None:
        """Keep a new or changed order and tell the watchers."""
        self._orders[order.appid, order.order_id] = order
        self._store.put("order", order.appid, order.order_id, asdict(order))
        self._stream.publish("order", appid=order.appid, order_id=order.order_id, status=order.status)

    def find(self, appid: str, order_id: str) -> Order | None:
        """The order of this number."""
        return self._orders.get((appid, order_id))

    def of(self, appid: str) -> list[Order]:
        """The account's orders, oldest first."""
        return [order for order in self._orders.values() if order.appid == appid]

    def anywhere(self, order_id: str) -> Order:
        """The order of whichever account by its number or the address in its QR code. Raises :exc:`LookupError`."""
        for order in self._orders.values():
            if order_id and order_id in {order.order_id, order.qrcode_url}:
                return order
        raise LookupError(f"there is no order {order_id}")


def amount(coins: Decimal) -> str:
    """Coins as the calls of the credit account print them: ``"20"``, ``"0.2"``."""
    return f"{coins.normalize():f}"
