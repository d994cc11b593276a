"""WeChat's calendar: days are those of UTC+8, whatever the clock of this machine says."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))
DAY = timedelta(days=1)


def moment() -> datetime:
    """Now, on WeChat's clock."""
    return datetime.fromtimestamp(time.time(), CHINA)


def day_of(seconds: float) -> date:
    """The day a moment (seconds since 1970) belongs to."""
    return datetime.fromtimestamp(seconds, CHINA).date()


def today() -> date:
    """WeChat's day."""
    return moment().date()


def timestamp(day: date, *, end: bool = False) -> int:
    """Seconds since 1970 of a day's first (or, with ``end``, last) second."""
    start = int(datetime(day.year, day.month, day.day, tzinfo=CHINA).timestamp())
    return start + 86399 if end else start
