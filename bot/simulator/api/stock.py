"""card/modifystock and card/delete (vouchers.md 2.3, 2.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.simulator.api.cards import card_id_of
from bot.simulator.api.request import Answer, Endpoint, Request
from bot.simulator.credit import MOST_STOCK, add_stock
from bot.simulator.errors import ApiError, ok
from bot.simulator.vouchers import base_info


def modify(request: Request) -> Answer:
    """Stock of an ordinary coupon up or down, never below what is claimed already."""
    voucher = request.world.shelf.find(request.shop.appid, card_id_of(request.body))
    if voucher.friends:
        raise ApiError(73208)
    if voucher.status == "CARD_STATUS_DELETE":
        raise ApiError(40078)
    change = _value(request.body, "increase_stock_value") - _value(request.body, "reduce_stock_value")
    sku = base_info(voucher.card)["sku"]
    if sku["quantity"] + change < 0:
        raise ApiError(40122)
    if sku["total_quantity"] + change > MOST_STOCK:
        raise ApiError(45041)
    add_stock(request.world, voucher, change)
    return ok()


def _value(body: Mapping[str, Any], name: str) -> int:
    value = body.get(name, 0)
    if type(value) is not int:
        raise ApiError(47001)
    if value < 0:
        raise ApiError(40122)
    return int(value)


def delete(request: Request) -> Answer:
    """Delete a voucher: nobody can claim it any more, claimed codes stay valid."""
    voucher = request.world.shelf.find(request.shop.appid, card_id_of(request.body))
    if voucher.status == "CARD_STATUS_DELETE":
        raise ApiError(40073)
    voucher.set_status("DELETE")
    request.world.shelf.save(voucher)
    return ok()


ENDPOINTS = (
    Endpoint("POST", "/card/modifystock", modify, members=("card_id", "increase_stock_value", "reduce_stock_value")),
    Endpoint("POST", "/card/delete", delete, members=("card_id",)),
)
