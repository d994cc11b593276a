"""A QR code with a title above it and a few lines below, as SVG: for a phone's screen, a second screen, or print."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self
from xml.sax.saxutils import escape

import segno

from bot.pictures.lettering import FALLBACKS, FAMILY, drawable, lines

LAYOUT = 1
"""Moves when the same values are drawn in another way: pictures kept by content are drawn anew."""
WIDE = 800
MARGIN = 60
CODE = 680
"""Side of the code with its quiet zone."""
QUIET = 4
"""Modules left white around a code. Source: ISO/IEC 18004."""
TITLE, LINE = 56, 30


@dataclass(frozen=True, slots=True)
class Poster:
    """What one shows. ``words``: lines; the first is the title, those after an empty line stand below the code.

    ``code`` is what the QR code says, an address as a rule. It may be worth money: it shows in no repr.
    """

    words: str
    code: str = field(repr=False)

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """From what :meth:`stored` gave."""
        return cls(str(stored["words"]), str(stored["code"]))

    def stored(self) -> dict[str, str]:
        """As JSON."""
        return asdict(self)

    @property
    def digest(self) -> str:
        """Names what is to be seen."""
        seen = json.dumps([LAYOUT, self.words, self.code], ensure_ascii=False)
        return hashlib.sha256(seen.encode()).hexdigest()

    def svg(self) -> str:
        """The picture; text in it is text, set in the first of a few fonts the reader has."""
        above, _, below = self.words.partition("\n\n")
        title, _, rest = above.partition("\n")
        drawn, y = list[str](), float(MARGIN)
        for text, size, color, most in ((title, TITLE, "#111", 2), (rest, LINE, "#444", 4)):
            for line in _lines(text, size, most):
                y += size * 1.35
                drawn.append(_text(line, y, size, color))
            y += LINE / 2
        drawn.append(_code(self.code, (WIDE - CODE) / 2, y))
        y += CODE
        for line in _lines(below, LINE, 6):
            y += LINE * 1.4
            drawn.append(_text(line, y, LINE, "#444"))
        return _document("".join(drawn), round(y + MARGIN))


def _document(drawn: str, high: int) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {high}" width="{WIDE}" height="{high}">'
        f'<rect width="{WIDE}" height="{high}" fill="#fff"/>{drawn}</svg>'
    )


def _lines(text: str, size: int, most: int) -> Iterator[str]:
    left = most
    for line in text.splitlines():
        fitting = lines(drawable(line), (WIDE - 2 * MARGIN) / size, left)
        left -= len(fitting)
        yield from fitting
        if left <= 0:
            return


def _text(line: str, y: float, size: int, color: str) -> str:
    family = escape(f"'{FAMILY}', {FALLBACKS}")
    return (
        f'<text x="{WIDE / 2:g}" y="{y:g}" font-size="{size}" fill="{color}" text-anchor="middle" '
        f'font-family="{family}">{escape(line)}</text>'
    )


def _code(content: str, x: float, y: float) -> str:
    """The code as one path of whole modules, with its quiet zone; error correction M survives a crease in paper."""
    matrix = [[bool(module) for module in row] for row in segno.make(content, error="m", micro=False).matrix]
    modules = len(matrix) + 2 * QUIET
    side = CODE // modules or CODE / modules  # whole pixels, so that all modules are of one size
    inset = (CODE - side * modules) / 2
    path = "".join(
        f"M{column + QUIET} {line + QUIET}h{length}v1h-{length}z"
        for line, row in enumerate(matrix)
        for column, length in _runs(row)
    )
    place = f"translate({x + inset:g} {y + inset:g}) scale({side:.6g})"
    return f'<path transform="{place}" shape-rendering="crispEdges" fill="#000" d="{path}"/>'


def _runs(row: list[bool]) -> Iterator[tuple[int, int]]:
    """Where dark modules begin in ``row``, and how many follow each other."""
    start = None
    for column, dark in enumerate([*row, False]):
        if dark and start is None:
            start = column
        elif not dark and start is not None:
            yield start, column - start
            start = None
