"""datacube/getcardbizuininfo and datacube/getcardcardinfo.

Source: founding document, "Fetching Friend's Vouchers Data"; datacube overview for the hour.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.simulator.api.request import Answer, Endpoint, Request, integer
from bot.simulator.days import DAY, moment, today
from bot.simulator.errors import ApiError
from bot.simulator.figures import Figures
from bot.simulator.shelf import Voucher

LONGEST = 62
"""Days of one query, counting both ends (whether both count is not confirmed; the stricter reading)."""

CARD_TYPES = {"DISCOUNT": 0, "CASH": 1, "GIFT": 2, "GENERAL_COUPON": 3, "GROUPON": 4}
_FORM = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
FRIENDS = ("view_friends", "receive_friends", "verify_friends")


def _day(body: Mapping[str, Any], name: str) -> date:
    value = body.get(name)
    if not isinstance(value, str) or not _FORM.fullmatch(value):
        raise ApiError(61500)
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ApiError(61500) from None


def days_of(request: Request) -> list[date]:
    """The days asked for.

    Raises 61500, 61501, 61503; none when yesterday is asked for too early and 61503 is off.
    """
    begin, end = _day(request.body, "begin_date"), _day(request.body, "end_date")
    if end < begin or end >= today() or (end - begin).days + 1 > LONGEST:
        raise ApiError(61501)
    readings = request.world.readings
    if end == today() - DAY and moment().hour < readings.data_ready_hour:
        if not readings.not_ready_is_empty:
            raise ApiError(61503)
        end -= DAY
    return [begin + DAY * number for number in range((end - begin).days + 1)]


def summary(request: Request) -> Answer:
    """The whole account, one entry per day that has any figures."""
    days, source = days_of(request), integer(request.body, "cond_source", most=1)
    vouchers = request.world.shelf.of(request.shop.appid)
    rows = []
    for day in days:
        found = request.world.figures.of_account(request.shop.appid, vouchers, day, source)
        if found is not None:
            rows.append({"ref_date": day.isoformat(), **_shown(request, found)})
    return {"list": rows}


def per_voucher(request: Request) -> Answer:
    """One voucher or all of a source, one entry per voucher and day."""
    try:
        days = days_of(request)
    except ApiError as error:
        if error.errcode == 61500 and request.world.readings.odd_date_errors:
            return {"errcode": "date format error"}
        raise
    source = integer(request.body, "cond_source", most=1)
    rows, vouchers = [], _asked(request)
    for day in days:
        for voucher in vouchers:
            found = request.world.figures.of_voucher(voucher, day, source)
            if found is not None:
                rows.append(_row(request, voucher, day, found))
    return {"list": rows}


def _asked(request: Request) -> list[Voucher]:
    card_id = request.body.get("card_id")
    if card_id is None or card_id == "":
        return request.world.shelf.of(request.shop.appid)
    if not isinstance(card_id, str):
        raise ApiError(47001)
    return [request.world.shelf.find(request.shop.appid, card_id)]


def _row(request: Request, voucher: Voucher, day: date, found: Figures) -> dict[str, Any]:
    row = {
        "ref_date": day.isoformat(),
        "card_id": voucher.card_id,
        "card_type": CARD_TYPES[voucher.card["card_type"]],
        **{name: value for name, value in _shown(request, found).items() if "friends" not in name},
    }
    if request.world.readings.friend_figures:
        part = {
            f"verify_noself_{unit}": found.get(f"verify_noself_{unit}", found[f"verify_{unit}"] // 3)
            for unit in ("cnt", "user")
        }
        row |= {"is_pay": 0, "isfriendscard": int(voucher.friends), **part}
    return row


def _shown(request: Request, found: Figures) -> Figures:
    """The ten counters, and the six undocumented ones of shared vouchers if they are switched on."""
    shown = {name: value for name, value in found.items() if "friends" not in name and "noself" not in name}
    if request.world.readings.friend_figures:
        for name in FRIENDS:
            for unit in ("cnt", "user"):
                own = found[f"{name.removesuffix('_friends')}_{unit}"]
                shown[f"{name}_{unit}"] = found.get(f"{name}_{unit}", own // 2)
    return shown


ENDPOINTS = (
    Endpoint("POST", "/datacube/getcardbizuininfo", summary, members=("begin_date", "end_date", "cond_source")),
    Endpoint(
        "POST", "/datacube/getcardcardinfo", per_voucher, members=("begin_date", "end_date", "cond_source", "card_id")
    ),
)
