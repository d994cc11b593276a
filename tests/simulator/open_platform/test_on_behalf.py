"""Calls with an authorizer token: what the granted sets cover, and what happens when the grant is taken back."""

from __future__ import annotations

from typing import Any

import pytest

from bot.simulator import Component, Simulator
from bot.simulator.api import ENDPOINTS
from bot.simulator.open_platform.sets import covers
from tests.simulator.conftest import NOODLES, WANG, Api
from tests.simulator.open_platform.conftest import Provider

CALLS: list[tuple[str, dict[str, Any], int]] = [
    ("/cgi-bin/message/custom/send", {"touser": WANG, "msgtype": "text", "text": {"content": "hi"}}, 1),
    ("/cgi-bin/tags/create", {"tag": {"name": "vip"}}, 2),
    ("/cgi-bin/qrcode/create", {"action_name": "QR_STR_SCENE", "action_info": {"scene": {"scene_str": "x"}}}, 3),
    ("/cgi-bin/message/template/send", {}, 7),
    ("/card/batchget", {"offset": 0, "count": 1}, 8),
    ("/datacube/getcardbizuininfo", {"begin_date": "2026-01-01", "end_date": "2026-01-01", "cond_source": 1}, 8),
    ("/cgi-bin/poi/getpoilist", {"begin": 0}, 13),
    ("/cgi-bin/menu/addconditional", {}, 15),
]


@pytest.mark.parametrize(("path", "body", "wanted"), CALLS)
async def test_a_call_needs_its_set(
    sim: Simulator, provider: Provider, component: Component, path: str, body: dict[str, Any], wanted: int
) -> None:
    others = [number for number in component.sets if number != wanted]
    token = (await provider.joined(sets=others))["authorizer_access_token"]
    refusal = await provider.post(path, body, access_token=token)
    assert refusal["errcode"] == 61007
    assert refusal["errmsg"].startswith("api is unauthorized to component")

    await sim.authorise(NOODLES, [wanted])
    assert (await provider.post(path, body, access_token=token)).get("errcode", 0) != 61007


async def test_every_call_of_an_account_is_under_some_set() -> None:
    free = {path for path, endpoint in ENDPOINTS.items() if endpoint.shows == "account" and covers([], path)}
    assert free == set()


async def test_the_account_itself_needs_no_set(api: Api, provider: Provider) -> None:
    await provider.joined(sets=[1])
    assert (await api.post("/card/batchget", {"offset": 0, "count": 1}))["errcode"] == 0


@pytest.mark.parametrize(("says_so", "errcode"), [(False, 40001), (True, 61003)])
async def test_tokens_die_with_the_grant(sim: Simulator, provider: Provider, says_so: bool, errcode: int) -> None:
    sim.platform_readings.dead_token_says_unauthorised = says_so
    info = await provider.joined()
    await sim.unauthorise(NOODLES)
    call = {"offset": 0, "count": 1}

    assert (await provider.post("/card/batchget", call, access_token=info["authorizer_access_token"]))[
        "errcode"
    ] == errcode
    refreshed = await provider.ask(
        "api_authorizer_token",
        authorizer_appid=NOODLES,
        authorizer_refresh_token=info["authorizer_refresh_token"],
    )
    assert refreshed["errcode"] == 61003
    assert (await provider.ask("api_get_authorizer_info", authorizer_appid=NOODLES))["errcode"] == 61003
    assert (await provider.ask("api_get_authorizer_list", offset=0, count=9)) == {"total_count": 0, "list": []}


async def test_an_old_token_does_not_come_back_with_a_new_grant(sim: Simulator, provider: Provider) -> None:
    old = (await provider.joined())["authorizer_access_token"]
    await sim.unauthorise(NOODLES)
    new = (await provider.joined())["authorizer_access_token"]
    call = {"offset": 0, "count": 1}

    assert (await provider.post("/card/batchget", call, access_token=old))["errcode"] == 40001
    assert (await provider.post("/card/batchget", call, access_token=new))["errcode"] == 0


async def test_the_components_list_of_addresses_holds_for_these_calls(component: Component, provider: Provider) -> None:
    token = (await provider.joined())["authorizer_access_token"]
    component.addresses = ("10.0.0.1",)

    refusal = await provider.post("/card/batchget", {"offset": 0, "count": 1}, access_token=token)
    assert refusal["errcode"] == 61004
    assert "requestIP: 127.0.0.1" in refusal["errmsg"]


async def test_calls_use_up_the_accounts_own_quota(sim: Simulator, provider: Provider, api: Api) -> None:
    token = (await provider.joined())["authorizer_access_token"]
    sim.set_quota(NOODLES, "/card/batchget", 1)

    assert (await api.post("/card/batchget", {"offset": 0, "count": 1}))["errcode"] == 0
    assert (await provider.post("/card/batchget", {"offset": 0, "count": 1}, access_token=token))["errcode"] == 45009
    assert [call.appid for call in sim.calls("/card/batchget")] == [NOODLES, NOODLES]


async def test_vouchers_need_the_card_function(sim: Simulator, provider: Provider) -> None:
    token = (await provider.joined())["authorizer_access_token"]
    sim.shop(NOODLES).cards = False

    assert (await provider.post("/card/batchget", {"offset": 0, "count": 1}, access_token=token))["errcode"] == 48001
    info = await provider.ask("api_get_authorizer_info", authorizer_appid=NOODLES)
    assert info["authorizer_info"]["business_info"]["open_card"] == 0
