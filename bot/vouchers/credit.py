"""The credit account: coins (券点), of which stock of Friend's Vouchers is bought; 1 coin = 1 CNY.

Source: "Coupons from Friends", inventory configuration and recharge.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from bot import clock
from bot.errors import AnswerUnreadable
from bot.vouchers.model import integer
from bot.vouchers.records import Author, Records, What

if TYPE_CHECKING:
    from bot.wechat.client import AccountAPI

GET_COINS = "card/pay/getcoinsinfo"
GET_PRICE = "card/pay/getpayprice"
CONFIRM = "card/pay/confirm"
ORDERS = "card/pay/getorderlist"
ACTIVATE = "card/pay/activate"
RECHARGE = "card/pay/recharge"
MOST_COINS = 100_000
"""Coins one top-up may have."""
QUOTE_SECONDS = 60
_SPARE = 5
"""Seconds of a quote's life left to the call that confirms it."""
_SINCE = 1_448_899_200
"""Credit accounts exist since December 2015."""


@dataclass(frozen=True, slots=True)
class Balance:
    """Coins left: ``free`` were given by the platform, ``paid`` topped up, ``total`` is WeChat's own sum."""

    free: Decimal
    paid: Decimal
    total: Decimal

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> Balance:
        """Read getcoinsinfo's answer, whose amounts were seen as strings, integers and floats.

        Raises :exc:`bot.errors.AnswerUnreadable`. A missing total is the sum of both.
        """
        free, paid = amount(answer.get("free_coin")), amount(answer.get("pay_coin"))
        total = amount(answer.get("total_coin"))
        if free is None or paid is None:
            raise AnswerUnreadable(GET_COINS, 200, "free_coin or pay_coin is no amount")
        return cls(free, paid, free + paid if total is None else total)


@dataclass(frozen=True, slots=True)
class Quote:
    """What some stock costs: ``price`` coins, asked for ``at`` (seconds since 1970) and good for 60 s, once."""

    order_id: str
    price: Decimal
    at: float

    @property
    def late(self) -> bool:
        """Whether it is too old to be confirmed."""
        return clock.now() - self.at > QUOTE_SECONDS - _SPARE


@dataclass(frozen=True, slots=True)
class TopUp:
    """A top-up of ``coins`` that waits to be paid: by WeChat Pay, scanning ``code_url`` as a QR code.

    How long the code is good is not confirmed.
    """

    order_id: str
    coins: int
    code_url: str


@dataclass(frozen=True, slots=True)
class Order:
    """One movement of coins; ``kind`` and ``status`` are WeChat's words without ORDER_TYPE_ and ORDER_STATUS_."""

    order_id: str
    kind: str
    status: str
    at: int
    coins: Decimal

    @classmethod
    def of(cls, order: Mapping[str, Any]) -> Order:
        """Read an object of getorderlist; one official sample spells the type's name ``order_tpye``."""
        kind = str(order.get("order_type") or order.get("order_tpye") or "")
        free, paid = amount(order.get("free_coin_count")), amount(order.get("pay_coin_count"))
        return cls(
            str(order.get("order_id") or ""),
            kind.removeprefix("ORDER_TYPE_"),
            str(order.get("status") or "").removeprefix("ORDER_STATUS_"),
            integer(order.get("create_time")),
            (free or Decimal(0)) + (paid or Decimal(0)),
        )


class Credit:
    """The credit account of one official account. Every method raises the WeChatError tree."""

    def __init__(self, api: AccountAPI, records: Records) -> None:
        self._api = api
        self._records = records

    async def balance(self, *, patience: float | None = None) -> Balance:
        """What is left at this moment, asked within ``patience`` seconds."""
        return Balance.of(await self._api.call(GET_COINS, method="GET", patience=patience))

    async def quote(self, card_id: str, quantity: int) -> Quote:
        """What ``quantity`` more of a Friend's Voucher cost now."""
        asked_at = clock.now()
        answer = await self._api.call(GET_PRICE, {"card_id": card_id, "quantity": quantity})
        price, order_id = amount(answer.get("price")), str(answer.get("order_id") or "")
        if price is None or not order_id:
            raise AnswerUnreadable(GET_PRICE, 200, "price is no amount, or order_id is missing")
        return Quote(order_id, price, asked_at)

    async def confirm(self, card_id: str, quantity: int, order_id: str) -> None:
        """Turn coins into the stock quoted. Never repeated, and nothing takes it back."""
        await self._api.call(CONFIRM, {"card_id": card_id, "quantity": quantity, "order_id": order_id})

    async def orders(self, begin: int, end: int, count: int, kind: str = "") -> tuple[list[Order], int]:
        """The newest ``count`` orders made from ``begin`` to ``end`` (seconds since 1970), and how many there are."""
        body: dict[str, Any] = {
            "offset": 0,
            "count": count,
            "sort_info": {"sort_key": "SORT_BY_TIME", "sort_type": "SORT_DESC"},
            "begin_time": begin,
            "end_time": end,
        }
        answer = await self._api.call(ORDERS, body | ({"order_type": f"ORDER_TYPE_{kind}"} if kind else {}))
        listed = answer.get("order_list")
        found = [Order.of(each) for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []
        return found, max(integer(answer.get("total_num")), len(found))

    async def opened(self) -> bool:
        """Whether the platform has given its coins: it does when the account is opened, once."""
        _, count = await self.orders(_SINCE, int(clock.now()), 1, "SYS_ADD")
        return count > 0

    async def recharge(self, coins: int, by: Author) -> TopUp:
        """Begin a top-up of 1 to 100,000 coins. Never repeated, though one that nobody pays costs nothing."""
        async with self._records.during(None, by, What.TOP_UP, coins=coins):
            answer = await self._api.call(RECHARGE, {"coin_count": coins})
            order_id, code_url = str(answer.get("order_id") or ""), str(answer.get("qrcode_url") or "")
            if not order_id or not code_url:
                raise AnswerUnreadable(RECHARGE, 200, "order_id or qrcode_url is missing")
        return TopUp(order_id, coins, code_url)

    async def activate(self, by: Author) -> Decimal:
        """Open the account; the coins the platform gives for it. Never repeated."""
        async with self._records.during(None, by, What.OPEN_CREDIT):
            answer = await self._api.call(ACTIVATE, method="GET")
        return amount(answer.get("reward")) or Decimal(0)


def amount(value: object) -> Decimal | None:
    """An amount of coins in any of the types WeChat has used; None for what is none."""
    try:
        found = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None
