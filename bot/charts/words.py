"""The words of a chart: chosen by a template, read line by line, made drawable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bot.pictures.lettering import drawable


@dataclass(frozen=True, slots=True)
class Words:
    """``names`` are those of the series, in order; ``subtitle`` and ``notes`` are lines; all may be left out."""

    title: str = ""
    subtitle: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @classmethod
    def read(cls, text: str) -> Words:
        """From what a template wrote: title and lines below it; an empty line; names, one a line; an empty line; notes.
        """
        head, names, notes = ([*text.split("\n\n"), "", ""])[:3]
        title, *below = head.strip().splitlines() or [""]
        return cls(title, tuple(below), tuple(names.strip().splitlines()), tuple(notes.strip().splitlines()))

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Words:
        """From what ``dataclasses.asdict`` gave, through JSON."""
        return cls(stored["title"], *(tuple(stored[each]) for each in ("subtitle", "names", "notes")))

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)

    def name(self, number: int) -> str:
        """What the series is called, "" where it is not."""
        return drawable(self.names[number]) if number < len(self.names) else ""
