"""What people may be called: names are how commands tell them apart, since WeChat tells no nicknames."""

from __future__ import annotations

from bot.errors import Explained
from bot.merchants.roles import plain

LONGEST_NAME = 20
"""Characters."""


class NameTaken(Explained):
    """Names tell people apart, so each is one person's."""

    def __init__(self, name: str) -> None:
        super().__init__("name_taken", name=name)


class BadName(Explained):
    """Not a name that commands could use. ``reason``: ``empty``, ``long``, ``number`` or ``sign``."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__("bad_name", name=name, reason=reason, longest=LONGEST_NAME)


def checked_name(name: str) -> str:
    """``name`` with single spaces; raises :exc:`BadName` for one that commands could not tell from other words."""
    tidy = " ".join(name.split())
    if not tidy:
        raise BadName(tidy, "empty")
    if len(tidy) > LONGEST_NAME:
        raise BadName(tidy, "long")
    if plain(tidy).lstrip("#").isdecimal():
        raise BadName(tidy, "number")
    if not tidy.isprintable() or any(sign in plain(tidy) for sign in "#=\"'“”「」"):
        raise BadName(tidy, "sign")
    return tidy
