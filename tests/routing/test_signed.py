"""Amounts with a sign, as people type them."""

from __future__ import annotations

import pytest

from bot.routing.signed import parse_signed


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+",
        "-",
        "100",
        "+0",
        "-0",
        "加",
        "+1.5",
        "+1,00",
        "+1,0000",
        "++1",
        "+1-",
        "+１",
        "+1e3",
        "加-5",
        "+" + "9" * 10,
    ],
)
def test_no_amount(text: str) -> None:
    assert parse_signed(text) is None


@pytest.mark.parametrize(
    ("text", "amount"),
    [("+100", 100), ("-20", -20), ("−20", -20), ("+ 5", 5), ("+1,000", 1000), ("+1,000,000", 1_000_000),
     ("加100张", 100), ("减少 20 份", -20), (" 补3 ", 3), ("+007", 7)],
)  # fmt: skip
def test_an_amount(text: str, amount: int) -> None:
    assert parse_signed(text) == amount
