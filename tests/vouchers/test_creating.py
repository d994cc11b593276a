"""What answers about a new voucher become, and when a voucher is the one that was sent."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
import time_machine
from hypothesis import example, given
from hypothesis import strategies as st

from bot.clock import day_end, day_start, local
from bot.dialogue import Said
from bot.vouchers.creating import readers
from bot.vouchers.creating.alike import alike, reviewed
from bot.vouchers.creating.card import card, price_class
from bot.vouchers.creating.copying import changed, draft_of
from bot.vouchers.creating.preview import forbidden
from bot.vouchers.creating.steps import CREATE, field_of
from bot.vouchers.dates import coming_span
from bot.vouchers.model import Voucher
from bot.vouchers.remarks import Kind, Unreadable
from tests.vouchers.cards import cash

TODAY = date(2026, 11, 22)
FRIENDS = {"friends": True}
VALUES: dict[str, Any] = {
    "friends": True, "card_type": "CASH", "reduce_cost": 1000, "brand_name": "湖畔面馆", "color": "Color010",
    "logo_url": "http://mmbiz.qpic.cn/mmbiz/x/0", "notice": "出示", "description": "一桌一张",
    "date_info": {"type": "DATE_TYPE_FIX_TIME_RANGE", "begin_timestamp": 1, "end_timestamp": 4_000_000_000 // 2},
    "abstract.abstract": "面", "icon_url": "http://mmbiz.qpic.cn/mmbiz/z/0", "image_url_1": "http://mmbiz.qpic.cn/y/0",
    "text_1": "手擀面",
}  # fmt: skip


def wrong(reader: readers.Reader, text: str, **values: Any) -> Kind:
    """Why ``text`` will not do."""
    with pytest.raises(Unreadable) as found:
        reader(Said(text, values))
    return found.value.remark.kind


@pytest.mark.parametrize(
    ("text", "fen"),
    [("10", 1000), ("10元", 1000), ("￥9.9", 990), ("¥ 9.90", 990), ("１０块", 1000), ("12.5 yuan", 1250), ("1", 100)],
)
def test_money(text: str, fen: int) -> None:
    assert readers.reduce_cost(Said(text, {})) == {"reduce_cost": fen}


@pytest.mark.parametrize("text", ["", "0", "0.99", "-5", "1.234", "十元", "1e3", "10%", "99999999"])
def test_no_money(text: str) -> None:
    assert wrong(readers.reduce_cost, text) is Kind.NOT_MONEY


@pytest.mark.parametrize(("text", "values"), [("无", {}), ("0", {}), ("none", {}), ("10.01", {"least_cost": 1001})])
def test_minimum_spend(text: str, values: dict[str, Any]) -> None:
    assert readers.least_cost(Said(text, {"reduce_cost": 1000})) == values
    assert wrong(readers.least_cost, "10", reduce_cost=1000) is Kind.SPEND_TOO_LITTLE


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("豆浆 1 杯", ("豆浆", 1, "杯")), ("豆浆1杯", ("豆浆", 1, "杯")), ("1杯豆浆", ("豆浆", 1, "杯")),
        ("2 份 牛肉面", ("牛肉面", 2, "份")), ("Soy milk 1 cup", ("Soy milk", 1, "cup")),
        ("豆浆、１杯", ("豆浆", 1, "杯")),
    ],
)  # fmt: skip
def test_gifts(text: str, parts: tuple[str, int, str]) -> None:
    assert tuple(readers.gift(Said(text, FRIENDS)).values()) == parts


@pytest.mark.parametrize("text", ["", "豆浆", "1", "1杯", "豆浆0杯", "x 1 杯 豆浆 奶茶"])
def test_no_gifts(text: str) -> None:
    assert wrong(readers.gift, text) is Kind.NOT_A_GIFT


def test_a_gift_is_as_long_as_a_title() -> None:
    assert readers.gift(Said("豆浆豆浆豆浆豆1杯", {}))["gift_num"] == 1
    assert wrong(readers.gift, "豆浆豆浆豆浆豆浆1杯") is Kind.TOO_LONG


@pytest.mark.parametrize(
    ("text", "off"),
    [("8折", 20), ("8.5折", 15), ("85折", 15), ("打9折", 10), ("八折", 20), ("打八五折", 15), ("七点五折", 25),
     ("八百折", None), ("折", None), ("20%", 20), ("20% off", 20), ("1折", 90),
     ("10折", None), ("0折", None), ("100%", None), ("", None)],
)  # fmt: skip
def test_discounts(text: str, off: int | None) -> None:
    if off is None:
        assert wrong(readers.discount, text) is Kind.NOT_A_DISCOUNT
    else:
        assert readers.discount(Said(text, {})) == {"discount": off}


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("12月1日到2月28日", "2026-12-01", "2027-02-28"),
        ("2026-12-01 至 2026-12-31", "2026-12-01", "2026-12-31"),
        ("1 Dec to 28 Feb", "2026-12-01", "2027-02-28"),
        ("12.1-12.31", "2026-12-01", "2026-12-31"),
        ("今天到12月31日", "2026-11-22", "2026-12-31"),
        ("11月1日到12月1日", "2026-11-01", "2026-12-01"),
        ("8月22日到11月22日", "2026-08-22", "2026-11-22"),
        ("8月21日到12月1日", "2027-08-21", "2027-12-01"),
        ("10月1日到11月1日", "2027-10-01", "2027-11-01"),
        ("3月1日到2月1日", "2027-03-01", "2028-02-01"),
        ("昨天到12月1日", "2026-11-21", "2026-12-01"),
        ("明天到后天", "2026-11-23", "2026-11-24"),
        ("2027-01-01到明年3月1日", "2027-01-01", "2027-03-01"),
        ("2026-11-01 到 2026-12-01", "2026-11-01", "2026-12-01"),
        ("12月31日", "2026-11-22", "2026-12-31"),
    ],
)
def test_a_validity_to_come(text: str, first: str, last: str) -> None:
    span = coming_span(text, TODAY)
    assert span is not None
    assert [str(local(second)) for second in span] == [f"{first} 00:00:00+08:00", f"{last} 23:59:59+08:00"]


@pytest.mark.parametrize("text", ["", "以后", "到", "12月1日到", "到底", "a-b", "13月1日到14月1日"])
def test_no_validity(text: str) -> None:
    assert coming_span(text, TODAY) is None


@time_machine.travel("2026-11-22T14:02:00+08:00", tick=False)
def test_days_count_from_today_or_from_the_claim() -> None:
    assert readers.validity(Said("30天", FRIENDS))["date_info"] == {
        "type": "DATE_TYPE_FIX_TIME_RANGE",
        "begin_timestamp": day_start(TODAY),
        "end_timestamp": day_end(date(2026, 12, 21)),
    }
    counted = {"type": "DATE_TYPE_FIX_TERM", "fixed_term": 30, "fixed_begin_term": 0}
    for text in ("30天", "领取后30天", "30 days after claim", "30 days"):
        assert readers.validity(Said(text, {}))["date_info"] == counted
    assert readers.validity(Said("到12月31日", FRIENDS))["date_info"]["end_timestamp"] == day_end(date(2026, 12, 31))
    assert wrong(readers.validity, "2026-11-01 到 2026-11-21", friends=True) is Kind.ENDED
    assert wrong(readers.validity, "2038-01-01 到 2038-12-31", friends=True) is Kind.NOT_A_SPAN
    assert wrong(readers.validity, "0天") is Kind.NOT_A_SPAN


def test_types_by_word_and_number() -> None:
    assert readers.card_type(Said("2", FRIENDS)) == {"card_type": "GIFT"}
    assert readers.card_type(Said("５", {})) == {"card_type": "GENERAL_COUPON"}
    assert readers.card_type(Said("Group deal", {})) == {"card_type": "GROUPON"}
    assert wrong(readers.card_type, "团购券", friends=True) is Kind.NOT_ONE_OF
    assert wrong(readers.card_type, "0") is Kind.NOT_ONE_OF


def test_stock() -> None:
    assert readers.stock(Said("1,000张", {})) == {"quantity": 1000}
    for text in ("0", "100000001", "一百", "-1", ""):
        assert wrong(readers.stock, text) is Kind.NOT_A_NUMBER


@pytest.mark.parametrize(
    ("values", "price"),
    [
        ({}, "0.2"), ({"can_use_with_other_discount": False}, "0.2"), ({"least_cost": 5000}, "0.4"),
        ({"accept_category": "面"}, "0.4"), ({"reject_category": "酒"}, "0.4"), ({"object_use_for": "套餐"}, "0.4"),
    ],
)  # fmt: skip
def test_the_price_class_is_that_of_the_thresholds(values: dict[str, Any], price: str) -> None:
    assert price_class(values) == price


def test_no_threshold_no_condition() -> None:
    made = card(VALUES)["cash"]

    assert "use_condition" not in made["advanced_info"]
    assert made["least_cost"] == 0
    assert "sku" not in made["base_info"]
    assert "title" not in made["base_info"]


def test_every_question_is_about_a_field_of_the_table() -> None:
    for step in CREATE.steps:
        assert field_of(step.name).words, step.name


def test_no_two_questions_share_a_name() -> None:
    names = [name for step in CREATE.steps for name in (step.name, *step.names)]

    assert sorted(names) == sorted(set(names))


def test_what_cannot_be_any_more() -> None:
    assert forbidden(VALUES) is None
    assert forbidden(VALUES | {"least_cost": 1000}) is not None
    counted = {"type": "DATE_TYPE_FIX_TERM", "fixed_term": 30, "fixed_begin_term": 0}
    late = forbidden(VALUES | {"date_info": counted})
    assert late is not None
    assert late[0] == "date_info"
    assert forbidden(VALUES | {"friends": False, "quantity": 1, "title": "券", "date_info": counted}) is None


def seen(**base: Any) -> Voucher:
    """VALUES as card/get would show them."""
    made = card(VALUES)
    inside = made["cash"]
    shown = {
        **inside["base_info"],
        "id": "p1",
        "title": "10元代金券",
        "color": "#63b359",
        "location_id_list": [],
        **base,
    }
    return Voucher.of({"card_type": "CASH", "cash": {**inside, "base_info": shown}})


def test_a_voucher_is_known_by_all_that_was_sent() -> None:
    assert alike(card(VALUES), seen())
    for other in (
        {"notice": "x"},
        {"brand_name": "别家"},
        {"color": "#5885cf"},
        {"logo_url": "http://mmbiz.qpic.cn/o"},
    ):
        assert not alike(card(VALUES), seen(**other))
    assert not alike(card(VALUES | {"reduce_cost": 2000}), seen())
    assert not alike(card(VALUES | {"card_type": "GIFT", "gift_name": "面", "gift_num": 1, "gift_unit": "碗"}), seen())


def test_fields_that_reviewers_look_at() -> None:
    assert reviewed(card(VALUES)) == ["logo_url", "notice", "description", "color"]


@given(st.text(max_size=40) | st.from_regex(r"[\d.]{0,9}\s?[元折天张杯%到至-]{0,2}\s?[\d月日.-]{0,9}", fullmatch=True))
@example("12月1日到")
@example("²折")
@example("٣元")
@example("99999999999天")
def test_any_text_is_an_answer_or_refused(text: str) -> None:
    for step in CREATE.steps:
        for values in ({"friends": True, "reduce_cost": 1000}, {"friends": False}):
            try:
                read = step.read(Said(text, values, {"offered": ["http://mmbiz.qpic.cn/x/0"]}))
            except Unreadable as unreadable:
                assert unreadable.remark.name
            else:
                assert json.loads(json.dumps(read)) == read, "it is kept as JSON"


# From a voucher back to answers ------------------------------------------------------------------------------------


def copied(voucher: Voucher, **pairs: str) -> tuple[dict[str, Any], list[str]]:
    """The card a copy would be, and what is wrong with it."""
    draft, problems = changed(draft_of(voucher), pairs, {})
    return (card(CREATE.values(draft)) if not problems else {}), [f"{each.name}: {each.kind}" for each in problems]


def test_a_copy_of_what_create_makes_is_what_it_made() -> None:
    everything = VALUES | {
        "least_cost": 5000, "accept_category": "面", "can_use_with_other_discount": False, "get_limit": 3,
        "service_phone": "1", "location_id_list": [7, 8], "code_type": "CODE_TYPE_TEXT",
        "date_info": {**VALUES["date_info"], "begin_timestamp": 1_990_000_000},
        "image_url_2": "http://mmbiz.qpic.cn/y/1", "text_2": "牛肉",
        "time_limit": [{"type": "MONDAY"}], "business_service": ["BIZ_SERVICE_DELIVER"],
        "consume_share_card_list": [{"card_id": "p2", "num": 1}],
    }  # fmt: skip
    made = card(everything)
    base = {**made["cash"]["base_info"], "id": "p1", "title": "10元代金券", "color": "#63b359"}
    shown = Voucher.of({"card_type": "CASH", "cash": {**made["cash"], "base_info": base}})

    assert copied(shown) == (made, [])


def test_numbers_that_come_as_text_are_numbers() -> None:
    odd = cash({"get_limit": "2", "location_id_list": ["271262077"]})
    odd = Voucher.of({"card_type": "CASH", "cash": {**odd.detail, "reduce_cost": "1000", "least_cost": "0"}})
    made, problems = copied(odd)

    assert problems == []
    assert made["cash"]["reduce_cost"] == 1000
    assert (made["cash"]["base_info"]["get_limit"], made["cash"]["base_info"]["location_id_list"]) == (2, [271262077])


@pytest.mark.parametrize(
    ("base", "advanced", "problem"),
    [
        ({"color": "#123456"}, {}, "color: needed"),
        ({"date_info": {"type": "DATE_TYPE_PERMANENT"}}, {}, "date_info: needed"),
        ({"logo_url": ""}, {}, "logo_url: needed"),
        ({}, {"text_image_list": [{"image_url": "http://mmbiz.qpic.cn/y/0"}]}, "text_image_list.text: needed"),
        ({}, {"abstract": {"abstract": "面"}}, "abstract.icon_url_list: needed"),
        ({}, {"text_image_list": []}, "text_image_list.image_url: needed"),
        ({}, {"abstract": "broken", "use_condition": [], "consume_share_card_list": None}, "abstract.abstract: needed"),
    ],
)
def test_what_the_old_one_lacks_is_needed(base: dict[str, Any], advanced: dict[str, Any], problem: str) -> None:
    assert problem in copied(cash(base, advanced))[1]


def test_an_ordinary_coupon_keeps_its_conditions_and_terms() -> None:
    term = {"type": 2, "fixed_term": "30"}
    condition = {"accept_category": "面"}
    ordinary = cash({"date_info": term, "title": "月券"}, {"use_condition": condition}, friends=False)
    made, problems = copied(ordinary, 数量="50")

    assert problems == []
    base, advanced = made["cash"]["base_info"], made["cash"]["advanced_info"]
    assert base["date_info"] == {"type": "DATE_TYPE_FIX_TERM", "fixed_term": 30, "fixed_begin_term": 0}
    assert (base["title"], base["sku"]) == ("月券", {"quantity": 50})
    assert advanced["use_condition"] == condition
    assert "share_friends" not in advanced
    assert copied(ordinary, 结束="2030-01-01")[1] == ["date_info: not_a_span"], "there is no first day to keep"
