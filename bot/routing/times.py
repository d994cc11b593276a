"""How people write a time of day: ``9:30``, ``09：30``, ``9点``, ``上午九点半``, ``下午3点``, ``0930``, ``9am``."""

from __future__ import annotations

import re
import unicodedata
from datetime import time

from bot.dates import arabic
from bot.errors import BadArgument

_NUMERAL = re.compile(r"(?<![〇零一二两三四五六七八九十])[〇零一二两三四五六七八九十]++(?=\s*[点點时分])")
_HALF = r"(?P<half>上午|早上|早晨|凌晨|清晨|中午|下午|傍晚|晚上|晚|早)?"
_FORMS = tuple(
    re.compile(_HALF + form)
    for form in (
        r"(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?P<mark>am|pm)?",
        r"(?P<hour>\d\d)(?P<minute>\d\d)",
        r"(?P<hour>\d{1,2})(?:[点點时](?P<minute>\d{1,2})分?|[点點时](?P<words>半|一刻|三刻|整|钟)?)",
        r"(?P<hour>\d{1,2})(?P<mark>am|pm)?",
    )
)
_WORDS = {"半": 30, "一刻": 15, "三刻": 45}
_AFTERNOON = frozenset({"下午", "傍晚", "晚上", "晚", "pm"})
_NIGHT = frozenset({"凌晨", "晚上", "晚", "am"})
"""With twelve these mean midnight."""


def parse_time(text: str) -> time | None:
    """The time ``text`` names, or None. Raises :exc:`BadArgument` for one no clock shows (``25:00``)."""
    plain = "".join(unicodedata.normalize("NFKC", text).lower().split())
    plain = _NUMERAL.sub(lambda found: arabic(found[0]), plain)
    found = next((match for form in _FORMS if (match := form.fullmatch(plain))), None)
    if found is None:
        return None
    parts = found.groupdict()
    minute = int(parts.get("minute") or _WORDS.get(parts.get("words") or "", 0))
    hour = _hour(int(parts["hour"]), parts.get("half") or parts.get("mark") or "")
    if hour > 23 or minute > 59:
        raise BadArgument("argument_wrong", argument="time", found=text)
    return time(hour, minute)


def _hour(hour: int, half: str) -> int:
    """``hour`` of 24, of a clock with twelve where ``half`` says which half of the day is meant."""
    if hour == 12:
        return 0 if half in _NIGHT else 12
    if half in _AFTERNOON and hour < 12:
        return hour + 12
    return hour + 12 if half == "中午" and hour < 3 else hour
