"""What card/submerchant/submit is sent for a set of values, and the values a sub-merchant has already. Pure.

Source: "Third-party developer mode", field table of ``info``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot import clock
from bot.dialogue import Values
from bot.vouchers.asked import CDN
from bot.vouchers.entrusting.steps import PAPERS, chosen, field_of
from bot.vouchers.remarks import Kind, Remark, remark
from bot.vouchers.submerchants import SubMerchant

LENT_SECONDS = 3 * 86_400 - 3600
"""How long a paper's id is good for, less what a review of the preview may take."""
_SENT = (
    "brand_name", "app_id", "logo_url", *PAPERS, "end_time", "primary_category_id", "secondary_category_id",
)  # fmt: skip


def info(values: Values) -> dict[str, Any]:
    """The ``info`` object; with its number where it applies again."""
    sent = {name: values[name] for name in _SENT if name in values}
    return sent | ({"merchant_id": values["merchant_id"]} if values.get("merchant_id") else {})


def forbidden(values: Values) -> tuple[str, Remark] | None:
    """The step whose answer does not fit any more, and why: others may have been changed since, and days pass."""
    if chosen(values) is None:
        return "secondary_category_id", remark(Kind.NOT_OFFERED, field_of("secondary_category_id"))
    for name in PAPERS:
        if name in values and values[f"{name}_at"] + LENT_SECONDS <= clock.now():
            return name, remark(Kind.PICTURE_GONE, field_of(name))
    if values["end_time"] <= clock.now():
        later = clock.wechat_today() + timedelta(days=365)
        return "end_time", remark(Kind.NOT_A_COMING_DAY, field_of("end_time"), first=later)
    return None


def answers_of(merchant: SubMerchant, values: Values) -> dict[str, Values]:
    """What may stay as it is when ``merchant`` applies again; WeChat shows no papers, so those are asked for."""
    first, second = merchant.category
    found: dict[str, Values] = {"brand_name": {"brand_name": merchant.brand_name}} if merchant.brand_name else {}
    if CDN.fullmatch(merchant.logo_url):
        found["logo_url"] = {"logo_url": merchant.logo_url}
    if chosen({**values, "primary_category_id": first, "secondary_category_id": second}):
        found["primary_category_id"] = {"primary_category_id": first}
        found["secondary_category_id"] = {"secondary_category_id": second}
    if merchant.end > clock.now():
        found["end_time"] = {"end_time": merchant.end}
    return found | {"app_id": {"app_id": merchant.app_id} if merchant.app_id else {}}


def shown(values: Values) -> dict[str, Any]:
    """The arguments of the preview that ``values`` decide."""
    pair = chosen(values)
    return {
        "number": values.get("merchant_id", 0),
        "brand": values["brand_name"],
        "category": " / ".join(each["name"] for each in pair or ()),
        "wanted": pair[1]["papers"] if pair else [],
        "papers": [name for name in PAPERS if name in values],
        "end": values["end_time"],
        "app_id": values.get("app_id", ""),
    }


def alike(sent: Mapping[str, Any], merchant: SubMerchant) -> bool:
    """Whether ``merchant`` is what was sent, as far as WeChat shows it: no papers, and logos may move."""
    category = (sent["primary_category_id"], sent["secondary_category_id"])
    return (
        (merchant.brand_name, merchant.end, merchant.category) == (sent["brand_name"], sent["end_time"], category)
        and merchant.app_id == sent.get("app_id", "")
    )  # fmt: skip
