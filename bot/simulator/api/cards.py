"""card/create, card/get, card/batchget, card/update."""

from __future__ import annotations

import copy
from typing import Any

from bot.simulator.api.request import Answer, Endpoint, Request, integer
from bot.simulator.cards_create import create_card
from bot.simulator.cards_update import update_card
from bot.simulator.errors import ApiError, ok
from bot.simulator.shelf import Voucher


def card_id_of(body: Any) -> str:
    """The card_id of a body. Raises 41012 (missing) and 40073 (no card id at all)."""
    card_id = body.get("card_id")
    if card_id is None or card_id == "":
        raise ApiError(41012)
    if not isinstance(card_id, str):
        raise ApiError(47001)
    return card_id


def _find(request: Request) -> Voucher:
    return request.world.shelf.find(request.shop.appid, card_id_of(request.body))


def create(request: Request) -> Answer:
    """Make a voucher; it waits for the reviewers."""
    return ok(card_id=create_card(request.world, request.shop, request.body))


def get(request: Request) -> Answer:
    """View Voucher Details; a deleted voucher is still shown, with its status."""
    return ok(card=copy.deepcopy(_find(request).card))


def batchget(request: Request) -> Answer:
    """Ids only, at most 50 a page."""
    offset, count = integer(request.body, "offset"), integer(request.body, "count", least=1, most=50)
    wanted = request.body.get("status_list")
    if wanted is not None and not (isinstance(wanted, list) and all(isinstance(status, str) for status in wanted)):
        raise ApiError(47001)
    found = [v.card_id for v in request.world.shelf.of(request.shop.appid) if not wanted or v.status in wanted]
    return ok(card_id_list=found[offset : offset + count], card_list=[], total_num=len(found))


def update(request: Request) -> Answer:
    """Update Friend's Vouchers (and ordinary coupons)."""
    voucher = _find(request)
    if voucher.status == "CARD_STATUS_DELETE":
        raise ApiError(40073)
    return ok(send_check=update_card(request.world, request.shop, voucher, request.body))


ENDPOINTS = (
    Endpoint("POST", "/card/create", create, members=("card",)),
    Endpoint("POST", "/card/get", get, members=("card_id",)),
    Endpoint("POST", "/card/batchget", batchget, members=("offset", "count", "status_list")),
    Endpoint("POST", "/card/update", update),
)
