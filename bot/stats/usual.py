"""What is usual for a weekday: the median of the same weekday in the four weeks before. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from statistics import median

from bot.stats.figures import Figures

WEEKS = 4
LEAST_KNOWN = 2
"""Weeks with data: one day alone is no custom."""


def usual(weeks: Figures, day: date, kind: str = "verify") -> int | None:
    """How often ``kind`` usually happens on the weekday of ``day``; None where too few of the weeks are known.

    A half counts up. A day WeChat left out is not known, and neither is one it has not finished.
    """
    late = set(weeks.days_not_ready)
    known = weeks.by_day(kind)
    same = [day - timedelta(weeks=number) for number in range(1, WEEKS + 1)]
    counts = [known[each] for each in same if each in known and each not in late]
    return int(median(counts) + 0.5) if len(counts) >= LEAST_KNOWN else None
