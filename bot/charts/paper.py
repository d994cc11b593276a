"""What is on a drawing: texts, bands, rules, strokes, marks and columns, placed in pixels. Looks are the template's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import TypeAlias

from bot.charts.words import Words
from bot.pictures.lettering import drawable, lines, width

WIDE, CARD_WIDE, CARD_HIGH = 800, 640, 356
"""A card is 360 to 200, and shown smaller than a picture: it has fewer pixels for letters of the same size."""
MARGIN = 36
TITLE, SUBTITLE, NAME, TICK = 40, 28, 26, 24
"""Sizes of letters."""
HATCH = 12
"""Pixels between two lines of a hatched ground."""

Point: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Text:
    """``words`` with their left end, middle or right end (``anchor``) at ``x``, standing on ``y``."""

    words: str
    x: float
    y: float
    size: int
    kind: str
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: the ground of days (``kind``), or a column or bar of a series."""

    x: float
    y: float
    wide: float
    high: float
    kind: str = ""
    series: int = 0

    @property
    def hatching(self) -> str:
        """A path of slanting lines over it."""
        drawn = []
        for start in range(0, round(self.wide + self.high), HATCH):
            above, below = min(start, self.wide), max(0.0, start - self.high)
            drawn.append(f"M{self.x + above:.1f} {self.y + start - above:.1f}L{self.x + below:.1f} "
                         f"{self.y + start - below:.1f}")  # fmt: skip
        return "".join(drawn)


@dataclass(frozen=True, slots=True)
class Rule:
    """A level line of the scale; ``base``: the one of zero."""

    x: float
    y: float
    end: float
    base: bool


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through points; ``weight``: ``line``, ``faint`` or ``mean``."""

    path: str
    series: int
    weight: str


@dataclass(frozen=True, slots=True)
class Mark:
    """The sign of a series at a point."""

    x: float
    y: float
    series: int


@dataclass(slots=True)
class Paper:
    """A drawing in the making; ``y`` is how far down it has come, ``card``: it is one, of a size of its own."""

    card: bool = False
    y: float = MARGIN
    grounds: list[Box] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    columns: list[Box] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)

    @property
    def wide(self) -> int:
        """Pixels across."""
        return CARD_WIDE if self.card else WIDE

    @property
    def high(self) -> int:
        """Pixels from the top to the lower edge."""
        return CARD_HIGH if self.card else round(self.y + MARGIN)

    def head(self, words: Words) -> None:
        """Title and the lines below it."""
        self._write([words.title], TITLE, "title", 2)
        self._write(words.subtitle, SUBTITLE, "subtitle", 3)
        if words.title or words.subtitle:
            self.y += NAME

    def foot(self, words: Words) -> None:
        """Notes."""
        self._write(words.notes, TICK, "note", 4)

    def legend(self, names: Sequence[str]) -> None:
        """Signs of series with their names, side by side, where there are several."""
        x, row = float(MARGIN), self.y + NAME
        for series, name in enumerate(names):
            end = x + NAME + width(name) * NAME
            if x > MARGIN and end > self.wide - MARGIN:
                x, row = float(MARGIN), row + NAME * 1.4
            self.columns.append(Box(x, row - NAME * 0.76, NAME * 0.8, NAME * 0.8, series=series))
            self.texts.append(Text(name, x + NAME * 1.1, row, NAME, "name"))
            x += NAME * 2.4 + width(name) * NAME
        self.y = row + NAME * 0.6

    def _write(self, words: Sequence[str], size: int, kind: str, most: int) -> None:
        for line in _fitting(words, size, most):
            self.y += size * 1.3
            self.texts.append(Text(line, MARGIN, self.y, size, kind))


def _fitting(words: Sequence[str], size: int, most: int) -> Iterator[str]:
    left = most
    for line in words:
        fitting = lines(drawable(line), (WIDE - 2 * MARGIN) / size, left)
        left -= len(fitting)
        yield from fitting
        if left <= 0:
            return


def runs(points: Sequence[Point | None]) -> list[list[Point]]:
    """The points that follow each other without a gap."""
    grouped = groupby(points, key=lambda point: point is not None)
    return [[point for point in group if point is not None] for known, group in grouped if known]


def path(points: Sequence[Point]) -> str:
    """A line through ``points``."""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def spread(wanted: Sequence[float], apart: float, top: float, bottom: float) -> list[float]:
    """Places near those ``wanted``, in the same order, at least ``apart`` from each other and within the limits."""
    order = sorted(range(len(wanted)), key=lambda n: (wanted[n], n))
    placed = [min(max(wanted[n], top), bottom) for n in order]
    for before, after in pairwise(range(len(placed))):
        placed[after] = max(placed[after], placed[before] + apart)
    limit = bottom
    for n in reversed(range(len(placed))):
        placed[n] = min(placed[n], limit)
        limit = placed[n] - apart
    return [placed[order.index(n)] for n in range(len(wanted))]
