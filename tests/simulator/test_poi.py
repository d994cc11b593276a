"""Stores: poi/addpoi, getpoi, getpoilist, updatepoi, delpoi, and their audit."""

from __future__ import annotations

from typing import Any

import pytest

from bot.simulator import Simulator
from bot.simulator.vouchers import IMAGE
from tests.simulator.conftest import NOODLES, Api, ShopServer
from tests.simulator.test_wallets import pushed

ADD, GET, LIST, UPDATE, DELETE = (
    f"/cgi-bin/poi/{name}" for name in ("addpoi", "getpoi", "getpoilist", "updatepoi", "delpoi")
)
STORE: dict[str, Any] = {
    "sid": "shop-1",
    "business_name": "湖畔面馆",
    "branch_name": "西湖店",
    "province": "浙江",
    "city": "杭州",
    "address": "湖滨路1号",
    "telephone": "0571-1234567",
    "photo_list": [{"photo_url": IMAGE}],
}


def body(**changes: Any) -> dict[str, Any]:
    """A store's body."""
    given = {name: value for name, value in (STORE | changes).items() if value is not None}
    return {"business": {"base_info": given}}


@pytest.mark.parametrize(
    ("changes", "errcode"),
    [
        ({"business_name": None}, 65109),
        ({"address": ""}, 65110),
        ({"telephone": None}, 65111),
        ({"city": None}, 65112),
        ({"province": None}, 65113),
        ({"photo_list": []}, 65114),
        ({"photo_list": [{"photo_url": "http://example.com/a.png"}]}, 65105),
        ({"photo_list": IMAGE}, 47001),
        ({"business_name": "面" * 16}, 45021),
        ({"business_name": 7}, 47001),
        ({"colour": "red"}, 40097),
    ],
)
async def test_refuses_a_bad_store(api: Api, changes: dict[str, Any], errcode: int) -> None:
    assert (await api.post(ADD, body(**changes)))["errcode"] == errcode
    assert (await api.post(LIST, {"begin": 0}))["total_count"] == 0


async def test_refuses_what_is_no_store(sim: Simulator, api: Api) -> None:
    assert (await api.post(ADD, {}))["errcode"] == 47001
    for path in (GET, DELETE):
        for poi_id in (None, 7, "7", "x"):
            assert (await api.post(path, {"poi_id": poi_id}))["errcode"] == 65115
    for page in ({}, {"begin": 0, "limit": 51}):
        assert (await api.post(LIST, page))["errcode"] == 40097
    with pytest.raises(LookupError):
        await sim.review_store(NOODLES, 7, approve=True)


async def test_a_store_is_reviewed_changed_and_deleted(sim: Simulator, server: ShopServer, api: Api) -> None:
    number = (await api.post(ADD, body()))["poi_id"]
    change = {"business": {"base_info": {"poi_id": number, "telephone": "0571-7654321"}}}
    assert (await api.post(UPDATE, change))["errcode"] == 65106
    assert (await api.post(DELETE, {"poi_id": number}))["errcode"] == 65118

    await sim.review_store(NOODLES, int(number), approve=True)
    assert pushed(server) == {
        "FromUserName": sim.world.nobody(NOODLES),
        "Event": "poi_check_notify",
        "UniqId": "shop-1",
        "PoiId": number,
        "Result": "succ",
        "msg": "",
    }
    assert (await api.post(UPDATE, body(poi_id=number)))["errcode"] == 40097
    assert (await api.post(UPDATE, change))["errcode"] == 0
    shown = (await api.post(GET, {"poi_id": int(number)}))["business"]["base_info"]
    assert (shown["available_state"], shown["update_status"], shown["telephone"]) == (3, 1, "0571-1234567")
    assert (await api.post(UPDATE, change))["errcode"] == 65107
    await sim.review_store(NOODLES, int(number), approve=False, reason="号码无法接通")
    assert (pushed(server)["Result"], pushed(server)["msg"]) == ("fail", "号码无法接通")

    await api.post(UPDATE, change)
    await sim.review_store(NOODLES, int(number), approve=True)
    shown = (await api.post(LIST, {"begin": 0, "limit": 10}))["business_list"][0]["base_info"]
    assert (shown["telephone"], shown["update_status"]) == ("0571-7654321", 0)
    with pytest.raises(LookupError, match="is not under review"):
        await sim.review_store(NOODLES, int(number), approve=True)
    assert (await api.post(DELETE, {"poi_id": number}))["errcode"] == 0
    assert (await api.post(LIST, {"begin": 0}))["total_count"] == 0


async def test_a_refused_store(sim: Simulator, server: ShopServer, api: Api) -> None:
    sim.add_store(NOODLES, 5, "湖畔面馆", approved=False)
    await sim.review_store(NOODLES, 5, approve=False, reason="照片不清楚")
    shown = (await api.post(GET, {"poi_id": 5}))["business"]["base_info"]
    assert shown["available_state"] == 4
    assert pushed(server)["msg"] == "照片不清楚"
