"""The four roles, and the languages a person may be answered in: as words people type."""

from __future__ import annotations

import unicodedata
from enum import IntEnum


class Role(IntEnum):
    """What a person may do; a higher role may do all that a lower one may."""

    VIEWER = 1
    CLERK = 2
    MANAGER = 3
    OWNER = 4

    @property
    def word(self) -> str:
        """The English word, in lower case."""
        return self.name.lower()

    def word_in(self, language: str) -> str:
        """The word for commands in ``language``: ``owner`` or ``老板``."""
        return self.word if language == "en" else _CHINESE_ROLES[self]

    @classmethod
    def from_word(cls, word: str) -> Role | None:
        """The role called ``word`` in either language, in any case and width; None for any other word."""
        return _ROLES.get(plain(word))


def plain(word: str) -> str:
    """``word`` without what distinguishes typing only: case, full width, repeated or outer spaces."""
    return " ".join(unicodedata.normalize("NFKC", word).casefold().split())


def language_of(word: str) -> str | None:
    """The language ``word`` names, as settings write it (``en``, ``zh_CN``); None for any other word."""
    return _LANGUAGES.get(plain(word).replace("-", "_"))


_CHINESE_ROLES = {Role.VIEWER: "查看者", Role.CLERK: "店员", Role.MANAGER: "店长", Role.OWNER: "老板"}
_ROLES = {role.word: role for role in Role} | {word: role for role, word in _CHINESE_ROLES.items()}
_LANGUAGES = dict.fromkeys(("en", "english", "英文", "英语"), "en") | dict.fromkeys(
    ("zh", "zh_cn", "cn", "chinese", "中文", "汉语", "简体", "简体中文"), "zh_CN"
)
