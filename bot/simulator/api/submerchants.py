"""card/submerchant/* and card/getapplyprotocol: the entrusted mode (vouchers.md 8.2).

The older strong authorization (cgi-bin/component/*_card_*) stands in :mod:`bot.simulator.api.card_agents`.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any

from bot.simulator.api.codes import word
from bot.simulator.api.request import Answer, Endpoint, Request, integer
from bot.simulator.errors import ApiError
from bot.simulator.field_checks import CDN
from bot.simulator.submerchants import CATEGORIES, SubMerchant

REQUIRED = {"brand_name": 36, "logo_url": 128, "protocol": 128}
OPTIONAL = {"app_id": 36, "agreement_media_id": 128, "operator_media_id": 128}
"""Bytes. The table prints 36 for media ids, which are longer than that."""
NUMBERS = ("end_time", "primary_category_id", "secondary_category_id")
APPID = re.compile(r"wx[0-9a-f]{16}")
STATUSES = {"CHECKING", "APPROVED", "REJECTED", "EXPIRED"}


def _info(request: Request) -> dict[str, Any]:
    """The application of a body, all of it checked."""
    given = request.body.get("info")
    if not isinstance(given, Mapping):
        raise ApiError(41011 if given is None else 47001)
    if set(given) - {*REQUIRED, *OPTIONAL, *NUMBERS, "merchant_id"}:
        raise ApiError(40097)
    info: dict[str, Any] = {name: word(given, name, 41011, most) for name, most in REQUIRED.items()}
    info |= {name: word(given, name, 0, most) for name, most in OPTIONAL.items() if given.get(name)}
    for name in NUMBERS:
        if name not in given:
            raise ApiError(41011)
        info[name] = integer(given, name)
    if any(word in info["brand_name"] for word in request.world.spam_words):
        raise ApiError(40151)
    if not CDN.fullmatch(info["logo_url"]):
        raise ApiError(52000)
    if "app_id" in info and not APPID.fullmatch(info["app_id"]):
        raise ApiError(40013)
    for name in ("protocol", "agreement_media_id", "operator_media_id"):
        if name in info:
            request.world.media.find(request.shop.appid, info[name], "image")
    _check(info)
    return info


def _check(info: Mapping[str, Any]) -> None:
    """The end lies ahead, the categories are WeChat's (the code of others is not confirmed)."""
    if info["end_time"] <= time.time():
        raise ApiError(40079)
    known = {(first, second) for first, _, seconds in CATEGORIES for second, _ in seconds}
    if (info["primary_category_id"], info["secondary_category_id"]) not in known:
        raise ApiError(45160)


def _merchant(request: Request, body: Mapping[str, Any]) -> SubMerchant:
    number = body.get("merchant_id")
    found = request.world.submerchants.find(request.shop.appid, number) if type(number) is int else None
    if found is None:
        raise ApiError(40139)
    return found


def submit(request: Request) -> Answer:
    """Apply for a sub-merchant, which has no number yet."""
    info = _info(request)
    if "merchant_id" in request.body["info"]:
        raise ApiError(40097)
    return {"info": request.world.submerchants.submit(request.shop.appid, info).shown()}


def update(request: Request) -> Answer:
    """Apply anew after a refusal or the authorization's end."""
    given = request.body.get("info")
    if not isinstance(given, Mapping):
        raise ApiError(41011 if given is None else 47001)
    merchant = _merchant(request, given)
    if merchant.status not in {"REJECTED", "EXPIRED"}:
        raise ApiError(40140)
    merchant.info, merchant.decision, merchant.reason = _info(request), "CHECKING", ""
    merchant.update_time = int(time.time())
    request.world.submerchants.save(merchant)
    return {"info": merchant.shown()}


def get(request: Request) -> Answer:
    """One of them."""
    return {"info": _merchant(request, request.body).shown()}


def batchget(request: Request) -> Answer:
    """A page of them by number, from ``begin_id`` on."""
    body = request.body
    begin = integer(body, "begin_id") if body.get("begin_id") else 0
    limit, status = integer(body, "limit", least=1, most=100), body.get("status") or None
    if status is not None and status not in STATUSES:
        raise ApiError(40097)
    found = [
        merchant
        for merchant in request.world.submerchants.of(request.shop.appid)
        if merchant.merchant_id > begin and status in {None, merchant.status}
    ]
    page = found[:limit]
    after = page[-1].merchant_id if page else begin
    return {"info_list": [merchant.shown() for merchant in page], "next_begin_id": after}


def categories(_request: Request) -> Answer:
    """The categories one may apply with."""
    return {
        "category": [
            {
                "primary_category_id": first,
                "category_name": name,
                "secondary_category": [
                    {
                        "secondary_category_id": second,
                        "category_name": words,
                        "need_qualification_stuffs": [],
                        "can_choose_prepaid_card": 0,
                        "can_choose_payment_card": 0,
                    }
                    for second, words in seconds
                ],
            }
            for first, name, seconds in CATEGORIES
        ]
    }


ENDPOINTS = (
    Endpoint("POST", "/card/submerchant/submit", submit, members=("info",)),
    Endpoint("POST", "/card/submerchant/update", update, members=("info",)),
    Endpoint("POST", "/card/submerchant/get", get, members=("merchant_id",)),
    Endpoint("POST", "/card/submerchant/batchget", batchget, members=("begin_id", "limit", "status")),
    Endpoint("GET", "/card/getapplyprotocol", categories),
)
