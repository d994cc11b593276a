"""The grammar of spans of days, in both languages, as people type it on a phone.

Days are WeChat's (UTC+8). The latest one with figures is yesterday, so a span of figures never reaches further.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.dates import DAY_WORDS, Spelled, complete, endpoint, following, last_of_month, latest, plain, spell
from bot.errors import BadArgument
from bot.stats import days
from bot.stats.days import ONE_DAY, DayRange

MOST_DAYS = 5 * 366
"""Nobody reads a longer span in a chat, and WeChat would be asked for it in sixty calls."""

_MOST_DAYS_INTO_NEXT_YEAR = 183
"""``12.20-1.5`` runs into the new year; ``6.15-6.1`` would run 351 days and is a slip."""


def _named() -> dict[str, Callable[[date], DayRange]]:
    words = {
        days.yesterday: "yesterday 昨天 昨日",
        days.week: "week thisweek 本周 这周 这个周 这一周",
        days.last_week: "lastweek 上周 上个周 上一周",
        days.month: "month thismonth 本月 这月 这个月 当月",
        days.last_month: "lastmonth 上月 上个月",
        days.year: "year thisyear 今年 本年",
        days.last_year: "lastyear 去年 上一年",
    }
    return {plain(word): meaning for meaning, spellings in words.items() for word in spellings.split()}


def _compact(words: str) -> str:
    return words.replace(" ", "").replace("星期", "周").replace("礼拜", "周")


_NAMED = _named()
_COUNT = re.compile(
    r"(?P<recent>(?:the )?(?:last|past)|最近|近|过去|前)?\s*(?P<count>\d{1,6})\s*"
    r"(?:(?P<day>d|days?|天)|(?P<week>w|weeks?|个?(?:周|星期|礼拜))|(?P<month>months?|个月)|(?P<loose>日))"
)
_SEPARATOR = re.compile(r"\s*(?:[-~到至]| to )\s*|\s+")
_FROM = re.compile(r"(?:从|自|from )\s*(?=\S)")
_LONGEST_WRITTEN = 60
_BARE_DAY = re.compile(r"\d{1,2}")


def parse_range(text: str, today: date) -> DayRange | None:
    """The days ``text`` means on ``today`` (UTC+8), or None where it is no range at all.

    Raises :exc:`bot.errors.BadArgument` where it clearly is one that cannot be answered: today, the future, the end
    before the beginning, a day that does not exist, more than five years.
    """
    words = plain(text)
    if len(words) > _LONGEST_WRITTEN:
        return None
    if named := _NAMED.get(_compact(words)):
        return named(today)
    if count := _COUNT.fullmatch(words):
        return _counted(count, text, today)
    begins = _FROM.match(words)
    words = words[begins.end() :] if begins else words
    # 从6月15日 has no end, so it is not that day.
    single = None if begins else endpoint(words, today)
    if single is not None:
        return _settled(*_whole(single, today), text, today, "day" if single.day is not None else "dates")
    for separator in _SEPARATOR.finditer(words):
        pair = _pair(words[: separator.start()], words[separator.end() :], today, loose=bool(separator[0].strip()))
        if pair is not None:
            return _settled(*_resolved(*pair, text, today), text, today, "dates")
    return None


def parse_range_until_now(text: str, today: date) -> DayRange | None:
    """As :func:`parse_range`, of what is known at once: today counts, and spans that run reach it."""
    try:
        span = parse_range(text, today)
    except BadArgument as error:
        if error.template == "ranges.future":
            raise BadArgument("ranges.not_yet", **error.values) from None
        if error.template != "ranges.today":
            raise
        return DayRange(today, today, "day")
    if span is None:
        return None
    if span.note.endswith("_begins_today"):
        return DayRange(today, today, "day")
    if span.label == "days":
        return DayRange(span.first + ONE_DAY, today, "days")
    runs = span.label in ("week", "month", "year") or span.note == "cut"
    return replace(span, last=today, note="") if runs else span


def nearest_range(text: str) -> str:
    """The named span that ``text`` looks like but for a slip (yesterdya), or "" where none does."""
    found = process.extractOne(_compact(plain(text)), list(_NAMED), scorer=OSA.normalized_similarity, score_cutoff=0.6)
    return str(found[0]) if found else ""


def _counted(found: re.Match[str], text: str, today: date) -> DayRange | None:
    if found["loose"] and not found["recent"]:
        return _settled(*_whole(_must(spell(f"{found['count']}日")), today), text, today, "day")
    count = int(found["count"])
    if count == 0:
        raise BadArgument("ranges.no_days", found=text)
    if found["month"]:
        return _settled(_months_back(today, min(count, 600)), today - ONE_DAY, text, today, "dates")
    length = count * 7 if found["week"] else count
    _refuse_longer_than_most(length, text)
    return days.last_days(length, today)


def _must(spelled: Spelled | None) -> Spelled:
    if spelled is None:  # pragma: no cover - the caller wrote the form itself
        raise ValueError("not a day")
    return spelled


def _months_back(today: date, count: int) -> date:
    months = today.year * 12 + today.month - 1 - count
    first = date(months // 12, months % 12 + 1, 1)
    return min(first.replace(day=1) + timedelta(days=today.day - 1), last_of_month(first))


def _pair(left: str, right: str, today: date, *, loose: bool) -> tuple[Spelled, Spelled] | None:
    """Both ends of a span, or None. ``loose``: a sign stands between them, so one may borrow the other's month."""
    first, last = _end_of_pair(left, today, loose=loose), _end_of_pair(right, today, loose=loose)
    if first is None or last is None:
        return None
    if first.month is None and last.month is None and _BARE_DAY.fullmatch(left) and _BARE_DAY.fullmatch(right):
        return None
    if None in (first.month, last.month) and None in (first.day, last.day):
        return None
    return first if right in DAY_WORDS else complete(first, last), complete(last, first)


def _end_of_pair(words: str, today: date, *, loose: bool) -> Spelled | None:
    if loose and _BARE_DAY.fullmatch(words):
        return Spelled(words, day=int(words)) if 1 <= int(words) <= 31 else None
    return endpoint(words, today)


def _whole(spelled: Spelled, today: date) -> tuple[date, date]:
    first = latest(spelled, today)
    return first, first if spelled.day is not None else last_of_month(first)


def _resolved(first: Spelled, last: Spelled, text: str, today: date) -> tuple[date, date]:
    """Both days of a span. Years left out are such that the span is the latest one that has begun."""
    if first.year is None and last.year is not None:
        end = latest(last, today)
        begin = latest(first, end)
    else:
        begin = latest(first, today)
        end = following(last, begin) if last.day is not None else following(last, begin.replace(day=1))
    if last.day is None:
        end = last_of_month(end)
    guessed = (first.year is None) != (last.year is None) or first.year is None
    if begin > end or (guessed and begin.year < end.year and (end - begin).days > _MOST_DAYS_INTO_NEXT_YEAR):
        raise BadArgument("ranges.backwards", found=text, first=first.text, last=last.text)
    return begin, end


def _settled(first: date, last: date, text: str, today: date, label: str) -> DayRange:
    """The span up to yesterday at most."""
    if first == today:
        raise BadArgument("ranges.today", found=text)
    if first > today:
        raise BadArgument("ranges.future", found=text, first=first)
    span = DayRange(first, last, label) if last < today else DayRange(first, today - ONE_DAY, label, "cut")
    _refuse_longer_than_most(len(span), text)
    return replace(span, label="yesterday") if span.first == today - ONE_DAY else span


def _refuse_longer_than_most(length: int, text: str) -> None:
    if length > MOST_DAYS:
        raise BadArgument("ranges.too_long", found=text, years=5)
