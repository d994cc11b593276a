"""How a difference is sent, told from another, and found again in what card/get shows."""

from __future__ import annotations

from typing import Any

import pytest

from bot.vouchers.changes import Change, body, differences, fingerprint, unseen, untouched
from bot.vouchers.fields import BY_NAME
from tests.vouchers.cards import BEGIN, CARD_ID, END, OTHER_ID, PICTURE, cash

COVER = "http://mmbiz.qpic.cn/mmbiz/z/0"


def change(name: str, before: Any, after: Any) -> Change:
    return Change(BY_NAME[name], before, after)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"service_phone": "1"}, {"base_info": {"service_phone": "1"}}),
        ({"location_id_list": []}, {"base_info": {"location_id_list": "0"}}),
        ({"location_id_list": [1, 2]}, {"base_info": {"location_id_list": [1, 2]}}),
        (
            {"date_info.end_timestamp": END + 1},
            {
                "base_info": {
                    "date_info": {
                        "type": "DATE_TYPE_FIX_TIME_RANGE",
                        "begin_timestamp": BEGIN,
                        "end_timestamp": END + 1,
                    }
                }
            },
        ),
        (
            {"abstract.abstract": "新"},
            {"advanced_info": {"abstract": {"abstract": "新", "icon_url_list": [COVER]}}},
        ),
        (
            {"time_limit": [{"type": "HOLIDAY"}], "color": "Color020"},
            {"base_info": {"color": "Color020"}, "advanced_info": {"time_limit": [{"type": "HOLIDAY"}]}},
        ),
        (
            {"consume_share_card_list": [{"card_id": OTHER_ID, "num": 1}], "business_service": []},
            {
                "advanced_info": {
                    "business_service": [],
                    "consume_share_card_list": [{"card_id": OTHER_ID, "num": 1}],
                }
            },
        ),
    ],
)
def test_only_changed_fields_are_sent_nested_as_wechat_nests_them(
    wanted: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert body(cash(), differences(cash(), wanted)) == expected


def test_a_summary_without_picture_is_sent_without_one() -> None:
    voucher = cash(advanced={"abstract": {"abstract": "旧", "icon_url_list": []}})

    assert body(voucher, [change("abstract.abstract", "旧", "新")]) == {
        "advanced_info": {"abstract": {"abstract": "新"}}
    }


def test_numbers_that_came_as_text_are_sent_as_numbers() -> None:
    dates = {"type": 1, "begin_timestamp": str(BEGIN), "end_timestamp": str(END)}

    sent = body(cash({"date_info": dates}), [change("date_info.end_timestamp", str(END), END + 1)])

    assert sent["base_info"]["date_info"] == {
        "type": "DATE_TYPE_FIX_TIME_RANGE",
        "begin_timestamp": BEGIN,
        "end_timestamp": END + 1,
    }


def test_the_fingerprint_is_of_this_very_difference() -> None:
    red = change("color", "#63b359", "Color100")
    phone = change("service_phone", "1", "2")
    known = fingerprint(CARD_ID, [red, phone])

    assert fingerprint(CARD_ID, [phone, red]) == known
    assert fingerprint(CARD_ID, [change("color", "#61AD40", "Color100"), phone]) == known
    assert fingerprint(OTHER_ID, [red, phone]) != known
    assert fingerprint(CARD_ID, [red]) != known
    assert fingerprint(CARD_ID, [red, change("service_phone", "3", "2")]) != known
    assert fingerprint(CARD_ID, [red, change("service_phone", "1", "3")]) != known


def test_a_change_survives_its_json() -> None:
    changes = differences(cash(), {"time_limit": [{"type": "HOLIDAY"}], "can_share": True})

    assert tuple(Change.from_json(each.to_json()) for each in changes) == changes


@pytest.mark.parametrize(
    ("name", "sent", "shown"),
    [
        ("color", "Color020", "#2C9F67"),
        ("location_id_list", [1, 2], ["2", "1"]),
        ("location_id_list", [], "0"),
        ("location_id_list", [], None),
        ("get_limit", 2, "2"),
        ("can_share", True, 1),
        ("description", "一\n二", "一\r\n二"),
        ("center_title", "", None),
        ("business_service", [], None),
        ("consume_share_self_num", 0, None),
        ("time_limit", [{"type": "HOLIDAY"}, {"type": "MONDAY"}], [{"type": "MONDAY"}, {"type": "HOLIDAY"}]),
        (
            "time_limit",
            [{"type": "MONDAY", "begin_hour": 9, "begin_minute": 0, "end_hour": 12, "end_minute": 30}],
            [{"type": "MONDAY", "begin_hour": "9", "end_hour": "12", "end_minute": "30"}],
        ),
        ("consume_share_card_list", [{"card_id": OTHER_ID, "num": 1}], [{"num": "1", "card_id": OTHER_ID}]),
    ],
)
def test_wechats_other_spelling_of_a_value_is_the_value(name: str, sent: Any, shown: Any) -> None:
    field = BY_NAME[name]
    place = {"base_info": "base", "advanced_info": "advanced"}[field.place]

    after = cash(**{place: {name: shown}})  # type: ignore[arg-type]  # base or advanced

    assert unseen(after, [change(name, "before", sent)]) == ()


@pytest.mark.parametrize(
    ("name", "sent", "shown"),
    [
        ("color", "Color020", "#63b359"),
        ("location_id_list", [1, 2], [1]),
        ("can_share", True, None),
        ("text_image_list", [{"image_url": PICTURE, "text": "一"}], [{"image_url": PICTURE, "text": "二"}]),
        ("time_limit", [{"type": "MONDAY"}], "MONDAY"),
    ],
)
def test_another_value_is_not_the_value(name: str, sent: Any, shown: Any) -> None:
    field = BY_NAME[name]
    place = {"base_info": "base", "advanced_info": "advanced"}[field.place]
    made = change(name, "before", sent)

    assert unseen(cash(**{place: {name: shown}}), [made]) == (made,)  # type: ignore[arg-type]  # as above


def test_untouched_means_every_value_from_before() -> None:
    changes = differences(cash(), {"service_phone": "1", "color": "Color100"})

    assert untouched(cash(), changes)
    assert not untouched(cash({"service_phone": "1"}), changes)
