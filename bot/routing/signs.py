"""Changes typed in a hurry: ``春节券须知=周末不可用``, ``须知：周末不可用``, ``客服电话 0571-1``.

Nothing is guessed where somebody wrote ``key=value`` throughout; every change is previewed before it is made.
"""

from __future__ import annotations

from bot.routing import words
from bot.routing.words import Pair, Word
from bot.vouchers.naming import named


def changes(line: str) -> tuple[str, list[Pair]]:
    """What stands before the first change, and the changes of ``line``."""
    head, found = words.pairs(line)
    if not found:
        head, found = words.pairs(_signed(line))
    if found and not head:
        before, key = _unglued(found[0].key)
        return before, [Pair(key, found[0].value), *found[1:]]
    return head, found


def _signed(line: str) -> str:
    """``line`` with ``=`` for the colons, else the spaces, that follow the name of a field."""
    typed = words.split(line)
    for signs_of in (_colons, _spaces):
        if places := signs_of(typed):
            for place in reversed(places):
                line = f"{line[:place]}={line[place + 1 :]}"
            return line
    return line


def _colons(typed: list[Word]) -> list[int]:
    places = []
    for number, word in enumerate(typed):
        key, sign, _ = word.text.partition(":")
        if sign and not word.quoted and (named(key) or (number == 0 and _unglued(key)[0])):
            places.append(word.start + len(key))
    return places


def _spaces(typed: list[Word]) -> list[int]:
    """Only a word that has another one after it can be a key; the first word is the voucher, perhaps with a key."""
    places = []
    for number, word in enumerate(typed[:-1]):
        known = named(word.text) is not None if number else bool(_unglued(word.text)[0])
        if known and not word.quoted and word.end not in places:
            places.append(word.end)
    return places


def _unglued(key: str) -> tuple[str, str]:
    """``春节券须知`` as the voucher and the longest name of a field it ends with; ("", key) if there is none."""
    if named(key):
        return "", key
    for start in range(1, len(key)):
        if not (key[start - 1].isascii() and key[start].isascii()) and named(key[start:]):
            return key[:start], key[start:]
    return "", key
