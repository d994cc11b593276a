"""What would be made, as plain values for a template, and what forbids it by now. Pure but for the day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot import clock
from bot.dialogue import Said, Values
from bot.vouchers.changes import Change
from bot.vouchers.comparing import held
from bot.vouchers.creating.card import card, price_class
from bot.vouchers.creating.readers import wrong
from bot.vouchers.details import details
from bot.vouchers.fields import BY_NAME
from bot.vouchers.model import Voucher, integer
from bot.vouchers.remarks import Kind, Remark
from bot.vouchers.rules import length_cautions

DAYS_AHEAD = 5
"""So many days before its first a Friend's Voucher may be issued."""


def submerchant(values: Values) -> int:
    """The number of the sub-merchant that it is made for; 0: for the account itself."""
    return integer(values.get("base", {}).get("sub_merchant_info", {}).get("merchant_id"))


def shown(values: Values) -> dict[str, Any]:
    """The arguments of ``create_voucher.preview`` that ``values`` decide."""
    made = card(values)
    voucher = Voucher.of(made)
    facts = details(voucher)
    return {
        "voucher": voucher,
        "facts": facts,
        "quantity": values.get("quantity", 0),
        "submerchant": submerchant(values),
        "price": price_class(values) if values.get("friends") else "",
        "color": values["color"],
        "code_type": voucher.base_info["code_type"],
        "description": values["description"],
        "summary": values.get("abstract.abstract", ""),
        "pictures": [str(each["text"]) for each in voucher.advanced_info.get("text_image_list", [])],
        "cautions": list(_cautions(voucher)),
        "late": voucher.is_friends and facts.begins_in > DAYS_AHEAD,
    }


def _cautions(voucher: Voucher) -> Iterator[Remark]:
    for name in ("notice", "abstract.abstract", "abstract.icon_url_list", "text_image_list"):
        if value := held(voucher.detail, BY_NAME[name]):
            yield from length_cautions(Change(BY_NAME[name], None, value))


def forbidden(values: Values) -> tuple[str, Remark] | None:
    """The step whose answer does not fit any more, and why: others may have been changed since, and days pass."""
    reduced, least = values.get("reduce_cost", 0), values.get("least_cost", 0)
    if reduced and 0 < least <= reduced:
        spend = Said(f"{least / 100:g}", values)
        return "least_cost", wrong("least_cost", Kind.SPEND_TOO_LITTLE, spend, reduce=reduced).remark
    dates = values.get("date_info", {})
    if dates.get("end_timestamp") and dates["end_timestamp"] <= clock.now():
        return "date_info", wrong("date_info", Kind.ENDED, Said("", values)).remark
    if values.get("friends") and dates and "end_timestamp" not in dates:
        return "date_info", wrong("date_info", Kind.NOT_A_SPAN, Said("", values)).remark
    return None
