"""How people write one day: ``2015-06-15``, ``6月15日``, ``6.15``, ``15 Jun``, ``15号``, ``六月``.

No spelling knows what day it is until :func:`latest` or :func:`following` are asked, so one serves both the past
(figures) and the future (validity). Words such as 明天 and 月底 do: they are read for a day that counts as today.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import MAXYEAR, MINYEAR, date, timedelta

from bot.errors import BadArgument

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−〜", "-"))
_DIGITS = {mark: value for value, mark in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_NUMERALS = "〇零一二两三四五六七八九十百"
_NUMERAL = re.compile(rf"(?<![{_NUMERALS}])[{_NUMERALS}]++(?=\s*(?:天|日|号|周|星期|个|年|月))")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONG_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip

_YEAR = r"(?P<year>(?:19|20)\d\d)"
_MONTH, _DAY = r"(?P<month>\d{1,2})", r"(?P<day>\d{1,2})"
_WORD = rf"(?P<word>{'|'.join(_LONG_MONTHS)}|{'|'.join(_MONTHS)}|sept)\.?"
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{_YEAR}([-./]){_MONTH}\2{_DAY}",
        rf"{_YEAR}\s*年\s*{_MONTH}\s*月\s*{_DAY}\s*[日号]?",
        rf"{_YEAR}(?P<month>\d\d)(?P<day>\d\d)",
        rf"{_MONTH}\s*月\s*{_DAY}\s*[日号]?",
        rf"{_DAY}(?:st|nd|rd|th)? {_WORD}(?:,? {_YEAR})?",
        rf"{_WORD} {_DAY}(?:st|nd|rd|th)?(?:,? {_YEAR})?",
        rf"{_YEAR}[-./]{_MONTH}",
        rf"{_YEAR}\s*年\s*{_MONTH}\s*月份?",
        rf"{_MONTH}\s*月份?",
        rf"{_WORD} {_YEAR}",
        rf"{_DAY}[日号]",
    )
)
# These might just as well be something else (a price, a score): what no calendar has at all is no date either.
_LOOSE_FORMS = tuple(re.compile(form) for form in (rf"{_MONTH}[./]{_DAY}", r"(?P<month>\d\d)-(?P<day>\d\d)"))

DAY_WORDS = {
    "today": 0, "now": 0, "今天": 0, "今日": 0, "今": 0, "现在": 0,
    "yesterday": -1, "昨天": -1, "昨日": -1, "前天": -2, "前日": -2,
    "tomorrow": 1, "明天": 1, "明日": 1, "后天": 2,
}  # fmt: skip
_ENDS = {"月底": 0, "本月底": 0, "这个月底": 0, "endofmonth": 0, "下月底": 1, "下个月底": 1}
_YEAR_WORDS = {"去年": -1, "今年": 0, "明年": 1, "后年": 2}
_YEAR_WORD = re.compile(rf"({'|'.join(_YEAR_WORDS)})的?\s*(?=\d)")
_YEAR_ENDS = {"年底", "今年底", "endofyear"}


@dataclass(frozen=True, slots=True)
class Spelled:
    """A day or a whole month (``day`` None) as written; what was left out is None."""

    text: str
    year: int | None = None
    month: int | None = None
    day: int | None = None


def plain(text: str) -> str:
    """``text`` in half-width lower case, with one kind of dash, single spaces and digits for Chinese numerals."""
    half_width = unicodedata.normalize("NFKC", text).translate(_DASHES).lower()
    return _NUMERAL.sub(lambda found: arabic(found[0]), " ".join(half_width.split()))


def arabic(numeral: str) -> str:
    """A Chinese numeral below a thousand in digits; one digit after the other where no ten or hundred is named."""
    if "十" not in numeral and "百" not in numeral:
        return "".join(str(_DIGITS[mark]) for mark in numeral)  # 二〇一五
    total = pending = 0
    for mark in numeral:
        if mark in "十百":
            total += (pending or 1) * (10 if mark == "十" else 100)
            pending = 0
        else:
            pending = _DIGITS[mark]
    return str(total + pending)


def spell(text: str) -> Spelled | None:
    """What day :func:`plain` ``text`` names, or None. Raises :exc:`BadArgument` for a day no calendar has."""
    for form in _FORMS:
        if found := form.fullmatch(text):
            return _checked(_spelled(found))
    for form in _LOOSE_FORMS:
        if found := form.fullmatch(text):
            spelled = _spelled(found)
            return _checked(spelled) if _month_exists(spelled) and (spelled.day or 0) <= 31 else None
    return None


def _spelled(found: re.Match[str]) -> Spelled:
    parts = found.groupdict()
    month = _MONTHS.index(parts["word"][:3]) + 1 if parts.get("word") else parts.get("month")
    numbers = (None if part is None else int(part) for part in (parts.get("year"), month, parts.get("day")))
    return Spelled(found[0], *numbers)


def _month_exists(spelled: Spelled) -> bool:
    return spelled.month is None or 1 <= spelled.month <= 12


def _checked(spelled: Spelled) -> Spelled:
    longest = 31
    if spelled.month is not None and _month_exists(spelled):
        longest = monthrange(spelled.year or 2000, spelled.month)[1]  # without a year, 29 February may exist
    if not _month_exists(spelled) or not 1 <= (spelled.day or 1) <= longest or spelled.day == 0:
        raise BadArgument("ranges.no_such_day", found=spelled.text, month=spelled.month, days=longest)
    return spelled


def latest(spelled: Spelled, limit: date) -> date:
    """The latest such day not after ``limit``; a day with its year is what it is. Of a month, its first day."""
    if spelled.year is not None:
        return date(spelled.year, spelled.month or 1, spelled.day or 1)
    return next(day for day in _occurrences(spelled, limit, step=-1) if day <= limit)


def following(spelled: Spelled, start: date) -> date:
    """The first such day not before ``start``; a day with its year is what it is. Of a month, its first day."""
    if spelled.year is not None:
        return date(spelled.year, spelled.month or 1, spelled.day or 1)
    return next(day for day in _occurrences(spelled, start, step=1) if day >= start)


def last_of_month(day: date) -> date:
    """The last day of the month of ``day``."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def _occurrences(spelled: Spelled, near: date, *, step: int) -> Iterator[date]:
    """Every such day, month by month from that of ``near`` on; some months or years lack it."""
    months = near.year * 12 + near.month - 1
    while MINYEAR <= months // 12 <= MAXYEAR:
        year, month = months // 12, months % 12 + 1
        if spelled.month in (None, month) and (spelled.day or 1) <= monthrange(year, month)[1]:
            yield date(year, month, spelled.day or 1)
        months += step


def complete(spelled: Spelled, other: Spelled) -> Spelled:
    """``spelled`` with the month and year it borrows from ``other``, as in ``6月15-30日`` or ``15-21 Nov``."""
    if spelled.month is not None:
        return spelled
    return _checked(replace(spelled, month=other.month, year=spelled.year or other.year))


def endpoint(words: str, today: date) -> Spelled | None:
    """What :func:`plain` ``words`` name: a day with or without its year, a month, or a word such as 昨天."""
    offset = DAY_WORDS.get(words)
    if offset is None:
        if named := _YEAR_WORD.match(words):
            year, rest = today.year + _YEAR_WORDS[named[1]], words[named.end() :]
            return spell(f"{year}年{rest}") or spell(f"{year}.{rest}")
        return spell(words)
    return _settled(words, today + timedelta(days=offset))


def read_day(text: str, today: date) -> Spelled | None:
    """The one day ``text`` means on ``today``, its year None where none is named; None where it is no day.

    Raises :exc:`BadArgument` for a day no calendar has.
    """
    words = plain(text)
    compact = words.replace(" ", "")
    if compact in _ENDS:
        month = last_of_month(today)
        return _settled(words, last_of_month(month + timedelta(days=1)) if _ENDS[compact] else month)
    if compact in _YEAR_ENDS:
        return Spelled(words, today.year, 12, 31)
    if compact.endswith("月底") and (named := endpoint(compact[:-1], today)) is not None and named.day is None:
        return _settled(words, last_of_month(following(named, today.replace(day=1))))
    spelled = endpoint(words, today)
    return spelled if spelled is not None and spelled.day is not None else None


def parse_day(text: str, today: date, *, future: bool) -> date | None:
    """The one day ``text`` means, or None where it is no day; without a year the next (``future``) or latest such day.

    ``today`` counts as both. Raises :exc:`BadArgument` for a day no calendar has.
    """
    spelled = read_day(text, today)
    if spelled is None:
        return None
    return following(spelled, today) if future else latest(spelled, today)


def _settled(words: str, day: date) -> Spelled:
    return Spelled(words, day.year, day.month, day.day)
