"""Tags of followers, and user/info."""

from __future__ import annotations

from typing import Any

import pytest

from bot.simulator import Simulator
from tests.simulator.conftest import NOODLES, WANG, ZHANG, Api

CREATE, GET, UPDATE, DELETE = (f"/cgi-bin/tags/{name}" for name in ("create", "get", "update", "delete"))
TAG, UNTAG = "/cgi-bin/tags/members/batchtagging", "/cgi-bin/tags/members/batchuntagging"
OF, WHO = "/cgi-bin/tags/getidlist", "/cgi-bin/user/tag/get"


@pytest.fixture
async def tag(api: Api) -> int:
    """A tag called 店员."""
    number: int = (await api.post(CREATE, {"tag": {"name": "店员"}}))["tag"]["id"]
    return number


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({}, 47001),
        ({"tag": {}}, 45157),
        ({"tag": {"name": " "}}, 45157),
        ({"tag": {"name": "店员"}}, 45157),
        ({"tag": {"name": "面" * 11}}, 45158),
    ],
)
async def test_refuses_a_bad_tag(api: Api, tag: int, body: dict[str, Any], errcode: int) -> None:
    assert tag == 100
    assert (await api.post(CREATE, body))["errcode"] == errcode


@pytest.mark.parametrize(("number", "errcode"), [(None, 45159), ("100", 45159), (7, 45159), (2, 45058)])
async def test_refuses_what_is_no_tag(api: Api, number: object, errcode: int) -> None:
    given = {"tag": {"id": number, "name": "老板"}}
    assert (await api.post(UPDATE, given))["errcode"] == errcode
    assert (await api.post(DELETE, given))["errcode"] == errcode
    assert (await api.post(TAG, {"openid_list": [WANG], "tagid": number}))["errcode"] == errcode
    assert (await api.post(WHO, {"tagid": number}))["errcode"] == errcode


@pytest.mark.parametrize(
    ("openids", "errcode"), [(None, 40032), ([], 40032), ([WANG] * 51, 40032), (["oNobody"], 40003), ([7], 40003)]
)
@pytest.mark.parametrize("path", [TAG, UNTAG])
async def test_refuses_a_bad_list(api: Api, tag: int, path: str, openids: object, errcode: int) -> None:
    assert (await api.post(path, {"openid_list": openids, "tagid": tag}))["errcode"] == errcode


async def test_an_account_has_a_hundred_tags_and_a_person_twenty(sim: Simulator, api: Api) -> None:
    for number in range(100):
        sim.world.tags.create(NOODLES, f"t{number}")
    assert (await api.post(CREATE, {"tag": {"name": "one more"}}))["errcode"] == 45056

    for number in range(100, 120):
        assert (await api.post(TAG, {"openid_list": [WANG], "tagid": number}))["errcode"] == 0
    assert (await api.post(TAG, {"openid_list": [WANG], "tagid": 120}))["errcode"] == 45059
    assert (await api.post(TAG, {"openid_list": [WANG], "tagid": 100}))["errcode"] == 0


async def test_tags_are_put_on_taken_off_renamed_and_deleted(api: Api, tag: int) -> None:
    await api.post(TAG, {"openid_list": [WANG, ZHANG], "tagid": tag})
    assert await api.post(OF, {"openid": WANG}) == {"tagid_list": [tag]}
    assert await api.post(WHO, {"tagid": tag}) == {
        "count": 2,
        "data": {"openid": [WANG, ZHANG]},
        "next_openid": ZHANG,
    }
    assert await api.post(WHO, {"tagid": tag, "next_openid": ZHANG}) == {"count": 0, "next_openid": ""}
    await api.post(UNTAG, {"openid_list": [ZHANG], "tagid": tag})
    await api.post(UPDATE, {"tag": {"id": tag, "name": "收银"}})
    assert await api.get(GET) == {"tags": [{"id": tag, "name": "收银", "count": 1}]}
    assert (await api.post(DELETE, {"tag": {"id": tag}}))["errcode"] == 0
    assert await api.post(OF, {"openid": WANG}) == {"tagid_list": []}


async def test_a_person_is_known_without_a_name(sim: Simulator, api: Api, tag: int) -> None:
    await api.post(TAG, {"openid_list": [WANG], "tagid": tag})
    path = "/cgi-bin/user/info?openid="
    token = f"&access_token={api.token}"
    assert (await api.get(f"{path}oNobody{token}", token=""))["errcode"] == 40003
    told = await api.get(f"{path}{WANG}{token}", token="")
    assert (told["subscribe"], told["tagid_list"], "nickname" in told) == (1, [tag], False)
    await sim.unfollow(NOODLES, WANG)
    assert await api.get(f"{path}{WANG}{token}", token="") == {"subscribe": 0, "openid": WANG}
