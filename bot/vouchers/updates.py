"""Changing a voucher: preview, card/update, and a look at what WeChat made of it.

WeChat's answer does not tell whether a change took hold, so every update is followed by card/get and compared. A call
whose answer never came is looked up and not repeated.
Source: "Friend's Vouchers Management APIs", "Updating Information on Friend's Vouchers", notes 1–3.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bot import clock
from bot.errors import OutcomeUnknown, StoreUnavailable, WeChatError, WeChatRefused
from bot.vouchers import rules
from bot.vouchers.changes import Change, Proposal, body, fingerprint, unseen, untouched
from bot.vouchers.finding import VoucherNotFound
from bot.vouchers.list_values import shared_words
from bot.vouchers.model import Voucher
from bot.vouchers.naming import named
from bot.vouchers.records import Author
from bot.vouchers.review_notes import Submission
from bot.vouchers.rivals import interfered, standing

if TYPE_CHECKING:
    from bot.vouchers.service import Vouchers
    from bot.wechat.client import AccountAPI


class State(StrEnum):
    """What came of a ``yes``."""

    APPLIED = "applied"  # accepted, and card/get shows all of it
    NOT_VISIBLE = "not_visible"  # accepted, but card/get does not show some fields
    UNCHECKED = "unchecked"  # accepted, but card/get failed
    IN_DOUBT = "in_doubt"  # no answer, and card/get shows nothing of it (yet)
    REFUSED = "refused"  # WeChat answered an errcode
    CHANGED_MEANWHILE = "changed_meanwhile"  # not sent: the preview was of another state


@dataclass(frozen=True, slots=True)
class Outcome:
    """``proposal`` is what was sent, after CHANGED_MEANWHILE the new one; ``number`` that of the record (0: none).

    ``reviewed``: the voucher is under review since. ``missing``: the changes card/get does not show.
    """

    state: State
    proposal: Proposal
    number: int = 0
    reviewed: bool = False
    missing: tuple[Change, ...] = ()
    errcode: int = 0


class Updates:
    """Changes the vouchers of one account."""

    def __init__(self, api: AccountAPI, vouchers: Vouchers) -> None:
        self._api = api
        self._vouchers = vouchers
        self._records = vouchers.records

    async def propose(self, voucher: Voucher, pairs: Mapping[str, str], by: Author) -> Proposal:
        """What ``pairs`` (words as typed → values as typed) would change about ``voucher``, just read from WeChat.

        Raises what :meth:`Vouchers.find` raises where a voucher to be given along fits several.
        """
        return rules.propose(voucher, pairs, await self._shared(pairs, by))

    async def apply(self, payload: Mapping[str, Any], by: Author, *, resumed: bool = False) -> Outcome:
        """Carry out what :meth:`Proposal.payload` wrote down, if it still is that very difference.

        ``resumed``: a process died at it, so what card/get shows decides whether anything is left to do. Raises the
        WeChatError tree where WeChat certainly was not reached; nothing has changed then.
        """
        before = await standing(self._records, payload["card_id"])
        voucher = await self._vouchers.get(payload["card_id"])
        if resumed and (outcome := await self._go_on(voucher, payload, by)):
            return outcome
        wanted = {change["field"]: change["after"] for change in payload["changes"]}
        proposal = rules.weigh(voucher, wanted)
        if proposal.problems or fingerprint(voucher.card_id, proposal.changes) != payload["fingerprint"]:
            return Outcome(State.CHANGED_MEANWHILE, proposal)
        undone = {"undoes": payload["undoes"]} if "undoes" in payload else {}
        number = await self._records.begin(voucher, proposal.changes, by, **undone)
        if await interfered(self._records, voucher.card_id, number, before, proposal.changes):
            await self._records.ended(number, "not_sent")
            return Outcome(State.CHANGED_MEANWHILE, rules.weigh(await self._vouchers.get(voucher.card_id), wanted))
        return await self._ended(number, await self._send(proposal, number, by))

    async def _go_on(self, voucher: Voucher, payload: Mapping[str, Any], by: Author) -> Outcome | None:
        """What became of a call whose process died; None where it was not made.

        It may have arrived, and may not be shown before its review.
        """
        asked = await self._records.last_asked(by, card_id=voucher.card_id)
        proposal = Proposal(voucher, tuple(Change.from_json(change) for change in payload["changes"]))
        if asked is None or asked.changes != payload["changes"]:
            return None
        if not untouched(voucher, proposal.changes):
            reviewed = asked.end.get("review", False) if asked.end else voucher.under_review and proposal.review
            outcome = await self._compare(proposal, asked.number, by, asked.at, None, reviewed=reviewed)
        elif asked.end:
            return None
        elif voucher.under_review and proposal.review:
            outcome = Outcome(State.IN_DOUBT, proposal, asked.number)
        else:
            outcome = await self._send(proposal, asked.number, by)
        return outcome if asked.end else await self._ended(asked.number, outcome)

    async def _ended(self, number: int, outcome: Outcome) -> Outcome:
        await self._records.ended(
            number,
            outcome.state,
            review=outcome.reviewed,
            missing=[change.field.name for change in outcome.missing],
            errcode=outcome.errcode,
        )
        return outcome

    async def _send(self, proposal: Proposal, number: int, by: Author) -> Outcome:
        voucher, asked_at = proposal.voucher, clock.now()
        noted = await self._submitted(proposal, by, asked_at) if proposal.review else None
        try:
            reviewed = await self._api.card_update(voucher.card_id, voucher.type_key, body(voucher, proposal.changes))
        except WeChatRefused as refusal:
            await self._withdraw(voucher, noted)
            return Outcome(State.REFUSED, proposal, number, errcode=refusal.errcode)
        except OutcomeUnknown:
            return await self._look_up(proposal, number, by, asked_at, noted)
        except WeChatError:
            await self._withdraw(voucher, noted)
            await self._records.ended(number, "not_sent")
            raise
        return await self._compare(proposal, number, by, asked_at, noted, reviewed=reviewed)

    async def _withdraw(self, voucher: Voucher, noted: Submission | None) -> None:
        if noted is not None:
            with contextlib.suppress(StoreUnavailable):
                await self._vouchers.reviews.withdrawn(voucher.card_id, noted)

    async def _compare(
        self, proposal: Proposal, number: int, by: Author, asked_at: float, noted: Submission | None, *, reviewed: bool
    ) -> Outcome:
        """After WeChat accepted: does card/get show it?"""
        try:
            await self._vouchers.changed()
            if reviewed and noted is None:
                await self._submitted(proposal, by, asked_at)
            elif not reviewed:
                await self._withdraw(proposal.voucher, noted)
            after = await self._vouchers.get(proposal.voucher.card_id)
        except (WeChatError, StoreUnavailable):
            return Outcome(State.UNCHECKED, proposal, number, reviewed)
        missing = unseen(after, proposal.changes)
        return Outcome(State.NOT_VISIBLE if missing else State.APPLIED, proposal, number, reviewed, missing)

    async def _look_up(
        self, proposal: Proposal, number: int, by: Author, asked_at: float, noted: Submission | None
    ) -> Outcome:
        """After no answer: what card/get shows decides. Values from before prove nothing: the call may still arrive."""
        try:
            await self._vouchers.changed()
            after = await self._vouchers.get(proposal.voucher.card_id)
            if untouched(after, proposal.changes):
                await self._withdraw(proposal.voucher, noted)
                return Outcome(State.IN_DOUBT, proposal, number)
        except (WeChatError, StoreUnavailable):
            return Outcome(State.IN_DOUBT, proposal, number)
        reviewed = after.under_review and (proposal.review or not proposal.voucher.under_review)
        return await self._compare(proposal, number, by, asked_at, noted, reviewed=reviewed)

    async def _submitted(self, proposal: Proposal, by: Author, asked_at: float) -> Submission:
        """Tell the review watch what was sent: the fields the table calls reviewed, else (WeChat decided) all."""
        reviewed = [change for change in proposal.changes if change.review] or proposal.changes
        names = [change.field.name for change in reviewed]
        return await self._vouchers.reviews.submitted(
            proposal.voucher, names, openid=by.openid, name=by.name, asked_at=asked_at
        )

    async def _shared(self, pairs: Mapping[str, str], by: Author) -> dict[str, Voucher]:
        """The vouchers that ``consume_share_card_list`` names by id, number or title; unknown ones are left out."""
        found = {}
        for word, raw in pairs.items():
            known = named(word)
            for words in shared_words(known.field, raw) if known else ():
                try:
                    found[words] = await self._vouchers.find(words, by)
                except VoucherNotFound:
                    continue
        return found
