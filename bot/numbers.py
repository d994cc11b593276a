"""Numbers as a language writes them: 12.3万 or 123.5K where their size matters, in full where they must add up."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from babel.numbers import format_currency, format_decimal

ABBREVIATED_FROM = 100_000
"""Below it a number is as quickly read in full."""

_UNITS = {
    True: ((100_000_000, "亿"), (10_000, "万")),
    False: ((1_000_000_000, "B"), (1_000_000, "M"), (1_000, "K")),
}


def in_full(value: float) -> str:
    """``1,234,567``; one decimal where there is one."""
    return str(format_decimal(value, format="#,##0.#", locale="en"))


def short(value: int, *, chinese: bool) -> str:
    """``12.3万``, ``1.2亿``; ``123.5K``, ``1.2M``; in full below :data:`ABBREVIATED_FROM`. Half a tenth counts up."""
    if abs(value) < ABBREVIATED_FROM:
        return in_full(value)
    units = _UNITS[chinese]
    unit, sign = next(
        (each for each, (smaller, _) in pairwise(units) if abs(value) >= each[0] - smaller // 20), units[-1]
    )  # 999.96K is 1M, 999.94K is not
    tenths = (abs(value) * 10 + unit // 2) // unit
    return f"{'-' if value < 0 else ''}{tenths // 10}.{tenths % 10}".removesuffix(".0") + sign


def signed(value: int) -> str:
    """``+12``, ``-3``, ``0``."""
    return ("+" if value > 0 else "") + in_full(value)


def percent(share: float) -> str:
    """``29%`` of 0.29; whole percents."""
    return str(format_decimal(share * 100, format="#,##0", locale="en")) + "%"


def coins(amount: Decimal | float) -> str:
    """``1,234.5``: coins have at most two decimals."""
    return str(format_decimal(amount, format="#,##0.##", locale="en"))


def money(fen: int) -> str:
    """``¥1,234.50`` of 123,450 fen."""
    yuan = (Decimal(fen) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return str(format_currency(yuan, "CNY", locale="zh_CN"))
