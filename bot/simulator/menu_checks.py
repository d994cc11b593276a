"""What a menu sent to WeChat may hold: counts, lengths in bytes, and each type's members.

Source: messaging.md A7.2 and the global list (40016-40020 for buttons, 40023-40027 for the second level).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.simulator.errors import ApiError
from bot.simulator.menus import Buttons

KEYED = {
    "click",
    "scancode_push",
    "scancode_waitmsg",
    "pic_sysphoto",
    "pic_photo_or_album",
    "pic_weixin",
    "location_select",
}
MEMBERS: dict[str, tuple[str, ...]] = dict.fromkeys(KEYED, ("key",)) | {
    "view": ("url",),
    "miniprogram": ("url", "appid", "pagepath"),
    "media_id": ("media_id",),
    "view_limited": ("media_id",),
    "article_id": ("article_id",),
    "article_view_limited": ("article_id",),
}
KEY_BYTES, URL_BYTES = 128, 1024


@dataclass(frozen=True)
class Level:
    """Limits and codes of one level of buttons."""

    most: int
    name_bytes: int
    count: int
    kind: int
    name: int
    key: int
    url: int


TOP = Level(3, 16, 40016, 40017, 40018, 40019, 40020)
SUB = Level(5, 60, 40023, 40024, 40025, 40026, 40027)


def checked(button: Any, level: Level = TOP) -> Buttons:
    """The buttons as WeChat keeps them (every top one with its ``sub_button``). Raises :exc:`ApiError`."""
    if not isinstance(button, list):
        raise ApiError(47001)
    if not 1 <= len(button) <= level.most:
        raise ApiError(level.count)
    return [_button(one, level) for one in button]


def _button(given: Any, level: Level) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise ApiError(47001)
    name = given.get("name")
    if not isinstance(name, str) or not name or len(name.encode()) > level.name_bytes:
        raise ApiError(level.name)
    if level is TOP and given.get("sub_button"):
        return {"name": name, "sub_button": checked(given["sub_button"], SUB)}
    kind = given.get("type")
    if kind is None:
        raise ApiError(65308)
    if kind not in MEMBERS:
        raise ApiError(level.kind)
    made = {"type": kind, "name": name} | {member: _member(given, member, level) for member in MEMBERS[kind]}
    return made | ({"sub_button": []} if level is TOP else {})


def _member(given: Mapping[str, Any], name: str, level: Level) -> str:
    value, code = given.get(name), {"key": level.key, "url": level.url, "media_id": 40007}.get(name, 40097)
    most = KEY_BYTES if name == "key" else URL_BYTES
    if not isinstance(value, str) or not value or len(value.encode()) > most:
        raise ApiError(code)
    return value
