"""card/code/get, mark, consume, unavailable, decrypt; card/user/getcardlist; card/testwhitelist/set.

Source: vouchers.md 5.1 to 5.5, 9.3, 9.4.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.simulator.api.request import Answer, Endpoint, Request
from bot.simulator.circles import MOST_TESTERS
from bot.simulator.codes import USABLE, Code
from bot.simulator.consuming import check_state, consume, invalidate, mark
from bot.simulator.errors import ApiError, ok
from bot.simulator.secrecy import decrypted
from bot.simulator.vouchers import base_info


def word(body: Mapping[str, Any], name: str, missing: int, limit: int = 32) -> str:
    """A required string. Raises ``missing``, 47001 (another type), 45021 (too long)."""
    value = body.get(name)
    if value is None or value == "":
        raise ApiError(missing)
    if not isinstance(value, str):
        raise ApiError(47001)
    if len(value.encode()) > limit:
        raise ApiError(45021)
    return value


def given(body: Mapping[str, Any], name: str, limit: int = 32) -> str:
    """A string that may be left out, "" then. Raises 47001, 45021."""
    return word(body, name, 0, limit) if body.get(name, "") != "" else ""


def code_of(request: Request) -> Code:
    """The code of a body. Raises 41013, 40056 (never claimed, or handed on), 40073, 41012 (custom codes)."""
    number = word(request.body, "code", 41013, 20)
    card_id = given(request.body, "card_id")
    if card_id:
        request.world.shelf.find(request.shop.appid, card_id)
    code = request.world.codes.find(request.shop.appid, number)
    if code is None or (code.state == "GIFT_SUCC" and request.world.readings.given_codes_unknown):
        raise ApiError(40056)
    if not card_id and base_info(request.world.codes.voucher(code).card).get("use_custom_code"):
        raise ApiError(41012)
    if card_id not in {"", code.card_id}:
        raise ApiError(40056)
    return code


def person_of(request: Request, name: str = "openid") -> str:
    """An openid this account knows. Raises 40003."""
    openid = request.body.get(name)
    if not isinstance(openid, str) or not request.world.people.knows(request.shop.appid, openid):
        raise ApiError(40003)
    return openid


def flag_of(request: Request, name: str, default: bool | None = None) -> bool:
    """true or false. Raises 47001, 41011 when it is missing and has no default."""
    value = request.body.get(name, default)
    if value is None:
        raise ApiError(41011)
    if not isinstance(value, bool):
        raise ApiError(47001)
    return value


def get(request: Request) -> Answer:
    """The state of a code; with check_consume an abnormal one is an error."""
    checked = flag_of(request, "check_consume", request.world.readings.check_consume_by_default)
    code, codes = code_of(request), request.world.codes
    if checked:
        check_state(request.world, code)
    begin, end = codes.validity(code)
    more = {"outer_str": code.outer_str} if code.outer_str else {}
    return ok(
        card={"card_id": code.card_id, "begin_time": begin, "end_time": end, "code": code.code},
        openid=code.openid,
        can_consume=codes.usable(code),
        user_card_status=codes.status(code),
        **more,
    )


def mark_code(request: Request) -> Answer:
    """Reserve a code for the person who is going to use it."""
    word(request.body, "card_id", 41012)
    code, openid = code_of(request), person_of(request)
    mark(request.world, code, openid, on=flag_of(request, "is_mark"))
    return ok()


def consume_code(request: Request) -> Answer:
    """Redeem."""
    code = code_of(request)
    openid = person_of(request) if given(request.body, "openid") else ""
    consume(request.world, code, openid)
    return ok(card={"card_id": code.card_id}, openid=code.openid)


def unavailable(request: Request) -> Answer:
    """Invalidate, with a reason the holder reads."""
    code = code_of(request)
    reason = request.body.get("reason", "")
    if not isinstance(reason, str):
        raise ApiError(47001)
    invalidate(request.world, code, reason)
    return ok()


def decrypt(request: Request) -> Answer:
    """Open an encrypted code of the own account."""
    return ok(code=decrypted(request.shop, word(request.body, "encrypt_code", 40075, 128)))


def card_list(request: Request) -> Answer:
    """What a person holds and may use now or later; codes of Friend's Vouchers are only hinted at."""
    openid, world = person_of(request), request.world
    card_id = given(request.body, "card_id")
    live = [c for c in world.codes.held(request.shop.appid, openid, card_id) if world.codes.status(c) in USABLE]
    own = [code for code in live if not world.codes.voucher(code).friends]
    listed = [{"code": code.code, "card_id": code.card_id} for code in own]
    return ok(card_list=listed, has_share_card=len(own) < len(live))


def test_whitelist(request: Request) -> Answer:
    """Replace the list of testers; the code of a list longer than ten is not confirmed."""
    openids, names = request.body.get("openid", []), request.body.get("username", [])
    for given in (openids, names):
        if not isinstance(given, list) or any(not isinstance(entry, str) for entry in given):
            raise ApiError(47001)
    if len(openids) + len(names) > MOST_TESTERS:
        raise ApiError(40097)
    if any(not request.world.people.knows(request.shop.appid, openid) for openid in openids):
        raise ApiError(40003)
    request.world.circles.set_testers(request.shop.appid, openids)
    return ok(white_list_size=len(openids) + len(names), success_openid=openids, success_username=names)


ENDPOINTS = (
    Endpoint("POST", "/card/code/get", get, members=("code", "card_id", "check_consume")),
    Endpoint("POST", "/card/code/mark", mark_code, members=("code", "card_id", "openid", "is_mark")),
    Endpoint("POST", "/card/code/consume", consume_code, members=("code", "card_id", "openid")),
    Endpoint("POST", "/card/code/unavailable", unavailable, members=("code", "card_id", "reason")),
    Endpoint("POST", "/card/code/decrypt", decrypt, members=("encrypt_code",)),
    Endpoint("POST", "/card/user/getcardlist", card_list, members=("openid", "card_id")),
    Endpoint("POST", "/card/testwhitelist/set", test_whitelist, members=("openid", "username")),
)
