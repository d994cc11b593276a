"""Lines over days and columns side by side: from values to points on paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot import numbers
from bot.charts.paper import MARGIN, NAME, TICK, Box, Mark, Paper, Point, Rule, Stroke, Text, path, runs, spread
from bot.charts.scale import Tick, day_ticks, highest, round_steps, thinned
from bot.charts.shapes import Columns, Lines, Values, is_weekend, mean_of_week
from bot.charts.words import Words
from bot.pictures.lettering import lines, width

FIRST_HIGH, OTHERS_HIGH = 300, 190
"""Pixels of the first panel, and of those below it."""
CARD_TOP, CARD_FOOT = 46, 316
"""What matters lies within 2.35 to 1, to which some show less of a card's picture (not confirmed)."""
LONGEST_NAME = 8.5
"""Ems beside the end of a line."""
ROOM = 18
"""Pixels above the highest point."""
TOGETHER, ALONE = 0.8, 0.92
"""Parts of its place that the columns of one label fill, and of its share that one of them does."""
SIGNS_FROM = 13
"""Pixels between two days from which each has a sign."""


@dataclass(frozen=True, slots=True)
class Field:
    """Where values become points: ``many`` places side by side, 0 at ``bottom`` and ``most`` at ``top``."""

    left: float
    right: float
    top: float
    bottom: float
    many: int
    most: float

    @property
    def step(self) -> float:
        """Pixels from one place to the next."""
        return (self.right - self.left) / self.many

    def x(self, number: int) -> float:
        """The middle of a place."""
        return self.left + self.step * (number + 0.5)

    def y(self, value: float) -> float:
        """How far down ``value`` is."""
        return self.bottom - (self.bottom - self.top) * value / self.most

    def grounds(self, places: Iterable[int], kind: str) -> Iterator[Box]:
        """The strips of places, those side by side as one."""
        for _, together in groupby(enumerate(places), key=lambda pair: pair[1] - pair[0]):
            strip = [place for _, place in together]
            wide = max(self.step * len(strip), 4)
            left = self.left + self.step * strip[0]
            yield Box(left, self.top - ROOM, wide, self.bottom - self.top + ROOM, kind)

    def points(self, values: Sequence[float | None]) -> list[Point | None]:
        """A point for each value that is known."""
        return [None if value is None else (self.x(n), self.y(value)) for n, value in enumerate(values)]


def draw_lines(paper: Paper, shape: Lines, words: Words, *, chinese: bool) -> None:
    """Panels below each other over one foot of days; a card has the first alone."""
    panels = shape.panels[:1] if paper.card else shape.panels
    names = [lines(words.name(n), LONGEST_NAME, 1)[:1] or [""] for n in range(sum(map(len, panels)))]
    right = paper.wide - MARGIN - max((width(name) for (name,) in names), default=0) * NAME - NAME
    seen = [[mean_of_week(values) for values in panel] if shape.only_averaged else panel for panel in panels]
    steps = [round_steps(highest(panel), 4 if n == 0 else 2) for n, panel in enumerate(seen)]
    left = MARGIN + max(width(_number(step, chinese)) for each in steps for step in each) * TICK + TICK / 2
    series = 0
    for number, panel in enumerate(panels):
        high = FIRST_HIGH if number == 0 else OTHERS_HIGH
        top, bottom = (CARD_TOP + ROOM, CARD_FOOT - TICK * 1.5) if paper.card else (paper.y + ROOM, paper.y + high)
        field = Field(left, right, top, bottom, len(shape), steps[number][-1])
        _grounds(paper, field, shape)
        _scale(paper, field, steps[number], chinese)
        if not shape.only_averaged:
            _days(paper, field, panel, series, "faint" if shape.averaged else "line")
            _peak(paper, field, panel[0], chinese)
        if shape.averaged:
            _means(paper, field, panel, series)
        _ends(paper, field, panel, series, [name for (name,) in names[series:]], averaged=shape.averaged)
        series += len(panel)
        paper.y = bottom + NAME
    middles = [field.x(n) for n in range(len(shape))]
    _foot(paper, field, day_ticks(shape.days, middles, TICK, chinese=chinese))


def draw_columns(paper: Paper, shape: Columns, words: Words, *, chinese: bool) -> None:
    """Columns side by side, those of one label together."""
    names = [words.name(n) for n in range(len(shape.series))]
    if paper.card:
        paper.y = CARD_TOP - 8.0  # the legend's letters do not fill their line
    if any(names):
        paper.legend(names)
    steps = round_steps(highest(shape.series), 4)
    left = MARGIN + max(width(_number(step, chinese)) for step in steps) * TICK + TICK / 2
    top = paper.y + ROOM
    bottom = CARD_FOOT - TICK * 1.5 if paper.card else top + FIRST_HIGH
    field = Field(left, paper.wide - MARGIN, top, bottom, len(shape.labels), steps[-1])
    paper.grounds += field.grounds(shape.late, "late")
    _scale(paper, field, steps, chinese)
    for number, values in enumerate(shape.series):
        wide = field.step * TOGETHER / len(shape.series)
        inset = field.step * (1 - TOGETHER) / 2 + wide * number
        for n, value in enumerate(values):
            if value:
                y = field.y(value)
                paper.columns.append(Box(left + field.step * n + inset, y, wide * ALONE, bottom - y, series=number))
    _foot(paper, field, thinned([Tick(field.x(n), label) for n, label in enumerate(shape.labels)], TICK))


def _grounds(paper: Paper, field: Field, shape: Lines) -> None:
    weekends = [n for n, day in enumerate(shape.days) if is_weekend(day)] if shape.shades_weekends else []
    paper.grounds += field.grounds(weekends, "weekend")
    paper.grounds += field.grounds(shape.late, "late")


def _scale(paper: Paper, field: Field, steps: Sequence[int], chinese: bool) -> None:
    for step in steps:
        y = field.y(step)
        paper.rules.append(Rule(field.left, y, field.right, base=step == 0))
        paper.texts.append(Text(_number(step, chinese), field.left - TICK / 2, y + TICK * 0.35, TICK, "tick", "end"))


def _days(paper: Paper, field: Field, panel: Sequence[Values], first: int, weight: str) -> None:
    """A line through single days for each series, that of the most important one over the others."""
    for series, values in reversed(list(enumerate(panel, first))):
        for run in runs(field.points(values)):
            if len(run) > 1:
                paper.strokes.append(Stroke(path(run), series, weight))
            if len(run) == 1 or field.step >= SIGNS_FROM:
                paper.marks += [Mark(x, y, series) for x, y in run]


def _means(paper: Paper, field: Field, panel: Sequence[Values], first: int) -> None:
    every = max(1, int(1 / field.step))  # a point for each pixel is enough
    for series, values in reversed(list(enumerate(panel, first))):
        for run in runs(field.points(mean_of_week(values))):
            if len(run) > 1:
                paper.strokes.append(Stroke(path([*run[:-1:every], run[-1]]), series, "mean"))


def _ends(
    paper: Paper, field: Field, panel: Sequence[Values], first: int, names: Sequence[str], *, averaged: bool
) -> None:
    """The name of each line at its end, none over another."""
    told = [mean_of_week(values) if averaged else values for values in panel]
    ends = [field.y(next((value for value in reversed(values) if value is not None), 0)) for values in told]
    places = spread(ends, NAME * 1.2, field.top - ROOM, field.bottom)
    for series, (name, y) in enumerate(zip(names, places, strict=False), first):
        if name:
            paper.marks.append(Mark(field.right + NAME * 0.4, y, series))
            paper.texts.append(Text(name, field.right + NAME, y + NAME * 0.35, NAME, "name"))


def _peak(paper: Paper, field: Field, values: Values, chinese: bool) -> None:
    """The number of the highest day, the latest of equals; none where nothing happened."""
    most = highest([values])
    if not most:
        return
    at = max(n for n, value in enumerate(values) if value == most)
    paper.texts.append(Text(_number(int(most), chinese), field.x(at), field.y(most) - 11, TICK, "value", "middle"))


def _foot(paper: Paper, field: Field, ticks: Sequence[Tick]) -> None:
    """Labels under the last panel, none over the edge."""
    y = field.bottom + TICK * 1.4
    for tick in ticks:
        half = width(tick.label) * TICK / 2
        x = min(max(tick.at, half + 4), paper.wide - half - 4)
        paper.texts.append(Text(tick.label, x, y, TICK, "tick", "middle"))
    paper.y = y + TICK / 2


def _number(value: int, chinese: bool) -> str:
    return numbers.short(value, chinese=chinese)
