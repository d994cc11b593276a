"""What is drawn, as numbers: lines over days, columns over hours, ranked bars. No words but the labels of data.

A value is None where nothing is known; zero is drawn, nothing known leaves a gap, and what is still being counted or
yet to come (``late``: positions from 0) is hatched.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeAlias

Values: TypeAlias = tuple[int | None, ...]

MOST_SINGLE_DAYS = 62
"""Days up to which each can be told from the next; over more of them the mean of seven days is drawn, too."""
MOST_DRAWN_DAYS = 700
"""Days up to which single ones are drawn beside the mean: more are closer than half a pixel."""
WEEK = 7
LEAST_OF_WEEK = 4
"""Days that must be known for a mean of seven."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Counts per day from ``first``: panels one below the other, each with a scale and lines of its own."""

    first: date
    panels: tuple[tuple[Values, ...], ...]
    late: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.panels[0][0])

    @property
    def days(self) -> list[date]:
        """Every day, in order."""
        return [self.first + timedelta(days=number) for number in range(len(self))]

    @property
    def averaged(self) -> bool:
        """Whether thick lines show the mean of seven days."""
        return len(self) > MOST_SINGLE_DAYS

    @property
    def only_averaged(self) -> bool:
        """Whether the mean of seven days is all there is to be seen."""
        return len(self) > MOST_DRAWN_DAYS

    @property
    def shades_weekends(self) -> bool:
        """Whether Saturdays and Sundays have a grey ground."""
        return not self.averaged and any(map(is_weekend, self.days))

    @property
    def has_gaps(self) -> bool:
        """Whether some days are neither known nor late."""
        return any(value is None and n not in self.late for n, value in enumerate(self.panels[0][0]))

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Lines:
        """From what ``dataclasses.asdict`` gave, through JSON."""
        panels = tuple(_series(panel) for panel in stored["panels"])
        return cls(date.fromisoformat(stored["first"]), panels, tuple(stored["late"]))


@dataclass(frozen=True, slots=True)
class Columns:
    """Counts in a few places side by side, hours for instance: a series has a value for each of ``labels``."""

    labels: tuple[str, ...]
    series: tuple[Values, ...]
    late: tuple[int, ...] = ()

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Columns:
        """From what ``dataclasses.asdict`` gave, through JSON."""
        return cls(tuple(stored["labels"]), _series(stored["series"]), tuple(stored["late"]))


@dataclass(frozen=True, slots=True)
class Bars:
    """A ranking, best first: one label to a row, one bar to a series; ``labels`` are data (titles), not words."""

    labels: tuple[str, ...]
    series: tuple[Values, ...]

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Bars:
        """From what ``dataclasses.asdict`` gave, through JSON."""
        return cls(tuple(stored["labels"]), _series(stored["series"]))


Shape: TypeAlias = Lines | Columns | Bars
SHAPES: dict[str, type[Lines] | type[Columns] | type[Bars]] = {"lines": Lines, "columns": Columns, "bars": Bars}


def is_weekend(day: date) -> bool:
    """Saturdays and Sundays; the working weekends around China's holidays are not known here."""
    return day.weekday() > 4


def mean_of_week(values: Values) -> tuple[float | None, ...]:
    """Of each day the mean of the seven days it ends, over those known; None where few are, or it is not itself."""
    means, total, known = list[float | None](), 0, 0
    for value, gone in zip(values, (*[None] * WEEK, *values), strict=False):
        total += (value or 0) - (gone or 0)
        known += (value is not None) - (gone is not None)
        means.append(total / known if value is not None and known >= LEAST_OF_WEEK else None)
    return tuple(means)


def _series(stored: list[list[int | None]]) -> tuple[Values, ...]:
    return tuple(tuple(values) for values in stored)
