"""What the component API tells of accounts: info, list, switches."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.simulator import Component, Simulator
from tests.simulator.conftest import NOODLES, new_shop
from tests.simulator.open_platform.conftest import PLATFORM, Provider

KEY = "GFEDCBA9876543210zyxwvutsrqponmlkjihgfedcba"


async def test_info_refuses_accounts_that_did_not_authorise(provider: Provider) -> None:
    for appid, errcode in ((None, 41002), ("", 41002), (NOODLES, 61003), ("wxffffffffffffffff", 61003)):
        assert (await provider.ask("api_get_authorizer_info", authorizer_appid=appid))["errcode"] == errcode


async def test_info_tells_who_an_account_is_and_what_it_granted(sim: Simulator, provider: Provider) -> None:
    await sim.authorise(NOODLES, [1, 8])
    answer = await provider.ask("api_get_authorizer_info", authorizer_appid=NOODLES)

    granted = sim.authorisation(NOODLES)
    assert granted is not None
    assert answer == {
        "authorizer_info": {
            "nick_name": "面馆",
            "head_img": f"http://wx.qlogo.cn/mmopen/{NOODLES}/0",
            "service_type_info": {"id": 2},
            "verify_type_info": {"id": 0},
            "user_name": "gh_0000000000a1",
            "alias": "",
            "qrcode_url": f"http://mmbiz.qpic.cn/mmbiz_jpg/{NOODLES}/0",
            "principal_name": "面馆有限公司",
            "business_info": {"open_pay": 0, "open_shake": 0, "open_scan": 0, "open_card": 1, "open_store": 0},
            "idc": 1,
            "signature": "",
            "account_status": 1,
        },
        "authorization_info": {
            "authorizer_appid": NOODLES,
            "authorizer_refresh_token": granted.refresh_token,
            "func_info": [{"funcscope_category": {"id": 1}}, {"funcscope_category": {"id": 8}}],
        },
    }


@pytest.mark.parametrize(
    ("page", "errcode"),
    [
        ({"offset": 0, "count": 501}, 40170),
        ({"offset": 0, "count": 0}, 40097),
        ({"offset": -1, "count": 1}, 40097),
        ({"count": 1}, 40097),
        ({"offset": "0", "count": 1}, 40097),
    ],
)
async def test_the_list_refuses(provider: Provider, page: dict[str, Any], errcode: int) -> None:
    assert (await provider.ask("api_get_authorizer_list", **page))["errcode"] == errcode


async def test_the_list_tells_refresh_tokens_page_by_page(sim: Simulator, provider: Provider) -> None:
    shops = sim.authorise_many(501)
    first = await provider.ask("api_get_authorizer_list", offset=0, count=500)
    last = await provider.ask("api_get_authorizer_list", offset=500, count=500)

    assert (first["total_count"], len(first["list"]), len(last["list"])) == (501, 500, 1)
    granted = sim.authorisation(shops[-1].appid)
    assert granted is not None
    assert last["list"] == [
        {"authorizer_appid": shops[-1].appid, "refresh_token": granted.refresh_token, "auth_time": granted.auth_time}
    ]


async def test_what_was_granted_outlives_a_restart(tmp_path: Path) -> None:
    first = Simulator(tmp_path)
    first.add_component(Component(PLATFORM, "s", "t", KEY))
    first.add_shop(new_shop())
    code = (await first.authorise(NOODLES, [1, 8])).code
    token, _ = first.world.tokens.authorizer(NOODLES)
    first.world.platform.authorisations.set_option(NOODLES, "location_report", "2")
    first.world.platform.card_agents.set_agent(PLATFORM, "RESULT_PASS")
    first.world.platform.card_agents.submit(NOODLES, {"name": "面馆"})
    before = first.authorisation(NOODLES)
    first.world.store.close()

    again = Simulator(tmp_path).world
    assert again.platform.authorisations.get(NOODLES) == before
    assert again.platform.authorisations.option(NOODLES, "location_report") == "2"
    assert again.platform.codes.exchange(code).appid == NOODLES
    assert again.tokens.valid(token).kind == "authorizer"
    assert again.platform.card_agents.agent == "RESULT_PASS"
    assert again.platform.card_agents.find(NOODLES) is not None
    again.store.close()


async def test_ten_thousand_accounts_are_there_at_once(sim: Simulator, provider: Provider) -> None:
    shops = sim.authorise_many(10_000, [1, 8])
    answer = await provider.ask("api_get_authorizer_list", offset=9_999, count=500)

    assert (answer["total_count"], len(answer["list"])) == (10_000, 1)
    assert len({shop.appid for shop in shops} | {NOODLES}) == 10_001
    assert all(len(shop.appid) == 18 for shop in shops)
    refreshed = await provider.ask(
        "api_authorizer_token",
        authorizer_appid=shops[-1].appid,
        authorizer_refresh_token=answer["list"][0]["refresh_token"],
    )
    assert "authorizer_access_token" in refreshed


class TestOptions:
    """location_report, voice_recognize, customer_service."""

    async def test_refuses(self, provider: Provider) -> None:
        old = {"authorizer_appid": NOODLES, "option_name": "voice_recognize", "option_value": "1"}
        assert (await provider.ask("api_set_authorizer_option", **old))["errcode"] == 61003
        await provider.joined()
        for changes, errcode in (
            ({"option_name": "colour"}, 61012),
            ({"option_name": None}, 61012),
            ({"option_value": "2"}, 61013),
            ({"option_value": None}, 61013),
            ({"authorizer_appid": ""}, 41002),
        ):
            assert (await provider.ask("api_set_authorizer_option", **old | changes))["errcode"] == errcode

    async def test_the_old_names_take_the_components_token(self, provider: Provider) -> None:
        own = (await provider.joined())["authorizer_access_token"]
        given = {"authorizer_appid": NOODLES, "option_name": "location_report"}

        assert (await provider.ask("api_get_authorizer_option", **given))["option_value"] == "0"
        assert (await provider.ask("api_set_authorizer_option", **given, option_value="2"))["errcode"] == 0
        answer = await provider.ask("api_get_authorizer_option", **given)
        assert answer == {"authorizer_appid": NOODLES, "option_name": "location_report", "option_value": "2"}
        assert (await provider.ask("api_get_authorizer_option", **given, token=own))["errcode"] == 61014

    @pytest.mark.parametrize(
        ("reading", "own", "theirs"), [("any", 0, 0), ("component", 61014, 0), ("authorizer", 0, 61015)]
    )
    async def test_the_new_names_take_the_token_a_page_names(
        self, sim: Simulator, provider: Provider, reading: Any, own: int, theirs: int
    ) -> None:
        sim.platform_readings.options_by = reading
        token = (await provider.joined())["authorizer_access_token"]
        given = {"authorizer_appid": NOODLES, "option_name": "location_report"}

        answers = [
            await provider.ask("get_authorizer_option", **given, token=token),
            await provider.ask("get_authorizer_option", **given),
        ]
        assert [answer.get("errcode", 0) for answer in answers] == [own, theirs]

    async def test_an_accounts_own_token_sets_nothing(self, provider: Provider) -> None:
        stable = {
            "grant_type": "client_credential",
            "appid": NOODLES,
            "secret": provider.sim.shop(NOODLES).secret,
        }
        token = (await provider.post("/cgi-bin/stable_token", stable))["access_token"]
        given = {"option_name": "location_report"}
        assert (await provider.ask("get_authorizer_option", **given, token=token))["errcode"] == 61014
