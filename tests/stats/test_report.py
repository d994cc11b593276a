"""A report: each day in one of four states, months, vouchers, and people that nobody adds up."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.stats.days import DayRange
from bot.stats.figures import COUNTERS, Figures, Row, Source
from bot.stats.report import Gap, Report, State, report
from bot.stats.service import Detail, Overview

FIRST = date(2026, 11, 15)
WEEK = DayRange(FIRST, FIRST + timedelta(days=6))


def row(day: int, source: Source = Source.API, card_id: str = "", **counts: int) -> Row:
    """What one source counted ``day`` days after the first."""
    return Row(FIRST + timedelta(days=day), source, card_id, dict.fromkeys(COUNTERS, 0) | counts)


def of(*rows: Row, span: DayRange = WEEK, late: tuple[tuple[Source, int], ...] = (), **others: Figures) -> Report:
    """The report of ``rows``."""
    not_ready = frozenset((source, FIRST + timedelta(days=day)) for source, day in late)
    now = Figures(span, rows, not_ready)
    overview = Overview(now, others.get("before"), others.get("vouchers"))
    return report(Detail(overview, others.get("vouchers_before")))


def test_a_day_is_counted_empty_late_or_half_late() -> None:
    found = of(
        row(0, verify_cnt=3), row(1), row(3, verify_cnt=2), row(3, Source.CONSOLE, verify_cnt=4),
        row(5, verify_cnt=1), late=((Source.CONSOLE, 5), (Source.CONSOLE, 6), (Source.API, 6)),
    )  # fmt: skip

    assert [line.state for line in found.days] == [
        State.COUNTED, State.COUNTED, State.NO_DATA, State.COUNTED, State.NO_DATA, State.PARTLY, State.NOT_READY,
    ]  # fmt: skip
    assert [line.counts.get("verify") for line in found.days] == [3, 0, None, 6, None, 1, None]
    assert found.months == ()


@pytest.mark.parametrize(
    ("days", "told"),
    [((0, 3, 4, 6), "d d d d d d d"), ((0, 4, 6), "d 1-3 d d d"), ((0, 1), "d d 2-6"), ((5, 6), "0-4 d d")],
)
def test_days_left_out_are_one_line_from_three_on(days: tuple[int, ...], told: str) -> None:
    def number(day: date) -> int:
        return (day - FIRST).days

    found = of(*(row(day) for day in days)).day_rows
    assert told == " ".join(
        f"{number(each.span.first)}-{number(each.span.last)}" if isinstance(each, Gap) else "d" for each in found
    )


def test_months_are_told_of_a_long_span_as_far_as_it_has_them() -> None:
    span = DayRange(date(2026, 9, 20), date(2026, 11, 21))
    found = of(row(0, verify_cnt=3), row(-46, verify_cnt=5), row(-45, verify_cnt=5), span=span)

    assert [(line.span.first, line.span.last, line.counts.get("verify"), line.counted) for line in found.months] == [
        (date(2026, 9, 20), date(2026, 9, 30), 5, 1),
        (date(2026, 10, 1), date(2026, 10, 31), 5, 1),
        (date(2026, 11, 1), date(2026, 11, 21), 3, 1),
    ]
    empty = of(row(0, verify_cnt=3), span=span).months[0]
    assert (empty.counts, empty.counted) == ({}, 0)
    assert of(row(0), span=DayRange(date(2026, 9, 21), date(2026, 11, 21))).months == ()


def test_vouchers_come_most_redeemed_first_and_are_compared_where_that_is_fair() -> None:
    vouchers = Figures(WEEK, (row(0, card_id="a", receive_cnt=4, verify_cnt=5), row(1, card_id="b", verify_cnt=9)))
    before = Figures(WEEK.before(), (row(-1, card_id="a", verify_cnt=7),))

    compared = of(row(0), vouchers=vouchers, vouchers_before=before).vouchers
    assert compared is not None
    assert [(line.card_id, line.rate, line.before, line.more) for line in compared] == [
        ("b", None, 0, 9), ("a", 1.25, 7, -2),
    ]  # fmt: skip
    alone = of(row(0), vouchers=vouchers).vouchers
    assert alone is not None
    assert [(line.before, line.more) for line in alone] == [(None, 0), (None, 0)]
    assert of(row(0)).vouchers is None
    assert of(row(0), vouchers=Figures(WEEK)).vouchers == ()


@pytest.mark.parametrize("late", [True, False])
def test_kinds_are_compared_unless_days_are_still_counted(late: bool) -> None:
    before = Figures(WEEK.before(), (row(-1, view_cnt=7, verify_cnt=2),))
    found = of(row(0, view_cnt=9), before=before, late=((Source.API, 6),) if late else ())
    assert found.before == (None if late else {"view": 7, "receive": 0, "verify": 2, "given": 0, "expire": 0})


def test_people_are_of_a_day_and_a_source() -> None:
    found = of(
        row(0, view_cnt=30, view_user=10), row(1, view_cnt=30, view_user=20), row(1, Source.CONSOLE, view_user=5),
        row(2, given_user=9),
    )  # fmt: skip

    assert [(line.kind, line.source, line.people.average, line.people.most) for line in found.people] == [
        ("view", Source.CONSOLE, 5, 5), ("view", Source.API, 10, 20),
    ]  # fmt: skip
