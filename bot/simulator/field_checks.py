"""The checks of single values in card/update: each takes the value and what is around it, and raises WeChat's
error.

A check returns what card/get will show for the value. A value of the wrong JSON type is 47001, a value
outside an enumeration 40097 unless a code of its own exists.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from bot.simulator.errors import TEXTS, ApiError
from bot.simulator.model import Shop
from bot.simulator.shelf import Voucher
from bot.simulator.vouchers import COLOURS
from bot.simulator.world import World

CDN = re.compile(r"https?://mmbiz\.(qpic|qlogo)\.cn/\S+")
URL = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class Around:
    """The voucher that is changed, its shop and the rest of the world."""

    world: World
    shop: Shop
    voucher: Voucher


Check = Callable[[Any, Around], Any]


def text(limit: int) -> Check:
    """A string of at most ``limit`` UTF-8 bytes without blocked words."""

    def check(value: Any, around: Around) -> str:
        if not isinstance(value, str):
            raise ApiError(47001)
        if len(value.encode()) > limit:
            raise ApiError(45021)
        if any(word in value for word in around.world.spam_words):
            raise ApiError(40151)
        return value

    return check


def link(limit: int) -> Check:
    """A web address; accounts that may not link any more get 73211. "" removes it."""
    within = text(limit)

    def check(value: Any, around: Around) -> str:
        address = str(within(value, around))
        if address and not around.shop.web_links:
            raise ApiError(73211)
        return address

    return check


def image(limit: int) -> Check:
    """An address on WeChat's own image servers: elsewhere 52000, no address at all 40141."""

    def check(value: Any, _around: Around) -> str:
        if not isinstance(value, str):
            raise ApiError(47001)
        if len(value.encode()) > limit:
            raise ApiError(45021)
        if not URL.fullmatch(value):
            raise ApiError(40141)
        if not CDN.fullmatch(value):
            raise ApiError(52000)
        return value

    return check


def one_of(values: Collection[str], errcode: int) -> Check:
    """A word of an enumeration."""

    def check(value: Any, _around: Around) -> str:
        if not isinstance(value, str):
            raise ApiError(47001)
        if value not in values:
            raise ApiError(errcode)
        return value

    return check


def colour(value: Any, _around: Around) -> str:
    """A colour's name; card/get shows its hex value."""
    if not isinstance(value, str):
        raise ApiError(47001)
    if value not in COLOURS:
        raise ApiError(40076)
    return COLOURS[value]


def flag(value: Any, _around: Around) -> bool:
    """true or false, not 0 or 1."""
    if not isinstance(value, bool):
        raise ApiError(47001)
    return value


def claims(value: Any, _around: Around) -> int:
    """get_limit: 1 to 50."""
    if type(value) is not int:
        raise ApiError(47001)
    if value < 1:
        raise ApiError(40097)
    if value > 50:
        raise ApiError(72009)
    return value


def stores(value: Any, _around: Around) -> list[int]:
    """Store ids as numbers; the string "0" clears the list."""
    if value == "0":
        return []
    if not isinstance(value, list):
        raise ApiError(47001)
    if any(type(entry) is not int or entry <= 0 for entry in value) or len(set(value)) != len(value):
        raise ApiError(40072)
    return value


def members(value: Any, required: Collection[str], optional: Collection[str] = ()) -> Mapping[str, Any]:
    """An object with these members and no others. Raises 47001, 41011 (the text names the member), 40097."""
    if not isinstance(value, dict):
        raise ApiError(47001)
    for name in required:
        if name not in value:
            raise ApiError(41011, f"{TEXTS[41011]} {name}")
    if set(value) - set(required) - set(optional):
        raise ApiError(40097)
    return value
