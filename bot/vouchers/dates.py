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
_MOST_BEGUN = timedelta(days=92)


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


def ending(text: str, today: date, start: date | None = None) -> int | None:
    """The last second of such a day; without a year the next one from ``start`` on, by default from ``today``."""
    return _seconds(text, _LAST_SECOND, lambda day: _coming_day(day, today, start or today))


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
    """As :func:`span`, of a new voucher's validity: days without a year are the next such ones.

    A first day up to three months ago has begun already, if the last one is still to come: on 22 November
    ``11月1日到12月31日`` is not next year's. A last day alone (``到12月31日``) begins today.
    """
    midnight = int(datetime.combine(today, time(), WECHAT_ZONE).timestamp())
    for sign in _SEPARATOR.finditer(text):
        head, tail = text[: sign.start()], text[sign.end() :]
        if (last := ending(tail, today)) is None:
            continue
        first = _first_second(head, local(last).date(), today) if head.strip() else midnight
        if first is not None:
            return first, ending(tail, today, local(first).date()) or last
    last = ending(text, today)
    return None if last is None else (midnight, last)


def _first_second(text: str, until: date, today: date) -> int | None:
    return _seconds(text, time(), lambda day: _begun_or_coming(day, until, today))


def _first_day(text: str, present: date | None, today: date) -> date | None:
    spelled = read_day(text, today)
    if spelled is None:
        return None
    found = latest(spelled, present or today)
    if spelled.year is None and found != present and found < today:
        raise YearMissingError(found)
    return found


def _begun_or_coming(text: str, until: date, today: date) -> date | None:
    """The next such day, unless the latest one before ``until`` was less than three months ago."""
    spelled = read_day(text, today)
    if spelled is None:
        return None
    begun = latest(spelled, until)
    return begun if today - _MOST_BEGUN <= begun <= until else following(spelled, today)


def _coming_day(text: str, today: date, start: date) -> date | None:
    spelled = read_day(text, today)
    return following(spelled, start) if spelled else None


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
