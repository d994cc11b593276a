"""A text as words: quotes, full-width signs, ``key=value`` pairs, and where each stood.

People type on phones: full-width signs and Chinese quotes count as the plain ones outside quotes, a lone apostrophe is
an apostrophe, and what stands inside quotes is left exactly as typed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

QUOTES = {'"': '"”“', "“": '”"“', "”": '”"', "「": "」", "『": "』", "‘": "’", "'": "'", "《": "》"}
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_CLOSINGS = {mark: re.compile(rf"[{ends}](?=[ \n\t\r,、;=。　，；＝]|\Z)") for mark, ends in QUOTES.items()}
_KEY = re.compile(r"[^\W\d][\w.\[\]]*")


@dataclass(frozen=True, slots=True)
class Word:
    """One word: its plain text, where it stood in the original, and whether quotes held it."""

    text: str
    start: int
    end: int
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """``key=value`` as typed, the value without its quotes; ``value`` may hold several words and lines."""

    key: str
    value: str


def plain(text: str) -> str:
    """``text`` with full-width letters, digits, signs and spaces as their plain forms (titles keep ① and the like)."""
    return text.translate(_FULL_WIDTH)


def _closing(text: str, start: int) -> int:
    """Where the quote opened at ``start`` closes before a space, a comma or the end; -1 if it never does."""
    mark = text[start]
    found = _CLOSINGS[mark].search(text, start + 1) if start < _last_closings(text)[mark] else None
    return found.start() if found else -1


@lru_cache(maxsize=2)
def _last_closings(text: str) -> dict[str, int]:
    """Where the last sign stands that may close each kind of quote, -1 for none: nobody looks for others in vain.

    Kept for the text at hand; else thousands of quotes that never close would be looked for to the end each.
    """
    return {mark: max((found.start() for found in form.finditer(text)), default=-1) for mark, form in _CLOSINGS.items()}


def quoted(text: str) -> list[range]:
    """Where quotes stand in ``text`` that begin a word, an entry or a value; each with both of its quotes."""
    found: list[range] = []
    position = 0
    while position < len(text):
        begins = position == 0 or plain(text[position - 1]) in " \n\t\r=:,、;"
        close = _closing(text, position) if begins and text[position] in QUOTES else -1
        if close > 0:
            found.append(range(position, close + 1))
            position = close
        position += 1
    return found


def split(text: str) -> list[Word]:
    """The words of ``text``; a quoted run is one word, also when it follows ``key=``."""
    words: list[Word] = []
    position = 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        word = _word_at(text, position)
        words.append(word)
        position = word.end
    return words


def _word_at(text: str, start: int) -> Word:
    if text[start] in QUOTES and (close := _closing(text, start)) > 0:
        following = plain(text[close + 1 : close + 2])
        if not following or following in " \n\t\r":
            return Word(text[start + 1 : close], start, close + 1, quoted=True)
    parts: list[str] = []
    position = start
    while position < len(text) and not text[position].isspace():
        if position > start and text[position] in QUOTES and plain(text[position - 1]) in "=,、":
            close = _closing(text, position)
            if close > 0:
                parts.append(text[position : close + 1])
                position = close + 1
                continue
        parts.append(plain(text[position]))
        position += 1
    return Word("".join(parts), start, position)


def pairs(text: str) -> tuple[str, list[Pair]]:
    """What stands before the first ``key=``, and the pairs after it.

    A word without ``=`` continues the value before it, with the spaces and line ends that stood between; spaces around
    ``=`` do not matter. A word whose left side cannot be a key (an address with ``?a=b``) is no pair.
    """
    starts = _pair_starts(text, split(text))
    if not starts:
        return text.strip(), []
    found = []
    for (key, _, value_at), following in zip(starts, [*starts[1:], None], strict=True):
        end = following[1] if following else len(text)
        found.append(Pair(key, unquote(text[value_at:end].strip())))
    return text[: starts[0][1]].strip(), found


def _pair_starts(text: str, words: list[Word]) -> list[tuple[str, int, int]]:
    """(key, where the key starts, where its value starts) for every pair, in order."""
    starts: list[tuple[str, int, int]] = []
    for index, word in enumerate(words):
        if word.quoted:
            continue
        key, sign, _ = word.text.partition("=")
        if not sign:
            continue
        if key and _KEY.fullmatch(key):
            starts.append((key, word.start, word.start + len(key) + 1))
        elif not key and index and not words[index - 1].quoted and _KEY.fullmatch(words[index - 1].text):
            before = words[index - 1]
            if not (starts and starts[-1][1] == before.start):
                starts.append((before.text, before.start, word.start + 1))
    return starts


def unquote(value: str) -> str:
    """``value`` without the quotes around the whole of it, and with plain letters, digits and signs outside quotes.

    Quotes within it belong to it: 凭 “春节券” 二字 is what a customer shall read; readers of lists drop those around an
    entry. Punctuation that follows a Chinese character stays: 「周末不可用，节假日除外」 is a sentence.
    """
    if len(value) >= 2 and value[0] in QUOTES and _closing(value, 0) == len(value) - 1:
        return value[1:-1]
    return _plain_outside_quotes(value)


def _plain_outside_quotes(value: str) -> str:
    parts: list[str] = []
    position = 0
    while position < len(value):
        starts_piece = position == 0 or plain(value[position - 1]) in " ,、\n"
        if value[position] in QUOTES and starts_piece and (close := _closing(value, position)) > 0:
            parts.append(value[position : close + 1])
            position = close + 1
        else:
            parts.append(value[position] if _in_sentence(value, position) else plain(value[position]))
            position += 1
    return "".join(parts)


def _in_sentence(value: str, position: int) -> bool:
    """Whether a full-width mark stands where Chinese writing has it: after a Chinese character or a closing quote."""
    before = value[position - 1 : position]
    return value[position] in "，：；！？（）" and ("\u4e00" <= before <= "\u9fff" or before in tuple("”’」』》"))
