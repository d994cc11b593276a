"""A text as words and pairs, as people type them on phones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.routing import signs, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \u3000\n ", []),
        ("统计　７天", ["统计", "7天"]),
        ('show "a b" c', ["show", "a b", "c"]),
        ("show “a b” c", ["show", "a b", "c"]),
        ("查看 「春节 券」", ["查看", "春节 券"]),
        ("show ‘a b’", ["show", "a b"]),
        ("don't stop", ["don't", "stop"]),
        ('an "open end', ["an", '"open', "end"]),
        ("rock'n'roll", ["rock'n'roll"]),
        ("＃１", ["#1"]),
        ("①", ["①"]),
    ],
)
def test_splits_words(text: str, expected: list[str]) -> None:
    assert [word.text for word in words.split(text)] == expected


@pytest.mark.parametrize(
    ("text", "head", "expected"),
    [
        ("春节券", "春节券", {}),
        ("春节券 使用须知＝周末不可用 客服电话=0571-1", "春节券", {"使用须知": "周末不可用", "客服电话": "0571-1"}),
        ('"a b" notice = "x y" color=Color010', '"a b"', {"notice": "x y", "color": "Color010"}),
        ("x notice=Don't mix, please phone=1", "x", {"notice": "Don't mix, please", "phone": "1"}),
        ("x description=第一行\n第二行，好 phone=", "x", {"description": "第一行\n第二行，好", "phone": ""}),
        ("x url=http://a.com/?a=b&c=d", "x", {"url": "http://a.com/?a=b&c=d"}),
        ("x note=see http://a.com/?a=b", "x", {"note": "see http://a.com/?a=b"}),
        ("x time_limit=“周一，周二”", "x", {"time_limit": "周一，周二"}),
        ("x 电话=０５７１－１２３", "x", {"电话": "0571-123"}),
        ("x 须知=满100元可用，每桌限一张（不含酒水）", "x", {"须知": "满100元可用，每桌限一张（不含酒水）"}),
        ("x date_info.end_timestamp=2027-01-01", "x", {"date_info.end_timestamp": "2027-01-01"}),
        ("x 须知=“a=b c=d” 电话=1", "x", {"须知": "a=b c=d", "电话": "1"}),
        ("x 须知=凭 “春节 券” 二字，“加面” 免费", "x", {"须知": "凭 “春节 券” 二字，“加面” 免费"}),
        ('x 须知="A" or "B"', "x", {"须知": '"A" or "B"'}),
        ("x 须知=“加面”，免费", "x", {"须知": "“加面”，免费"}),
        ("x 服务=“外卖”、「停车」", "x", {"服务": "“外卖”、「停车」"}),
        ("a=1", "", {"a": "1"}),
    ],
)
def test_finds_pairs(text: str, head: str, expected: dict[str, str]) -> None:
    found_head, found = words.pairs(text)
    assert found_head == head
    assert {pair.key: pair.value for pair in found} == expected


@pytest.mark.parametrize(
    ("text", "head", "expected"),
    [
        ("x last day=28 Feb", "x", {"last_day": "28 Feb"}),
        ("x First Day = 1 Dec service phone＝1", "x", {"First_Day": "1 Dec", "service_phone": "1"}),
        ("x service phone: 1", "x", {"service_phone": "1"}),
        ("the best color=red", "the best", {"color": "red"}),
        ("x description=“until the last day=28” phone=1", "x", {"description": "until the last day=28", "phone": "1"}),
        ("x notice=on the last day, service phone inside", "x", {"notice": "on the last day, service phone inside"}),
        ("x notice=only\nlast day: Sunday", "x", {"notice": "only\nlast day: Sunday"}),
    ],
)
def test_the_name_of_a_field_may_have_spaces(text: str, head: str, expected: dict[str, str]) -> None:
    found_head, found = signs.changes(text)
    assert found_head == head
    assert {pair.key: pair.value for pair in found} == expected


@given(st.text(max_size=60))
def test_no_text_surprises(text: str) -> None:
    for word in words.split(text):
        assert 0 <= word.start < word.end <= len(text)
    words.pairs(text)
    signs.changes(text)


@given(st.text(st.sampled_from("春 电话须知=：,，改成为“”「」1把的\n"), max_size=40))
def test_no_change_surprises(text: str) -> None:
    head, found = signs.changes(text)
    assert all(pair.key for pair in found)
    assert len(head) <= len(text)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=30))
def test_what_stands_in_quotes_arrives_as_typed(value: str) -> None:
    clean = "".join(letter for letter in value if letter not in words.QUOTES)
    if clean:
        assert words.pairs(f"x a=「{clean} {clean}」")[1][0].value == f"{clean} {clean}"
