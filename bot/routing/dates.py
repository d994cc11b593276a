"""How people write one day: ``2015-06-15``, ``6月15日``, ``6.15``, ``15 Jun``, ``15号``, ``六月``.

Nothing here knows what day it is until :func:`latest` or :func:`following` are asked, so one spelling serves both the
past (figures) and the future (validity).
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import MAXYEAR, MINYEAR, date

from bot.errors import BadArgument

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−〜", "-"))
_DIGITS = {mark: value for value, mark in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_NUMERAL = re.compile(r"[〇零一二两三四五六七八九十百]+(?=\s*(?:天|日|号|周|星期|个|年|月))")
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
