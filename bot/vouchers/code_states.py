"""What WeChat knows of one code, in the till's words.

Source: "Redeeming Friends' Coupons", card/code/get and its user_card_status.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot import clock
from bot.vouchers.model import integer


class Standing(StrEnum):
    """What can be said of a code at the till."""

    USABLE = "usable"
    NOT_BEGUN = "not_begun"
    EXPIRED = "expired"
    REDEEMED = "redeemed"
    GIVING = "giving"  # offered to a friend, who has not taken it
    GIVEN = "given"  # the friend has a code of their own
    DELETED = "deleted"  # by the customer
    VOIDED = "voided"  # by the shop
    UNUSABLE = "unusable"  # WeChat says no, and not why
    UNKNOWN = "unknown"  # never claimed, mistyped, of another account, or handed on


_OF_STATUS = {
    "CONSUMED": Standing.REDEEMED,
    "EXPIRE": Standing.EXPIRED,
    "GIFTING": Standing.GIVING,
    "GIFT_SUCC": Standing.GIVEN,
    "DELETE": Standing.DELETED,
    "UNAVAILABLE": Standing.VOIDED,
}


@dataclass(frozen=True, slots=True)
class Deed:
    """Who redeemed or voided a code, ``at`` seconds since 1970; ``what`` is the standing it leads to.

    ``done``: WeChat has confirmed it; else it was about to be asked for. ``source``: "" for here, else WeChat's word
    for where (``FROM_MP`` …); ``openid`` and ``name`` are "" where it did not say who. ``till``: where they stood, as
    they had said.
    """

    what: str
    openid: str
    name: str
    at: float
    done: bool = False
    source: str = ""
    till: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """One code as card/code/get tells it; ``begin`` and ``end`` in seconds since 1970, 0 where it has none."""

    number: str
    standing: Standing
    card_id: str = ""
    title: str = ""
    holder: str = ""
    begin: int = 0
    end: int = 0
    deed: Deed | None = None

    @classmethod
    def of(cls, number: str, answer: Mapping[str, Any], title: str, deed: Deed | None) -> Code:
        """Read the answer. ``deed`` is believed where WeChat's own state agrees with it."""
        card = answer.get("card")
        card = card if isinstance(card, Mapping) else {}
        begin, end = integer(card.get("begin_time")), integer(card.get("end_time"))
        standing = _standing(answer, begin, end)
        return cls(
            number, standing, card_id_of(answer), title, str(answer.get("openid") or ""), begin, end,
            deed if deed and deed.what == standing else None,
        )  # fmt: skip

    @property
    def shown(self) -> str:
        """The number as the voucher's face groups it: 2260 0000 0001."""
        if not self.number.isdecimal():
            return self.number
        return " ".join(self.number[start : start + 4] for start in range(0, len(self.number), 4))


def card_id_of(answer: Mapping[str, Any]) -> str:
    """The voucher a code belongs to."""
    card = answer.get("card")
    return str(card.get("card_id") or "") if isinstance(card, Mapping) else ""


def _standing(answer: Mapping[str, Any], begin: int, end: int) -> Standing:
    """The named state; else the dates, then can_consume: whether a gift that came back is usable is not confirmed."""
    if named := _OF_STATUS.get(str(answer.get("user_card_status") or "").upper()):
        return named
    if begin and clock.now() < begin:
        return Standing.NOT_BEGUN
    if end and clock.now() > end:
        return Standing.EXPIRED
    return Standing.USABLE if str(answer.get("can_consume")).lower() in ("true", "1") else Standing.UNUSABLE
