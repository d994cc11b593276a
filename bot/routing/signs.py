"""Changes typed in a hurry: ``春节券须知=周末不可用``, ``须知：周末不可用``, ``电话改成0571-1``, ``客服电话 0571-1``,
``last day=28 Feb``.

Nothing is guessed where somebody wrote ``key=value`` throughout; every change is previewed before it is made.
"""

from __future__ import annotations

import re

from bot.routing import words
from bot.routing.words import Pair, Word
from bot.vouchers.naming import named

_COMMA = re.compile(r"[,，;；、。]\s*(?=([^\W\d][\w.\[\]]*)\s*([=＝:：]|(?:改成|改为|换成)))")
_BECOMES = re.compile(r"(?<!\s)\s*(?:改成|改为|换成)\s*[:：]?\s*")
_LONGEST_NAME, _MOST_CHANGES = 60, 60
_SPACED = re.compile(r"(?<!\S)((?:[A-Za-z]+[ \t]+){1,4}[A-Za-z]+)\s*([=＝:：])")
_LAST_WORD = re.compile(r"[^\s,，;；、。:：]+$")


def changes(line: str) -> tuple[str, list[Pair]]:
    """What stands before the first change, and the changes of ``line``."""
    head, found = words.pairs(_joined(_apart(line, "=＝"), "=＝"))
    if not found:
        head, found = words.pairs(_signed(_joined(_apart(line, ":：改换"), ":：")))
    if found and not head:
        before, key = _unglued(found[0].key)
        return before, [Pair(key, found[0].value), *found[1:]]
    return head, found


def _apart(line: str, signs: str) -> str:
    """``line`` with a space for the comma before the name of a field that has one of ``signs`` after it."""
    for comma in reversed(_outside_quotes(_COMMA, line)):
        if comma[2][0] in signs and named(words.plain(comma[1])):
            line = f"{line[: comma.start()]} {line[comma.end() :]}"
    return line


def _joined(line: str, signs: str) -> str:
    """``line`` with ``last_day`` for the ``last day`` that has one of ``signs`` after it."""
    for spaced in reversed(_outside_quotes(_SPACED, line)):
        typed = list(re.finditer(r"\S+", spaced[1])) if spaced[2] in signs else []
        for first in range(len(typed) - 1):
            name = "_".join(word[0] for word in typed[first:])
            if named(name):
                line = f"{line[: spaced.start() + typed[first].start()]}{name}{line[spaced.end(1) :]}"
                break
    return line


def _outside_quotes(form: re.Pattern[str], line: str) -> list[re.Match[str]]:
    quoted = {place for quote in words.quoted(line) for place in quote}
    return [found for found in form.finditer(line) if found.start() not in quoted]


def _signed(line: str) -> str:
    """``line`` with ``=`` for the 改成, else the colons, else the spaces, that follow the name of a field."""
    if (renamed := _becoming(line)) != line:
        return renamed
    typed = words.split(line)
    for signs_of in (_colons, _spaces):
        if places := signs_of(typed):
            for place in reversed(places):
                line = f"{line[:place]}={line[place + 1 :]}"
            return line
    return line


def _becoming(line: str) -> str:
    """``line`` with ``=`` for 改成: ``把春节券的电话改成1`` is ``春节券 电话=1``; not where a colon came first."""
    found = _outside_quotes(_BECOMES, line)[:_MOST_CHANGES]
    for sign in reversed(found):
        word = _LAST_WORD.search(line, 0, sign.start())
        voucher, key = _unglued(words.plain(word[0])) if word else ("", "")
        if word is None or line[: word.start()].rstrip().endswith((":", "：")) or not named(key):
            continue
        voucher = voucher.removeprefix("把").removesuffix("的")
        line = f"{line[: word.start()]}{voucher} {key}={line[sign.end() :]}"
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
    for start in range(max(1, len(key) - _LONGEST_NAME), len(key)):
        if not (key[start - 1].isascii() and key[start].isascii()) and named(key[start:]):
            return key[:start], key[start:]
    return "", key
