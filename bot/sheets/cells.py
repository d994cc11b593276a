"""What may stand in a cell: numbers and days as such, and text that no spreadsheet takes for a formula."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import TypeAlias

Cell: TypeAlias = str | int | date
Line: TypeAlias = Sequence[Cell]

_BEGINS_FORMULA = frozenset("=+-@＝＋－＠﹢﹣−")
"""With these a formula begins, somewhere: Excel, LibreOffice, WPS; their wide forms count where Chinese is set."""
_UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
"""Control characters, marks of direction, spaces: some programs drop them before they look."""


def is_risky(text: str) -> bool:
    """Whether a spreadsheet that reads ``text`` might take it for a formula."""
    if text[:1] in ("\t", "\r", "\n"):
        return True
    seen = next((each for each in text if unicodedata.category(each) not in _UNSEEN), "")
    return seen in _BEGINS_FORMULA


def single_line(text: str) -> str:
    """``text`` without line breaks, controls, and what neither UTF-8 nor XML can write: a row stays a row."""
    return "".join(map(_writable, text))


def _writable(character: str) -> str:
    if unicodedata.category(character) in ("Cc", "Zl", "Zp"):
        return " "
    lone_half = "\ud800" <= character <= "\udfff"
    return "\ufffd" if lone_half or ord(character) & 0xFFFE == 0xFFFE else character
