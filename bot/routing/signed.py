"""Amounts with a sign: how many more or fewer. Pure."""

from __future__ import annotations

import re

_AMOUNT = re.compile(
    r"(?:(?P<more>\+|加|增加|补)|(?P<fewer>[-−–]|减|减少))\s*(?P<number>\d{1,9}|\d{1,3}(?:,\d{3}){1,2})\s*[张份个]?",
    re.ASCII,
)


def parse_signed(text: str) -> int | None:
    """``+100``, ``-20``, ``+1,000``, ``加100张``; None for anything else, and for 0.

    A number without a sign is none: it might be meant as what there shall be.
    """
    found = _AMOUNT.fullmatch(text.strip())
    if found is None:
        return None
    number = int(found["number"].replace(",", ""))
    return (number if found["more"] else -number) or None
