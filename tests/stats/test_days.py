"""Spans of days and their pieces."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.stats.days import DayRange, covering

SPANS = st.builds(
    lambda first, length: DayRange(first, first + timedelta(days=length - 1)),
    st.dates(date(2014, 1, 1), date(2090, 1, 1)),
    st.integers(1, 2000),
)


def test_a_span_never_ends_before_it_begins() -> None:
    with pytest.raises(ValueError, match="first day 2015-06-16 is after the last, 2015-06-15"):
        DayRange(date(2015, 6, 16), date(2015, 6, 15))


def test_both_ends_count() -> None:
    assert len(DayRange(date(2015, 6, 15), date(2015, 6, 15))) == 1
    assert len(DayRange(date(2015, 6, 15), date(2015, 6, 30))) == 16
    assert len(DayRange(date(2016, 2, 28), date(2016, 3, 1))) == 3


def test_62_days_are_one_piece_and_63_are_two() -> None:
    first = date(2015, 5, 1)

    assert covering(DayRange(first, date(2015, 7, 1)).days()) == [DayRange(first, date(2015, 7, 1))]
    assert covering(DayRange(first, date(2015, 7, 2)).days()) == [
        DayRange(first, date(2015, 7, 1)),
        DayRange(date(2015, 7, 2), date(2015, 7, 2)),
    ]


@given(SPANS, st.integers(1, 100))
def test_pieces_cover_the_span_without_gap_or_overlap(span: DayRange, limit: int) -> None:
    pieces = covering(span.days(), limit)

    assert [day for piece in pieces for day in piece.days()] == list(span.days())
    assert all(1 <= len(piece) <= limit for piece in pieces)
    assert len(pieces) == -(-len(span) // limit)


@given(SPANS, st.sets(st.integers(0, 1999)), st.integers(1, 100))
def test_of_days_with_gaps_each_lies_in_one_piece_and_no_piece_begins_or_ends_in_a_gap(
    span: DayRange, offsets: set[int], limit: int
) -> None:
    wanted = [span.first + timedelta(days=offset) for offset in sorted(offsets) if offset < len(span)]

    pieces = covering(wanted, limit)

    assert [day for piece in pieces for day in piece.days() if day in set(wanted)] == wanted
    assert all({piece.first, piece.last} <= set(wanted) and len(piece) <= limit for piece in pieces)


@given(SPANS)
def test_the_span_before_is_as_long_and_touches_it(span: DayRange) -> None:
    before = span.before()

    assert len(before) == len(span)
    assert before.last + timedelta(days=1) == span.first


@given(SPANS)
def test_a_part_of_a_week_is_compared_with_the_same_weekdays(span: DayRange) -> None:
    compared = span.compared()

    if len(span) in (1, 7) or len(span) >= 14:
        assert (compared, span.weeks_back) == (span.before(), 0)
    else:
        assert len(compared) == len(span)
        assert span.first - compared.first == timedelta(weeks=span.weeks_back)
        assert span.first - timedelta(days=7) <= compared.last < span.first
