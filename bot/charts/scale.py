"""Axes: round numbers up the side, days along the foot, as many as fit."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from babel import Locale
from babel.dates import format_date

from bot.charts.shapes import MOST_SINGLE_DAYS
from bot.pictures.lettering import width

DAY_STEPS = (1, 2, 4, 7, 14, 21, 28)
MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60)
LOCALES = {True: Locale.parse("zh_CN"), False: Locale.parse("en")}
"""By whether it is Chinese."""
APART = 0.9
"""Ems between two labels, at least."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A label at a position (pixels, of its middle)."""

    at: float
    label: str


def round_steps(most: float, lines: int) -> list[int]:
    """Round numbers from 0 to ``most`` or a little more, at most ``lines`` above 0; steps are 1, 2 or 5 with zeros."""
    rough = max(most, 1) / lines
    power = 10 ** max(0, math.floor(math.log10(rough)) if rough > 1 else 0)
    step = next(s for s in (power, 2 * power, 5 * power, 10 * power) if s >= rough)
    return list(range(0, math.ceil(max(most, 1) / step) * step + 1, step))


def thinned(ticks: Sequence[Tick], size: float) -> list[Tick]:
    """Of ticks at equal distances every n-th, so that labels of letters ``size`` pixels high do not touch."""
    if len(ticks) < 2:
        return list(ticks)
    widest = max(width(tick.label) for tick in ticks)
    every = math.ceil((widest + APART) * size / (ticks[1].at - ticks[0].at))
    return list(ticks[::every])


def day_ticks(days: Sequence[date], at: Sequence[float], size: float, *, chinese: bool) -> list[Tick]:
    """Labels for ``days``, whose middles are ``at``: the last day and others back from it; of many days months."""
    if len(days) > MOST_SINGLE_DAYS:
        return _month_ticks(days, at, size, chinese=chinese)
    labels = [short_day(day, chinese=chinese) for day in days]
    needed = (max(map(width, labels)) + APART) * size
    apart = at[1] - at[0] if len(at) > 1 else needed
    every = next((step for step in DAY_STEPS if step * apart >= needed), len(days))
    return [Tick(at[n], labels[n]) for n in reversed(range(len(days) - 1, -1, -every))]


def short_day(day: date, *, chinese: bool) -> str:
    """``11/15``; ``15 Nov``."""
    return format_date(day, "M/d" if chinese else "d MMM", locale=LOCALES[chinese])


def _month_ticks(days: Sequence[date], at: Sequence[float], size: float, *, chinese: bool) -> list[Tick]:
    """The first of each month, of every second, third … where they would touch; January is called by its year."""
    firsts = [(day, x) for day, x in zip(days, at, strict=True) if day.day == 1]
    needed = (max(width(_month(day, chinese)) for day, _ in firsts) + APART) * size
    month = (at[-1] - at[0]) / (len(days) - 1) * 30
    every = next((step for step in MONTH_STEPS if step * month >= needed), MONTH_STEPS[-1])
    shown = [(day, x) for day, x in firsts if (day.year * 12 + day.month - 1) % every == 0]
    return [Tick(x, _month(day, chinese)) for day, x in shown or firsts[:1]]


def _month(day: date, chinese: bool) -> str:
    return str(day.year) if day.month == 1 else format_date(day, "MMM", locale=LOCALES[chinese])


def highest(series: Iterable[Iterable[float | None]]) -> float:
    """The highest value of all; 0 where none is known."""
    return max((value for values in series for value in values if value is not None), default=0)
