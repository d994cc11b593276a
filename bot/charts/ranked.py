"""Ranked bars: a label above each row's bars, the number behind each."""

from __future__ import annotations

from bot import numbers
from bot.charts.paper import MARGIN, NAME, Box, Paper, Text
from bot.charts.scale import highest
from bot.charts.shapes import Bars
from bot.charts.words import Words
from bot.pictures.lettering import drawable, lines, width

THICK = 26
MOST_IN_CARD = {1: 3, 2: 2}
"""Rows, by the number of series."""


def draw_bars(paper: Paper, shape: Bars, words: Words, *, chinese: bool) -> None:
    """The rows, best first; a card has the first few."""
    names = [words.name(n) for n in range(len(shape.series))]
    if len(shape.series) > 1 and any(names):
        paper.legend(names)
    rows = list(zip(*shape.series, strict=True))[: MOST_IN_CARD[len(names)] if paper.card else None]
    written = [[numbers.short(value or 0, chinese=chinese) for value in row] for row in rows]
    widest = max((width(each) for row in written for each in row), default=0)
    longest = paper.wide - 2 * MARGIN - widest * NAME - NAME / 2
    most = max(highest(rows), 1)
    for label, row, numerals in zip(shape.labels, rows, written, strict=False):
        paper.y += NAME * 1.3
        (title,) = lines(drawable(label), (paper.wide - 2 * MARGIN) / NAME, 1)[:1] or [""]
        paper.texts.append(Text(title, MARGIN, paper.y, NAME, "name"))
        paper.y += NAME * 0.35
        for series, (value, numeral) in enumerate(zip(row, numerals, strict=True)):
            wide = max(longest * value / most, 2) if value else 0
            if value:
                paper.columns.append(Box(MARGIN, paper.y, wide, THICK, series=series))
            paper.texts.append(Text(numeral, MARGIN + wide + NAME / 3, paper.y + THICK * 0.85, NAME, "value"))
            paper.y += THICK + 5
        paper.y += NAME * 0.3
