"""First and last days of a validity as a shop types them, in seconds of WeChat's days (UTC+8)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

from bot.clock import WECHAT_ZONE, local
from bot.dates import following, latest, read_day
from bot.errors import BadArgument

LATEST = 2_147_443_199
"""2038-01-18 23:59:59 UTC+8; WeChat counts in 31 bits."""

_LAST_SECOND = time(23, 59, 59)
_TIME = re.compile(r"(?:^|[\s日号T])(\d{1,2})[:：](\d{2})(?:[:：](\d{2}))?$")
_SEPARATOR = re.compile(r"\s*(?:至|到|~|～|—|–|-|\bto\b)\s*")


class YearMissingError(Exception):
    """A first day without a year, which might be a past or a coming one: nobody should guess.

    ``day`` is the latest such day that a validity may be widened to.
    """

    def __init__(self, day: date) -> None:
        super().__init__(day.isoformat())
        self.day = day


def beginning(text: str, present: date | None, today: date) -> int | None:
    """The first second of ``2026-12-01``, ``12月1日``, ``1 Dec`` (or its ``18:00``), ten digits; None otherwise.

    ``present`` is the first day until now: validity may only widen, so a day without a year is the last such one up
    to it. Raises :exc:`YearMissingError` where that one would be over already.
    """
    return _seconds(text, time(), lambda day: _first_day(day, present, today))


def ending(text: str, today: date) -> int | None:
    """The last second of such a day; without a year the next one from ``today`` on."""
    return _seconds(text, _LAST_SECOND, lambda day: _last_day(day, today))


def span(text: str, present: date | None, today: date) -> tuple[int, int] | None:
    """First and last second of ``1月1日-3月31日``, ``2026-01-01 至 2026-03-31``, ``1 Jan to 31 Mar``.

    Raises :exc:`YearMissingError` as :func:`beginning` does.
    """
    for sign in _SEPARATOR.finditer(text):
        last = ending(text[sign.end() :], today)
        first = beginning(text[: sign.start()], present, today) if last is not None else None
        if first is not None and last is not None:
            return first, last
    return None


def coming_span(text: str, today: date) -> tuple[int, int] | None:
    """As :func:`span`, of a validity that is yet to begin: days without a year are the next such ones.

    A last day alone (``到12月31日``) begins today.
    """
    for sign in _SEPARATOR.finditer(text):
        first = _seconds(text[: sign.start()], time(), lambda day: _last_day(day, today))
        begins = today if first is None else local(first).date()
        last = _seconds(text[sign.end() :], _LAST_SECOND, lambda day: _last_day(day, begins))  # noqa: B023 - read now
        if last is not None and (first is not None or not text[: sign.start()].strip()):
            return (int(datetime.combine(today, time(), WECHAT_ZONE).timestamp()) if first is None else first), last
    last = ending(text, today)
    return None if last is None else (int(datetime.combine(today, time(), WECHAT_ZONE).timestamp()), last)


def _first_day(text: str, present: date | None, today: date) -> date | None:
    spelled = read_day(text, today)
    if spelled is None:
        return None
    found = latest(spelled, present or today)
    if spelled.year is None and found != present and found < today:
        raise YearMissingError(found)
    return found


def _last_day(text: str, today: date) -> date | None:
    spelled = read_day(text, today)
    return following(spelled, today) if spelled else None


def _seconds(text: str, natural: time, read: Callable[[str], date | None]) -> int | None:
    """The day that ``read`` finds in ``text``, at the time ``text`` ends with, else at ``natural``."""
    text = text.strip()
    if re.fullmatch(r"\d{10}", text):
        return int(text)
    clock = _TIME.search(text)
    try:
        hour = _time(*clock.groups()) if clock else natural
        day = read(text[: clock.start(1)] if clock else text)
    except (BadArgument, ValueError):
        return None
    return None if day is None else int(datetime.combine(day, hour, WECHAT_ZONE).timestamp())


def _time(hour: str, minute: str, second: str | None) -> time:
    return time(int(hour), int(minute), int(second or 0))


def three_months_after(seconds: float) -> int:
    """The last second of the day three months later, 92 days at least: WeChat says "three months" and no more."""
    day = local(seconds).date()
    month = day.month + 3
    year, month = (day.year, month) if month <= 12 else (day.year + 1, month - 12)
    later = max(day + timedelta(days=92), next(_days_of_month(year, month, day.day)))
    return int(datetime.combine(later, _LAST_SECOND, WECHAT_ZONE).timestamp())


def _days_of_month(year: int, month: int, day: int) -> Iterator[date]:
    """``day`` of that month, or the month's last day where it is shorter."""
    for candidate in range(day, day - 4, -1):
        try:
            yield date(year, month, candidate)
        except ValueError:
            continue
