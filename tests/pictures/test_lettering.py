"""Which characters are drawn, and where lines are cut."""

from __future__ import annotations

import pytest

from bot.pictures.lettering import drawable, lines, width


@pytest.mark.parametrize(
    ("title", "drawn"),
    [
        ("春节券", "春节券"),
        ("喆喆小店·堃", "□□小店·□"),
        ("🧧10元代金券🎉", "10元代金券"),
        ("👨‍👩‍👧 Family", "Family"),
        ("Café\tde Paris\r\n", "Café de Paris"),
        ("Cafe\u0301", "Café"),
        ("（满100元可用）①", "（满100元可用）①"),
        ("\x00\x07", ""),
        ("麵", "□"),
    ],
)
def test_what_the_font_lacks_is_a_box_and_emoji_are_left_out(title: str, drawn: str) -> None:
    assert drawable(title) == drawn


def test_lines_are_cut_between_words_and_before_no_comma() -> None:
    assert lines("10元代金券满100元可用", 7, 3) == ["10元代金券满", "100元可用"]
    assert lines("Ten yuan off any bowl", 8, 3) == ["Ten yuan off", "any bowl"]
    assert lines("一二三四五，六", 5, 3) == ["一二三四", "五，六"]


def test_what_does_not_fit_ends_in_dots() -> None:
    cut = lines("一二三四五六七八九十" * 3, 5, 2)
    assert cut == ["一二三四五", "六七八九…"]
    assert all(width(line) <= 5.6 for line in cut)


def test_a_word_longer_than_a_line_is_cut_inside() -> None:
    assert lines("abcdefghij", 3, 5) == ["abcde", "fghij"]
    assert lines("", 3, 5) == []
