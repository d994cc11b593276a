"""How people say by how much a day is to move: ``一个月``, ``两周``, ``30天``, ``半个月``, ``a month``, ``2 weeks``."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from bot.dates import plain

_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "another": 1}
_LEAD = re.compile(
    r"^(?:再|往后|向后|延后|延长|延期|顺延|多|推迟|延|加|\+|by |for |another (?=\d|two|three)|an? extra )*"
)
_HALF = {"半个月": (15, 0), "半月": (15, 0), "半年": (0, 6)}
_FORM = re.compile(
    r"(?P<count>\d{1,3}|an?|one|two|three|another)\s*"
    r"(?:(?P<days>d|days?|天)|(?P<weeks>w|weeks?|个?(?:周|星期|礼拜))|(?P<months>months?|个月)|(?P<years>years?|年))"
)


@dataclass(frozen=True, slots=True)
class Length:
    """So many days and calendar months."""

    days: int = 0
    months: int = 0

    def after(self, day: date) -> date:
        """The day so much later; where its month is too short, that month's last."""
        months = day.year * 12 + day.month - 1 + self.months
        year, month = months // 12, months % 12 + 1
        return date(year, month, min(day.day, monthrange(year, month)[1])) + timedelta(days=self.days)


def parse_length(text: str) -> Length | None:
    """The length that ``text`` names, or None; no days at all are none."""
    words = _LEAD.sub("", plain(text))
    if words in _HALF:
        return Length(*_HALF[words])
    found = _FORM.fullmatch(words)
    if found is None:
        return None
    count = _NUMBERS.get(found["count"]) or int(found["count"])
    if count == 0:
        return None
    if found["months"] or found["years"]:
        return Length(months=count * (12 if found["years"] else 1))
    return Length(days=count * (7 if found["weeks"] else 1))
