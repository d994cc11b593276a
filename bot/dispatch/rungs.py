"""What is done at the deadline: the rungs an answer may take when its own copy cannot wait any longer."""

from __future__ import annotations

from enum import StrEnum

from bot.dispatch.late import HEARS_WITHIN, Late
from bot.wechat.inbound import Incoming


class Rung(StrEnum):
    """What is done at the deadline with a copy whose answer is not known."""

    FOLLOWS = "follows"
    """``success`` now; the answer comes as a customer-service message."""
    WAITS = "waits"
    """It is left to run out, since only then does WeChat push again."""
    LAST = "last"
    """No further copy comes: an empty answer at the last moment, and the real one with the person's next message."""
    AWAY = "away"
    """Redis is away."""


async def rung_for(late: Late, push: Incoming, *, waited_for: bool, last: bool) -> Rung:
    """How the answer to ``push`` may reach its sender, whom this copy cannot tell it in time.

    ``waited_for``: somebody reads it who is no customer; ``last``: no further copy comes.
    """
    if not waited_for:
        return Rung.WAITS if await late.store_hears() else Rung.AWAY
    may_follow = await late.may_follow(push)
    if may_follow is None:
        return Rung.AWAY
    if may_follow:
        return Rung.FOLLOWS if await late.promise(push, HEARS_WITHIN / 2) else Rung.AWAY
    return Rung.LAST if last else Rung.WAITS
