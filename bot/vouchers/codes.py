"""Codes at the till: looking, redeeming, voiding.

Redeeming and voiding cannot be taken back and are never repeated blindly: where no answer came, or a process died,
card/code/get decides. Of two clerks at once WeChat lets one succeed.
Source: "Redeeming Friends' Coupons": card/code/get, mark, consume, unavailable.
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any

from bot import clock
from bot.errors import (
    OutcomeUnknown,
    StoreUnavailable,
    TokenRejected,
    WeChatBusy,
    WeChatError,
    WeChatRefused,
    WeChatUnreachable,
)
from bot.store import Store
from bot.vouchers.code_deeds import Deeds
from bot.vouchers.code_states import Code, Deed, Standing, card_id_of
from bot.vouchers.records import Author, What
from bot.wechat.account import Account

if TYPE_CHECKING:
    from bot.vouchers.service import Vouchers
    from bot.wechat.client import AccountAPI

UNKNOWN_CODE = frozenset({40056, 40116})
CARD_ID_MISSING = 41012
STATE_FORBIDS = frozenset({40099, 40127})
NOT_MARKED = 43018
POSSIBLE = {
    Standing.REDEEMED: frozenset({Standing.USABLE}),
    Standing.VOIDED: frozenset({Standing.USABLE, Standing.NOT_BEGUN, Standing.UNUSABLE}),
}
"""What a code may be for it to become redeemed, or void."""


class Ending(StrEnum):
    """What came of a ``yes``."""

    DONE = "done"
    IN_DOUBT = "in_doubt"  # no answer, and card/code/get does not show it (yet)
    IMPOSSIBLE = "impossible"  # the code's state forbids it by now
    REFUSED = "refused"  # WeChat answered an errcode that its state does not explain


@dataclass(frozen=True, slots=True)
class Outcome:
    """``at``: when it was done (seconds since 1970). ``count``: how many ``by`` redeemed today, 0 where unknown."""

    ending: Ending
    code: Code
    at: float = 0.0
    count: int = 0
    errcode: int = 0


@dataclass(frozen=True, slots=True)
class _Task:
    what: Standing
    by: Author
    send: Callable[[Code], Awaitable[None]]
    details: Mapping[str, str] = field(default_factory=dict)

    @property
    def log(self) -> What:
        """What the log calls it."""
        return What.REDEEM if self.what is Standing.REDEEMED else What.VOID


class Codes:
    """The codes of one account."""

    def __init__(self, account: Account, api: AccountAPI, store: Store, vouchers: Vouchers) -> None:
        self._api = api
        self._vouchers = vouchers
        self._title = vouchers.title
        self._deeds = Deeds(account, store)
        self._records = vouchers.records

    async def look(self, number: str) -> Code:
        """The code as it is this moment. Raises the WeChatError tree."""
        answer: dict[str, Any] | None = None
        try:
            answer = await self._read(number)
        except WeChatRefused as refusal:
            if refusal.errcode == CARD_ID_MISSING:
                answer = await self._read_own(number)
            elif refusal.errcode not in UNKNOWN_CODE:
                raise
        if answer is None:
            return Code(number, Standing.UNKNOWN)
        return Code.of(number, answer, await self._title(card_id_of(answer)), await self._deeds.last(number))

    async def _read(self, number: str, **voucher: str) -> dict[str, Any]:
        return await self._api.call("card/code/get", {"code": number, **voucher, "check_consume": False})

    async def _read_own(self, number: str) -> dict[str, Any] | None:
        """A code the shop made up itself: WeChat finds it only with its voucher, so each that has such codes is asked.

        Where several have this one, the one that can be used is meant.
        """
        found = None
        for card_id in await self._vouchers.with_own_codes():
            try:
                answer = await self._read(number, card_id=card_id)
            except WeChatRefused as refusal:
                if refusal.errcode not in UNKNOWN_CODE:
                    raise
                continue
            if Code.of(number, answer, "", None).standing is Standing.USABLE:
                return answer
            found = found or answer
        return found

    async def heard(self, number: str, deed: Deed) -> Deed:
        """WeChat pushed that ``number`` was redeemed; by whom, as far as is known now."""
        return await self._deeds.heard(number, deed)

    async def redeem(self, number: str, by: Author, *, resumed: bool = False) -> Outcome:
        """Redeem, after ``by`` said yes. ``resumed``: a process died at it.

        Raises the WeChatError tree where WeChat certainly was not reached; nothing has changed then.
        """
        return await self._carry_out(_Task(Standing.REDEEMED, by, self._consume), number, resumed=resumed)

    async def void(self, number: str, reason: str, by: Author, *, resumed: bool = False) -> Outcome:
        """Make it unusable for good; the holder reads ``reason``. As :meth:`redeem`."""
        details = {"reason": reason} if reason else {}
        task = _Task(Standing.VOIDED, by, partial(self._invalidate, reason), details)
        return await self._carry_out(task, number, resumed=resumed)

    async def _carry_out(self, task: _Task, number: str, *, resumed: bool) -> Outcome:
        try:
            code = await self.look(number)
        except WeChatError:
            if not resumed:
                raise
            return Outcome(Ending.IN_DOUBT, Code(number, Standing.UNKNOWN))
        deed = await self._deeds.last(number) if resumed else None
        begun = deed is not None and (deed.openid, deed.what) == (task.by.openid, task.what)
        record = await self._unended(task, number) if begun else 0
        if code.standing in POSSIBLE[task.what]:
            await self._deeds.begin(number, task.what, task.by)
            return await self._logged(task, code, record, begun=begun)
        done = begun and code.standing is task.what
        outcome = await self._settled(task, code) if done else Outcome(Ending.IMPOSSIBLE, code)
        if record:
            await self._records.ended(record, outcome.ending)
        return outcome

    async def _unended(self, task: _Task, number: str) -> int:
        """The record whose end a process that died did not note, or 0."""
        asked = await self._records.last_asked(task.by, task.log, code=_tail(number))
        return asked.number if asked and not asked.end else 0

    async def _logged(self, task: _Task, code: Code, record: int, *, begun: bool) -> Outcome:
        """Ask WeChat, with an entry before (``record``, if there is one) and one after."""
        if not record:
            details = {"code": _tail(code.number), **task.details, **({"till": task.by.till} if task.by.till else {})}
            record = await self._records.begin(code, (), task.by, task.log, **details)
        try:
            outcome = await self._ask(task, code, begun=begun)
        except WeChatError:
            await self._records.ended(record, "not_sent")
            raise
        await self._records.ended(record, outcome.ending, errcode=outcome.errcode)
        return outcome

    async def _ask(self, task: _Task, code: Code, *, begun: bool) -> Outcome:
        try:
            await task.send(code)
        except (WeChatBusy, OutcomeUnknown):
            return await self._look_up(task, code)
        except WeChatRefused as refusal:
            if begun and refusal.errcode in STATE_FORBIDS:
                return await self._look_up(task, code)  # the call of the process that died may have been faster
            return await self._refused(task, code, refusal.errcode)
        except WeChatError:
            await self._withdraw(task, code)
            raise
        return await self._settled(task, code)

    async def _look_up(self, task: _Task, code: Code) -> Outcome:
        """After no answer: does card/code/get show it?"""
        try:
            after = await self.look(code.number)
        except (WeChatError, StoreUnavailable):
            return Outcome(Ending.IN_DOUBT, code)
        if after.standing is task.what and (after.deed is None or after.deed.openid == task.by.openid):
            return await self._settled(task, after)
        if after.standing in POSSIBLE[task.what]:
            return Outcome(Ending.IN_DOUBT, code)
        return Outcome(Ending.IMPOSSIBLE, after)

    async def _refused(self, task: _Task, code: Code, errcode: int) -> Outcome:
        """40099 and 40127 say that the state forbids it: card/code/get tells which state."""
        await self._withdraw(task, code)
        refused = Outcome(Ending.REFUSED, code, errcode=errcode)
        if errcode not in STATE_FORBIDS:
            return refused
        try:
            after = await self.look(code.number)
        except (WeChatError, StoreUnavailable):
            return refused
        return refused if after.standing in POSSIBLE[task.what] else Outcome(Ending.IMPOSSIBLE, after)

    async def _settled(self, task: _Task, code: Code) -> Outcome:
        """It is done at WeChat, which must be told even where it cannot be remembered."""
        try:
            deed = await self._deeds.settle(code.number, task.what, task.by)
            if deed.openid != task.by.openid:
                return Outcome(Ending.IMPOSSIBLE, replace(code, standing=task.what, deed=deed))
            counted = task.what is Standing.REDEEMED
            count = await self._deeds.count(code.number, task.by) if counted else 0
        except StoreUnavailable:
            return Outcome(Ending.DONE, code, clock.now())
        return Outcome(Ending.DONE, code, deed.at, count)

    async def _withdraw(self, task: _Task, code: Code) -> None:
        with contextlib.suppress(StoreUnavailable):
            await self._deeds.withdraw(code.number, task.by)

    async def _consume(self, code: Code) -> None:
        """Whether a redemption at a till needs a mark is not confirmed: without, and with one where WeChat asks."""
        body = {"code": code.number, "card_id": code.card_id}
        try:
            await self._api.call("card/code/consume", body)
        except WeChatRefused as refusal:
            if refusal.errcode != NOT_MARKED or not code.holder:
                raise
        else:
            return
        marked = {**body, "openid": code.holder}
        await self._api.call("card/code/mark", {**marked, "is_mark": True})
        try:
            await self._api.call("card/code/consume", marked)
        except WeChatBusy:
            raise  # perhaps it was done: the mark stays until that is known
        except (WeChatRefused, WeChatUnreachable, TokenRejected):
            with contextlib.suppress(WeChatError):
                await self._api.call("card/code/mark", {**marked, "is_mark": False})
            raise

    async def _invalidate(self, reason: str, code: Code) -> None:
        told = {"reason": reason} if reason else {}
        await self._api.call("card/code/unavailable", {"code": code.number, "card_id": code.card_id, **told})


def _tail(number: str) -> str:
    """What the log holds of a code: they are worth money."""
    return f"…{number[-4:]}"
