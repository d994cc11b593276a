"""Whether a voucher that card/get shows is the one card/create was sent. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.vouchers.comparing import held, same
from bot.vouchers.fields import FIELDS, Field, Kind
from bot.vouchers.model import Voucher, integer

_OF_TYPE = ("reduce_cost", "gift_name", "gift_num", "gift_unit", "discount", "deal_detail", "default_detail")


def alike(card: Mapping[str, Any], voucher: Voucher) -> bool:
    """Every value that was sent and can be read back is there; whatever card/get does not show proves nothing."""
    sent = inside(card)
    if voucher.card_type != card["card_type"]:
        return False
    if any(
        name in voucher.detail and str(sent[name]) != str(voucher.detail[name]) for name in _OF_TYPE if name in sent
    ):
        return False
    if voucher.brand_name != sent["base_info"]["brand_name"]:
        return False
    if not _for_the_same(sent, voucher):
        return False
    return all(same(field, held(sent, field), held(voucher.detail, field)) for field in _sent(sent))


def _for_the_same(sent: Mapping[str, Any], voucher: Voucher) -> bool:
    """Sub-merchant; not every card/get shows it."""
    shown = voucher.base_info.get("sub_merchant_info")
    wanted = sent["base_info"].get("sub_merchant_info", {})
    return not isinstance(shown, Mapping) or integer(shown.get("merchant_id")) == wanted.get("merchant_id", 0)


def reviewed(card: Mapping[str, Any]) -> list[str]:
    """The fields of it that reviewers look at, by the names of the field table."""
    return [field.name for field in _sent(inside(card)) if field.review]


def inside(card: Mapping[str, Any]) -> Mapping[str, Any]:
    """The object under the type's key."""
    found: Mapping[str, Any] = card[card["card_type"].lower()]
    return found


def _sent(sent: Mapping[str, Any]) -> Iterator[Field]:
    groups = (Kind.GROUP, Kind.FIXED, Kind.VALIDITY, Kind.SUMMARY)
    return (field for field in FIELDS if field.kind not in groups and held(sent, field) is not None)
