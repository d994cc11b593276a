"""card/modifystock and card/delete."""

from __future__ import annotations

from typing import Any

import pytest

from bot.simulator import NotClaimedError, Simulator
from tests.simulator.conftest import CASH, NOODLES, PLAIN, WANG, Api, ShopServer

MODIFY, DELETE = "/card/modifystock", "/card/delete"


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({}, 41012),
        ({"card_id": "pNobody"}, 40073),
        ({"card_id": CASH, "increase_stock_value": 1}, 73208),
        ({"card_id": PLAIN, "increase_stock_value": "1"}, 47001),
        ({"card_id": PLAIN, "increase_stock_value": -1}, 40122),
        ({"card_id": PLAIN, "reduce_stock_value": 481}, 40122),
        ({"card_id": PLAIN, "increase_stock_value": 100_000_000}, 45041),
    ],
)
async def test_refuses_a_bad_change(sim: Simulator, api: Api, body: dict[str, Any], errcode: int) -> None:
    assert (await api.post(MODIFY, body))["errcode"] == errcode
    sku = sim.voucher(NOODLES, PLAIN).card["general_coupon"]["base_info"]["sku"]
    assert sku == {"quantity": 480, "total_quantity": 500}


async def test_stock_of_an_ordinary_coupon_goes_up_and_down(api: Api) -> None:
    assert await api.post(MODIFY, {"card_id": PLAIN, "increase_stock_value": 20}) == {"errcode": 0, "errmsg": "ok"}
    assert (await api.card(PLAIN))["base_info"]["sku"] == {"quantity": 500, "total_quantity": 520}
    await api.post(MODIFY, {"card_id": PLAIN, "reduce_stock_value": 500})
    assert (await api.card(PLAIN))["base_info"]["sku"] == {"quantity": 0, "total_quantity": 20}
    assert (await api.post(MODIFY, {"card_id": PLAIN}))["errcode"] == 0


async def test_a_deleted_voucher_is_not_claimed_but_its_codes_stay_valid(
    sim: Simulator, server: ShopServer, api: Api
) -> None:
    assert (await api.post(DELETE, {}))["errcode"] == 41012
    made = await api.post(
        "/card/qrcode/create", {"action_name": "QR_CARD", "action_info": {"card": {"card_id": PLAIN}}}
    )
    code = await sim.claim(NOODLES, WANG, PLAIN)
    assert await api.post(DELETE, {"card_id": PLAIN}) == {"errcode": 0, "errmsg": "ok"}

    with pytest.raises(NotClaimedError, match="deleted"):
        await sim.scan_qr(NOODLES, WANG, made["url"])
    assert (await api.post("/card/code/consume", {"code": code}))["errcode"] == 0
    assert (await api.post(DELETE, {"card_id": PLAIN}))["errcode"] == 40073
    assert (await api.post(MODIFY, {"card_id": PLAIN}))["errcode"] == 40078
    await sim.settled()
    assert len(server.requests) == 2
