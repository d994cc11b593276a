"""Shops by name, piece or number, and ``@shop command`` taken apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.routing.shop_names import Address, address, fitting

OWN = {"a": "湖畔面馆", "b": "湖畔饼屋", "c": "Lakeside Noodles", "d": "Lakeside", "e": "A&B（东店）", "f": "茶"}
LISTED = ("c", "a", "gone")


def is_command(rest: str) -> bool:
    """Enough of one."""
    return rest.startswith(("统计", "我", "stats"))


def taken(text: str) -> Address | None:
    """What the text is taken for."""
    return address(text, OWN, LISTED, is_command)


@pytest.mark.parametrize("text", ["", " ", "统计", "湖畔 @统计", "a@b 统计", "#1 统计"])
def test_no_address(text: str) -> None:
    assert taken(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@", Address((), "", "")),
        ("＠　", Address((), "", "")),
        ("@城东 统计", Address((), "城东", "统计")),
        ("@#3 统计", Address((), "#3", "统计")),
        ("@#9999 统计", Address((), "#9999", "统计")),
        ("@湖畔面馆", Address(("a",), "湖畔面馆", "")),
        ("@湖畔面馆统计 7天", Address(("a",), "湖畔面馆", "统计 7天")),
        ("@湖畔面馆：统计", Address(("a",), "湖畔面馆", "统计")),
        ("@饼屋统计", Address(("b",), "饼屋", "统计")),
        ("@湖畔 统计", Address(("a", "b"), "湖畔", "统计")),
        ("@lakeside noodles stats", Address(("c",), "lakeside noodles", "stats")),
        ("@Lakeside stats", Address(("d",), "Lakeside", "stats")),
        ("@noodles stats", Address(("c",), "noodles", "stats")),
        ("@Lakesidestats", Address((), "Lakesidestats", "")),
        ('@"Lakeside Noodles" stats', Address(("c",), "Lakeside Noodles", "stats")),
        ("@A&B(东店) 统计", Address(("e",), "A&B(东店)", "统计")),
        ("@Ａ＆Ｂ（东店）统计", Address(("e",), "Ａ＆Ｂ（东店）", "统计")),
        ("@＃1统计", Address(("c",), "#1", "统计")),
        ("@# 2 统计", Address(("a",), "# 2", "统计")),
        ("@茶统计", Address(("f",), "茶", "统计")),
    ],
)
def test_taken_apart(text: str, expected: Address) -> None:
    assert taken(text) == expected


def test_fitting() -> None:
    assert fitting("", OWN, LISTED) == ()
    assert fitting(" ＬＡＫＥＳＩＤＥ ", OWN, LISTED) == ("d",)
    assert fitting("lake", OWN, LISTED) == ("c", "d")
    assert fitting("#1", OWN, LISTED) == ("c",)
    assert fitting("#3", OWN, LISTED) == ()
    assert fitting("#0", OWN, LISTED) == ()


@given(st.text(max_size=60))
def test_whatever_is_typed_names_own_shops_only(text: str) -> None:
    found = taken(f"@{text}")
    assert found is not None
    assert set(found.shops) <= set(OWN)
