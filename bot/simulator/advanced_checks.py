"""The checks of `advanced_info` members and of the validity in card/update."""

from __future__ import annotations

import time
from typing import Any

from bot.simulator.errors import ApiError
from bot.simulator.field_checks import Around, image, members, text
from bot.simulator.shelf import Voucher
from bot.simulator.vouchers import base_info

FIXED_RANGE = "DATE_TYPE_FIX_TIME_RANGE"
LONGEST_EXTENSION = 92 * 86400
"""Three months, the longest three there are, counted from the old end. From the old end or from today, and
the code of the refusal, are not confirmed."""
LAST_TIMESTAMP = 2147443200
"""2038-01-19 in UTC+8."""

SERVICES = ("BIZ_SERVICE_DELIVER", "BIZ_SERVICE_FREE_PARK", "BIZ_SERVICE_WITH_PET", "BIZ_SERVICE_FREE_WIFI")
DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY", "HOLIDAY")
HOURS = ("begin_hour", "begin_minute", "end_hour", "end_minute")


def date_info(value: Any, around: Around) -> dict[str, Any]:
    """Validity: same type, same or wider, the end at most three months later.

    All three members are required: whether WeChat fills in missing ones is not confirmed.
    """
    if around.voucher.friends and not around.shop.friends_vouchers:
        raise ApiError(73209)
    given = members(value, ("type", "begin_timestamp", "end_timestamp"))
    begin, end = given["begin_timestamp"], given["end_timestamp"]
    if type(begin) is not int or type(end) is not int or not isinstance(given["type"], str):
        raise ApiError(47001)
    old = base_info(around.voucher.card)["date_info"]
    if given["type"] != FIXED_RANGE or old["type"] != FIXED_RANGE:
        raise ApiError(40100)
    if not 0 < begin < end <= LAST_TIMESTAMP:
        raise ApiError(40079)
    if begin > old["begin_timestamp"] or end < old["end_timestamp"]:
        raise ApiError(40100)
    if end - old["end_timestamp"] > LONGEST_EXTENSION:
        raise ApiError(40079)
    return dict(given)


def abstract(value: Any, around: Around) -> dict[str, Any]:
    """Cover text and its one image; the object replaces the old one, so both are required."""
    given = members(value, ("abstract", "icon_url_list"))
    icons = given["icon_url_list"]
    if not isinstance(icons, list):
        raise ApiError(47001)
    if len(icons) != 1:
        raise ApiError(45044)
    return {"abstract": text(60)(given["abstract"], around), "icon_url_list": [image(3072)(icons[0], around)]}


def text_image_list(value: Any, around: Around) -> list[dict[str, Any]]:
    """Pictures with text, at least one.

    The text's limit is printed as 512, 3072 and 5,000; 3072 is the table's.
    """
    if not isinstance(value, list):
        raise ApiError(47001)
    if not value:
        raise ApiError(41026)
    entries = []
    for entry in value:
        given = members(entry, ("image_url",), ("text",))
        checked = {"image_url": image(3072)(given["image_url"], around)}
        if "text" in given:
            checked["text"] = text(3072)(given["text"], around)
        entries.append(checked)
    return entries


def business_service(value: Any, _around: Around) -> list[str]:
    """Services shown on the voucher; an empty list hides them."""
    if not isinstance(value, list) or any(not isinstance(entry, str) for entry in value):
        raise ApiError(47001)
    if set(value) - set(SERVICES) or len(set(value)) != len(value):
        raise ApiError(40097)
    return value


def time_limit(value: Any, _around: Around) -> list[dict[str, Any]]:
    """Days, each with or without hours; a day may come twice with hours."""
    if not isinstance(value, list):
        raise ApiError(47001)
    for entry in value:
        if not isinstance(entry, dict):
            raise ApiError(47001)
        if entry.get("type") not in DAYS or set(entry) - {"type", *HOURS} or not _hours(entry):
            raise ApiError(40149)
    bare = [entry["type"] for entry in value if len(entry) == 1]
    if len(set(bare)) != len(bare):
        raise ApiError(40149)
    return value


def _hours(entry: dict[str, Any]) -> bool:
    """None of the four, or all of them in range and in order."""
    given = [entry[name] for name in HOURS if name in entry]
    if not given:
        return True
    if len(given) != 4 or any(type(number) is not int for number in given):
        return False
    begin, end = (given[0], given[1]), (given[2], given[3])
    return all(0 <= hour <= 23 and 0 <= minute <= 59 for hour, minute in (begin, end)) and begin < end


def share_self(value: Any, _around: Around) -> int:
    """One more of this voucher after redemption, or none."""
    if type(value) is not int:
        raise ApiError(47001)
    if value not in {0, 1}:
        raise ApiError(40144)
    return value


def share_cards(value: Any, around: Around) -> list[dict[str, Any]]:
    """One of one other Friend's Voucher after redemption: not this one, not deleted, not expired."""
    if not isinstance(value, list):
        raise ApiError(47001)
    if len(value) > 1:
        raise ApiError(40144)
    for entry in value:
        given = members(entry, ("card_id", "num"))
        if not isinstance(given["card_id"], str) or type(given["num"]) is not int:
            raise ApiError(47001)
        if given["num"] != 1 or given["card_id"] == around.voucher.card_id:
            raise ApiError(40144)
        if not _can_be_given(around, given["card_id"]):
            raise ApiError(40142)
    return value


def _can_be_given(around: Around, card_id: str) -> bool:
    try:
        other: Voucher = around.world.shelf.find(around.shop.appid, card_id)
    except ApiError:
        return False
    end = base_info(other.card)["date_info"].get("end_timestamp", LAST_TIMESTAMP)
    return other.friends and other.status != "CARD_STATUS_DELETE" and end > time.time()
