"""What a request to change a voucher comes to: all that is wrong at once, cautions, and only what really changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from bot.vouchers.remarks import Kind
from bot.vouchers.rules import propose, weigh, width
from tests.vouchers.cards import CARD_ID, END, OTHER_ID, PICTURE, cash, other

DAY = 86_400
IN_TERM = {"type": "DATE_TYPE_FIX_TERM", "fixed_term": 30, "fixed_begin_term": 0}


@pytest.fixture(autouse=True)
def frozen() -> Iterator[None]:
    """A day in the middle of the voucher's validity."""
    with time_machine.travel("2026-01-15T04:00:00Z", tick=False):
        yield


def problems(
    pairs: dict[str, str], base: dict[str, Any] | None = None, advanced: dict[str, Any] | None = None
) -> list[Kind]:
    share = {"春节券": other(), OTHER_ID: other(), CARD_ID: cash()}
    return [remark.kind for remark in propose(cash(base, advanced), pairs, share).problems]


def cautions(pairs: dict[str, str], base: dict[str, Any] | None = None) -> list[Kind]:
    return [remark.kind for remark in propose(cash(base), pairs).cautions]


def test_everything_wrong_is_found_at_once() -> None:
    pairs = {"brand_name": "新店", "颜色": "粉", "电话号": "1", "notice": "周" * 17, "结束": "2026-01-01", "限领": "3"}

    assert problems(pairs) == [Kind.FIXED, Kind.NOT_ONE_OF, Kind.UNKNOWN, Kind.TOO_LONG, Kind.ENDS_EARLIER]


def test_a_deleted_voucher_is_not_changed() -> None:
    assert problems({"限领": "2"}, {"status": "CARD_STATUS_USER_DELETE"}) == [Kind.DELETED]


def test_an_unknown_name_comes_with_the_nearest_changeable_ones() -> None:
    (found,) = propose(cash(), {"service_fone": "1"}).problems

    assert found.values["nearest"][0].name == "service_phone"


def test_an_ordinary_coupon_is_offered_no_field_it_cannot_change() -> None:
    (found,) = propose(cash(friends=False), {"time_limits": "1"}).problems

    assert "time_limit" not in [field.name for field in found.values["nearest"]]


@pytest.mark.parametrize(
    "pairs",
    [
        {"客服电话": "1", "service_phone": "2"},
        {"date_info": "2025-12-01 至 2026-03-31", "结束": "2026-03-01"},
        {"text_image_list": f"{PICTURE} 面", "图文": f"{PICTURE} 饭"},
    ],
)
def test_one_field_under_two_names_is_refused(pairs: dict[str, str]) -> None:
    assert Kind.TWICE in problems(pairs)


def test_parts_of_one_list_add_up() -> None:
    voucher = cash(
        advanced={"text_image_list": [{"image_url": PICTURE, "text": "一"}, {"image_url": PICTURE, "text": "二"}]}
    )

    proposal = propose(voucher, {"图片文字1": "甲", "text_image_list.2.text": "乙"})

    assert [change.after for change in proposal.changes] == [
        [{"image_url": PICTURE, "text": "甲"}, {"image_url": PICTURE, "text": "乙"}]
    ]


@pytest.mark.parametrize(("word", "count"), [("图片文字", 2), ("图片文字3", 2), ("图片文字", 0)])
def test_a_picture_that_is_not_there_or_not_named_is_refused(word: str, count: int) -> None:
    pictures = [{"image_url": PICTURE, "text": "面"}] * count

    (found,) = propose(cash(advanced={"text_image_list": pictures}), {word: "甲"}).problems

    assert (found.kind, found.values["count"]) == (Kind.NO_SUCH_PICTURE, count)


@pytest.mark.parametrize(
    "pairs",
    [
        {"颜色": "绿色"},
        {"color": "Color010"},
        {"color": "#61AD40"},
        {"notice": " 结账前出示 "},
        {"门店": "271262077"},
        {"开始": "2025-12-01", "结束": "2026-02-28"},
        {"date_info": "2025-12-01 到 2026-02-28"},
        {"date_info.type": "DATE_TYPE_FIX_TIME_RANGE"},
        {"时段": "周一 10:00-20:59"},
        {"可用日": "周一"},
        {"服务": "免费wifi"},
        {"分享": "否"},
        {"再送本券": "0"},
        {"送券": "无"},
        {"center_title": "空"},
        {"图文": f"{PICTURE} 手擀面"},
        {"封面简介": "湖边的面"},
    ],
)
def test_what_is_so_already_is_no_change(pairs: dict[str, str]) -> None:
    proposal = propose(cash(), pairs)

    assert (proposal.changes, proposal.problems) == ((), ())
    assert proposal.unchanged


def test_an_old_hex_is_its_colour() -> None:
    assert propose(cash({"color": "#10AD61"}), {"颜色": "绿色"}).changes == ()


def test_sets_have_no_order() -> None:
    services = ["BIZ_SERVICE_FREE_WIFI", "BIZ_SERVICE_DELIVER"]

    assert propose(cash(advanced={"business_service": services}), {"服务": "外卖、WiFi"}).changes == ()


@pytest.mark.parametrize("name", ["有效期", "开始", "结束", "date_info.type"])
def test_validity_from_the_claim_cannot_change(name: str) -> None:
    value = {"有效期": "2025-11-01至2026-03-31", "date_info.type": "DATE_TYPE_FIX_TIME_RANGE"}.get(name, "2026-03-01")

    assert Kind.FIXED_TERM in problems({name: value}, {"date_info": IN_TERM})


@pytest.mark.parametrize(
    ("today", "end", "problem", "caution"),
    [
        ("2026-01-15", "2026-04-17", [], []),  # 92 days from today
        ("2026-01-15", "2026-04-18", [], [Kind.PERHAPS_TOO_LATE]),  # only from the old end
        ("2026-01-15", "2026-05-31", [], [Kind.PERHAPS_TOO_LATE]),  # 92 days from the old end
        ("2026-01-15", "2026-06-01", [Kind.ENDS_TOO_LATE], []),
        ("2025-10-01", "2026-05-31", [], []),  # the old end is later than three months from today by itself
        ("2026-03-20", "2026-05-31", [], []),  # expired already
        ("2026-03-20", "2026-06-20", [], [Kind.PERHAPS_TOO_LATE]),  # only from today
        ("2026-03-20", "2026-06-21", [Kind.ENDS_TOO_LATE], []),
    ],
)
def test_the_end_moves_by_three_months_at_most(today: str, end: str, problem: list[Kind], caution: list[Kind]) -> None:
    with time_machine.travel(f"{today}T04:00:00Z", tick=False):
        proposal = propose(cash(), {"结束": end})

    assert [remark.kind for remark in proposal.problems] == problem
    assert [remark.kind for remark in proposal.cautions if not problem] == caution


@pytest.mark.parametrize(
    ("pairs", "advanced", "expected"),
    [
        ({"再送本券": "1", "送券": "春节券"}, {}, [Kind.SHARE_BOTH]),
        ({"再送本券": "1"}, {"consume_share_card_list": [{"card_id": OTHER_ID, "num": 1}]}, [Kind.SHARE_BOTH]),
        ({"送券": "春节券"}, {"consume_share_self_num": 1}, [Kind.SHARE_BOTH]),
        ({"送券": "春节券", "再送本券": "0"}, {"consume_share_self_num": 1}, []),
        ({"再送本券": "1", "送券": "无"}, {"consume_share_card_list": [{"card_id": OTHER_ID, "num": 1}]}, []),
        ({"送券": CARD_ID}, {}, [Kind.SHARE_SELF]),
        ({"送券": "春节券x2"}, {}, [Kind.SHARE_ONE]),
        ({"送券": f"春节券、{CARD_ID}"}, {}, [Kind.SHARE_ONE, Kind.SHARE_SELF]),
    ],
)
def test_one_more_of_this_or_one_of_another_but_not_both(
    pairs: dict[str, str], advanced: dict[str, Any], expected: list[Kind]
) -> None:
    assert problems(pairs, advanced=advanced) == expected


def test_a_request_about_something_else_minds_no_sharing_that_stands() -> None:
    both = {"consume_share_self_num": 1, "consume_share_card_list": [{"card_id": OTHER_ID, "num": 1}]}

    assert problems({"服务": "外卖"}, advanced=both) == []


@pytest.mark.parametrize(("pays", "expected"), [(True, [Kind.CELL_TAKEN]), (False, [])])
def test_the_centre_button_and_the_payment_cell_exclude_each_other(pays: bool, expected: list[Kind]) -> None:
    assert problems({"中间按钮": "立即使用"}, {"pay_info": {"swipe_card": {"is_swipe_card": pays}}}) == expected


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ({"notice": "Show this at the till before paying"}, [Kind.NOTICE_WIDE, Kind.NOT_CLAIMABLE]),
        ({"notice": "Show this at the till, do"}, [Kind.NOT_CLAIMABLE]),
        ({"封面简介": "九" * 9}, [Kind.LONGER_THAN_ADVISED]),
        ({"图片文字": "字" * 171}, [Kind.LONGER_THAN_ADVISED]),
        ({"图片文字": "字" * 170}, []),
        ({"图片": f"http://mmbiz.qpic.cn/{'x' * 128}"}, [Kind.LONGER_THAN_ADVISED]),
        ({"封面图": f"http://mmbiz.qpic.cn/{'x' * 128}"}, [Kind.LONGER_THAN_ADVISED]),
        ({"自定义入口": "x" * 16}, [Kind.LONGER_THAN_ADVISED]),
        ({"推广链接": "www.qq.com"}, [Kind.CELL_WITHOUT_TITLE]),
        ({"推广链接": "www.qq.com", "推广入口": "菜单"}, []),
        ({"客服电话": "1"}, []),
        ({"颜色": "红色"}, [Kind.NOT_CLAIMABLE]),
    ],
)
def test_what_one_should_know_before_saying_yes(pairs: dict[str, str], expected: list[Kind]) -> None:
    assert cautions(pairs) == expected


def test_a_voucher_under_review_is_said_to_be() -> None:
    assert cautions({"客服电话": "1"}, {"status": "CARD_STATUS_NOT_VERIFY"}) == [Kind.IN_REVIEW]


def test_a_refused_voucher_has_nothing_to_lose() -> None:
    assert cautions({"颜色": "红色"}, {"status": "CARD_STATUS_VERIFY_FALL"}) == []


def test_review_follows_the_table() -> None:
    assert propose(cash(), {"颜色": "红色", "客服电话": "1"}).review
    assert not propose(cash(), {"客服电话": "1"}).review
    assert not propose(cash(), {"客服电话": "1"}).review_possible
    assert propose(cash(), {"服务": "外卖"}).review_possible
    assert not propose(cash(), {"服务": "外卖", "时段": "周二"}).review_possible


def test_without_a_year_the_last_day_is_the_next_such_day_and_the_first_one_is_asked_for() -> None:
    proposal = propose(cash(), {"开始": "11.30", "结束": "3.1"})

    assert [change.after for change in proposal.changes] == [END + DAY]
    assert [problem.kind for problem in proposal.problems] == [Kind.YEAR_MISSING]


def test_without_a_year_a_first_day_to_come_may_move_earlier() -> None:
    coming = {"date_info": {"type": "DATE_TYPE_FIX_TIME_RANGE", "begin_timestamp": END + 1, "end_timestamp": END + DAY}}
    proposal = propose(cash(coming), {"开始": "2.28"})

    assert [change.after for change in proposal.changes] == [END + 1 - DAY]


def test_weighs_values_again_as_they_were_previewed() -> None:
    first = propose(cash(), {"客服电话": "1", "颜色": "红色"})
    wanted = {change.field.name: change.after for change in first.changes}

    assert weigh(cash(), wanted).payload() == first.payload()
    assert weigh(cash({"service_phone": "1"}), wanted).payload() != first.payload()


@pytest.mark.parametrize(("text", "expected"), [("周末", 2), ("ab", 1), ("周a", 1.5), ("", 0)])
def test_letters_are_half_as_wide(text: str, expected: float) -> None:
    assert width(text) == expected
