"""The grammar of days and spans of days, in both languages."""

from __future__ import annotations

from datetime import date

from bot.stats import days
from bot.stats.days import DayRange

_NAMED = {
    "yesterday": days.yesterday, "昨天": days.yesterday, "昨日": days.yesterday,
    "week": days.week, "本周": days.week, "这周": days.week,
    "last week": days.last_week, "上周": days.last_week,
    "month": days.month, "本月": days.month, "这个月": days.month,
    "last month": days.last_month, "上月": days.last_month, "上个月": days.last_month,
}  # fmt: skip


def parse_range(text: str, today: date) -> DayRange | None:
    """The days ``text`` means on ``today`` (UTC+8), or None where it is no range at all.

    Raises :exc:`bot.errors.BadArgument` where it clearly is one that cannot be answered: today, the future, the end
    before the beginning, a day that does not exist, more than five years.
    """
    named = _NAMED.get(text.strip().lower())
    return None if named is None else named(today)


def parse_day(text: str, today: date, *, future: bool) -> date | None:
    """The one day ``text`` means, or None where it is no day; without a year the next (``future``) or latest such day.

    Raises :exc:`bot.errors.BadArgument` for a day no calendar has.
    """
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
