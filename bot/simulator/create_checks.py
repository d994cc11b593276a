"""The members card/create takes, each with its check: base_info, use_condition and the fields of a type.

Source: vouchers.md 3.3, 3.4 and the error lists. The checks of values are those of card/update.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from bot.simulator import advanced_checks as advanced
from bot.simulator import field_checks as check
from bot.simulator.cards_update import CODE_TYPES
from bot.simulator.errors import TEXTS, ApiError

Around = check.Around

MOST_STOCK = 100_000_000
YEARS = 3650


def missing(path: str) -> ApiError:
    """41011 with the path of what is not there, as live answers print it."""
    return ApiError(41011, f"{TEXTS[41011]} {path}")


def number(least: int, most: int, errcode: int) -> check.Check:
    """A whole number within bounds; outside ``errcode``."""

    def checked(value: Any, _around: Around) -> int:
        if type(value) is not int:
            raise ApiError(47001)
        if not least <= value <= most:
            raise ApiError(errcode)
        return value

    return checked


def dates(value: Any, around: Around) -> dict[str, Any]:
    """Validity: a range that ends later than now, or (ordinary coupons) so many days after claiming."""
    if not isinstance(value, Mapping):
        raise ApiError(47001)
    if value.get("type") == "DATE_TYPE_FIX_TERM" and not around.voucher.friends:
        given = check.members(value, ("type", "fixed_term"), ("fixed_begin_term",))
        number(1, YEARS, 40079)(given["fixed_term"], around)
        number(0, YEARS, 40079)(given.get("fixed_begin_term", 0), around)
        return {"fixed_begin_term": 0, **given}
    if value.get("type") != advanced.FIXED_RANGE:
        raise ApiError(40079)
    given = check.members(value, ("type", "begin_timestamp", "end_timestamp"))
    begin, end = given["begin_timestamp"], given["end_timestamp"]
    if type(begin) is not int or type(end) is not int:
        raise ApiError(47001)
    if not 0 < begin < end <= advanced.LAST_TIMESTAMP or end <= time.time():
        raise ApiError(40079)
    return dict(given)


def stores(value: Any, around: Around) -> list[int]:
    """Ids of approved stores of the account. Raises 40072, 46005 (no such store), 65106 (not approved)."""
    ids = check.stores(value, around)
    for poi_id in ids:
        store = around.world.stores.find(around.shop.appid, poi_id)
        if store is None:
            raise ApiError(46005)
        if store.state != 3:
            raise ApiError(65106)
    return ids


def title(value: Any, around: Around) -> str:
    """Of an ordinary coupon; an empty one is 72006."""
    words = str(check.text(27)(value, around))
    if not words.strip():
        raise ApiError(72006)
    return words


def custom_code(value: Any, around: Around) -> bool:
    """Nobody here has the permission for custom codes; a Friend's Voucher may not have them at all."""
    if check.flag(value, around):
        raise ApiError(40158 if around.voucher.friends else 43009)
    return False


def sharing(value: Any, around: Around) -> bool:
    """can_share and can_give_friend: false for Friend's Vouchers (the code of true is not confirmed)."""
    if check.flag(value, around) and around.voucher.friends:
        raise ApiError(40097)
    return bool(value)


def sub_merchant(value: Any, around: Around) -> dict[str, Any]:
    """An approved sub-merchant. Raises 40139, 40140."""
    given = check.members(value, ("merchant_id",))
    if type(given["merchant_id"]) is not int:
        raise ApiError(47001)
    merchant = around.world.submerchants.find(around.shop.appid, given["merchant_id"])
    if merchant is None:
        raise ApiError(40139)
    if merchant.status != "APPROVED":
        raise ApiError(40140)
    return dict(given)


REQUIRED = ("logo_url", "brand_name", "code_type", "color", "notice", "description", "date_info")

BASE: dict[str, check.Check] = {
    "logo_url": check.image(128),
    "brand_name": check.text(36),
    "code_type": check.one_of(CODE_TYPES, 73213),
    "title": title,
    "sub_title": check.text(54),
    "color": check.colour,
    "notice": check.text(48),
    "service_phone": check.text(24),
    "description": check.text(3072),
    "date_info": dates,
    "get_limit": check.claims,
    "use_limit": number(1, 50, 40097),
    "use_custom_code": custom_code,
    "bind_openid": check.flag,
    "can_share": sharing,
    "can_give_friend": sharing,
    "location_id_list": stores,
    "use_all_locations": check.flag,
    "center_title": check.text(18),
    "center_sub_title": check.text(24),
    "center_url": check.link(128),
    "custom_url_name": check.text(15),
    "custom_url": check.link(128),
    "custom_url_sub_title": check.text(18),
    "promotion_url_name": check.text(15),
    "promotion_url": check.link(128),
    "promotion_url_sub_title": check.text(18),
    "source": check.text(36),
    "sub_merchant_info": sub_merchant,
} | {
    f"{cell}_app_brand_{end}": check.text(128)
    for cell in ("center", "custom", "promotion")
    for end in ("user_name", "pass")
}


def use_condition(value: Any, around: Around) -> dict[str, Any]:
    """Thresholds: categories for cash, an object for gifts. Raises 40150 for what does not fit the type."""
    own = {
        "CASH": ("accept_category", "reject_category", "least_cost"),
        "GIFT": ("object_use_for", "least_cost"),
    }.get(around.voucher.card["card_type"], ("least_cost",))
    if not isinstance(value, Mapping):
        raise ApiError(47001)
    if set(value) - {*own, "can_use_with_other_discount"}:
        raise ApiError(40150)
    checks = {"least_cost": number(0, 2**31, 40150), "can_use_with_other_discount": check.flag}
    return {name: checks.get(name, check.text(512))(given, around) for name, given in value.items()}


def _picture(inner: check.Check) -> check.Check:
    """Pictures of a Friend's Voucher that are none of WeChat's make sharing impossible: 45043.

    Their addresses may have 128 bytes here, 3072 when they are changed later. The texts' limits are those of the create
    page, 24 and 512 bytes, where ``readings.create_page_limits`` does not say those of a change.
    """

    def checked(value: Any, around: Around) -> Any:
        try:
            seen = inner(value, around)
            entries = seen["icon_url_list"] if isinstance(seen, dict) else [entry["image_url"] for entry in seen]
            for address in entries:
                check.image(128)(address, around)
            _short(seen, around)
        except ApiError as error:
            if around.voucher.friends and error.errcode in {40141, 52000, 41026}:
                raise ApiError(45043) from None
            raise
        return seen

    return checked


def _short(seen: Any, around: Around) -> None:
    if not around.world.readings.create_page_limits:
        return
    if isinstance(seen, dict):
        check.text(24)(seen["abstract"], around)
    else:
        for entry in seen:
            check.text(512)(entry.get("text", ""), around)


ADVANCED: dict[str, check.Check] = {
    "use_condition": use_condition,
    "abstract": _picture(advanced.abstract),
    "text_image_list": _picture(advanced.text_image_list),
    "business_service": advanced.business_service,
    "time_limit": advanced.time_limit,
    "consume_share_self_num": advanced.share_self,
    "consume_share_card_list": advanced.share_cards,
    "share_friends": check.flag,
}

COSTS = number(0, 2**31, 72008)

TYPES: dict[str, dict[str, check.Check]] = {
    "CASH": {"least_cost": COSTS, "reduce_cost": number(100, 2**31, 72007)},
    "GIFT": {
        "gift": check.text(3072),
        "gift_name": check.text(27),
        "gift_num": number(1, 10_000, 40150),
        "gift_unit": check.text(27),
    },
    "DISCOUNT": {"discount": number(1, 99, 40150)},
    "GROUPON": {"deal_detail": check.text(3072)},
    "GENERAL_COUPON": {"default_detail": check.text(3072)},
}
"""The limits of gift_name, gift_num and gift_unit are not confirmed; together they have to fit the title's 27 bytes."""

TYPE_REQUIRED: dict[tuple[str, bool], tuple[str, ...]] = {
    ("CASH", True): ("reduce_cost",),
    ("CASH", False): ("reduce_cost",),
    ("GIFT", True): ("gift_name", "gift_num", "gift_unit"),
    ("GIFT", False): ("gift",),
    ("DISCOUNT", False): ("discount",),
    ("GROUPON", False): ("deal_detail",),
    ("GENERAL_COUPON", False): ("default_detail",),
}
