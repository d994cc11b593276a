"""What colleagues did about the same voucher at the same time, as far as it is on record.

WeChat's answers name no request: whether it was ours or a colleague's that took effect, only the log can tell.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot import clock
from bot.vouchers.changes import Change
from bot.vouchers.records import LOOKED_BACK, MAY_HAVE_HAPPENED, Asked, Ending, Records, What

LOOKED_THROUGH = 50
MARGIN = 60
"""Seconds: clocks of two machines differ, and a voucher is read a moment before the call about it is noted."""
RUNS = 60
"""Seconds a change may be without an end while its process lives: a call takes no longer."""
STILL_ARRIVES = 3600
"""Seconds after which a call without an answer is not expected to take effect any more."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The log before a voucher is read: ``last`` is its newest change's number, ``running`` those without an end."""

    last: int
    running: frozenset[int]


async def standing(records: Records, card_id: str) -> Standing:
    """What may change ``card_id`` at this moment; to be asked before it is read."""
    found = await records.newest(LOOKED_THROUGH, card_id=card_id, whats=(What.UPDATE,), within=LOOKED_BACK)
    running = [each.number for each in found if each.end is None and each.at >= clock.now() - RUNS]
    return Standing(max((each.number for each in found), default=0), frozenset(running))


async def interfered(records: Records, card_id: str, own: int, before: Standing, changes: Iterable[Change]) -> bool:
    """Whether an update noted earlier than ``own`` may have changed the same since ``card_id`` was read.

    Of two at once the later one finds the earlier one so, and the earlier one goes on.
    """
    touched = {_sent_together(change) for change in changes}
    found = await records.newest(LOOKED_THROUGH, card_id=card_id, whats=(What.UPDATE,), within=LOOKED_BACK)
    earlier = [each for each in found if each.number < own]
    since = [each for each in earlier if each.number > before.last or each.number in before.running]
    return any(
        each.ending in MAY_HAVE_HAPPENED and touched & {_sent_together(change) for change in each.differences()}
        for each in since
    )


def _sent_together(change: Change) -> tuple[str, ...]:
    """What an update sends as a whole: of dates and cover all, though one part of it changes."""
    return change.field.path[:2]


async def undone_by(records: Records, asked: int, card_id: str, own: int = 0) -> Asked | None:
    """Who put change ``asked`` of stock back already, or is about to; of several who do it at once the first on record.

    ``own`` is the number of one's own attempt, noted before this is asked: whoever is later finds the other.
    """
    found = await records.newest(LOOKED_THROUGH, card_id=card_id, whats=(What.STOCK,))
    rivals = [
        each
        for each in found
        if each.details.get("undoes") == asked and each.ending in MAY_HAVE_HAPPENED and (not own or each.number < own)
    ]
    return rivals[-1] if rivals else None


async def overlapped(records: Records, what: What, card_id: str, own: int, since: float) -> bool:
    """Whether somebody else's ``what`` may have taken effect between ``since`` and now, beside change ``own``."""
    found = await records.newest(LOOKED_THROUGH, card_id=card_id, whats=(what,), within=LOOKED_BACK)
    others = [each for each in found if each.number != own]
    return any(each.ending in MAY_HAVE_HAPPENED and _until(each) >= since - MARGIN for each in others)


def _until(asked: Asked) -> float:
    """When it took effect at the latest."""
    if asked.end is None or asked.ending is Ending.IN_DOUBT:
        return min(asked.at + STILL_ARRIVES, clock.now())
    return float(asked.end["at"])
