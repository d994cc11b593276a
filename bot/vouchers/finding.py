"""Which voucher is meant: pure rules over titles.

Merchants type titles on a phone: full-width letters, blanks and Chinese quotes around a title change nothing. A guess
is only ever named, never acted on.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.errors import Explained
from bot.vouchers.model import Voucher

SHOWN = 8
"""How many of several fitting vouchers one message numbers."""

_CARD_ID = re.compile(r"[A-Za-z0-9_-]{28,32}")
_NUMBER = re.compile(r"(#?)\s?(\d{1,4})")
_QUOTES = "「」『』《》【】“”‘’\"'"
_ENDS = "。.!?,;"
"""Signs a sentence or a hurried thumb leaves behind a title, after NFKC."""
_CLOSE_ENOUGH = 55.0


class VoucherNotFound(Explained):
    """No voucher fits ``words``. ``nearest`` is the most similar title, or ""; ``empty`` when there is none at all."""

    def __init__(self, words: str, *, nearest: str = "", empty: bool = False) -> None:
        super().__init__("no_vouchers" if empty else "voucher_not_found", **({} if empty else _found(words, nearest)))
        self.words = words
        self.nearest = nearest


class ListGone(Explained):
    """``#n`` of a list the sender has not asked for, or so long ago that it is forgotten."""

    def __init__(self, number: int) -> None:
        super().__init__("list_gone", number=number)


class NotInList(Explained):
    """``#n`` beyond the end of the sender's last list, which has ``count`` vouchers."""

    def __init__(self, number: int, count: int) -> None:
        super().__init__("not_in_list", number=number, count=count)


class SeveralVouchers(Explained):
    """Several vouchers fit ``words``; ``vouchers`` in the order of the numbers the sender reads."""

    def __init__(self, words: str, vouchers: Sequence[Voucher]) -> None:
        super().__init__("several_vouchers", words=words, vouchers=list(vouchers[:SHOWN]), count=len(vouchers))
        self.words = words
        self.vouchers = vouchers


@dataclass(frozen=True, slots=True)
class Numbered:
    """``#3`` or ``3``; ``marked`` tells whether the sign was there, without it the words may be a title as well."""

    number: int
    marked: bool


def fold(text: str) -> str:
    """``text`` as titles are compared: width and case folded, no blanks, no quotes around it, no full stop after."""
    plain = "".join(unicodedata.normalize("NFKC", text).split()).casefold()
    return plain.lstrip(_QUOTES).rstrip(_QUOTES + _ENDS)


def card_id(words: str) -> str | None:
    """``words`` as a card id: 28 or 29 characters as a rule, 32 at most."""
    plain = words.strip().strip(_QUOTES)
    return plain if _CARD_ID.fullmatch(plain) else None


def numbered(words: str) -> Numbered | None:
    """``words`` as a number of a list."""
    match = _NUMBER.fullmatch(unicodedata.normalize("NFKC", words).strip().rstrip(_ENDS))
    return Numbered(int(match[2]), bool(match[1])) if match else None


def fitting(words: str, vouchers: Iterable[Voucher]) -> list[Voucher]:
    """The voucher whose id is ``words``, else those whose title it is; without one those whose title contains it.

    Deleted ones only if no other.
    """
    wanted, vouchers = fold(words), list(vouchers)
    if not wanted:
        return []
    # WeChat promises no length of an id, so one too short for card_id() is looked for among those there are.
    if named := [voucher for voucher in vouchers if voucher.card_id == words.strip().strip(_QUOTES)]:
        return named
    titled = [(fold(voucher.title), voucher) for voucher in vouchers]
    same = [voucher for title, voucher in titled if title == wanted]
    pieces = [voucher for title, voucher in titled if wanted in title]
    return _alive(same) or _alive(pieces) or same or pieces


def nearest_title(words: str, vouchers: Iterable[Voucher]) -> str:
    """The title most like ``words``, or "" where none is."""
    titles = [voucher.title for voucher in vouchers if not voucher.deleted]
    best = process.extractOne(fold(words), titles, scorer=fuzz.WRatio, processor=fold, score_cutoff=_CLOSE_ENOUGH)
    return best[0] if best else ""


def _alive(vouchers: list[Voucher]) -> list[Voucher]:
    return [voucher for voucher in vouchers if not voucher.deleted]


def _found(words: str, nearest: str) -> dict[str, str]:
    return {"words": words, "nearest": nearest}
