"""The credit account: coins (券点), of which stock of Friend's Vouchers is bought; 1 coin = 1 CNY.

Source: "Coupons from Friends", inventory configuration and recharge.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from bot.errors import AnswerUnreadable

if TYPE_CHECKING:
    from bot.wechat.client import AccountAPI

GET_COINS = "card/pay/getcoinsinfo"


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


class Credit:
    """The credit account of one official account."""

    def __init__(self, api: AccountAPI) -> None:
        self._api = api

    async def balance(self, *, patience: float | None = None) -> Balance:
        """What is left at this moment, asked within ``patience`` seconds. Raises the WeChatError tree."""
        return Balance.of(await self._api.call(GET_COINS, method="GET", patience=patience))


def amount(value: object) -> Decimal | None:
    """An amount of coins in any of the types WeChat has used; None for what is none."""
    try:
        found = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None
