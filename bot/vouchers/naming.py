"""From the word a shop types to the field it means."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.vouchers.fields import FIELDS, Field, Kind, changeable

_INDEX = re.compile(r"\[(\d+)\]|\.(\d+)(?=\.|$)|(?<=[^\d.])(\d+)$")
_PREFIX = re.compile(r"^(?:(?:cash|gift|groupon|discount|general_coupon)\.)?(?:(?:base_info|advanced_info)\.)?(?=.)")


def _fold(text: str) -> str:
    return re.sub(r"\s+", "", text).lower()


_WORDS: dict[str, Field] = {_fold(word): field for field in FIELDS for word in (field.name, *field.words)}


@dataclass(frozen=True, slots=True)
class Named:
    """What a shop's word means: a field, and which entry of it (counted from 1; 0 = none named)."""

    field: Field
    entry: int = 0


def named(word: str) -> Named | None:
    """The field meant by ``base_info.service_phone``, ``客服电话``, ``图片2``, ``text_image_list.2.text``."""
    key = _PREFIX.sub("", _fold(word))
    if key in _WORDS:
        return Named(_WORDS[key])
    entries = [int(next(filter(None, match.groups()))) for match in _INDEX.finditer(key)]
    field = _WORDS.get(_INDEX.sub("", key))
    if field is None or field.kind not in {Kind.PICTURE_TEXT, Kind.PICTURE_URL} or len(entries) != 1:
        # `use_condition.least_cost` and the like belong to a field that cannot be changed as a whole.
        parent = _WORDS.get(key.rpartition(".")[0])
        return Named(parent) if parent is not None and parent.kind is Kind.FIXED else None
    return Named(field, entries[0])


def nearest(word: str, is_friends: bool) -> tuple[Field, ...]:
    """Up to three changeable fields that look like ``word``, the likeliest first."""
    words = {_fold(known): field for field in changeable(is_friends) for known in (field.name, *field.words)}
    found = process.extract(_fold(word), list(words), scorer=fuzz.ratio, limit=8, score_cutoff=50)
    return tuple(dict.fromkeys(words[match[0]] for match in found))[:3]
