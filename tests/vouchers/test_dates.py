"""Dates as shops type them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.clock import local
from bot.vouchers.dates import YearMissingError, beginning, ending, span, three_months_after

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "周一",
        "13.1",
        "2月30日",
        "2026-02-29",
        "2026-12-31 24:00",
        "12.31 9:60",
        "31 Foo",
        "1/2/3/4",
        "-1.-2",
        "20261301",
        "明年",
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert ending(text, TODAY) is None
    assert beginning(text, TODAY, TODAY) is None


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-31",
        "2026/12/31",
        "2026.12.31",
        "2026年12月31日",
        "2026 年 12 月 31 日",
        "20261231",
        "12月31日",
        "12月31号",
        "12.31",
        "12-31",
        "31 Dec",
        "31 December 2026",
        "Dec 31",
        "Dec 31, 2026",
        "december 31st",
    ],
)
def test_the_end_is_the_last_second_and_the_begin_the_first(text: str) -> None:
    assert str(local(ending(text, TODAY) or 0)) == "2026-12-31 23:59:59+08:00"
    assert str(local(beginning(text, date(2027, 1, 15), TODAY) or 0)) == "2026-12-31 00:00:00+08:00"


def test_a_first_day_without_a_year_is_never_guessed_into_the_past() -> None:
    with pytest.raises(YearMissingError):
        beginning("12月1日", date(2026, 11, 1), TODAY)
    with pytest.raises(YearMissingError):
        span("12.1-3.1", date(2026, 11, 1), TODAY)
    with pytest.raises(YearMissingError):
        beginning("11.21", None, TODAY)


def test_the_present_first_day_needs_no_year() -> None:
    assert str(local(beginning("11月1日", date(2026, 11, 1), TODAY) or 0)) == "2026-11-01 00:00:00+08:00"


@pytest.mark.parametrize(
    ("text", "expected"), [("2.29", "2028-02-29"), ("11.22", "2026-11-22"), ("11.21", "2027-11-21")]
)
def test_without_a_year_it_is_the_next_such_day(text: str, expected: str) -> None:
    assert str(local(ending(text, TODAY) or 0).date()) == expected


@pytest.mark.parametrize("text", ["2026-12-31 18:30", "12月31日18:30", "12.31 18:30:00", "31 Dec 18:30"])
def test_a_time_of_day_counts(text: str) -> None:
    assert str(local(ending(text, TODAY) or 0)) == "2026-12-31 18:30:00+08:00"


def test_ten_digits_are_seconds() -> None:
    assert ending("1743436799", TODAY) == 1743436799


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-01至2026-12-31",
        "2026年十二月一日到年底",
        "2026-12-01 到 2026-12-31",
        "2026-12-01 - 2026-12-31",
        "2026-12-01-2026-12-31",
        "2026.12.01-2026.12.31",
        "2026年12月1日～2026年12月31日",
        "1 Dec 2026 to 31 Dec 2026",
    ],
)
def test_a_span_has_two_ends(text: str) -> None:
    first, last = span(text, TODAY, TODAY) or (0, 0)

    assert (str(local(first)), str(local(last))) == ("2026-12-01 00:00:00+08:00", "2026-12-31 23:59:59+08:00")


@pytest.mark.parametrize("text", ["", "2026-12-01", "至", "2026-12-01至", "a-b"])
def test_half_a_span_is_none(text: str) -> None:
    assert span(text, TODAY, TODAY) is None


@pytest.mark.parametrize(
    ("day", "latest"),
    [
        ("2026-11-22", "2027-02-22"),
        ("2026-11-30", "2027-03-02"),
        ("2026-01-31", "2026-05-03"),
        ("2026-07-31", "2026-10-31"),
    ],
)
def test_three_months_are_92_days_at_least(day: str, latest: str) -> None:
    seconds = datetime.fromisoformat(f"{day}T12:00:00+08:00").astimezone(UTC).timestamp()

    assert str(local(three_months_after(seconds))) == f"{latest} 23:59:59+08:00"
