"""A chart: a shape with its words, in a language, as SVG. It can be kept as JSON and is known by its content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

import templates
from bot.charts.paper import Paper
from bot.charts.plotting import draw_columns, draw_lines
from bot.charts.ranked import draw_bars
from bot.charts.shapes import SHAPES, Columns, Lines, Shape
from bot.charts.words import Words
from bot.pictures.lettering import FALLBACKS, FAMILY, drawable

LAYOUT = 1
"""Moves when the same values are drawn in another way: pictures kept by content are drawn anew."""


@dataclass(frozen=True, slots=True)
class Chart:
    """What one shows. ``chinese``: how it writes numbers and days. ``card``: low, without title and notes, for WeChat
    to show above a title of its own.
    """

    shape: Shape
    words: Words
    chinese: bool
    card: bool = False

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """From what :meth:`stored` gave, through JSON."""
        shape = SHAPES[stored["kind"]].of(stored["shape"])
        return cls(shape, Words.of(stored["words"]), stored["chinese"], stored["card"])

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        kind = next(name for name, shape in SHAPES.items() if isinstance(self.shape, shape))
        shape = asdict(self.shape)
        if isinstance(self.shape, Lines):
            shape["first"] = self.shape.first.isoformat()
        return {
            "kind": kind, "shape": shape, "words": self.words.stored(), "chinese": self.chinese, "card": self.card,
        }  # fmt: skip

    @property
    def digest(self) -> str:
        """Names what is to be seen."""
        seen = json.dumps([LAYOUT, self.stored()], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(seen.encode()).hexdigest()

    def svg(self) -> str:
        """The picture, 800 units wide (a card 640); it scales, and has no ids, so that many may stand on a page."""
        paper = self._drawn()
        return _template().render(
            paper=paper,
            title=drawable(self.words.title),
            description=drawable(" · ".join((*self.words.subtitle, *self.words.notes))),
            family=f"'{FAMILY}', {FALLBACKS}",
        )

    def _drawn(self) -> Paper:
        paper = Paper(self.card)
        if not self.card:
            paper.head(self.words)
        if isinstance(self.shape, Lines):
            draw_lines(paper, self.shape, self.words, chinese=self.chinese)
        elif isinstance(self.shape, Columns):
            draw_columns(paper, self.shape, self.words, chinese=self.chinese)
        else:
            draw_bars(paper, self.shape, self.words, chinese=self.chinese)
        if not self.card:
            paper.foot(self.words)
        return paper


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(templates.__file__).parent / "charts"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    return environment.get_template("chart.svg.j2")
