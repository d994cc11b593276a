"""Shops by the names people type: all of one, a piece, or a number of a list; ``@shop command`` taken apart. Pure.

Only shops of the sender are ever named here, so nobody learns of another's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.routing import words

AT = ("@", "＠")
_NUMBER = re.compile(r"#\s?([1-9]\d{0,3})(?!\d)")
_BETWEEN = " \n\t　:：,，、"
_MOST_WORDS = 8
"""No account's name has more."""
_LONGEST = 40
"""Characters."""


@dataclass(frozen=True, slots=True)
class Address:
    """What stands after ``@``: the appids of the shops it fits, and the ``rest``, which is for one of them.

    ``words`` is what was taken for a name.
    """

    shops: tuple[str, ...]
    words: str
    rest: str


def folded(text: str) -> str:
    """``text`` without what distinguishes typing only."""
    return " ".join(words.plain(text).casefold().split())


def fitting(typed: str, names: Mapping[str, str], listed: Sequence[str]) -> tuple[str, ...]:
    """The appids among ``names`` (by appid) that ``typed`` fits: all of a name before a piece of it.

    ``#n`` counts in ``listed``, which may name shops that are no more one's own.
    """
    typed = folded(typed)
    if number := _NUMBER.fullmatch(typed):
        at = int(number[1]) - 1
        return tuple(appid for appid in listed[at : at + 1] if appid in names)
    exact = tuple(appid for appid, name in names.items() if folded(name) == typed)
    return exact or tuple(appid for appid, name in names.items() if typed and typed in folded(name))


def address(
    text: str, names: Mapping[str, str], listed: Sequence[str], is_command: Callable[[str], bool]
) -> Address | None:
    """``@shop command`` taken apart; None for a text that does not begin so.

    As many words as fit are the name; one may be written together with the command (湖畔统计). Where nothing fits, the
    first word is taken for it.
    """
    text = text.strip()
    if not text.startswith(AT):
        return None
    text = text[1:].strip()
    if number := _NUMBER.match(words.plain(text)):
        return Address(fitting(number[0], names, listed), number[0], text[number.end() :].lstrip(_BETWEEN))
    typed = words.split(text)[:_MOST_WORDS]
    if not typed:
        return Address((), "", "")
    if typed[0].quoted:
        return Address(fitting(typed[0].text, names, listed), typed[0].text, text[typed[0].end :].lstrip(_BETWEEN))
    found = _whole(text, typed, names) or _longest(text, typed, names) or _glued(text, typed[0], names, is_command)
    return found or Address((), text[: typed[0].end], text[typed[0].end :].lstrip(_BETWEEN))


def _whole(text: str, typed: Sequence[words.Word], names: Mapping[str, str]) -> Address | None:
    """The longest name that ``text`` begins with; after Latin letters something else has to come."""
    plain = words.plain(text).casefold()
    for name in sorted({words.plain(name).casefold() for name in names.values()}, key=len, reverse=True):
        after = plain[len(name) : len(name) + 1]
        joined = name[-1:].isascii() and name[-1:].isalnum() and after.isascii() and after.isalnum()
        if name and plain.startswith(name) and len(plain) == len(text) and not joined:
            fits = tuple(appid for appid, each in names.items() if words.plain(each).casefold() == name)
            return Address(fits, text[: len(name)], text[len(name) :].lstrip(_BETWEEN))
    return None


def _longest(text: str, typed: Sequence[words.Word], names: Mapping[str, str]) -> Address | None:
    """As many words as are a name, or a piece of one."""
    for word in reversed(typed):
        said = text[: word.end].rstrip(_BETWEEN)
        if fits := fitting(said, names, ()):
            return Address(fits, said, text[word.end :].lstrip(_BETWEEN))
    return None


def _glued(text: str, word: words.Word, names: Mapping[str, str], is_command: Callable[[str], bool]) -> Address | None:
    """The longest beginning of the first word that is a piece of a name, and has a command after it."""
    for end in range(min(word.end, _LONGEST) - 1, 0, -1):
        fits = fitting(text[:end], names, ())
        if fits and not text[end].isascii() and is_command(text[end:]):
            return Address(fits, text[:end], text[end:])
    return None
