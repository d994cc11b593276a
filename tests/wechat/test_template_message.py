"""A template's keys and values: read from what WeChat tells, filled within the limits of each kind."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.simulator.template_book import RULES, Template
from bot.wechat.template_message import Key, Particulars, carries_words, fill, keys_of

WHEN = Particulars(datetime(2026, 11, 2, 9, 5, tzinfo=UTC), 3, "新通知")
OLD = "{{first.DATA}}\n单号：{{keyword1.DATA}}\n时间：{{ keyword2.DATA }}\n{{remark.DATA}}"
NEW = "事项：{{thing1.DATA}}\n状态：{{const2.DATA}}\n时间：{{time3.DATA}}"


def names(content: str) -> list[tuple[str, str]]:
    return [(key.name, key.kind) for key in keys_of(content)]


class TestKeys:
    @pytest.mark.parametrize(
        "content", ["", "没有", "{{}}", "{{thing1}}", "{thing1.DATA}", "{{.DATA}}", "{{first.DATA}}"]
    )
    def test_there_may_be_none(self, content: str) -> None:
        assert keys_of(content) == ()

    def test_stand_in_their_order_without_first_and_remark(self) -> None:
        assert names(OLD) == [("keyword1", "keyword"), ("keyword2", "keyword")]
        assert names(NEW) == [("thing1", "thing"), ("const2", "const"), ("time3", "time")]

    def test_one_that_stands_twice_is_one(self) -> None:
        assert names("{{thing1.DATA}} {{thing1.DATA}} {{character_string12.DATA}}") == [
            ("thing1", "thing"),
            ("character_string12", "character_string"),
        ]

    @pytest.mark.parametrize(
        ("example", "value"),
        [
            ("事项：开会\n状态：待处理\n时间：9:00", "待处理"),
            ("事项：开会\r\n\r\n状态：待处理\r\n", "待处理"),
            ("状态:待处理", ""),
            ("状态：", ""),
            ("", ""),
        ],
    )
    def test_the_example_shows_what_a_const_may_be(self, example: str, value: str) -> None:
        assert keys_of(NEW, example)[1] == Key("const2", "const", value)

    def test_words_need_room(self) -> None:
        assert carries_words(keys_of(NEW))
        assert carries_words(keys_of(OLD))
        assert not carries_words(keys_of("{{time1.DATA}}{{number2.DATA}}{{character_string3.DATA}}"))


def things(number: int) -> tuple[Key, ...]:
    return tuple(Key(f"thing{at}", "thing") for at in range(1, number + 1))


class TestWords:
    @pytest.mark.parametrize(
        ("room", "words", "values"),
        [
            (1, "春节券通过了", ["春节券通过了"]),
            (2, "春节券通过了", ["春节券通过了", "-"]),
            (2, "一\n二", ["一", "二"]),
            (2, "一\n\n二\n三", ["一", "二 三"]),
            (1, "一\n二\n三", ["一 二 三"]),
            (1, "", ["-"]),
            (1, "字" * 20, ["字" * 20]),
            (1, "字" * 21, ["字" * 19 + "…"]),
            (2, "字" * 21, ["字" * 20, "字"]),
            (3, "字" * 50 + "\n完", ["字" * 20, "字" * 19 + "…", "完"]),
            (2, "字" * 30 + "\n完", ["字" * 19 + "…", "完"]),
            (2, "一\n" + "字" * 30, ["一", "字" * 19 + "…"]),
            (1, "twenty characters ok one more", ["twenty characters o…"]),
        ],
    )
    def test_lines_are_spread_over_the_places(self, room: int, words: str, values: list[str]) -> None:
        assert list(fill(things(room), words, WHEN).values()) == values

    @pytest.mark.parametrize(
        ("words", "plain"),
        [
            ("❌「春节券」未通过审核", "「春节券」未通过审核"),
            ("⚠️ 库存\t剩 5 张", "库存 剩 5 张"),
            ('<a href="https://x.example/1">看报表</a>', "看报表"),
            ("a\x07b\u200bc", "abc"),
            ("\U0001f468\u200d\U0001f373 面", "面"),
        ],
    )
    def test_pictographs_links_and_control_characters_go(self, words: str, plain: str) -> None:
        assert fill(things(1), words, WHEN) == {"thing1": plain}


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("time", "2026年11月2日 09:05"),
        ("date", "2026年11月2日"),
        ("number", "3"),
        ("phrase", "新通知"),
        ("character_string", "-"),
        ("letter", "info"),
        ("symbol", "-"),
        ("amount", "0元"),
        ("phone_number", "0"),
        ("car_number", "A00000"),
        ("name", "-"),
        ("something_new", "新通知"),
    ],
)
def test_what_takes_no_words_says_something_of_its_kind(kind: str, value: str) -> None:
    assert fill([Key(f"{kind}1", kind)], "春节券", WHEN) == {f"{kind}1": value}


def test_a_const_says_what_the_example_says() -> None:
    assert fill([Key("const1", "const", "待处理")], "春节券", WHEN) == {"const1": "待处理"}
    assert fill([Key("const1", "const")], "春节券", WHEN) == {"const1": "新通知"}


@given(words=st.text(max_size=120), kinds=st.lists(st.sampled_from(sorted(RULES)), min_size=1, max_size=6))
def test_wechat_takes_whatever_comes_out(words: str, kinds: list[str]) -> None:
    content = "\n".join(f"项：{{{{{kind}{at}.DATA}}}}" for at, kind in enumerate(kinds))
    values = fill(keys_of(content), words, WHEN)

    shown = Template("t", "", content).read({name: {"value": value} for name, value in values.items()})

    assert shown == values
