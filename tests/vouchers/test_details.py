"""details: what a voucher promises, in plain values."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine

from bot.vouchers.details import details, hours, shortened
from bot.vouchers.model import Voucher
from bot.vouchers.showing import Run
from tests.vouchers.cards import BEGIN, END, cash

pytestmark = pytest.mark.usefixtures("clock")


def gift(title: str, **fields: Any) -> Voucher:
    """A GIFT card called ``title``."""
    return Voucher.of({"card_type": "GIFT", "gift": {"base_info": {"title": title}, **fields}})


def test_an_empty_card_promises_nothing() -> None:
    facts = details(Voucher.of({}))

    assert (facts.reduce, facts.percent_off, facts.least, facts.content, facts.get_limit) == (0, 0, 0, "", 0)
    assert (facts.days_left, facts.begins_in, facts.stores, facts.hours, facts.services) == (None, 0, 0, (), ())
    assert not (facts.alone or facts.all_stores or facts.gives_itself or facts.gives)


def test_broken_lists_and_objects_count_as_missing() -> None:
    broken = cash(
        {"location_id_list": "271262077", "date_info": []},
        {"time_limit": {"type": "MONDAY"}, "consume_share_card_list": [None], "use_condition": 3},
    )

    facts = details(broken)

    assert (facts.stores, facts.hours, facts.least, facts.days_left, facts.gives) == (0, (), 0, None, ("",))


def test_the_documents_example() -> None:
    facts = details(cash(advanced={"use_condition": {"least_cost": 5000, "can_use_with_other_discount": False}}))

    assert (facts.reduce, facts.least, facts.alone) == (1000, 5000, True)
    assert (facts.notice, facts.description, facts.phone) == ("结账前出示", "每桌限用一张", "0571-1234567")
    assert (facts.stores, facts.services) == (1, ("BIZ_SERVICE_FREE_WIFI",))
    assert facts.hours == (Run("MONDAY", "MONDAY", "10:00–20:59"),)


@pytest.mark.parametrize(
    ("now", "left", "begins"),
    [(BEGIN - 86_400, 90, 1), (BEGIN - 1, 90, 1), (BEGIN, 89, 0), (END - 3600, 0, 0), (END, 0, 0), (END + 1, -1, 0)],
)
def test_days_are_counted_by_wechats_calendar(clock: time_machine.Traveller, now: int, left: int, begins: int) -> None:
    clock.move_to(now)
    facts = details(cash())

    assert (facts.days_left, facts.begins_in) == (left, begins)


def test_a_gift_is_told_unless_the_title_says_just_that() -> None:
    named = {"gift_name": "豆浆", "gift_num": 1, "gift_unit": "杯", "gift": "现磨豆浆一杯"}

    assert details(gift("早餐券", **named)).content == "豆浆1杯"
    assert details(gift("豆浆1杯", **named)).content == "现磨豆浆一杯"
    assert details(gift("豆浆", gift="豆浆")).content == ""


def test_neighbouring_days_with_the_same_hours_are_one_run() -> None:
    weekdays = [
        {"type": day, "begin_hour": 9, "end_hour": 18, "end_minute": 5}
        for day in ("FRIDAY", "MONDAY", "WEDNESDAY", "TUESDAY", "MONDAY")
    ]

    assert hours([*weekdays, {"type": "HOLIDAY"}, {"type": "SUNDAY"}, {"type": ""}, None]) == (
        Run("MONDAY", "WEDNESDAY", "09:00–18:05"),
        Run("FRIDAY", "FRIDAY", "09:00–18:05"),
        Run("SUNDAY", "SUNDAY", ""),
        Run("HOLIDAY", "HOLIDAY", ""),
    )


def test_one_day_may_have_two_spans() -> None:
    noon = {"type": "MONDAY", "begin_hour": 11, "begin_minute": 0, "end_hour": 14, "end_minute": 0}
    evening = {"type": "MONDAY", "begin_hour": 17, "begin_minute": 30, "end_hour": 21, "end_minute": 0}

    assert hours([evening, noon]) == (
        Run("MONDAY", "MONDAY", "11:00–14:00"),
        Run("MONDAY", "MONDAY", "17:30–21:00"),
    )


def test_long_texts_are_cut_to_one_line() -> None:
    assert shortened("每桌\n限用 一张", 60) == "每桌 / 限用 一张"
    assert shortened("一二三四五六", 6) == "一二三四五六"
    assert shortened("一二三四 五六", 6) == "一二三四…"
