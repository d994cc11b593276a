"""The balance of the credit account in every type WeChat has used for amounts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bot.errors import AnswerUnreadable
from bot.vouchers.credit import Balance, amount


@pytest.mark.parametrize("value", [None, "", "x", "NaN", "Infinity", [], {}, "1,000"])
def test_what_is_no_amount(value: object) -> None:
    assert amount(value) is None
    with pytest.raises(AnswerUnreadable):
        Balance.of({"free_coin": value, "pay_coin": "1"})


@pytest.mark.parametrize("free", ["180.2", 180.2, " 180.2 "])
def test_amounts_as_strings_and_floats(free: Any) -> None:
    balance = Balance.of({"free_coin": free, "pay_coin": 50, "total_coin": "230.2"})
    assert balance == Balance(Decimal("180.2"), Decimal(50), Decimal("230.2"))


def test_a_missing_total_is_the_sum() -> None:
    assert Balance.of({"free_coin": 1, "pay_coin": "0.2"}).total == Decimal("1.2")
