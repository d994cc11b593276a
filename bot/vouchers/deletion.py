"""Deleting a voucher, for good: nobody can claim it any more, codes that were claimed stay valid.

Never repeated blindly: where no answer came, or a process died, card/get decides.
Source: card/delete. That card/get goes on showing a deleted voucher is not confirmed: 40073 means gone, too.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.errors import OutcomeUnknown, StoreUnavailable, WeChatBusy, WeChatError, WeChatRefused
from bot.vouchers.catalogue import INVALID_CARD_ID
from bot.vouchers.model import Voucher
from bot.vouchers.records import UNCERTAIN, Asked, Author, What
from bot.vouchers.records import Ending as Noted

if TYPE_CHECKING:
    from bot.vouchers.service import Vouchers
    from bot.wechat.client import AccountAPI

DELETE = "card/delete"


class Ending(StrEnum):
    """What came of a ``yes``."""

    DONE = "done"
    GONE = "gone"  # somebody was faster
    IN_DOUBT = "in_doubt"  # no answer, and card/get still shows it
    REFUSED = "refused"  # WeChat answered an errcode


@dataclass(frozen=True, slots=True)
class Outcome:
    """``number`` is that of the record (0: none); after GONE ``by`` who did it, where that is on record."""

    ending: Ending
    number: int = 0
    errcode: int = 0
    by: Asked | None = None


class Deletion:
    """Deletes vouchers of one account."""

    def __init__(self, api: AccountAPI, vouchers: Vouchers) -> None:
        self._api = api
        self._vouchers = vouchers
        self._records = vouchers.records

    async def delete(self, card_id: str, by: Author, *, resumed: bool = False) -> Outcome:
        """Delete, after ``by`` said yes. ``resumed``: a process died at it.

        Raises the WeChatError tree where WeChat certainly was not reached; nothing has changed then.
        """
        voucher = await self._present(card_id)
        begun = await self._unended(card_id, by) if resumed else 0
        if voucher is None:
            return await self._ended(begun, Outcome(Ending.DONE, begun)) if begun else await self._gone(card_id)
        number = begun or await self._records.begin(voucher, (), by, What.DELETE)
        try:
            outcome = await self._ask(voucher, number)
        except WeChatError:
            await self._records.ended(number, "not_sent")
            raise
        return await self._ended(number, outcome)

    async def _ask(self, voucher: Voucher, number: int) -> Outcome:
        try:
            await self._api.call(DELETE, {"card_id": voucher.card_id})
        except (WeChatBusy, OutcomeUnknown):
            return await self._look_up(voucher, number)
        except WeChatRefused as refusal:
            if refusal.errcode == INVALID_CARD_ID:
                return await self._gone(voucher.card_id, number)
            return Outcome(Ending.REFUSED, number, refusal.errcode)
        return Outcome(Ending.DONE, number)

    async def _look_up(self, voucher: Voucher, number: int) -> Outcome:
        """After no answer: it is deleted, by this call unless WeChat has told a colleague that theirs did it."""
        with contextlib.suppress(WeChatError, StoreUnavailable):
            if await self._present(voucher.card_id) is None:
                gone = await self._gone(voucher.card_id, number)
                return gone if gone.by and gone.by.ending is Noted.DONE else Outcome(Ending.DONE, number)
        return Outcome(Ending.IN_DOUBT, number)

    async def _present(self, card_id: str) -> Voucher | None:
        """The voucher, or None where it is deleted."""
        try:
            voucher = await self._vouchers.get(card_id)
        except WeChatRefused as refusal:
            if refusal.errcode != INVALID_CARD_ID:
                raise
            return None
        return None if voucher.deleted else voucher

    async def _unended(self, card_id: str, by: Author) -> int:
        """The record whose end a process that died did not note, or 0."""
        asked = await self._records.last_asked(by, What.DELETE, card_id=card_id)
        return asked.number if asked and not asked.end else 0

    async def _gone(self, card_id: str, own: int = 0) -> Outcome:
        """It is deleted; by whom, of those who said yes here."""
        found = []
        with contextlib.suppress(StoreUnavailable):
            found = await self._records.newest(10, card_id=card_id, whats=(What.DELETE,))
        others = [asked for asked in found if asked.number != own]
        surely = [asked for asked in others if asked.ending is Noted.DONE]
        perhaps = [asked for asked in others if asked.ending in UNCERTAIN]
        return Outcome(Ending.GONE, own, by=next(iter(surely + perhaps), None))

    async def _ended(self, number: int, outcome: Outcome) -> Outcome:
        event = "impossible" if outcome.ending is Ending.GONE else outcome.ending
        await self._records.ended(number, event, errcode=outcome.errcode)
        with contextlib.suppress(StoreUnavailable):
            await self._vouchers.changed()
        return outcome
