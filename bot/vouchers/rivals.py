"""What colleagues did about the same voucher at the same time, as far as it is on record.

WeChat's answers name no request: whether it was ours or a colleague's that took effect, only the log can tell.
"""

from __future__ import annotations

from bot import clock
from bot.vouchers.records import MAY_HAVE_HAPPENED, Asked, Ending, Records, What

LOOKED_THROUGH = 50
MARGIN = 60
"""Seconds: clocks of two machines differ, and a voucher is read a moment before the call about it is noted."""
STILL_ARRIVES = 3600
"""Seconds after which a call without an answer is not expected to take effect any more."""


async def undone_by(records: Records, asked: int, card_id: str, own: int = 0) -> Asked | None:
    """Who put change ``asked`` back already, or is about to; of several who do it at once the first on record.

    ``own`` is the number of one's own attempt, noted before this is asked: whoever is later finds the other.
    """
    found = await records.newest(LOOKED_THROUGH, card_id=card_id)
    rivals = [
        each
        for each in found
        if each.details.get("undoes") == asked and each.ending in MAY_HAVE_HAPPENED and (not own or each.number < own)
    ]
    return rivals[-1] if rivals else None


async def overlapped(records: Records, what: What, card_id: str, own: int, since: float) -> bool:
    """Whether somebody else's ``what`` may have taken effect between ``since`` and now, beside change ``own``."""
    found = await records.newest(LOOKED_THROUGH, card_id=card_id)
    others = [each for each in found if each.what == what and each.number != own]
    return any(each.ending in MAY_HAVE_HAPPENED and _until(each) >= since - MARGIN for each in others)


def _until(asked: Asked) -> float:
    """When it took effect at the latest."""
    if asked.end is None or asked.ending is Ending.IN_DOUBT:
        return min(asked.at + STILL_ARRIVES, clock.now())
    return float(asked.end["at"])
