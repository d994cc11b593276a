"""Which characters the font has, and how many fit on a line.

The font is a part of Noto Sans CJK SC (see fonts/README.md). What it lacks would be drawn as nothing at all, so it is
replaced before: a name with a hole in it is worse than one with a box.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

FONT = Path(__file__).parent / "fonts" / "NotoSansSC-GB2312.otf"
FAMILY = "Noto Sans CJK SC"
FALLBACKS = "'PingFang SC', 'Microsoft YaHei', sans-serif"
"""For SVG, which is drawn where our font is not."""
BOX = "□"
_FURTHER = frozenset("€¥□")
_WIDE = frozenset("WFA")
_SILENT = frozenset({"So", "Sk", "Cf", "Cs", "Co", "Mn", "Me", "Cn"})
"""Emoji, what joins and colours them, and other signs without a meaning of their own in a title."""
_CANNOT_BEGIN = frozenset("，。、；：！？）」』》】”’,.;:!?)]}%")


def drawable(text: str) -> str:
    """``text`` with a box for each character the font lacks; emoji and controls are left out."""
    return "".join(filter(None, map(_drawn, unicodedata.normalize("NFC", text)))).strip()


def has(character: str) -> bool:
    """Whether the font has ``character``: GB 2312, Latin, common punctuation."""
    number = ord(character)
    if 0x20 <= number < 0x7F or 0xA0 <= number < 0x180 or 0x2010 <= number < 0x2040 or character in _FURTHER:
        return True
    try:
        return len(character.encode("gb2312")) == 2
    except UnicodeEncodeError:
        return False


def _drawn(character: str) -> str:
    if character.isspace():
        return " "
    if has(character):
        return character
    category = unicodedata.category(character)
    return "" if category in _SILENT or category == "Cc" else BOX


def width(text: str) -> float:
    """About how wide ``text`` is, in ems: a Chinese character is one, a Latin letter a little over half."""
    return sum(1.0 if unicodedata.east_asian_width(each) in _WIDE else 0.58 for each in text)


def lines(text: str, most_ems: float, most_lines: int) -> list[str]:
    """``text`` on lines of at most ``most_ems``, cut between words or Chinese characters; the last may end in “…”."""
    found, rest = list[str](), text.strip()
    while rest and len(found) < most_lines:
        end = _end_of_line(rest, most_ems)
        found.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    if rest:
        found[-1] = _shortened(found[-1], most_ems)
    return found


def _end_of_line(text: str, most_ems: float) -> int:
    end = len(text)
    while end > 1 and width(text[:end]) > most_ems:
        end -= 1
    if end == len(text):
        return end
    if text[end] in _CANNOT_BEGIN and end > 1:
        end -= 1
    start_of_word = end
    while start_of_word > 0 and _inside_word(text, start_of_word):
        start_of_word -= 1
    return start_of_word or end


def _inside_word(text: str, at: int) -> bool:
    """Whether a cut before ``text[at]`` would divide a Latin word or a number."""
    before, after = text[at - 1], text[at]
    return not before.isspace() and not after.isspace() and before.isascii() and after.isascii()


def _shortened(line: str, most_ems: float) -> str:
    while line and width(line + "…") > most_ems:
        line = line[:-1]
    return line.rstrip() + "…"
