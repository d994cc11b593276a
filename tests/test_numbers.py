"""Numbers as people read them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import numbers


@pytest.mark.parametrize(
    ("value", "chinese", "english"),
    [
        (0, "0", "0"),
        (-1, "-1", "-1"),
        (7_426, "7,426", "7,426"),
        (99_999, "99,999", "99,999"),
        (100_000, "10万", "100K"),
        (123_456, "12.3万", "123.5K"),
        (123_500, "12.4万", "123.5K"),
        (-123_456, "-12.3万", "-123.5K"),
        (999_949, "100万", "999.9K"),
        (999_950, "100万", "1M"),
        (1_234_567, "123.5万", "1.2M"),
        (12_345_678, "1234.6万", "12.3M"),
        (99_999_999, "1亿", "100M"),
        (123_456_789, "1.2亿", "123.5M"),
        (12_345_678_901, "123.5亿", "12.3B"),
    ],
)
def test_large_numbers_are_short(value: int, chinese: str, english: str) -> None:
    assert numbers.short(value, chinese=True) == chinese
    assert numbers.short(value, chinese=False) == english


_SIZES = {"万": 10**4, "亿": 10**8, "K": 10**3, "M": 10**6, "B": 10**9}


@given(st.integers(-(10**12), 10**12), st.booleans())
def test_what_is_short_is_right_to_a_tenth_of_its_unit(value: int, chinese: bool) -> None:
    written = numbers.short(value, chinese=chinese).replace(",", "")
    size = _SIZES.get(written[-1], 1)

    read = Decimal(written.rstrip("".join(_SIZES))) * size

    assert abs(read - value) <= (Decimal(size) / 20 if size > 1 else 0)


@pytest.mark.parametrize(
    ("fen", "written"),
    [(0, "¥0.00"), (1, "¥0.01"), (1_000, "¥10.00"), (123_450, "¥1,234.50"), (10**11, "¥1,000,000,000.00")],
)
def test_money(fen: int, written: str) -> None:
    assert numbers.money(fen) == written


def test_the_others() -> None:
    assert [numbers.in_full(each) for each in (1_234_567, 12.5, 3.0)] == ["1,234,567", "12.5", "3"]
    assert [numbers.signed(each) for each in (1_200, 0, -3)] == ["+1,200", "0", "-3"]
    assert [numbers.percent(each) for each in (0, 0.294, 1.4, 12.5)] == ["0%", "29%", "140%", "1,250%"]
    assert [numbers.coins(each) for each in (Decimal("1234.50"), 0.2, 3)] == ["1,234.5", "0.2", "3"]
