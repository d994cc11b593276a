"""By how much a day is to move, as people say it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.routing.lengths import Length, parse_length


@pytest.mark.parametrize(
    "text", ["", "月", "3月", "0天", "10.1", "七天券", "month", "weeks", "a", "一", "2027年1月", "1000天"]
)
def test_what_is_no_length_is_left_to_others(text: str) -> None:
    assert parse_length(text) is None


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("30天", Length(30)), ("三十天", Length(30)), ("30 days", Length(30)), ("30d", Length(30)),
        ("1 day", Length(1)),
        ("两周", Length(14)), ("2个星期", Length(14)), ("two weeks", Length(14)), ("another week", Length(7)),
        ("一个月", Length(0, 1)), ("再延三个月", Length(0, 3)), ("a month", Length(0, 1)),
        ("by 2 months", Length(0, 2)),
        ("半个月", Length(15)), ("半年", Length(0, 6)), ("一年", Length(0, 12)), ("１０天", Length(10)),
        ("+7天", Length(7)),
        ("another 2 weeks", Length(14)),
    ],
)  # fmt: skip
def test_a_length_is_read_as_it_is_typed(text: str, length: Length) -> None:
    assert parse_length(text) == length


@pytest.mark.parametrize(
    ("length", "day", "later"),
    [
        (Length(0, 1), "2027-01-31", "2027-02-28"),
        (Length(0, 1), "2027-12-31", "2028-01-31"),
        (Length(0, 2), "2027-12-31", "2028-02-29"),
        (Length(14), "2026-12-25", "2027-01-08"),
    ],
)
def test_months_end_when_they_end(length: Length, day: str, later: str) -> None:
    assert length.after(date.fromisoformat(day)) == date.fromisoformat(later)


@given(st.text(max_size=20))
def test_no_text_surprises(text: str) -> None:
    found = parse_length(text)
    assert found is None or found.after(date(2027, 1, 31)) > date(2027, 1, 31)
