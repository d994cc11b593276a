"""What card/create is sent for a set of values, and the values a voucher was made with. Pure.

Source: "Create a Friend's Voucher", example and field tables. ``sku`` is left out for Friend's Vouchers: that it may
be is not confirmed by the document, and done by the one program known to have made any.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.dialogue import Values
from bot.vouchers.creating.steps import MOST_PICTURES

DEFAULT_CODE_TYPE = "CODE_TYPE_QRCODE"
_BASE = (
    "logo_url", "brand_name", "title", "color", "notice", "description", "service_phone", "date_info", "get_limit",
    "location_id_list",
)  # fmt: skip
_OF_TYPE = ("reduce_cost", "gift_name", "gift_num", "gift_unit", "gift", "discount", "deal_detail", "default_detail")
_CONDITIONS = ("accept_category", "reject_category", "object_use_for", "can_use_with_other_discount")
_ADVANCED = ("time_limit", "business_service", "consume_share_self_num", "consume_share_card_list")
DEARER = ("least_cost", "accept_category", "reject_category", "object_use_for")
"""Thresholds that double the price of stock; "not combinable" alone does not."""


def price_class(values: Values) -> str:
    """Coins for one voucher of stock: 0.2, with a minimum spend or a category 0.4."""
    return "0.4" if any(values.get(name) for name in DEARER) else "0.2"


def card(values: Values) -> dict[str, Any]:
    """The ``card`` object of card/create. What was copied as it is stands in ``base``,
    ``pictures`` and ``use_condition`` of ``values``.
    """
    kind, friends = values["card_type"], bool(values.get("friends"))
    base = {name: values[name] for name in _BASE if _there(values.get(name))} | values.get("base", {})
    if "location_id_list" in base:
        base.pop("use_all_locations", None)
    base["code_type"] = values.get("code_type", DEFAULT_CODE_TYPE)
    base |= {"can_share": False, "can_give_friend": False} if friends else {"sku": {"quantity": values["quantity"]}}
    made: dict[str, Any] = {"base_info": base}
    if advanced := _advanced(values, friends=friends):
        made["advanced_info"] = advanced
    made |= {name: values[name] for name in _OF_TYPE if name in values}
    if kind == "CASH":
        made["least_cost"] = 0 if friends else values.get("least_cost", 0)  # 40143: it stands in use_condition
    if kind == "GIFT" and friends:
        made["gift"] = f"{values['gift_name']}{values['gift_num']}{values['gift_unit']}"
    return {"card_type": kind, kind.lower(): made}


def with_no_stock(made: Mapping[str, Any]) -> dict[str, Any]:
    """A ``card`` object with a stock of 0 in so many words."""
    key = made["card_type"].lower()
    base = {**made[key]["base_info"], "sku": {"quantity": 0}}
    return {**made, key: {**made[key], "base_info": base}}


def _advanced(values: Values, *, friends: bool) -> dict[str, Any]:
    advanced = {name: values[name] for name in _ADVANCED if _there(values.get(name))}
    if not friends and values.get("use_condition"):
        advanced["use_condition"] = values["use_condition"]
    if friends:
        condition = {name: values[name] for name in _CONDITIONS if name in values}
        if values.get("least_cost"):
            condition["least_cost"] = values["least_cost"]
        advanced |= {"use_condition": condition} if condition else {}
        advanced["share_friends"] = True
    if "abstract.abstract" in values and "icon_url" in values:
        advanced["abstract"] = {"abstract": values["abstract.abstract"], "icon_url_list": [values["icon_url"]]}
    if pictures := _pictures(values):
        advanced["text_image_list"] = pictures
    return advanced


def _pictures(values: Values) -> list[Mapping[str, str]]:
    asked = [
        {"image_url": values[f"image_url_{number}"], "text": values[f"text_{number}"]}
        for number in range(1, MOST_PICTURES + 1)
        if f"text_{number}" in values
    ]
    return [*asked, *values.get("pictures", [])]


def _there(value: Any) -> bool:
    return value not in (None, "", [], {})
