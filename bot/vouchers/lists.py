"""Lists as a shop types them: stores, services, hours, pictures with text, vouchers given along."""

from __future__ import annotations

import re
from typing import Any

from bot.vouchers.vocabulary import NOTHING, days_of

_MARKS = re.compile(r"[、,，;；\n]+")
_QUOTED = re.compile(r"^[\"'“”‘’「『](.*)[\"'“”‘’」』]$")
_TIMES = re.compile(r"(\d{1,2}):(\d{2})\s*(?:-|–|—|~|～|至|到|to)\s*(\d{1,2}):(\d{2})")
_CLOCK = re.compile(
    r"(?P<hour>\d{1,2})\s*[点时](?:(?P<minute>\d{1,2}(?=分)|半)分?)?"
    r"|(?P<hour12>\d{1,2})(?::(?P<minute12>\d{2}))?\s*(?P<half>am|pm)\b",
    re.IGNORECASE,
)
_WHOLE_DAY = re.compile(r"(?:全天|\ball day\b)", re.IGNORECASE)
_PICTURE = re.compile(r"https?://[^\s、，；]+")
_NUMBER = re.compile(r"(.*?)\s*[×✕xX*]\s*(\d{1,3})\s*张?")


def split(text: str, *, spaces: bool = False) -> list[str]:
    """The entries between ``、`` ``,`` ``，`` ``;``, with ``spaces`` also between words; without quotes around them."""
    parts = [_QUOTED.sub(r"\1", part.strip()) for part in _MARKS.split(text)]
    words = [word for part in parts for word in (part.split() if spaces else (part.strip(),))]
    return [word for word in words if word]


def hours(text: str) -> list[dict[str, Any]] | None:
    """``time_limit`` entries for ``周一 10:00-20:59、节假日``; None when a part is neither days nor times.

    Times without a day belong to the days before them; two ranges of one day are two entries. Times are of one day:
    24:00 becomes 23:59.
    """
    if text.strip().lower() in NOTHING | {"不限", "全天", "any time", "always"}:
        return []
    entries: list[dict[str, Any]] = []
    days: tuple[str, ...] = ()
    for part in split(_CLOCK.sub(_clock, text.replace("：", ":"))):
        words = _WHOLE_DAY.sub("", _TIMES.sub(" ", part)).strip()
        times = [_range(*map(int, match.groups())) for match in _TIMES.finditer(part)]
        named = _days(words) if words else days
        if not named or None in times or (not words and not times):
            return None
        days = named
        entries += [{"type": day, **(limits or {})} for day in days for limits in times or ({},)]
    unique = [entry for number, entry in enumerate(entries) if entry not in entries[:number]]
    bare = {entry["type"] for entry in unique if len(entry) == 1}
    # A day named alone after its hours ("周一 10:00-14:00、周一") would mean the whole day and a part of it.
    return None if any(len(entry) > 1 and entry["type"] in bare for entry in unique) else unique or None


def _clock(found: re.Match[str]) -> str:
    """``10:30`` for 10点半, 10时30分, 10:30am."""
    hour, minute = int(found["hour"] or found["hour12"]), found["minute"] or found["minute12"] or "00"
    if found["half"]:
        hour = hour % 12 + (12 if found["half"].lower() == "pm" else 0)
    return f"{hour}:{'30' if minute == '半' else minute.zfill(2)}"


def _days(words: str) -> tuple[str, ...]:
    """The days of a run of words, none when one of them is no day."""
    if found := days_of(words):
        return found
    each = [days_of(word) for word in words.split()]
    return () if None in each else tuple(dict.fromkeys(day for days in each for day in days or ()))


def _range(begin_hour: int, begin_minute: int, end_hour: int, end_minute: int) -> dict[str, int] | None:
    if (end_hour, end_minute) == (24, 0):
        end_hour, end_minute = 23, 59
    if max(begin_hour, end_hour) > 23 or max(begin_minute, end_minute) > 59:
        return None
    if (begin_hour, begin_minute) >= (end_hour, end_minute):
        return None
    return {
        "begin_hour": begin_hour,
        "begin_minute": begin_minute,
        "end_hour": end_hour,
        "end_minute": end_minute,
    }


def pictures(text: str) -> list[dict[str, str]]:
    """``text_image_list`` entries for ``<address> 文字、<address> 文字``; empty when it begins with no address."""
    starts = list(_PICTURE.finditer(text))
    if not starts or text[: starts[0].start()].strip():
        return []
    ends = [match.start() for match in starts[1:]] + [len(text)]
    return [
        {"image_url": match[0], "text": text[match.end() : end].strip(" 、,，;；\n").replace("\\n", "\n")}
        for match, end in zip(starts, ends, strict=True)
    ]


def shared(text: str) -> list[tuple[str, int]]:
    """What names each voucher given along, with its number: ``pDEMO…×1``, ``春节券``."""
    found = [(part, _NUMBER.fullmatch(part)) for part in split(text)]
    return [(match[1], int(match[2])) if match and match[1] else (part, 1) for part, match in found]
