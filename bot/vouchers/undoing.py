"""Putting a change back: which of its fields can have their old values again, and what that comes to now.

WeChat lets validity only widen, and fields that must not be empty cannot become empty again. The rest is an update
like any other: previewed, reviewed, read back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.errors import WeChatRefused
from bot.vouchers import rules
from bot.vouchers.catalogue import INVALID_CARD_ID
from bot.vouchers.changes import Change, Proposal
from bot.vouchers.colors import color_name
from bot.vouchers.fields import Field, Kind
from bot.vouchers.model import Voucher
from bot.vouchers.records import MAY_HAVE_HAPPENED, Asked, Author, Records, What
from bot.vouchers.rivals import undone_by
from bot.vouchers.showing import given

if TYPE_CHECKING:
    from bot.vouchers.service import Vouchers

WIDENED = frozenset({Kind.VALIDITY, Kind.VALIDITY_TYPE, Kind.FIRST_DAY, Kind.LAST_DAY})
OF_VOUCHERS = frozenset({What.UPDATE, What.STOCK, What.CREATE, What.DELETE})
_LOOKED_THROUGH = 50


@dataclass(frozen=True, slots=True)
class Undoing:
    """``proposal`` puts ``asked`` back but for the fields that stay: ``widened`` ones, and ``filled`` ones."""

    asked: Asked
    proposal: Proposal
    widened: tuple[Field, ...] = ()
    filled: tuple[Field, ...] = ()

    def payload(self) -> dict[str, Any]:
        """What a yes needs to know, as JSON; the log names the change that was put back."""
        return {**self.proposal.payload(), "undoes": self.asked.number}


class Undo:
    """Puts changes of one account back."""

    def __init__(self, vouchers: Vouchers, records: Records) -> None:
        self._vouchers = vouchers
        self._records = records

    async def last(self, by: Author, voucher: Voucher | None = None) -> Asked | None:
        """The last thing ``by`` changed, or anybody about ``voucher``; what certainly did not happen is passed over."""
        card_id, openid = (voucher.card_id, "") if voucher else ("", by.openid)
        # Of a voucher's codes hundreds are redeemed a day; none of that changes the voucher.
        whats = OF_VOUCHERS if voucher else ()
        found = await self._records.newest(_LOOKED_THROUGH, card_id=card_id, openid=openid, whats=whats)
        return next((asked for asked in found if asked.ending in MAY_HAVE_HAPPENED), None)

    async def updated(self, card_id: str) -> bool:
        """Whether an update of this voucher is on record that may have happened, so that there is something to undo."""
        found = await self._records.newest(_LOOKED_THROUGH, card_id=card_id, whats=(What.UPDATE,))
        return any(asked.ending in MAY_HAVE_HAPPENED for asked in found)

    async def already(self, asked: Asked) -> Asked | None:
        """Who has put this change back, or is about to."""
        return await undone_by(self._records, asked.number, asked.card_id)

    async def propose(self, asked: Asked) -> Undoing:
        """What putting an update back would change now. Raises the WeChatError tree."""
        voucher, changes = await self._vouchers.get(asked.card_id), asked.differences()
        wanted, widened, filled = old_values(changes)
        shared = [await self._known(card_id) for card_id in sorted(given(changes))]
        proposal = rules.weigh(voucher, wanted, shared=[target for target in shared if target])
        return Undoing(asked, proposal, widened, filled)

    async def _known(self, card_id: str) -> Voucher | None:
        """A voucher that is given along, or None where there is none any more: WeChat then says so itself."""
        try:
            return await self._vouchers.get(card_id)
        except WeChatRefused as refusal:
            if refusal.errcode != INVALID_CARD_ID:
                raise
            return None


def old_values(changes: Iterable[Change]) -> tuple[dict[str, Any], tuple[Field, ...], tuple[Field, ...]]:
    """Field names and the values to send for them; the fields that were widened, and those that cannot be emptied."""
    wanted, widened, filled = dict[str, Any](), list[Field](), list[Field]()
    for change in changes:
        value = _sendable(change)
        if change.field.kind in WIDENED:
            widened.append(change.field)
        elif value in (None, "", []) and change.field.required:
            filled.append(change.field)
        else:
            wanted[change.field.name] = value
    return wanted, tuple(widened), tuple(filled)


def _sendable(change: Change) -> Any:
    """The old value as card/update takes it: card/get tells colours by hex, and leaves out what is empty."""
    field, before = change.field, change.before
    if field.kind is Kind.COLOR:
        return color_name(str(before or ""))
    if before is not None:
        return before
    return [] if field.json.endswith("[]") else 0 if field.kind is Kind.SHARE_SELF else ""
