"""What is usual for a weekday: the median of the same weekday in the four weeks before; and how steady it is. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from math import sqrt
from statistics import fmean, median

from bot.stats.figures import Figures

WEEKS = 4
LEAST_KNOWN = 2
"""Weeks with data: one day alone is no custom."""

LEAST_DAYS = 25
"""Days with data, of 28, below which nothing is said about how steady they are."""
ODD_DAYS = 2
"""Days a month may be out of the ordinary without making the others look unsteady."""
TO_DEVIATION = 1.42
"""What remains without the odd days, measured from medians of four, times this is the standard deviation (measured:
100,000 draws of 28 normal days)."""


def usual(weeks: Figures, day: date, kind: str = "verify") -> int | None:
    """How often ``kind`` usually happens on the weekday of ``day``; None where too few of the weeks are known.

    A half counts up. A day WeChat left out is not known, and neither is one it has not finished.
    """
    late = set(weeks.days_not_ready)
    known = weeks.by_day(kind)
    same = [day - timedelta(weeks=number) for number in range(1, WEEKS + 1)]
    counts = [known[each] for each in same if each in known and each not in late]
    return int(median(counts) + 0.5) if len(counts) >= LEAST_KNOWN else None


def spread(weeks: Figures, day: date, kind: str = "verify") -> float | None:
    """How far a day usually lies from what is usual for its weekday, as a standard deviation.

    Weekdays are compared with themselves only. None where too few of the four weeks before ``day`` are known.
    """
    late = set(weeks.days_not_ready)
    known = weeks.by_day(kind)
    before = [day - timedelta(days=number) for number in range(1, 7 * WEEKS + 1)]
    weekdays = [[known[each] for each in before[first::7] if each in known and each not in late] for first in range(7)]
    off = sorted(abs(count - median(counts)) for counts in weekdays if len(counts) > 1 for count in counts)
    if len(off) < LEAST_DAYS:
        return None
    return TO_DEVIATION * sqrt(fmean(each * each for each in off[:-ODD_DAYS]))
