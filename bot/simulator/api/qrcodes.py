"""card/qrcode/create, card/landingpage/create, cgi-bin/qrcode/create.

Source: vouchers.md 4.2, 4.3, 13 ("before issuing"); messaging.md A7.4. Not confirmed and taken so: a voucher that is
not approved has no code (40078) unless the account has testers, who could claim it; more than five vouchers in one
code are too many (45039).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from bot.simulator.api.codes import flag_of, word
from bot.simulator.api.request import Answer, Endpoint, Request
from bot.simulator.errors import ApiError, ok
from bot.simulator.field_checks import CDN
from bot.simulator.shelf import Voucher
from bot.simulator.tickets import Ticket
from bot.simulator.vouchers import base_info

SHORTEST, LONGEST = 60, 1800
MOST_CARDS = 5
SHOW = "https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket="
APPROVED = {"CARD_STATUS_VERIFY_OK", "CARD_STATUS_DISPATCH"}
SCENES = {
    "SCENE_NEAR_BY",
    "SCENE_MENU",
    "SCENE_QRCODE",
    "SCENE_ARTICLE",
    "SCENE_H5",
    "SCENE_IVR",
    "SCENE_CARD_CUSTOM_CELL",
}
FRIENDS_SCENES = {"SCENE_QRCODE", "SCENE_H5"}
"""Channels of Friend's Vouchers end at a scanned code or a page; that others answer 45030 is not confirmed."""


def create(request: Request) -> Answer:
    """A QR code of one voucher or of several."""
    action, info = request.body.get("action_name"), request.body.get("action_info")
    if not isinstance(info, Mapping) or set(request.body) - {"action_name", "action_info", "expire_seconds"}:
        raise ApiError(40053)
    if set(info) - {"card", "multiple_card"} or len(info) != 1:
        raise ApiError(40053)
    seconds = _seconds(request.body.get("expire_seconds"), request.world.readings.qr_default_seconds)
    if action == "QR_CARD":
        cards = [_card(request, info.get("card"), _OF_ONE)]
    elif action == "QR_MULTIPLE_CARD":
        cards = [_card(request, card, _OF_SEVERAL) for card in _several(info.get("multiple_card"))]
    else:
        raise ApiError(40053)
    ticket = request.world.tickets.make(request.shop.appid, seconds, cards=cards)
    return _answer(ticket, seconds)


def _answer(ticket: Ticket, seconds: int) -> Answer:
    shown = SHOW + quote(ticket.ticket, safe="")
    return ok(ticket=ticket.ticket, expire_seconds=seconds, url=ticket.url, show_qrcode_url=shown)


def _seconds(value: Any, default: int) -> int:
    if value is None:
        return default
    if type(value) is not int or not SHORTEST <= value <= LONGEST:
        raise ApiError(40053)
    return int(value)


def _several(value: Any) -> list[Any]:
    cards = value.get("card_list") if isinstance(value, Mapping) and len(value) == 1 else None
    if not isinstance(cards, list) or not cards:
        raise ApiError(40053)
    if len(cards) > MOST_CARDS:
        raise ApiError(45039)
    return cards


_OF_ONE = {"card_id", "code", "openid", "is_unique_code", "outer_str", "outer_id"}
_OF_SEVERAL = {"card_id", "code", "outer_str"}


def _card(request: Request, given: Any, known: set[str]) -> dict[str, Any]:
    """One voucher of a code, all of it checked."""
    if not isinstance(given, Mapping) or set(given) - known:
        raise ApiError(40053)
    voucher = request.world.shelf.find(request.shop.appid, word(given, "card_id", 41012))
    unique, outer_id = given.get("is_unique_code", False), given.get("outer_id", 0)
    if not isinstance(unique, bool) or type(outer_id) is not int or outer_id < 0:
        raise ApiError(47001)
    _check_issuable(request, voucher, unique=unique)
    return {
        "card_id": voucher.card_id,
        "code": _code(request, voucher, given),
        "openid": _openid(request, voucher, given),
        "is_unique_code": unique,
        "outer_str": word(given, "outer_str", 0, 128) if given.get("outer_str") else "",
        "outer_id": outer_id,
    }


def _check_issuable(request: Request, voucher: Voucher, *, unique: bool) -> None:
    approved = voucher.status in APPROVED
    tested = bool(request.world.circles.testers(voucher.appid)) and voucher.status != "CARD_STATUS_DELETE"
    if not approved and (unique or not tested):
        raise ApiError(40078)
    if base_info(voucher.card)["sku"]["quantity"] <= 0:
        raise ApiError(45031)


def _code(request: Request, voucher: Voucher, given: Mapping[str, Any]) -> str:
    """The code of a voucher with custom codes, claimable once."""
    if not base_info(voucher.card).get("use_custom_code"):
        if given.get("code"):
            raise ApiError(40053)
        return ""
    number = word(given, "code", 41013, 20)
    if request.world.codes.find(voucher.appid, number):
        raise ApiError(40116)
    return number


def _openid(request: Request, voucher: Voucher, given: Mapping[str, Any]) -> str:
    openid = given.get("openid", "")
    bound = bool(base_info(voucher.card).get("bind_openid"))
    if (bound or openid) and not request.world.people.knows(voucher.appid, openid):
        raise ApiError(40003)
    return str(openid)


def landing_page(request: Request) -> Answer:
    """A page with vouchers to claim."""
    body = request.body
    if not CDN.fullmatch(word(body, "banner", 41011, 128)):
        raise ApiError(52000)
    word(body, "page_title", 41011, 128)
    flag_of(request, "can_share")
    if (scene := word(body, "scene", 41011)) not in SCENES:
        raise ApiError(40097)
    cards = body.get("card_list")
    if not isinstance(cards, list) or not cards or not all(isinstance(card, Mapping) for card in cards):
        raise ApiError(40097)
    for card in cards:
        if set(card) - {"card_id", "thumb_url"}:
            raise ApiError(40097)
        voucher = request.world.shelf.find(request.shop.appid, word(card, "card_id", 41012))
        if not CDN.fullmatch(word(card, "thumb_url", 41011, 128)):
            raise ApiError(52000)
        if voucher.friends and scene not in FRIENDS_SCENES:
            raise ApiError(45030)
    listed = [{"card_id": card["card_id"], "is_unique_code": False} for card in cards]
    page = request.world.tickets.make(request.shop.appid, 0, cards=listed)
    number = len(request.world.tickets.of(request.shop.appid))
    return ok(url=page.url.replace("/q/", "/card/page/"), page_id=number)


LONGEST_SCENE = 2_592_000
DEFAULT_SCENE = 60


def scene_code(request: Request) -> Answer:
    """A parametric QR code of the account."""
    action, info = request.body.get("action_name"), request.body.get("action_info")
    scene = info.get("scene") if isinstance(info, Mapping) else None
    if not isinstance(scene, Mapping):
        raise ApiError(40053)
    if action in {"QR_SCENE", "QR_LIMIT_SCENE"}:
        value = scene.get("scene_id")
        most = 2**32 - 1 if action == "QR_SCENE" else 100_000
        if type(value) is not int or not 1 <= value <= most:
            raise ApiError(40053)
    elif action in {"QR_STR_SCENE", "QR_LIMIT_STR_SCENE"}:
        value = scene.get("scene_str")
        if not isinstance(value, str) or not 1 <= len(value) <= 64:
            raise ApiError(40053)
    else:
        raise ApiError(40053)
    seconds = 0 if "LIMIT" in action else request.body.get("expire_seconds", DEFAULT_SCENE)
    if type(seconds) is not int or not 0 <= seconds <= LONGEST_SCENE:
        raise ApiError(40053)
    ticket = request.world.tickets.make(request.shop.appid, seconds, scene=str(value))
    more = {"expire_seconds": seconds} if seconds else {}
    return {"ticket": ticket.ticket, **more, "url": ticket.url}


ENDPOINTS = (
    Endpoint("POST", "/card/qrcode/create", create),
    Endpoint(
        "POST",
        "/card/landingpage/create",
        landing_page,
        members=("banner", "page_title", "can_share", "scene", "card_list"),
    ),
    Endpoint("POST", "/cgi-bin/qrcode/create", scene_code),
)
