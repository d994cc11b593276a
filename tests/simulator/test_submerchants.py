"""card/submerchant/*, card/getapplyprotocol, and the answer to an application."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from bot.simulator import Simulator
from bot.simulator.vouchers import IMAGE
from tests.simulator.conftest import NOODLES, Api, ShopServer, new_shop
from tests.simulator.test_media import PNG
from tests.simulator.test_wallets import pushed

SUBMIT, UPDATE, GET, LIST = (f"/card/submerchant/{name}" for name in ("submit", "update", "get", "batchget"))


@pytest.fixture
async def info(sim: Simulator) -> dict[str, Any]:
    """A complete application."""
    return {
        "brand_name": "湖畔二店",
        "logo_url": IMAGE,
        "protocol": sim.world.media.add(NOODLES, "image", PNG).media_id,
        "end_time": int(time.time()) + 86400,
        "primary_category_id": 1,
        "secondary_category_id": 101,
    }


@pytest.mark.parametrize(
    ("changes", "errcode"),
    [
        ({"brand_name": None}, 41011),
        ({"brand_name": "面" * 13}, 45021),
        ({"brand_name": 7}, 47001),
        ({"logo_url": "http://example.com/a.png"}, 52000),
        ({"protocol": None}, 41011),
        ({"protocol": "m"}, 40007),
        ({"agreement_media_id": "m"}, 40007),
        ({"end_time": None}, 41011),
        ({"end_time": "soon"}, 40097),
        ({"end_time": 1}, 40079),
        ({"secondary_category_id": 201}, 45160),
        ({"name": "x"}, 40097),
        ({"merchant_id": 12}, 40097),
        ({"app_id": "gh_0123456789ab"}, 40013),
    ],
)
async def test_refuses_a_bad_application(api: Api, info: dict[str, Any], changes: dict[str, Any], errcode: int) -> None:
    given = {name: value for name, value in (info | changes).items() if value is not None}
    assert (await api.post(SUBMIT, {"info": given}))["errcode"] == errcode


async def test_a_paper_is_a_picture_and_a_name_is_decent(sim: Simulator, api: Api, info: dict[str, Any]) -> None:
    voice = sim.world.media.add(NOODLES, "voice", b"#!AMR" + b"0" * 40).media_id
    assert (await api.post(SUBMIT, {"info": info | {"protocol": voice}}))["errcode"] == 40007
    sim.world.spam_words = {"免费"}
    assert (await api.post(SUBMIT, {"info": info | {"brand_name": "免费面馆"}}))["errcode"] == 40151


async def test_refuses_what_is_no_application_or_no_sub_merchant(api: Api, info: dict[str, Any]) -> None:
    for path in (SUBMIT, UPDATE):
        assert (await api.post(path, {}))["errcode"] == 41011
        assert (await api.post(path, {"info": None}))["errcode"] == 41011
        assert (await api.post(path, {"info": 7}))["errcode"] == 47001
        assert (await api.post(path, {"info": []}))["errcode"] == 47001
    assert (await api.post(UPDATE, {"info": info | {"merchant_id": 7}}))["errcode"] == 40139
    assert (await api.post(GET, {"merchant_id": "12"}))["errcode"] == 40139
    for page in ({}, {"limit": 101}, {"limit": 10, "status": "LOST"}):
        assert (await api.post(LIST, page))["errcode"] == 40097


async def test_an_application_is_refused_sent_anew_and_approved(
    sim: Simulator, server: ShopServer, api: Api, info: dict[str, Any]
) -> None:
    made = (await api.post(SUBMIT, {"info": info}))["info"]
    number = made["merchant_id"]
    assert (made["status"], made["brand_name"], "protocol" in made) == ("CHECKING", "湖畔二店", False)
    again = {"info": info | {"merchant_id": number}}
    assert (await api.post(UPDATE, again))["errcode"] == 40140

    await sim.review_submerchant(NOODLES, number, approve=False, reason="公章不清楚")
    assert pushed(server) == {
        "FromUserName": sim.world.nobody(NOODLES),
        "Event": "card_merchant_check_result",
        "MerchantId": str(number),
        "IsPass": "0",
        "Reason": "公章不清楚",
    }
    assert (await api.post(UPDATE, again))["info"]["status"] == "CHECKING"
    await sim.review_submerchant(NOODLES, number, approve=True)
    assert (pushed(server)["IsPass"], pushed(server)["Reason"]) == ("1", "")
    for wrong in (number, 7):
        with pytest.raises(LookupError):
            await sim.review_submerchant(NOODLES, wrong, approve=True)

    assert (await api.post(GET, {"merchant_id": number}))["info"]["status"] == "APPROVED"
    merchant = sim.world.submerchants.find(NOODLES, number)
    assert merchant is not None
    merchant.info["end_time"] = 1
    assert (await api.post(GET, {"merchant_id": number}))["info"]["status"] == "EXPIRED"
    assert (await api.post(UPDATE, again))["info"]["status"] == "CHECKING"


async def test_sub_merchants_are_listed_page_by_page(sim: Simulator, api: Api, info: dict[str, Any]) -> None:
    numbers = [(await api.post(SUBMIT, {"info": info}))["info"]["merchant_id"] for _ in range(3)]
    first = await api.post(LIST, {"begin_id": 0, "limit": 2})
    second = await api.post(LIST, {"begin_id": first["next_begin_id"], "limit": 2})
    third = await api.post(LIST, {"begin_id": second["next_begin_id"], "limit": 2})

    assert [entry["merchant_id"] for page in (first, second, third) for entry in page["info_list"]] == numbers
    await sim.review_submerchant(NOODLES, numbers[1], approve=True)
    approved = await api.post(LIST, {"begin_id": "", "limit": 10, "status": "APPROVED"})
    assert [entry["merchant_id"] for entry in approved["info_list"]] == [numbers[1]]


async def test_categories_have_two_levels(api: Api) -> None:
    told = (await api.get("/card/getapplyprotocol"))["category"]
    assert (told[0]["category_name"], told[0]["secondary_category"][0]["secondary_category_id"]) == ("美食", 101)


async def test_sub_merchants_and_stores_outlive_the_simulator(tmp_path: Path) -> None:
    first = Simulator(tmp_path)
    first.add_shop(new_shop())
    merchant = first.world.submerchants.submit(NOODLES, {"end_time": 1})
    first.add_store(NOODLES, 271262077, "湖畔面馆")
    await first.stop()

    second = Simulator(tmp_path)
    assert second.world.submerchants.of(NOODLES) == [merchant]
    assert [store.poi_id for store in second.world.stores.of(NOODLES)] == [271262077]
    assert second.world.submerchants.submit(NOODLES, {}).merchant_id == merchant.merchant_id + 1
    await second.stop()
