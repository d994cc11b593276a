"""card/get and card/batchget."""

from __future__ import annotations

from typing import Any

import pytest

from bot.simulator import Simulator, cash_voucher
from tests.simulator.conftest import CASH, GIFT, NOODLES, PLAIN, Api, new_shop


@pytest.mark.parametrize(
    ("body", "errcode"), [({}, 41012), ({"card_id": ""}, 41012), ({"card_id": 7}, 47001), ({"card_id": "pNone"}, 40073)]
)
@pytest.mark.parametrize("path", ["/card/get", "/card/update"])
async def test_refuses_what_is_no_card(api: Api, path: str, body: dict[str, Any], errcode: int) -> None:
    assert (await api.post(path, body))["errcode"] == errcode


async def test_another_shops_card_is_unknown(sim: Simulator, api: Api) -> None:
    sim.add_shop(new_shop(appid="wx00000000000000b2", original_id="gh_b2"))
    other = sim.add_voucher("wx00000000000000b2", cash_voucher("别家", 500))

    assert (await api.post("/card/get", {"card_id": other}))["errcode"] == 40073


async def test_shows_a_friends_voucher_in_full(api: Api) -> None:
    inside = await api.card()

    base = inside["base_info"]
    assert (base["id"], base["title"], base["color"], base["status"]) == (
        CASH,
        "10元代金券",
        "#63b359",
        "CARD_STATUS_VERIFY_OK",
    )
    assert base["sku"] == {"quantity": 480, "total_quantity": 500}
    assert (inside["least_cost"], inside["reduce_cost"]) == (0, 1000)
    assert inside["advanced_info"]["share_friends"] is True
    assert len(inside["advanced_info"]["abstract"]["icon_url_list"]) == 1


async def test_an_ordinary_coupon_has_an_empty_advanced_info(api: Api) -> None:
    assert (await api.card(PLAIN))["advanced_info"] == {
        "time_limit": [],
        "text_image_list": [],
        "business_service": [],
        "consume_share_card_list": [],
        "share_friends": False,
    }


async def test_a_deleted_card_is_shown_as_deleted_and_cannot_be_changed(sim: Simulator, api: Api) -> None:
    sim.set_status(NOODLES, CASH, "DELETE")

    assert (await api.card())["base_info"]["status"] == "CARD_STATUS_DELETE"
    assert (await api.update(base_info={"service_phone": "1"}))["errcode"] == 40073


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"offset": 0},
        {"count": 10},
        {"offset": -1, "count": 10},
        {"offset": 0, "count": 51},
        {"offset": 0, "count": 0},
        {"offset": "0", "count": 10},
        {"offset": True, "count": 10},
    ],
)
async def test_batchget_refuses_a_bad_page(api: Api, body: dict[str, Any]) -> None:
    assert (await api.post("/card/batchget", body))["errcode"] == 40097


async def test_batchget_refuses_a_bad_status_list(api: Api) -> None:
    body = {"offset": 0, "count": 10, "status_list": "CARD_STATUS_VERIFY_OK"}
    assert (await api.post("/card/batchget", body))["errcode"] == 47001


async def test_batchget_pages_and_filters(sim: Simulator, api: Api) -> None:
    everything = await api.post("/card/batchget", {"offset": 0, "count": 50})
    assert everything["card_id_list"] == [PLAIN, GIFT, CASH]  # newest first
    assert everything["total_num"] == 3

    pages = [await api.post("/card/batchget", {"offset": offset, "count": 2}) for offset in (0, 2, 4)]
    assert [len(page["card_id_list"]) for page in pages] == [2, 1, 0]
    assert pages[0]["card_id_list"] + pages[1]["card_id_list"] == everything["card_id_list"]

    sim.set_status(NOODLES, GIFT, "NOT_VERIFY")
    found = await api.post("/card/batchget", {"offset": 0, "count": 50, "status_list": ["CARD_STATUS_NOT_VERIFY"]})
    assert (found["card_id_list"], found["total_num"]) == ([GIFT], 1)
