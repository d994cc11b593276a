"""Issuing a voucher by a QR code: what has to hold before, and the code itself.

A Friend's Voucher may be issued through a code that is scanned with the camera, never from five days before its start
on back, and a long press on the picture does not claim it.
Source: "Distributing Friend-Shared Coupons and Vouchers"; card/qrcode/create.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bot import clock
from bot.errors import AnswerUnreadable
from bot.vouchers.model import Status, Voucher, integer

if TYPE_CHECKING:
    from bot.wechat.client import AccountAPI

CREATE = "card/qrcode/create"
EARLIEST = timedelta(days=5)
"""How long before its start a Friend's Voucher may be claimed."""
MOST_IN_ONE = 5
"""Vouchers in one code. That WeChat's limit (45039) is five is not confirmed."""
CHANNEL_BYTES = 128
"""UTF-8 bytes of ``outer_str``."""


class Obstacle(StrEnum):
    """Why a voucher cannot be issued now."""

    DELETED = "deleted"
    UNDER_REVIEW = "under_review"
    REJECTED = "rejected"
    EXPIRED = "expired"
    NO_STOCK = "no_stock"
    TOO_EARLY = "too_early"
    OWN_CODES = "own_codes"  # each claim needs a code of the shop's own system
    BOUND = "bound"  # each code is for one person


def obstacle(voucher: Voucher) -> Obstacle | None:
    """What stands in the way of issuing ``voucher``; of a status nobody has seen WeChat may say so itself."""
    stands = {
        Obstacle.DELETED: voucher.deleted,
        Obstacle.UNDER_REVIEW: voucher.under_review,
        Obstacle.REJECTED: voucher.status is Status.VERIFY_FAIL,
        Obstacle.EXPIRED: voucher.expired,
        Obstacle.OWN_CODES: voucher.base_info.get("use_custom_code") is True,
        Obstacle.BOUND: voucher.base_info.get("bind_openid") is True,
        Obstacle.NO_STOCK: voucher.stock <= 0,
        Obstacle.TOO_EARLY: voucher.is_friends and claimable_from(voucher) > clock.now(),
    }
    return next((each for each, there in stands.items() if there), None)


def claimable_from(voucher: Voucher) -> float:
    """When a Friend's Voucher may be claimed at the earliest (seconds since 1970; 0: any time)."""
    return voucher.begin - EARLIEST.total_seconds() if voucher.begin else 0.0


@dataclass(frozen=True, slots=True)
class Issued:
    """A QR code: what it says, and the last day it is of use (None: WeChat did not say)."""

    url: str
    until: date | None


class Issuing:
    """Makes QR codes for one account."""

    def __init__(self, api: AccountAPI) -> None:
        self._api = api

    async def code_for(self, vouchers: Sequence[Voucher], channel: str) -> Issued:
        """A code for one voucher or several; ``channel`` comes back with each claim. Raises the WeChatError tree.

        How long it works by default is told in three ways (90 days, a year, for good), so the answer is read. One code
        too many harms nobody: the call may be repeated.
        """
        answer = await self._api.call(CREATE, body(vouchers, channel), repeatable=True)
        url = answer.get("url")
        if not isinstance(url, str) or not url:
            raise AnswerUnreadable(CREATE, 200, "url is missing")
        lasts = integer(answer.get("expire_seconds"))
        ends = [voucher.end for voucher in vouchers if voucher.end] + ([int(clock.now()) + lasts] if lasts > 0 else [])
        return Issued(url, clock.local(min(ends)).date() if ends else None)


def body(vouchers: Sequence[Voucher], channel: str) -> dict[str, Any]:
    """The body of card/qrcode/create."""
    mark = {"outer_str": channel} if channel else {}
    cards = [{"card_id": voucher.card_id, **mark} for voucher in vouchers]
    if len(cards) == 1:
        return {"action_name": "QR_CARD", "action_info": {"card": cards[0]}}
    return {"action_name": "QR_MULTIPLE_CARD", "action_info": {"multiple_card": {"card_list": cards}}}
