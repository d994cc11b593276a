"""One pair of a request to change a voucher, and the checks that several kinds of value share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.vouchers.fields import Field
from bot.vouchers.model import Voucher
from bot.vouchers.remarks import Kind, Remark, Unreadable, remark
from bot.vouchers.vocabulary import NOTHING

CDN = re.compile(r"https?://mmbiz\.(?:qpic|qlogo)\.cn/\S+")


@dataclass(frozen=True, slots=True)
class Asked:
    """``field`` shall hold what ``raw`` says; ``entry`` counts from 1, 0 where none was named.

    ``state`` is what the voucher will hold after the pairs before this one, by field name; ``share`` holds the
    vouchers found for the words that name one to be given along.
    """

    field: Field
    raw: str
    entry: int
    state: Mapping[str, Any]
    today: date
    share: Mapping[str, Voucher]

    @property
    def text(self) -> str:
        """The value without the spaces around it; ``\\n`` typed as two characters is a line break."""
        return self.raw.strip().replace("\\n", "\n")

    @property
    def words(self) -> str:
        """The value as one of a vocabulary: lower case, single spaces."""
        return " ".join(self.raw.lower().split())

    @property
    def nothing(self) -> bool:
        """Whether the value asks to clear the field."""
        return self.words in NOTHING

    def part(self, field: Field, raw: str) -> Asked:
        """The same request for a part of it."""
        return replace(self, field=field, raw=raw)

    def wrong(self, kind: Kind, found: str | None = None, **values: Any) -> Unreadable:
        """The exception to raise."""
        return Unreadable(remark(kind, self.field, self.raw if found is None else found, **values))


def too_long(field: Field, text: str) -> Remark | None:
    """A remark when ``text`` has more UTF-8 bytes than WeChat takes (errcode 45021)."""
    size = len(text.encode())
    return remark(Kind.TOO_LONG, field, text, size=size, limit=field.limit) if size > field.limit > 0 else None


def fitting(asked: Asked, text: str) -> str:
    """``text``, if it is not too long."""
    if found := too_long(asked.field, text):
        raise Unreadable(found)
    return text


def picture(asked: Asked, url: str) -> str:
    """``url``, if it is one that media/uploadimg gave out: WeChat refuses others (40141, 52000)."""
    if not CDN.fullmatch(url):
        raise asked.wrong(Kind.NOT_CDN, url)
    return fitting(asked, url)


def number(asked: Asked, least: int, most: int) -> int:
    """The number asked for, with or without a measure word."""
    match = re.fullmatch(r"(\d{1,9})\s*[张次份个]?", asked.words)
    if match is None or not least <= int(match[1]) <= most:
        raise asked.wrong(Kind.NOT_A_NUMBER, least=least, most=most)
    return int(match[1])
