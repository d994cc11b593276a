"""A template's keys, and values for them out of a notice's words. Pure.

A template is a text such as ``事项：{{thing1.DATA}}``; a key's name without its number is its kind, and each kind takes
its own sort of value. Source: template message page; the kinds' rules are those of subscription messages, which are not
confirmed for templates, so values keep within the narrowest reading: they are never empty, hold no line break, which
would cut them, and no pictographs. ``first`` and ``remark`` are filtered out by WeChat and left out here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

_FIELD = re.compile(r"\{\{\s*(\w+)\.DATA\s*\}\}")
_FILTERED = frozenset({"first", "remark"})
_LINK = re.compile(r"<a\s[^>]*>(.*?)</a>", re.IGNORECASE | re.DOTALL)
_NUMBERED = re.compile(r"\d+$")

TEXT_LIMITS: Mapping[str, int] = {"thing": 20, "keyword": 20}
"""Kinds that take any words, and how many characters. ``keyword`` (templates from before 2023) has no printed limit."""
NEUTRAL: Mapping[str, str] = {
    "thing": "-", "keyword": "-", "character_string": "-", "symbol": "-", "letter": "info", "amount": "0元",
    "phone_number": "0", "car_number": "A00000", "name": "-",
}  # fmt: skip
"""What a key says that the words cannot fill: a value of its kind that tells nothing."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a template: its full name (``thing1``), its kind (``thing``), its value in WeChat's example or ""."""

    name: str
    kind: str
    example: str = ""


@dataclass(frozen=True, slots=True)
class Particulars:
    """What stands in keys that take no words: when (on the account's clock), how many, and a phrase of up to five
    Chinese characters."""

    at: datetime
    count: int
    phrase: str


def keys_of(content: str, example: str = "") -> tuple[Key, ...]:
    """The keys of a template's ``content``, in their order, each once.

    ``example`` is the same text with values; it is the only place that shows a value a ``const`` key may have.
    """
    names = _FIELD.findall(content)
    shown = _values(content, example)
    found = [name for name in dict.fromkeys(names) if name not in _FILTERED]
    return tuple(Key(name, _NUMBERED.sub("", name), shown.get(name, "")) for name in found)


def carries_words(keys: Sequence[Key]) -> bool:
    """Whether there is room for words at all: a message without any would tell nothing."""
    return any(key.kind in TEXT_LIMITS for key in keys)


def fill(keys: Sequence[Key], words: str, particulars: Particulars) -> dict[str, str]:
    """A value for each key: the lines of ``words`` spread over those that take words, the others by their kind."""
    texts = [key for key in keys if key.kind in TEXT_LIMITS]
    pieces = _spread(_lines(words), [TEXT_LIMITS[key.kind] for key in texts])
    filled = {key.name: piece for key, piece in zip(texts, pieces, strict=False)}
    return {key.name: filled.get(key.name) or _of_kind(key, particulars) for key in keys}


def _of_kind(key: Key, particulars: Particulars) -> str:
    at = particulars.at
    match key.kind:
        case "time":
            return f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"
        case "date":
            return f"{at.year}年{at.month}月{at.day}日"
        case "number":
            return str(particulars.count)
        case "phrase":
            return particulars.phrase
        case kind:
            return NEUTRAL.get(kind) or key.example or particulars.phrase


def _values(content: str, example: str) -> dict[str, str]:
    """The values that make ``content`` read like ``example``, as far as its lines fit."""
    found: dict[str, str] = {}
    shown = [line.strip() for line in example.splitlines() if line.strip()]
    for line in content.splitlines():
        parts = _FIELD.split(line.strip())
        names = parts[1::2]
        pattern = "".join(re.escape(part) if not at % 2 else "(.+?)" for at, part in enumerate(parts))
        label = parts[0]
        if not (names and label):
            continue
        for candidate in shown:
            if match := re.fullmatch(pattern, candidate):
                found.update(zip(names, match.groups(), strict=True))
                break
    return found


def _lines(words: str) -> list[str]:
    """The lines of ``words`` as plain characters, empty ones left out."""
    plain = "".join(char for char in _LINK.sub(r"\1", words) if char == "\n" or _is_plain(char))
    return [line for line in (" ".join(each.split()) for each in plain.splitlines()) if line]


def _is_plain(char: str) -> bool:
    """Neither a pictograph, nor what changes one, nor a control character other than space."""
    return char.isspace() or unicodedata.category(char) not in ("So", "Sk", "Mn", "Me", "Cc", "Cf", "Co", "Cs", "Cn")


def _spread(lines: list[str], limits: Sequence[int]) -> list[str]:
    """``lines`` as at most as many values as there are ``limits``; what does not fit ends in "…".

    Too few lines: the first that is too long is continued in the next place. Too many: the last place takes the rest.
    """
    pieces = list(lines)
    for place, limit in enumerate(limits):
        if len(pieces) >= len(limits):
            break
        if place < len(pieces) and len(pieces[place]) > limit:
            pieces[place : place + 1] = [pieces[place][:limit].rstrip(), pieces[place][limit:].lstrip()]
    if len(pieces) > len(limits) > 0:
        last = len(limits) - 1
        pieces[last:] = [" ".join(pieces[last:])]
    return [_cut(piece, limit) for piece, limit in zip(pieces, limits, strict=False)]


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
