"""Entries of the change log for the eye: as many as fit a phone, each with a few of its fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.vouchers.records import Asked
from bot.vouchers.showing import Shown, shown

LINES = 10
"""Lines all entries may take together."""
FIELDS = 3
"""Fields shown of one change."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One change; ``left_out`` is how many of its fields are not among ``changes``."""

    asked: Asked
    changes: list[Shown]
    left_out: int = 0

    @property
    def lines(self) -> int:
        """How many it takes."""
        return 1 + len(self.changes) + bool(self.left_out)


def entry_of(asked: Asked, titles: Mapping[str, str] | None = None, fields: int = FIELDS) -> Entry:
    """``asked`` for the eye; ``titles`` names vouchers given along, by card_id."""
    everything = shown(asked.differences(), titles)
    return Entry(asked, everything[:fields], len(everything[fields:]))


def fitting(found: Iterable[Asked], titles: Mapping[str, str]) -> list[Entry]:
    """The first of ``found`` that fit, one at least."""
    entries, left = list[Entry](), LINES
    for asked in found:
        entry = entry_of(asked, titles)
        left -= entry.lines
        if entries and left < 0:
            break
        entries.append(entry)
    return entries
