"""card/update: which fields may be changed, by what rules, which of them go to review; all or nothing.

Source: founding document, "base_info field" and "advanced_info field"; error lists of the card pages. Two
readings are not confirmed and taken strictly: a refused call changes nothing, and an audited field that is
sent goes to review even with an unchanged value.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.simulator import advanced_checks as advanced
from bot.simulator import field_checks as check
from bot.simulator.errors import TEXTS, ApiError
from bot.simulator.model import Shop
from bot.simulator.shelf import Voucher
from bot.simulator.vouchers import base_info, inside, kind_key
from bot.simulator.world import World

CARD_KEYS = {
    "cash",
    "gift",
    "groupon",
    "discount",
    "general_coupon",
    "member_card",
    "scenic_ticket",
    "movie_ticket",
}

CODE_TYPES = (
    "CODE_TYPE_TEXT",
    "CODE_TYPE_BARCODE",
    "CODE_TYPE_QRCODE",
    "CODE_TYPE_ONLY_QRCODE",
    "CODE_TYPE_ONLY_BARCODE",
    "CODE_TYPE_NONE",
)


@dataclass(frozen=True)
class Field:
    """A row of the table: its check, and whether changing it goes to review."""

    check: check.Check
    review: bool = False


BASE: dict[str, Field] = {
    "logo_url": Field(check.image(128), review=True),
    # "16 Chinese characters (32 English characters)" is stricter than 48 bytes for Latin letters; not
    # confirmed.
    "notice": Field(check.text(48), review=True),
    "description": Field(check.text(3072), review=True),
    "color": Field(check.colour, review=True),
    "service_phone": Field(check.text(24)),
    "location_id_list": Field(check.stores),
    "center_title": Field(check.text(18)),
    "center_sub_title": Field(check.text(24)),
    "center_url": Field(check.link(128)),
    "custom_url_name": Field(check.text(16)),
    "custom_url": Field(check.link(128)),
    "custom_url_sub_title": Field(check.text(18)),
    "promotion_url_name": Field(check.text(16)),
    "promotion_url": Field(check.link(128)),
    "promotion_url_sub_title": Field(check.text(18)),
    "code_type": Field(check.one_of(CODE_TYPES, 73213)),
    "get_limit": Field(check.claims),
    "can_share": Field(check.flag),
    "can_give_friend": Field(check.flag),
    "date_info": Field(advanced.date_info),
}

ADVANCED: dict[str, Field] = {
    "abstract": Field(advanced.abstract),
    "text_image_list": Field(advanced.text_image_list),
    "business_service": Field(advanced.business_service),
    "time_limit": Field(advanced.time_limit, review=True),
    "consume_share_self_num": Field(advanced.share_self, review=True),
    "consume_share_card_list": Field(advanced.share_cards, review=True),
}

SECTIONS = {"base_info": BASE, "advanced_info": ADVANCED}


def update_card(world: World, shop: Shop, voucher: Voucher, body: Mapping[str, Any]) -> bool:
    """Carry out a call.

    True: the voucher went to review. Raises :exc:`ApiError`, and then nothing has changed.
    """
    content = _content(voucher, body)
    around = check.Around(world, shop, voucher)
    new = {name: _section(name, content[name], around) for name in SECTIONS if name in content}
    if not any(new.values()):
        raise ApiError(40097)
    _check_together(voucher, new)
    audited = {
        f"{section}.{name}": (copy.deepcopy(inside(voucher.card).get(section, {}).get(name)), value)
        for section, values in new.items()
        for name, value in values.items()
        if SECTIONS[section][name].review or (section == "advanced_info" and world.readings.advanced_info_reviewed)
    }
    _apply(voucher, new)
    if audited:
        world.shelf.submit(voucher, audited)
    else:
        world.shelf.save(voucher)
    return bool(audited)


def _content(voucher: Voucher, body: Mapping[str, Any]) -> Mapping[str, Any]:
    """What stands under the lower-case card type, beside which there may be nothing but card_id."""
    key = kind_key(voucher.card)
    others = set(body) - {"card_id", key}
    if {name.lower() for name in others} & CARD_KEYS:
        raise ApiError(40071)
    if others:
        raise ApiError(40097)
    if key not in body:
        raise ApiError(41011, f"{TEXTS[41011]} {key}")
    content = body[key]
    if not isinstance(content, dict):
        raise ApiError(47001)
    if set(content) - set(SECTIONS):
        raise ApiError(40097)
    if "advanced_info" in content and not voucher.friends:
        # Ordinary coupons: one SDK marks the whole object as unchangeable.
        raise ApiError(40097)
    return content


def _section(name: str, given: Any, around: check.Around) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise ApiError(47001)
    if set(given) - set(SECTIONS[name]):
        raise ApiError(40097)
    return {field: SECTIONS[name][field].check(value, around) for field, value in given.items()}


def _check_together(voucher: Voucher, new: Mapping[str, Mapping[str, Any]]) -> None:
    """Rules about several fields, judged by what the voucher would look like afterwards."""
    now = {name: {**inside(voucher.card).get(name, {}), **new.get(name, {})} for name in SECTIONS}
    extra = now["advanced_info"]
    if extra.get("consume_share_self_num") and extra.get("consume_share_card_list"):
        raise ApiError(40144)
    if any(str(name).startswith("center_") and value for name, value in new.get("base_info", {}).items()):
        if "pay" in voucher.cells:
            raise ApiError(40145)
        if "self_consume" in voucher.cells:
            raise ApiError(45046)


def _apply(voucher: Voucher, new: Mapping[str, Mapping[str, Any]]) -> None:
    for section, values in new.items():
        target = inside(voucher.card).setdefault(section, {})
        for name, value in values.items():
            if name in voucher.swallow:
                voucher.swallow.remove(name)
            elif value == "" and name.startswith(("center_", "custom_", "promotion_")):
                target.pop(name, None)  # these are "present only when set"
            else:
                target[name] = value
    base_info(voucher.card)["update_time"] = int(time.time())
