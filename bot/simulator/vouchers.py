"""Builds vouchers in the shape card/get returns them, and knows the platform's colours and titles.

Source: founding document; create page (titles of shared vouchers are built by the platform); colour list.
"""

from __future__ import annotations

import secrets
import string
import time
from collections.abc import Mapping
from typing import Any

from bot.simulator.days import timestamp, today

COLOURS: dict[str, str] = {
    "Color010": "#63b359",
    "Color020": "#2c9f67",
    "Color030": "#509fc9",
    "Color040": "#5885cf",
    "Color050": "#9062c0",
    "Color060": "#d09a45",
    "Color070": "#e4b138",
    "Color080": "#ee903c",
    "Color081": "#f08500",
    "Color082": "#a9d92d",
    "Color090": "#dd6549",
    "Color100": "#cc463d",
    "Color101": "#cf3e36",
    "Color102": "#5E6671",
}

STATUSES = ("NOT_VERIFY", "VERIFY_FAIL", "VERIFY_OK", "DELETE", "DISPATCH")

Card = dict[str, Any]

IMAGE = "http://mmbiz.qpic.cn/mmbiz/p98FjXy8LacgHxp3sJ3vn97bGLz0ib0Sfz1bjiaoOYA/0"
_ALPHABET = string.ascii_letters + string.digits + "_-"


def new_card_id() -> str:
    """28 characters, the first a "p"."""
    return "p" + "".join(secrets.choice(_ALPHABET) for _ in range(27))


def new_openid() -> str:
    """28 characters, the first an "o"."""
    return "o" + "".join(secrets.choice(_ALPHABET) for _ in range(27))


def kind_key(card: Mapping[str, Any]) -> str:
    """The lower-case card type, under which everything but the type itself lives."""
    return str(card["card_type"]).lower()


def inside(card: Mapping[str, Any]) -> dict[str, Any]:
    """base_info, advanced_info and the type's own fields."""
    found: dict[str, Any] = card[kind_key(card)]
    return found


def base_info(card: Mapping[str, Any]) -> dict[str, Any]:
    """The voucher's base_info."""
    found: dict[str, Any] = inside(card)["base_info"]
    return found


def is_friends(card: Mapping[str, Any]) -> bool:
    """Whether it is a Friend's Voucher."""
    return bool(inside(card).get("advanced_info", {}).get("share_friends"))


def _base(card_id: str | None, brand_name: str, title: str, *, friends: bool, base: Mapping[str, Any]) -> Card:
    now, day = int(time.time()), today()
    return {
        "id": card_id or new_card_id(),
        "logo_url": IMAGE,
        "code_type": "CODE_TYPE_QRCODE",
        "brand_name": brand_name,
        "title": title,
        "color": COLOURS["Color010"],
        "notice": "结账前出示券码",
        "service_phone": "0571-1234567",
        "description": "每桌限用一张\n不兑现金，不找零",
        "location_id_list": [271262077],
        "date_info": {
            "type": "DATE_TYPE_FIX_TIME_RANGE",
            "begin_timestamp": timestamp(day.replace(day=1)),
            "end_timestamp": timestamp(day.replace(day=1), end=True) + 60 * 86400,
        },
        "get_limit": 1 if friends else 50,
        "use_limit": 50,
        "can_share": not friends,
        "can_give_friend": not friends,
        "use_custom_code": False,
        "bind_openid": False,
        "status": "CARD_STATUS_VERIFY_OK",
        "sku": {"quantity": 480, "total_quantity": 500},
        "create_time": now,
        "update_time": now,
    } | dict(base)


def _advanced(*, friends: bool, advanced: Mapping[str, Any]) -> Card:
    if not friends:
        empty: Card = {
            "time_limit": [],
            "text_image_list": [],
            "business_service": [],
            "consume_share_card_list": [],
        }
        return empty | {"share_friends": False} | dict(advanced)
    return {
        "time_limit": [],
        "text_image_list": [{"image_url": IMAGE, "text": "手工拉面，当天现做"}],
        "business_service": ["BIZ_SERVICE_FREE_WIFI"],
        "consume_share_card_list": [],
        "consume_share_self_num": 0,
        "share_friends": True,
        "abstract": {"abstract": "湖边的一碗面", "icon_url_list": [IMAGE]},
    } | dict(advanced)


def cash_voucher(
    brand_name: str,
    reduce_cost: int,
    *,
    least_cost: int = 0,
    title: str | None = None,
    friends: bool = True,
    card_id: str | None = None,
    base: Mapping[str, Any] | None = None,
    advanced: Mapping[str, Any] | None = None,
) -> Card:
    """Money off; both costs in fen.

    A Friend's Voucher keeps its minimum spend in use_condition and its platform-built title says both
    amounts; an ordinary coupon has a title of its own and ``least_cost`` beside ``reduce_cost``.
    """
    built = (
        f"{reduce_cost // 100}元代金券" if not least_cost else f"满{least_cost // 100}减{reduce_cost // 100}元代金券"
    )
    advanced = dict(advanced or {})
    if friends and least_cost:
        advanced.setdefault("use_condition", {"least_cost": least_cost, "can_use_with_other_discount": True})
    return {
        "card_type": "CASH",
        "cash": {
            "base_info": _base(card_id, brand_name, title or built, friends=friends, base=base or {}),
            "advanced_info": _advanced(friends=friends, advanced=advanced),
            "least_cost": 0 if friends else least_cost,
            "reduce_cost": reduce_cost,
        },
    }


def gift_voucher(
    brand_name: str,
    gift_name: str,
    gift_num: int = 1,
    gift_unit: str = "份",
    *,
    title: str | None = None,
    friends: bool = True,
    card_id: str | None = None,
    base: Mapping[str, Any] | None = None,
    advanced: Mapping[str, Any] | None = None,
) -> Card:
    """An exchange voucher; the title is the platform's: name, number, unit."""
    built = f"{gift_name}{gift_num}{gift_unit}"
    return {
        "card_type": "GIFT",
        "gift": {
            "base_info": _base(card_id, brand_name, title or built, friends=friends, base=base or {}),
            "advanced_info": _advanced(friends=friends, advanced=advanced or {}),
            "gift": f"可兑换{gift_name}{gift_num}{gift_unit}",
            "gift_name": gift_name,
            "gift_num": gift_num,
            "gift_unit": gift_unit,
        },
    }


def general_coupon(
    brand_name: str,
    title: str,
    detail: str,
    *,
    card_id: str | None = None,
    base: Mapping[str, Any] | None = None,
) -> Card:
    """An ordinary coupon of the general kind."""
    return {
        "card_type": "GENERAL_COUPON",
        "general_coupon": {
            "base_info": _base(card_id, brand_name, title, friends=False, base=base or {}),
            "advanced_info": _advanced(friends=False, advanced={}),
            "default_detail": detail,
        },
    }
