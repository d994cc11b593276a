"""Spans of WeChat's days (UTC+8), the latest of which is yesterday."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from bot import clock

MOST_DAYS_PER_CALL = 62
"""One call covers 62 days, counting both ends (Friend's Vouchers Management APIs, notes of both data calls)."""

RELIABLE_SINCE = date(2014, 12, 1)
"""WeChat vouches for no figures before this day."""

ONE_DAY = timedelta(days=1)

FORTNIGHT = 14
"""Days from which it matters little on which weekday a span begins."""


@dataclass(frozen=True, slots=True)
class DayRange:
    """Whole days from ``first`` to ``last``, both included.

    ``label`` says how they were asked for: ``yesterday``, ``day``, ``days``, ``week``, ``last_week``, ``month``,
    ``last_month``, ``year``, ``last_year`` or ``dates``. ``note`` says what had to be bent: empty,
    ``week_begins_today``, ``month_begins_today`` or ``year_begins_today`` (the last full one stands instead), ``cut``
    (the end lay after yesterday).
    """

    first: date
    last: date
    label: str = "dates"
    note: str = ""

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError(f"first day {self.first} is after the last, {self.last}")

    def __len__(self) -> int:
        return (self.last - self.first).days + 1

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def days(self) -> Iterator[date]:
        """Every day, in order."""
        return (self.first + timedelta(days=n) for n in range(len(self)))

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """From what :meth:`stored` gave."""
        return cls(date.fromisoformat(stored["first"]), date.fromisoformat(stored["last"]))

    def stored(self) -> dict[str, str]:
        """The days as JSON values, without how they were asked for: tomorrow "yesterday" is another day."""
        return {"first": self.first.isoformat(), "last": self.last.isoformat()}

    def before(self) -> DayRange:
        """The span of the same length that ends where this one begins."""
        return DayRange(self.first - timedelta(days=len(self)), self.first - ONE_DAY)

    @property
    def weeks_back(self) -> int:
        """How many weeks earlier the same weekdays lie that it is compared with; 0: it is with the days just before.

        Next to the Friday to Sunday before them, Monday to Wednesday look bad in every week of every restaurant.
        """
        return 0 if len(self) in (1, 7) or len(self) >= FORTNIGHT else 1 + len(self) // 7

    def compared(self) -> DayRange:
        """The span of the same length, before this one, that it is fair to compare it with."""
        back = timedelta(weeks=self.weeks_back)
        return DayRange(self.first - back, self.last - back) if back else self.before()

    @property
    def reaches_unreliable_days(self) -> bool:
        """Whether WeChat's history does not cover all of it (:data:`RELIABLE_SINCE`)."""
        return self.first < RELIABLE_SINCE


def yesterday(today: date) -> DayRange:
    """The latest day that can be asked for."""
    return DayRange(today - ONE_DAY, today - ONE_DAY, "yesterday")


def last_days(count: int, today: date) -> DayRange:
    """The ``count`` days that end yesterday."""
    return DayRange(today - timedelta(days=count), today - ONE_DAY, "days")


def week(today: date) -> DayRange:
    """Monday to yesterday; on a Monday the week before, which the note says."""
    if today.weekday() == 0:
        full = last_week(today)
        return DayRange(full.first, full.last, full.label, "week_begins_today")
    return DayRange(today - timedelta(days=today.weekday()), today - ONE_DAY, "week")


def last_week(today: date) -> DayRange:
    """The last Monday to Sunday that is over."""
    monday = today - timedelta(days=today.weekday())
    return DayRange(monday - timedelta(days=7), monday - ONE_DAY, "last_week")


def month(today: date) -> DayRange:
    """The 1st to yesterday; on the 1st the month before, which the note says."""
    if today.day == 1:
        full = last_month(today)
        return DayRange(full.first, full.last, full.label, "month_begins_today")
    return DayRange(today.replace(day=1), today - ONE_DAY, "month")


def last_month(today: date) -> DayRange:
    """The last calendar month that is over."""
    last = today.replace(day=1) - ONE_DAY
    return DayRange(last.replace(day=1), last, "last_month")


def year(today: date) -> DayRange:
    """1 January to yesterday; on 1 January the year before, which the note says."""
    if (today.month, today.day) == (1, 1):
        full = last_year(today)
        return DayRange(full.first, full.last, full.label, "year_begins_today")
    return DayRange(today.replace(month=1, day=1), today - ONE_DAY, "year")


def last_year(today: date) -> DayRange:
    """The last calendar year that is over."""
    return DayRange(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31), "last_year")


def runs(days: Iterable[date]) -> list[DayRange]:
    """``days``, in order, as spans of consecutive days."""
    found: list[DayRange] = []
    for day in days:
        if found and day - found[-1].last == ONE_DAY:
            found[-1] = DayRange(found[-1].first, day)
        else:
            found.append(DayRange(day, day))
    return found


def covering(days: Iterable[date], limit: int = MOST_DAYS_PER_CALL) -> list[DayRange]:
    """The fewest spans of at most ``limit`` days that hold all of ``days``, which come in order; none overlap."""
    found: list[DayRange] = []
    for day in days:
        if found and (day - found[-1].first).days < limit:
            found[-1] = DayRange(found[-1].first, day)
        else:
            found.append(DayRange(day, day))
    return found


def differ_from(zone: ZoneInfo) -> bool:
    """Whether days in ``zone`` are now other days than WeChat's."""
    return clock.local(clock.now(), zone).utcoffset() != clock.local(clock.now()).utcoffset()
