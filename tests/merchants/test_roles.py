"""Roles and languages as people type them."""

from __future__ import annotations

import pytest

from bot.merchants.roles import Role, language_of


@pytest.mark.parametrize("word", ["", "boss", "店", "店长们", "1", "own er"])
def test_other_words_are_no_role(word: str) -> None:
    assert Role.from_word(word) is None


@pytest.mark.parametrize(
    ("word", "role"),
    [
        ("viewer", Role.VIEWER),
        ("Clerk", Role.CLERK),
        ("ＭＡＮＡＧＥＲ", Role.MANAGER),
        (" owner ", Role.OWNER),
        ("查看者", Role.VIEWER),
        ("店员", Role.CLERK),
        ("店长", Role.MANAGER),
        ("老板", Role.OWNER),
    ],
)
def test_a_role_has_a_word_in_both_languages_in_any_case_and_width(word: str, role: Role) -> None:
    assert Role.from_word(word) is role


def test_the_words_of_a_role_are_read_back_as_that_role() -> None:
    for role in Role:
        assert Role.from_word(role.word_in("en")) is role
        assert Role.from_word(role.word_in("zh_CN")) is role


@pytest.mark.parametrize("word", ["", "fr", "日文", "zh_TW", "e n"])
def test_other_words_are_no_language(word: str) -> None:
    assert language_of(word) is None


@pytest.mark.parametrize("word", ["en", "EN", "English", "英文", "英语"])
def test_english_has_several_names(word: str) -> None:
    assert language_of(word) == "en"


@pytest.mark.parametrize("word", ["zh", "zh_CN", "zh-cn", "中文", "Chinese", "简体中文"])
def test_chinese_has_several_names(word: str) -> None:
    assert language_of(word) == "zh_CN"
