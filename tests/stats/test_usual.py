"""What is usual for a weekday."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.stats.days import DayRange
from bot.stats.figures import COUNTERS, Figures, Row, Source
from bot.stats.usual import spread, usual

SATURDAY = date(2026, 11, 21)


def weeks(*counts: int | None, late: frozenset[tuple[Source, date]] = frozenset()) -> Figures:
    """The last Saturday, the one before it, and so on; None: WeChat left it out. The day itself has 999."""
    days = {SATURDAY: 999, SATURDAY - timedelta(days=1): 1} | {
        SATURDAY - timedelta(weeks=number): count for number, count in enumerate(counts, 1) if count is not None
    }
    rows = tuple(
        Row(day, Source.API, "", dict.fromkeys(COUNTERS, 0) | {"verify_cnt": count}) for day, count in days.items()
    )
    return Figures(DayRange(SATURDAY - timedelta(weeks=6), SATURDAY), rows, late)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((40, 60, 44, 38), 42),
        ((40, 60, 44), 44),
        ((40, 61), 51),
        ((0, 0, 0, 9), 0),
        ((40, None, None, 44), 42),
        ((40, None, None, None), None),
        ((), None),
        ((10, 10, 10, 10, 99, 99), 10),
    ],
)
def test_the_median_of_the_weeks_that_are_known(counts: tuple[int | None, ...], expected: int | None) -> None:
    assert usual(weeks(*counts), SATURDAY) == expected


def test_a_day_still_counted_is_not_known() -> None:
    late = frozenset({(Source.CONSOLE, SATURDAY - timedelta(weeks=1))})

    assert usual(weeks(1, 40, 42, late=late), SATURDAY) == 41


def test_how_far_days_lie_apart_knows_weekdays_and_odd_days() -> None:
    """Saturdays have a hundred, other days ten, one more or less by turns; two days were nothing like it."""
    before = [SATURDAY - timedelta(days=number) for number in range(1, 29)]
    counts = {
        day: (100 if day.weekday() == 5 else 10) + (1 if number // 7 % 2 else -1) for number, day in enumerate(before)
    }
    steady = spread(_days(counts), SATURDAY)
    odd = spread(_days(counts | {before[3]: 90, before[12]: 0}), SATURDAY)

    assert steady == pytest.approx(1.42)
    assert odd == pytest.approx(1.42, abs=0.2)


def test_too_few_days_say_nothing_about_how_steady_they_are() -> None:
    before = [SATURDAY - timedelta(days=number) for number in range(1, 29)]

    assert spread(_days(dict.fromkeys(before[3:], 5)), SATURDAY) == 0
    assert spread(_days(dict.fromkeys(before[4:], 5)), SATURDAY) is None
    late = frozenset((Source.API, day) for day in before[:4])
    assert spread(_days(dict.fromkeys(before, 5), late), SATURDAY) is None


def _days(counts: dict[date, int], late: frozenset[tuple[Source, date]] = frozenset()) -> Figures:
    rows = [Row(day, Source.API, "", dict.fromkeys(COUNTERS, 0) | {"verify_cnt": n}) for day, n in counts.items()]
    return Figures(DayRange(SATURDAY - timedelta(weeks=4), SATURDAY), tuple(rows), late)
