"""cgi-bin/poi/*: stores (vouchers.md 9.2). Which missing field has which code: 65109 to 65114."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.simulator.api.request import Answer, Endpoint, Request, integer
from bot.simulator.errors import ApiError, ok
from bot.simulator.field_checks import CDN
from bot.simulator.stores import APPROVED, UNDER_REVIEW, Store

MISSING = {
    "business_name": 65109,
    "address": 65110,
    "telephone": 65111,
    "city": 65112,
    "province": 65113,
    "photo_list": 65114,
}
TEXTS = {
    "business_name": 15,
    "branch_name": 10,
    "province": 10,
    "city": 10,
    "district": 10,
    "recommend": 200,
    "introduction": 300,
    "address": 80,
    "telephone": 53,
    "special": 200,
    "open_time": 24,
    "sid": 32,
}
"""Characters, a Latin letter counted as half of one ("15 Chinese or 30 Latin"); the last five are not confirmed."""
CHANGEABLE = {"telephone", "photo_list", "recommend", "special", "introduction", "open_time", "avg_price"}
OTHERS = {"categories", "offset_type", "longitude", "latitude", "photo_list", "avg_price"}


def _given(request: Request) -> Mapping[str, Any]:
    business = request.body.get("business")
    if not isinstance(business, Mapping) or not isinstance(base := business.get("base_info"), Mapping):
        raise ApiError(47001)
    if len(business) != 1:
        raise ApiError(40097)
    return base


def _checked(given: Mapping[str, Any]) -> dict[str, Any]:
    for name, value in given.items():
        if name in TEXTS and not isinstance(value, str):
            raise ApiError(47001)
        if name in TEXTS and sum(0.5 if letter.isascii() else 1 for letter in value) > TEXTS[name]:
            raise ApiError(45021)
        if name not in TEXTS and name not in OTHERS:
            raise ApiError(40097)
    _check_photos(given.get("photo_list", []))
    return dict(given)


def _check_photos(photos: Any) -> None:
    if not isinstance(photos, list) or not all(isinstance(photo, Mapping) for photo in photos):
        raise ApiError(47001)
    if not all(CDN.fullmatch(str(photo.get("photo_url", ""))) for photo in photos):
        raise ApiError(65105)


def _store(request: Request, value: Any) -> Store:
    """The store of a number or of digits. Raises 65115."""
    number = int(value) if isinstance(value, str) and value.isdecimal() else value
    store = request.world.stores.find(request.shop.appid, number) if type(number) is int else None
    if store is None:
        raise ApiError(65115)
    return store


def add(request: Request) -> Answer:
    """A new store, under review."""
    given = _checked(_given(request))
    for name, code in MISSING.items():
        if not given.get(name):
            raise ApiError(code)
    store = request.world.stores.add(request.shop.appid, given)
    return ok(poi_id=str(store.poi_id))


def get(request: Request) -> Answer:
    """One store."""
    return ok(business={"base_info": _store(request, request.body.get("poi_id")).shown()})


def get_list(request: Request) -> Answer:
    """A page of stores."""
    begin = integer(request.body, "begin")
    limit = integer(request.body, "limit", least=1, most=50) if "limit" in request.body else 20
    stores = request.world.stores.of(request.shop.appid)
    page = [{"base_info": store.shown()} for store in stores[begin : begin + limit]]
    return ok(business_list=page, total_count=len(stores))


def update(request: Request) -> Answer:
    """Change an approved store; the change is reviewed, and until then no other may be sent."""
    given = dict(_given(request))
    store = _store(request, given.pop("poi_id", None))
    changed = _checked(given)
    if not changed or set(changed) - CHANGEABLE:
        raise ApiError(40097)
    if store.state != APPROVED:
        raise ApiError(65106)
    if store.pending:
        raise ApiError(65107)
    store.pending = changed
    request.world.stores.save(store)
    return ok()


def delete(request: Request) -> Answer:
    """Delete a store that is not under review."""
    store = _store(request, request.body.get("poi_id"))
    if store.state == UNDER_REVIEW:
        raise ApiError(65118)
    request.world.stores.remove(store)
    return ok()


ENDPOINTS = (
    Endpoint("POST", "/cgi-bin/poi/addpoi", add, members=("business",)),
    Endpoint("POST", "/cgi-bin/poi/getpoi", get, members=("poi_id",)),
    Endpoint("POST", "/cgi-bin/poi/getpoilist", get_list, members=("begin", "limit")),
    Endpoint("POST", "/cgi-bin/poi/updatepoi", update, members=("business",)),
    Endpoint("POST", "/cgi-bin/poi/delpoi", delete, members=("poi_id",)),
)
