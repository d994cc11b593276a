"""What becomes of a job that failed: tried again after a pause, by kind of fault, or given up.

One table. Pauses are seconds, one for each further attempt; when a kind's pauses are used up the job is dead. Calls
whose outcome is unknown are not repeated blindly: only a job registered as ``looks_first`` (it asks WeChat whether the
thing has happened before doing it) is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot import clock
from bot.errors import (
    Explained,
    NotServed,
    OutcomeUnknown,
    QuotaUsedUp,
    StoreUnavailable,
    TokenBudgetSpent,
    TokenRejected,
    TooFast,
    WeChatBusy,
    WeChatRefused,
    WeChatUnreachable,
)


class Later(Exception):  # noqa: N818 - said by a job, not gone wrong
    """Raised by a job: not yet. Run it again in ``seconds``; it counts as no failure. ``why`` goes into the record."""

    def __init__(self, seconds: float, why: str) -> None:
        super().__init__(why)
        self.seconds = seconds
        self.why = why


class Hopeless(Exception):  # noqa: N818 - said by a job, not gone wrong
    """Raised by a job: no repeating helps. ``why`` goes into the record: a few words, none of anybody's message."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class UnknownJob(Exception):  # noqa: N818 - named for what happened
    """No function of that name in this process; a newer one may have it."""


TOMORROW = -1.0
"""Instead of a pause: five minutes into WeChat's next day, when daily allowances begin anew."""
NEXT_MINUTE = -2.0
"""Instead of a pause: a second into the next minute."""


@dataclass(frozen=True, slots=True)
class Rule:
    """The pauses after a fault; ``kind`` is what failures are counted under."""

    kind: str
    fault: type[Exception]
    pauses: tuple[float, ...]


RULES = (  # the first that fits, so the special ones stand before the general
    Rule("busy", WeChatBusy, (2, 5, 15, 60, 300)),
    Rule("too fast", TooFast, (NEXT_MINUTE, NEXT_MINUTE, 120, 300)),
    Rule("quota", QuotaUsedUp, (TOMORROW,)),
    Rule("refused", WeChatRefused, ()),
    Rule("unreachable", WeChatUnreachable, (1, 2, 5, 15, 60, 300, 900)),
    Rule("token budget", TokenBudgetSpent, (TOMORROW,)),
    Rule("token", TokenRejected, (5, 60, 600)),
    Rule("unknown outcome", OutcomeUnknown, ()),
    Rule("redis", StoreUnavailable, (0.5, 1, 2, 5, 10, 30, 60, 300)),
    Rule("explained", Explained, ()),
    Rule("unknown job", UnknownJob, (30,) * 20),
    Rule("not served", NotServed, (5, 60, 600, 3600)),
    Rule("other", Exception, (5, 60, 600)),
)
LOOKED_FIRST = Rule("unknown outcome", OutcomeUnknown, (5, 30, 120))


@dataclass(frozen=True, slots=True)
class Again:
    """Try again ``at``; ``faults`` counts this failure."""

    at: float
    faults: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Do not try again, because of ``reason``."""

    reason: str


def after(fault: Exception, faults: Mapping[str, int], *, looks_first: bool = False) -> Again | GiveUp:
    """What to do after ``fault``, when ``faults`` went before, by kind."""
    rule = rule_for(fault, looks_first=looks_first)
    count = faults.get(rule.kind, 0)
    if count < len(rule.pauses):
        return Again(due(rule.pauses[count]), {**faults, rule.kind: count + 1})
    if rule.pauses:
        return GiveUp(f"{rule.kind}: tried {count + 1} times")
    return GiveUp(f"{rule.kind}: repeating does not help" if rule.fault is not OutcomeUnknown else "outcome unknown")


def rule_for(fault: Exception, *, looks_first: bool = False) -> Rule:
    """The row of the table that ``fault`` falls under."""
    if looks_first and isinstance(fault, OutcomeUnknown):
        return LOOKED_FIRST
    return next(rule for rule in RULES if isinstance(fault, rule.fault))


def due(pause: float) -> float:
    """The moment ``pause`` seconds from now, or that of :data:`TOMORROW` or :data:`NEXT_MINUTE`."""
    now = clock.now()
    if pause == TOMORROW:
        return clock.day_start(clock.wechat_today() + timedelta(days=1)) + 300.0
    if pause == NEXT_MINUTE:
        return (now // 60 + 1) * 60 + 1
    return now + pause
