"""Replies on the wire: nothing breaks out, nothing is lost, nothing is cut in two."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wechat import outbound

ANY_TEXT = st.text(st.characters(), max_size=400)
WORDY = st.text(st.sampled_from("券码统计，。；、 \n\n,.;abc好é😀👨\u200d👩🇨🇳🇫🇷👍🏽e\u0301\u3000\t!"), max_size=600)


def read(document: str) -> dict[str, str]:
    """The elements, by a parser that is not ours."""
    return {child.tag: child.text or "" for child in ET.fromstring(document)}


@pytest.mark.parametrize(
    "words",
    [
        "a]]></Content><Content><![CDATA[evil",
        "]]>",
        "]]]]>>",
        "]]]]]]>>>",
        "<b>&amp;&lt;</b>",
        '<a href="weixin://bizmsgmenu?msgmenucontent=统计&msgmenuid=1">统计</a>',
        "两行\n第二行\t制表",
    ],
)
def test_words_arrive_as_they_were(words: str) -> None:
    assert read(outbound.text_reply("oA", "gh_1", words, 7))["Content"] == words


def test_what_xml_forbids_is_dropped_and_lines_end_alike() -> None:
    words = "a\x00b\x0bc\x0c\x1fd\ufffee\ufffff\ud800g\r\nh\ri"
    assert read(outbound.text_reply("oA", "gh_1", words, 7))["Content"] == "abcdefg\nh\ni"


@given(ANY_TEXT)
def test_no_words_break_a_reply(words: str) -> None:
    assert read(outbound.text_reply("oA", "gh_1", words, 7)) == {
        "ToUserName": "oA",
        "FromUserName": "gh_1",
        "CreateTime": "7",
        "MsgType": "text",
        "Content": outbound.clean(words),
    }


def test_a_message_is_handed_to_the_human_agents() -> None:
    assert read(outbound.transfer_reply("oA", "gh_1", 7)) == {
        "ToUserName": "oA",
        "FromUserName": "gh_1",
        "CreateTime": "7",
        "MsgType": "transfer_customer_service",
    }


def left_over(parts: list[str], text: str) -> str:
    """What of ``text`` stands in none of ``parts``, which must follow one another in it."""
    lost, rest = "", text
    for part in filter(None, parts):
        before, found, rest = rest.partition(part)
        assert found == part
        lost += before
    return lost + rest


@given(ANY_TEXT | WORDY, st.integers(min_value=8, max_value=200))
def test_only_space_is_lost_between_parts_and_each_fits(text: str, limit: int) -> None:
    parts = outbound.split(text, limit)
    assert left_over(parts, outbound.clean(text)).strip() == ""
    assert all(len(part.encode()) <= limit for part in parts)
    assert all(part == part.strip() for part in parts)
    assert all(parts) or not outbound.clean(text).strip()


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\x00", "\u3000"])
def test_nothing_is_one_empty_part(text: str) -> None:
    assert outbound.split(text) == [""]


def test_what_fits_stays_whole() -> None:
    whole = "好" * 666 + "ab"
    assert outbound.split(whole) == [whole]
    assert [len(part.encode()) for part in outbound.split(whole + "c")] == [2_000, 1]


@pytest.mark.parametrize(
    ("text", "limit", "parts"),
    [
        ("第一段第一段\n\n第二段\n第三行", 28, ["第一段第一段", "第二段\n第三行"]),
        ("第一行第一行\n第二行第二行第二行", 34, ["第一行第一行", "第二行第二行第二行"]),
        ("春节券可用。周末不可用，节假日可用", 34, ["春节券可用。", "周末不可用，节假日可用"]),
        ("春节券不可用！其他可用的券", 28, ["春节券不可用！", "其他可用的券"]),
        ("one two. three four five", 16, ["one two.", "three four five"]),
        ("12,345 and 67,890 pieces", 20, ["12,345 and 67,890", "pieces"]),
        ("甲、乙、丙、丁、戊、己", 24, ["甲、乙、丙、丁、", "戊、己"]),
        ("x" * 10, 4, ["xxxx", "xxxx", "xx"]),
        ("好" * 3, 1, ["好", "好", "好"]),
    ],
)
def test_cuts_where_a_reader_would(text: str, limit: int, parts: list[str]) -> None:
    if limit > 3:
        assert all(len(part.encode()) <= limit for part in parts)
    assert outbound.split(text, limit) == parts


def test_does_not_cut_so_early_that_most_of_a_part_stays_empty() -> None:
    assert outbound.split("a. " + "b" * 30, 20)[0] == "a. " + "b" * 17


FAMILY, FLAG, TONE, ACCENT, KEYCAP = "👨\u200d👩\u200d👧\u200d👦", "🇨🇳", "👍🏽", "e\u0301", "1\ufe0f\u20e3"
SCOTLAND = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"


@pytest.mark.parametrize("sign", [FAMILY, FLAG, TONE, ACCENT, KEYCAP, SCOTLAND, "好", "😀"])
def test_what_is_shown_as_one_sign_is_never_cut(sign: str) -> None:
    for before in range(40):
        for part in outbound.split("x" * before + sign * 9, 40):
            assert part.strip("x").replace(sign, "") == ""


def test_a_sign_without_end_is_cut_all_the_same() -> None:
    parts = outbound.split("e" + "\u0301" * 5_000)
    assert [len(part.encode()) <= outbound.LIMIT for part in parts] == [True] * len(parts)
    assert sum(len(part) for part in parts) == 5_001


@given(ANY_TEXT)
def test_an_article_says_its_words_whatever_they_are(words: str) -> None:
    shown = outbound.article(words, "https://b.example/reports/r", "https://b.example/files/p.png")
    document = ET.fromstring(outbound.news_reply("oA", "gh_1", shown, 7))
    item = {child.tag: child.text or "" for child in document.findall("Articles/item/*")}

    assert [child.tag for child in document] == [
        "ToUserName", "FromUserName", "CreateTime", "MsgType", "ArticleCount", "Articles",
    ]  # fmt: skip
    assert (document.findtext("MsgType"), document.findtext("ArticleCount")) == ("news", "1")
    assert item == {
        "Title": shown.title,
        "Description": shown.description,
        "PicUrl": "https://b.example/files/p.png",
        "Url": "https://b.example/reports/r",
    }
    assert len(shown.title) <= 100
    first, _, rest = outbound.clean(words).strip().partition("\n")
    assert (shown.title == first or shown.title.endswith("…"), shown.description) == (True, rest.strip())


def test_a_long_title_is_shortened_and_an_address_shows_nowhere() -> None:
    shown = outbound.article("核" * 101 + "\n领取", "https://b.example/r", "https://b.example/p")

    assert shown.title == "核" * 99 + "…"
    assert "b.example" not in repr(shown)
