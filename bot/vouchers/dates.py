"""Dates as a shop types them, read as WeChat's days (UTC+8)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from bot.clock import WECHAT_ZONE, local

LATEST = 2_147_443_199
"""2038-01-18 23:59:59 UTC+8; WeChat counts in 31 bits."""

_DAY = re.compile(r"(?:(\d{4})\s*[-/.年]\s*)?(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
_COMPACT = re.compile(r"(20\d\d)(\d\d)(\d\d)")
_YEARS = {"今年": 0, "明年": 1, "后年": 2}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAY_FIRST = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH}(?:,?\s+(\d{{4}}))?")
_MONTH_FIRST = re.compile(rf"{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(\d{{4}}))?")
_TIME = re.compile(r"(?:^|[\s日号T])(\d{1,2}):(\d{2})(?::(\d{2}))?$")
_SEPARATOR = re.compile(r"\s*(?:至|到|~|～|—|–|-|\bto\b)\s*")


def moment(text: str, near: date, *, end: bool) -> int | None:
    """Seconds since 1970 for ``2026-12-31``, ``12月31日``, ``31 Dec``, ``12.31 18:00`` or ten digits; None otherwise.

    A day alone means its first second, with ``end`` its last (23:59:59). Without a year it is the next such day from
    ``near`` on with ``end``, else the last such day up to ``near``: validity may only widen.
    """
    text = text.strip()
    if re.fullmatch(r"\d{10}", text):
        return int(text)
    clock = _TIME.search(text)
    day = day_of(text[: clock.start(1)] if clock else text, near, forward=end)
    if day is None:
        return None
    try:
        hour = _time(*clock.groups()) if clock else time(23, 59, 59) if end else time()
    except ValueError:
        return None
    return int(datetime.combine(day, hour, WECHAT_ZONE).timestamp())


def _time(hour: str, minute: str, second: str | None) -> time:
    return time(int(hour), int(minute), int(second or 0))


def span(text: str, near_begin: date, near_end: date) -> tuple[int, int] | None:
    """First and last second of ``1月1日-3月31日``, ``2026-01-01 至 2026-03-31``, ``1 Jan to 31 Mar``."""
    for sign in _SEPARATOR.finditer(text):
        first = moment(text[: sign.start()], near_begin, end=False)
        last = moment(text[sign.end() :], near_end, end=True)
        if first is not None and last is not None:
            return first, last
    return None


def day_of(text: str, near: date, *, forward: bool) -> date | None:
    """The day ``text`` names; without a year the nearest one from ``near``, forward or backward."""
    text = text.strip().lower()
    if forward and text[:2] in _YEARS:
        text = f"{near.year + _YEARS[text[:2]]}年{text[2:].strip()}"
    parts = _parts(text)
    if parts is None:
        return None
    year, month, day = parts
    step = 1 if forward else -1
    # Eight years reach the next 29 February from anywhere.
    for candidate in (year,) if year else range(near.year, near.year + 9 * step, step):
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if year or (found >= near if forward else found <= near):
            return found
    return None


def _parts(text: str) -> tuple[int, int, int] | None:
    """Year (0 = none given), month, day."""
    if match := _DAY.fullmatch(text) or _COMPACT.fullmatch(text):
        year, month, day = match.groups()
    elif match := _DAY_FIRST.fullmatch(text):
        day, month, year = match.groups()
    elif match := _MONTH_FIRST.fullmatch(text):
        month, day, year = match.groups()
    else:
        return None
    return int(year or 0), int(month) if month.isdigit() else _MONTHS.index(month) + 1, int(day)


def three_months_after(seconds: float) -> int:
    """The last second of the day three months later, 92 days at least: WeChat says "three months" and no more."""
    day = local(seconds).date()
    month = day.month + 3
    year, month = (day.year, month) if month <= 12 else (day.year + 1, month - 12)
    later = max(day + timedelta(days=92), next(_days_of_month(year, month, day.day)))
    return int(datetime.combine(later, time(23, 59, 59), WECHAT_ZONE).timestamp())


def _days_of_month(year: int, month: int, day: int) -> Iterator[date]:
    """``day`` of that month, or the month's last day where it is shorter."""
    for candidate in range(day, day - 4, -1):
        try:
            yield date(year, month, candidate)
        except ValueError:
            continue
