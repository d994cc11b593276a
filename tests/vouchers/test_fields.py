"""Every row of the founding document's two field tables: what it takes, and what it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from bot.vouchers.fields import BY_NAME, FIELDS, Kind, changeable
from bot.vouchers.naming import named
from bot.vouchers.remarks import Kind as Problem
from bot.vouchers.rules import propose
from tests.vouchers.cards import BEGIN, CARD_ID, END, OTHER_ID, PICTURE, cash, other

CDN = "https://mmbiz.qpic.cn/mmbiz_png/abc/0?wx_fmt=png"
LONG_URL = "http://mmbiz.qpic.cn/" + "x" * 128
DAY = 86_400
MONDAY_HOURS = {"type": "MONDAY", "begin_hour": 10, "begin_minute": 0, "end_hour": 20, "end_minute": 59}

# name → values that change the voucher of tests/vouchers/cards.py: (as typed, as sent, under the name it is sent by)
TAKES: dict[str, list[tuple[str, Any] | tuple[str, Any, str]]] = {
    "logo_url": [(CDN, CDN), ("http://mmbiz.qlogo.cn/x/0", "http://mmbiz.qlogo.cn/x/0")],
    "notice": [("周" * 16, "周" * 16), ("Show at the till", "Show at the till")],
    "description": [("周末不可用\\n每桌一张", "周末不可用\n每桌一张"), ("字" * 1024, "字" * 1024)],
    "color": [
        ("红色", "Color100"),
        ("Color020", "Color020"),
        ("color030", "Color030"),
        ("#9062C0", "Color050"),
        ("dark green", "Color020"),
    ],
    "service_phone": [("0571-7654321", "0571-7654321"), ("9" * 24, "9" * 24), ("无", "")],
    "location_id_list": [
        ("272981040、400183234", [272981040, 400183234]),
        ("1, 2；3 4", [1, 2, 3, 4]),
        ("0", []),
        ("无", []),
        ("空", []),
    ],
    "center_title": [("立即使用", "立即使用"), ("六个中文字的", "六个中文字的")],
    "center_sub_title": [("点击核销", "点击核销"), ("八" * 8, "八" * 8)],
    "center_url": [("www.qq.com", "www.qq.com"), ("https://example.com/a?b=c", "https://example.com/a?b=c")],
    "custom_url_name": [("立即使用", "立即使用"), ("x" * 16, "x" * 16)],
    "custom_url": [("http://www.qq.com", "http://www.qq.com")],
    "custom_url_sub_title": [("更多惊喜", "更多惊喜"), ("六" * 6, "六" * 6)],
    "promotion_url_name": [("产品介绍", "产品介绍")],
    "promotion_url": [("http://www.qq.com/menu", "http://www.qq.com/menu")],
    "promotion_url_sub_title": [("大优惠", "大优惠")],
    "code_type": [
        ("条形码", "CODE_TYPE_BARCODE"),
        ("文本", "CODE_TYPE_TEXT"),
        ("仅二维码", "CODE_TYPE_ONLY_QRCODE"),
        ("CODE_TYPE_ONLY_BARCODE", "CODE_TYPE_ONLY_BARCODE"),
        ("无", "CODE_TYPE_NONE"),
        ("barcode", "CODE_TYPE_BARCODE"),
    ],
    "get_limit": [("3", 3), ("50张", 50), ("２", 2)],
    "can_share": [("是", True), ("yes", True), ("on", True), ("开", True)],
    "can_give_friend": [("可以", True), ("TRUE", True)],
    "date_info": [
        ("2025-11-01 至 2026-03-31", END + 31 * DAY, "date_info.end_timestamp"),
        ("2025.11.1-3.31", BEGIN - 30 * DAY, "date_info.begin_timestamp"),
        ("12.1-3.31", END + 31 * DAY, "date_info.end_timestamp"),
    ],
    "date_info.begin_timestamp": [
        ("2025-11-30", BEGIN - DAY),
        ("2025年11月30日", BEGIN - DAY),
        ("30 Nov 2025", BEGIN - DAY),
        (str(BEGIN - 1), BEGIN - 1),
    ],
    "date_info.end_timestamp": [
        ("2026-03-01", END + DAY),
        ("3月1日", END + DAY),
        ("2026年3月1日", END + DAY),
        ("3.1", END + DAY),
        ("Mar 1, 2026", END + DAY),
        ("2026-03-01 12:00", END + DAY // 2 + 1),
    ],
    "abstract": [
        ("每人限领一张", "每人限领一张", "abstract.abstract"),
        (f"{CDN} 好面", [CDN], "abstract.icon_url_list"),
    ],
    "abstract.abstract": [("八" * 8, "八" * 8), ("二" * 20, "二" * 20)],
    "abstract.icon_url_list": [(CDN, [CDN])],
    "text_image_list": [
        (
            f"{CDN} 牛肉面、{PICTURE} 小菜",
            [{"image_url": CDN, "text": "牛肉面"}, {"image_url": PICTURE, "text": "小菜"}],
        ),
        (f"{CDN} 先煮、再拌", [{"image_url": CDN, "text": "先煮、再拌"}]),
    ],
    "text_image_list.image_url": [(CDN, [{"image_url": CDN, "text": "手擀面"}], "text_image_list")],
    "text_image_list.text": [
        ("牛肉面", [{"image_url": PICTURE, "text": "牛肉面"}], "text_image_list"),
        ("字" * 1024, [{"image_url": PICTURE, "text": "字" * 1024}], "text_image_list"),
    ],
    "business_service": [
        ("外卖、免费停车", ["BIZ_SERVICE_DELIVER", "BIZ_SERVICE_FREE_PARK"]),
        ("“外卖”、「停车」", ["BIZ_SERVICE_DELIVER", "BIZ_SERVICE_FREE_PARK"]),
        ("外卖 停车", ["BIZ_SERVICE_DELIVER", "BIZ_SERVICE_FREE_PARK"]),
        ("宠物，免费WiFi", ["BIZ_SERVICE_WITH_PET", "BIZ_SERVICE_FREE_WIFI"]),
        ("BIZ_SERVICE_DELIVER", ["BIZ_SERVICE_DELIVER"]),
        ("delivery, Free WiFi", ["BIZ_SERVICE_DELIVER", "BIZ_SERVICE_FREE_WIFI"]),
        ("无", []),
    ],
    "time_limit": [
        ("MONDAY,HOLIDAY", [{"type": "MONDAY"}, {"type": "HOLIDAY"}]),
        ("周一 10:00-20:59、节假日", [MONDAY_HOURS, {"type": "HOLIDAY"}]),
        ("周一10点到20点59分，节假日全天", [MONDAY_HOURS, {"type": "HOLIDAY"}]),
        ("Monday 10am-8:59pm, holidays all day", [MONDAY_HOURS, {"type": "HOLIDAY"}]),
        ("礼拜天，星期六", [{"type": "SUNDAY"}, {"type": "SATURDAY"}]),
        ("周六到周一", [{"type": "SATURDAY"}, {"type": "SUNDAY"}, {"type": "MONDAY"}]),
        (
            "Tue 9:30 to 24:00",
            [{"type": "TUESDAY", "begin_hour": 9, "begin_minute": 30, "end_hour": 23, "end_minute": 59}],
        ),
        ("不限", []),
    ],
    "time_limit.type": [
        ("MONDAY,SUNDAY", [MONDAY_HOURS, {"type": "SUNDAY"}], "time_limit"),
    ],
    "consume_share_self_num": [("1", 1), ("是", 1), ("1张", 1)],
    "consume_share_card_list": [
        (f"{OTHER_ID}×1", [{"card_id": OTHER_ID, "num": 1}]),
        ("春节券", [{"card_id": OTHER_ID, "num": 1}]),
        ("春节券x1", [{"card_id": OTHER_ID, "num": 1}]),
    ],
    "consume_share_card_list.card_id": [(OTHER_ID, [{"card_id": OTHER_ID, "num": 1}], "consume_share_card_list")],
}

# name → values that are refused, each with the reason
REFUSES: dict[str, list[tuple[str, Problem]]] = {
    "base_info": [("0571", Problem.GROUP)],
    "logo_url": [
        ("http://example.com/a.png", Problem.NOT_CDN),
        ("http://mmbiz.qpic.cn.evil.com/x", Problem.NOT_CDN),
        (LONG_URL, Problem.TOO_LONG),
        ("", Problem.EMPTY),
    ],
    "notice": [("周" * 17, Problem.TOO_LONG), ("a" * 49, Problem.TOO_LONG), ("", Problem.EMPTY)],
    "description": [("字" * 1025, Problem.TOO_LONG), (" ", Problem.EMPTY)],
    "color": [("粉色", Problem.NOT_ONE_OF), ("Color011", Problem.NOT_ONE_OF), ("#123456", Problem.NOT_ONE_OF)],
    "service_phone": [("9" * 25, Problem.TOO_LONG)],
    "location_id_list": [("湖滨店", Problem.NOT_STORES), ("1、-2", Problem.NOT_STORES)],
    "center_title": [("七个中文字标题", Problem.TOO_LONG)],
    "center_sub_title": [("九" * 9, Problem.TOO_LONG)],
    "center_url": [("首页", Problem.NOT_A_LINK), ("http://example.com/" + "x" * 128, Problem.TOO_LONG)],
    "custom_url_name": [("六个中文字的", Problem.TOO_LONG)],
    "custom_url": [("javascript:alert(1)", Problem.NOT_A_LINK)],
    "custom_url_sub_title": [("七" * 7, Problem.TOO_LONG)],
    "promotion_url_name": [("六个中文字的", Problem.TOO_LONG)],
    "promotion_url": [("http://", Problem.NOT_A_LINK)],
    "promotion_url_sub_title": [("七" * 7, Problem.TOO_LONG)],
    "code_type": [("三维码", Problem.NOT_ONE_OF), ("CODE_TYPE_X", Problem.NOT_ONE_OF)],
    "get_limit": [
        ("51", Problem.NOT_A_NUMBER),
        ("0", Problem.NOT_A_NUMBER),
        ("-1", Problem.NOT_A_NUMBER),
        ("一", Problem.NOT_A_NUMBER),
        ("1.5", Problem.NOT_A_NUMBER),
    ],
    "can_share": [("也许", Problem.NOT_ONE_OF), ("2", Problem.NOT_ONE_OF)],
    "can_give_friend": [("maybe", Problem.NOT_ONE_OF)],
    "date_info": [
        ("2026-03-31", Problem.ONE_END),
        ("11.1-3.31", Problem.YEAR_MISSING),
        ("2026-03-31 至 2026-03-01", Problem.NOT_A_DATE),
        ("2025-12-01 至 2026-02-27", Problem.ENDS_EARLIER),
    ],
    "date_info.type": [("DATE_TYPE_FIX_TERM", Problem.NOT_ONE_OF)],
    "date_info.begin_timestamp": [
        ("2025-12-02", Problem.BEGINS_LATER),
        ("昨天吧", Problem.NOT_A_DATE),
        ("11月30日", Problem.YEAR_MISSING),
        ("2025-13-01", Problem.NOT_A_DATE),
    ],
    "date_info.end_timestamp": [
        ("2026-02-27", Problem.ENDS_EARLIER),
        ("2026-06-02", Problem.ENDS_TOO_LATE),
        ("2039-01-01", Problem.NOT_A_DATE),
        ("2月30日", Problem.NOT_A_DATE),
        ("99", Problem.NOT_A_DATE),
    ],
    "advanced_info": [("x", Problem.GROUP)],
    "abstract": [("二" * 21, Problem.TOO_LONG), ("http://example.com/a.png 好面", Problem.NOT_CDN)],
    "abstract.abstract": [("二" * 21, Problem.TOO_LONG), ("", Problem.EMPTY)],
    "abstract.icon_url_list": [
        (f"{CDN}、{PICTURE}", Problem.ONE_PICTURE),
        ("http://example.com/a.png", Problem.NOT_CDN),
        ("http://mmbiz.qpic.cn/" + "x" * 3072, Problem.TOO_LONG),
    ],
    "text_image_list": [
        ("", Problem.EMPTY),
        ("无", Problem.NOT_CDN),
        ("好面", Problem.NOT_CDN),
        ("http://example.com/a.png 面", Problem.NOT_CDN),
        (CDN, Problem.PICTURE_TEXT_MISSING),
        (f"{CDN} {'字' * 1025}", Problem.TOO_LONG),
    ],
    "text_image_list.image_url": [
        ("http://example.com/a.png", Problem.NOT_CDN),
        ("http://mmbiz.qpic.cn/" + "x" * 3072, Problem.TOO_LONG),
    ],
    "text_image_list.text": [("字" * 1025, Problem.TOO_LONG), ("", Problem.EMPTY)],
    "business_service": [("外卖、按摩", Problem.NOT_ONE_OF)],
    "time_limit": [
        ("周八", Problem.NOT_HOURS),
        ("周一 20:00-10:00", Problem.NOT_HOURS),
        ("10:00-12:00", Problem.NOT_HOURS),
        ("周一 9:00-25:00", Problem.NOT_HOURS),
        ("周一 10:00-12:00、周一", Problem.NOT_HOURS),
    ],
    "time_limit.type": [("周一 10:00-12:00", Problem.NOT_ONE_OF), ("someday", Problem.NOT_ONE_OF)],
    "consume_share_self_num": [("2", Problem.NOT_A_NUMBER), ("很多", Problem.NOT_A_NUMBER)],
    "consume_share_card_list": [
        ("没有的券", Problem.SHARE_UNKNOWN),
        ("春节券×2", Problem.SHARE_ONE),
        (f"{OTHER_ID}、春节券", Problem.SHARE_ONE),
        (CARD_ID, Problem.SHARE_SELF),
        ("普通券", Problem.SHARE_NOT_FRIENDS),
        ("旧券", Problem.SHARE_EXPIRED),
    ],
    "consume_share_card_list.card_id": [("pNOBODY", Problem.SHARE_UNKNOWN)],
    "consume_share_card_list.num": [("2", Problem.NOT_A_NUMBER), ("1", Problem.SHARE_ONE)],
    **{field.name: [("x", Problem.FIXED)] for field in FIELDS if field.kind is Kind.FIXED},
}

# Rows that pass without changing anything by themselves: (words as typed, value)
PASSES: dict[str, list[tuple[str, str]]] = {
    "base_info": [("base_info.service_phone", "0571-7654321"), ("cash.base_info.service_phone", "0571-7654321")],
    "advanced_info": [("advanced_info.business_service", "外卖")],
    "date_info.type": [("date_info.type", "DATE_TYPE_FIX_TIME_RANGE")],
    "consume_share_card_list.num": [("送券数量", "1")],
}

SHARE = {
    words: voucher
    for voucher, names in (
        (other(), (OTHER_ID, "春节券")),
        (cash(), (CARD_ID,)),
        (cash({"id": "pPLAIN", "title": "普通券"}, friends=False), ("普通券",)),
        (
            other(
                id="pOLD",
                title="旧券",
                date_info={"type": "DATE_TYPE_FIX_TIME_RANGE", "begin_timestamp": 1, "end_timestamp": 2},
            ),
            ("旧券",),
        ),
    )
    for words in names
}


@pytest.fixture(autouse=True)
def frozen() -> Iterator[None]:
    """A day in the middle of the voucher's validity."""
    with time_machine.travel("2026-01-15T04:00:00Z", tick=False):
        yield


def cases(table: dict[str, list[Any]]) -> list[Any]:
    return [pytest.param(name, *case, id=f"{name}-{case[0][:20]}") for name, rows in table.items() for case in rows]


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_every_row_has_a_passing_and_a_failing_case(field: Any) -> None:
    assert REFUSES.get(field.name)
    if field.kind is not Kind.FIXED:
        assert TAKES.get(field.name) or PASSES.get(field.name)


@pytest.mark.parametrize(("name", "raw", "problem"), cases(REFUSES))
def test_a_wrong_value_is_refused_by_the_name_of_its_field(name: str, raw: str, problem: Problem) -> None:
    found = propose(cash(), {name: raw}, SHARE).problems

    assert problem in [remark.kind for remark in found]
    assert {remark.name.partition(".")[0] for remark in found} == {name.partition(".")[0]}


@pytest.mark.parametrize(("name", "case"), [(name, case) for name, rows in TAKES.items() for case in rows])
def test_a_right_value_becomes_what_wechat_wants(name: str, case: tuple[Any, ...]) -> None:
    raw, value, sent_as = (*case, name)[:3]

    proposal = propose(cash(), {name: raw}, SHARE)

    assert proposal.problems == ()
    assert {change.field.name: change.after for change in proposal.changes}[sent_as] == value


@pytest.mark.parametrize(("word", "raw"), [case for rows in PASSES.values() for case in rows])
def test_a_container_or_a_constant_is_accepted(word: str, raw: str) -> None:
    assert (
        propose(cash(advanced={"consume_share_card_list": [{"card_id": OTHER_ID, "num": 1}]}), {word: raw}).problems
        == ()
    )


@pytest.mark.parametrize(
    "field", [field for field in FIELDS if field.kind is not Kind.GROUP], ids=lambda field: field.name
)
def test_each_word_of_a_row_names_that_row(field: Any) -> None:
    for word in (field.name, *field.words, field.name.upper()):
        assert (found := named(word)) is not None
        assert found.field is field


def test_no_word_names_two_fields() -> None:
    words = [word.lower() for field in FIELDS for word in (field.name, *field.words)]

    assert len(words) == len(set(words))


@pytest.mark.parametrize(
    ("word", "name", "entry"),
    [
        ("text_image_list[2].text", "text_image_list.text", 2),
        ("text_image_list.2.text", "text_image_list.text", 2),
        ("advanced_info.text_image_list.3.image_url", "text_image_list.image_url", 3),
        ("图片文字2", "text_image_list.text", 2),
        ("图片2", "text_image_list.image_url", 2),
    ],
)
def test_an_entry_of_the_pictures_can_be_named(word: str, name: str, entry: int) -> None:
    assert (found := named(word)) is not None
    assert (found.field.name, found.entry) == (name, entry)


@pytest.mark.parametrize("word", ["电话号", "text_image_list[1][2].text", "颜色2", "", "base_info.", "use"])
def test_what_is_no_field_names_none(word: str) -> None:
    assert named(word) is None


def test_ordinary_coupons_take_base_info_only() -> None:
    assert {field.place for field in changeable(is_friends=False)} == {"base_info"}
    assert {field.place for field in changeable(is_friends=True)} == {"base_info", "advanced_info"}
    for name in ("time_limit", "abstract.abstract", "consume_share_self_num"):
        found = propose(cash(friends=False), {name: "1"}).problems
        assert [remark.kind for remark in found] == [Problem.NOT_ORDINARY]


@pytest.mark.parametrize(
    "name", ["brand_name", "商户名称", "title", "sku", "sku.quantity", "reduce_cost", "use_condition.least_cost"]
)
def test_what_is_fixed_at_creation_is_refused_by_name(name: str) -> None:
    (found,) = propose(cash(), {name: "新店", "客服电话": "1"}).problems

    assert found.kind is Problem.FIXED
    assert BY_NAME[found.name].kind is Kind.FIXED
