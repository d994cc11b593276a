"""From figures to shapes: what is a gap, what is zero, what is still to come."""

from __future__ import annotations

from datetime import date, timedelta

from bot.charts.shapes import Bars, Columns
from bot.stats.charted import MOST_BARS, bars, daily, hourly, ranked
from bot.stats.days import DayRange
from bot.stats.figures import COUNTERS, Figures, Row, Source
from bot.stats.today import Hour

FIRST = date(2026, 11, 15)


def row(day: int, redeemed: int, claimed: int = 0, card_id: str = "", source: Source = Source.API) -> Row:
    counts = dict.fromkeys(COUNTERS, 0) | {"verify_cnt": redeemed, "receive_cnt": claimed, "view_cnt": 100}
    return Row(FIRST + timedelta(days=day), source, card_id, counts)


def figures(*rows: Row, late: tuple[int, ...] = ()) -> Figures:
    not_ready = frozenset((Source.API, FIRST + timedelta(days=day)) for day in late)
    return Figures(DayRange(FIRST, FIRST + timedelta(days=3)), rows, not_ready)


def test_a_day_left_out_is_a_gap_zero_is_zero_and_a_day_half_counted_is_late() -> None:
    known = figures(row(0, 5, 9), row(2, 0), row(3, 7, source=Source.CONSOLE), late=(3,))
    shape = daily(known)

    assert (shape.first, len(shape), shape.late) == (FIRST, 4, (3,))
    assert shape.panels == (((5, None, 0, None), (9, None, 0, None)), ((100, None, 100, None),))
    assert shape.has_gaps


def test_both_sources_are_one_line() -> None:
    assert daily(figures(row(0, 5), row(0, 6, source=Source.CONSOLE))).panels[0][0] == (11, None, None, None)


def test_a_day_that_is_over_has_no_hours_to_come() -> None:
    shape = hourly([Hour(12, 3, 2), Hour(13, 0, 4)])

    assert shape.labels == tuple(map(str, range(8, 22)))
    assert shape.late == ()
    assert shape.series[0] == (0, 0, 0, 0, 2, 4, 0, 0, 0, 0, 0, 0, 0, 0)
    assert shape.series[1][4:6] == (3, 0)


def test_a_running_day_ends_now_and_shows_the_night_if_something_happened() -> None:
    shape = hourly([Hour(0, 1, 0), Hour(10, 2, 2)], now=10)

    assert shape.labels == tuple(map(str, range(22)))
    assert shape.late == tuple(range(11, 22))
    assert shape.series == ((*[0] * 10, 2, *[None] * 11), (1, *[0] * 9, 2, *[None] * 11))
    assert hourly([Hour(9, 1, 1)], now=23) == Columns(
        tuple(map(str, range(8, 24))), ((0, 1, *[0] * 14), (0, 1, *[0] * 14))
    )


def test_vouchers_are_ranked_by_redemptions_and_the_idle_left_out() -> None:
    known = figures(row(0, 3, 9, "b"), row(1, 4, 0, "b"), row(0, 7, 1, "a"), row(0, 0, 0, "c"), row(0, 0, 2, "d"))

    assert ranked(known) == ["b", "a", "d"]
    assert bars(known, {"b": "春节券", "a": "豆浆券"}) == Bars(("春节券", "豆浆券"), ((7, 7), (9, 1)))
    many = figures(*(row(0, number, 0, f"v{number:02}") for number in range(1, 20)))
    assert ranked(many)[:2] == ["v19", "v18"]
    assert len(ranked(many)) == MOST_BARS
