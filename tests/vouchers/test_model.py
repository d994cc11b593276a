"""Voucher.of: every shape card/get has been seen to answer, and none that it cannot read."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine

from bot.vouchers.model import Status, Voucher, date_type, integer

CARD: dict[str, Any] = {
    "card_type": "CASH",
    "cash": {
        "base_info": {
            "id": "pDEMO1aaaaaaaaaaaaaaaaaaaaaa",
            "logo_url": "http://mmbiz.qpic.cn/mmbiz/x/0",
            "brand_name": "湖畔面馆",
            "title": "10元代金券",
            "color": "#5E6671",
            "date_info": {
                "type": "DATE_TYPE_FIX_TIME_RANGE",
                "begin_timestamp": 1735660800,
                "end_timestamp": 1743436799,
            },
            "status": "CARD_STATUS_VERIFY_OK",
            "sku": {"quantity": 480, "total_quantity": 500},
            "create_time": 1735000000,
        },
        "reduce_cost": 1000,
        "advanced_info": {"share_friends": True, "time_limit": [{"type": "MONDAY"}]},
    },
}


def card(**base_info: Any) -> dict[str, Any]:
    """A CASH card whose base_info is ``base_info`` and an id."""
    return {"card_type": "CASH", "cash": {"base_info": {"id": "pX", **base_info}}}


@pytest.mark.parametrize("nothing", [{}, {"card_type": None}, {"card_type": "GIFT"}, {"card_type": "CASH", "cash": []}])
def test_an_empty_answer_is_a_voucher_with_nothing_known(nothing: dict[str, Any]) -> None:
    voucher = Voucher.of(nothing, "pDEMO1aaaaaaaaaaaaaaaaaabcdef")

    assert voucher.card_id == "pDEMO1aaaaaaaaaaaaaaaaaabcdef"
    assert voucher.title == "…abcdef"
    assert voucher.status is Status.UNKNOWN
    assert (voucher.begin, voucher.end, voucher.first_day, voucher.last_day) == (None, None, None, None)
    assert (voucher.stock, voucher.total_stock, voucher.color) == (0, 0, "")
    assert not (voucher.is_friends or voucher.approved or voucher.under_review or voucher.deleted or voucher.expired)


def test_reads_the_documents_example() -> None:
    voucher = Voucher.of(CARD)

    assert voucher.card_id == "pDEMO1aaaaaaaaaaaaaaaaaaaaaa"
    assert (voucher.card_type, voucher.type_key, voucher.title) == ("CASH", "cash", "10元代金券")
    assert voucher.brand_name == "湖畔面馆"
    assert voucher.approved
    assert voucher.is_friends
    assert (voucher.first_day, voucher.last_day) == (date(2025, 1, 1), date(2025, 3, 31))
    assert (voucher.stock, voucher.total_stock) == (480, 500)
    assert voucher.color == "#5e6671"
    assert voucher.created_at == 1735000000
    assert voucher.detail["reduce_cost"] == 1000
    assert Voucher.of(voucher.card()) == voucher


@pytest.mark.parametrize(
    ("spelling", "status"),
    [
        ("CARD_STATUS_NOT_VERIFY", Status.NOT_VERIFY),
        ("CARD_STATUS_VERIFY_FAIL", Status.VERIFY_FAIL),
        ("CARD_STATUS_VERIFY_FALL", Status.VERIFY_FAIL),
        ("CARD_STATUS_VERIFY_OK", Status.VERIFY_OK),
        ("card_status_verify_ok ", Status.VERIFY_OK),
        ("CARD_STATUS_DISPATCH", Status.DISPATCH),
        ("CARD_STATUS_USER_DISPATCH", Status.DISPATCH),
        ("CARD_STATUS_DELETE", Status.DELETE),
        ("CARD_STATUS_USER_DELETE", Status.DELETE),
        ("CARD_STATUS_FROZEN", Status.UNKNOWN),
        (None, Status.UNKNOWN),
        (3, Status.UNKNOWN),
    ],
)
def test_every_spelling_of_a_status(spelling: object, status: Status) -> None:
    assert Voucher.of(card(status=spelling)).status is status


def test_only_share_friends_makes_a_friends_voucher() -> None:
    ordinary = {"card_type": "CASH", "cash": {"base_info": {"id": "pX"}, "advanced_info": {"share_friends": False}}}

    assert not Voucher.of(ordinary).is_friends
    assert not Voucher.of(card()).is_friends


@pytest.mark.parametrize("kind", ["DATE_TYPE_FIX_TERM", 2, "2"])
def test_validity_counted_from_the_claim_has_no_days(kind: object) -> None:
    voucher = Voucher.of(card(date_info={"type": kind, "fixed_term": 30, "fixed_begin_term": 0}))

    assert (voucher.fixed_term, voucher.fixed_begin_term) == (30, 0)
    assert (voucher.begin, voucher.end, voucher.first_day, voucher.last_day) == (None, None, None, None)
    assert voucher.date_type == "DATE_TYPE_FIX_TERM"
    assert not voucher.expired


@pytest.mark.parametrize(
    ("dates", "named"),
    [
        ({"type": 1}, "DATE_TYPE_FIX_TIME_RANGE"),
        ({"type": "DATE_TYPE_PERMANENT"}, "DATE_TYPE_PERMANENT"),
        ({"fixed_term": 3}, "DATE_TYPE_FIX_TERM"),
        ({}, "DATE_TYPE_FIX_TIME_RANGE"),
    ],
)
def test_date_types_by_name_number_and_content(dates: dict[str, Any], named: str) -> None:
    assert date_type(dates) == named


def test_days_are_those_of_utc_plus_8() -> None:
    voucher = Voucher.of(card(date_info={"begin_timestamp": 1735660800, "end_timestamp": "1735747199"}))

    assert (voucher.first_day, voucher.last_day) == (date(2025, 1, 1), date(2025, 1, 1))


def test_it_has_expired_after_its_last_second_only() -> None:
    voucher = Voucher.of(card(date_info={"end_timestamp": 1735747199}))

    with time_machine.travel(1735747199, tick=False):
        assert not voucher.expired
    with time_machine.travel(1735747200, tick=False):
        assert voucher.expired


def test_the_object_with_base_info_is_found_under_whatever_key() -> None:
    assert Voucher.of({"card_type": "GENERAL_CARD", "general_coupon": {"base_info": {"id": "pX"}}}).card_id == "pX"
    assert Voucher.of({"gift": {"base_info": {"id": "pX"}}}).card_type == "GIFT"


@pytest.mark.parametrize(
    ("value", "number"), [("12", 12), (12.0, 12), (None, 0), ("", 0), ("many", 0), ("inf", 0), ([], 0)]
)
def test_numbers_come_in_every_form(value: object, number: int) -> None:
    assert integer(value) == number


def test_total_stock_is_never_less_than_what_is_left() -> None:
    assert Voucher.of(card(sku={"quantity": 7})).total_stock == 7
