"""The component's own token, codes and authorizer tokens: whom they refuse, how long they live."""

from __future__ import annotations

import json
from typing import Any

import pytest
from time_machine import TimeMachineFixture
from tornado.httpclient import AsyncHTTPClient

from bot.simulator import Component, Fault, Simulator
from tests.simulator.conftest import NOODLES, Api
from tests.simulator.open_platform.conftest import PLATFORM, Provider

NOON = "2026-11-22 04:00:00+00:00"


class TestComponentToken:
    """api_component_token."""

    @pytest.mark.parametrize(
        ("changes", "errcode"),
        [
            ({"component_appid": ""}, 41018),
            ({"component_appid": None}, 41018),
            ({"component_appid": "wxffffffffffffffff"}, 40013),
            ({"component_appsecret": ""}, 41004),
            ({"component_appsecret": "0" * 32}, 40001),
            ({"component_verify_ticket": None}, 61006),
            ({"component_verify_ticket": "ticket@@@nobody"}, 61006),
        ],
    )
    async def test_refuses(self, provider: Provider, changes: dict[str, Any], errcode: int) -> None:
        assert (await provider.fetch_token(**changes))["errcode"] == errcode

    async def test_refuses_everybody_where_there_is_no_component(self, api: Api) -> None:
        body = {"component_appid": PLATFORM, "component_appsecret": "x", "component_verify_ticket": "x"}
        assert (await api.post("/cgi-bin/component/api_component_token", body, token=""))["errcode"] == 40013

    async def test_a_ticket_is_good_for_twelve_hours(
        self, sim: Simulator, provider: Provider, time_machine: TimeMachineFixture
    ) -> None:
        time_machine.move_to(NOON, tick=False)
        ticket = sim.world.platform.tickets.make(PLATFORM).value
        sim.world.platform.tickets.make(PLATFORM)
        time_machine.shift(12 * 3600 - 1)
        assert (await provider.fetch_token(ticket=ticket))["expires_in"] == 7200

        time_machine.shift(1)
        refusal = await provider.fetch_token(ticket=ticket)
        assert refusal["errcode"] == 61005
        assert refusal["errmsg"].startswith("component ticket is expired rid: ")

    async def test_a_ticket_is_forgotten_after_a_day(
        self, sim: Simulator, provider: Provider, time_machine: TimeMachineFixture
    ) -> None:
        time_machine.move_to(NOON, tick=False)
        ticket = sim.world.platform.tickets.make(PLATFORM).value
        time_machine.shift(24 * 3600 + 1)
        sim.world.platform.tickets.make(PLATFORM)

        assert (await provider.fetch_token(ticket=ticket))["errcode"] == 61006

    async def test_calls_are_counted(self, sim: Simulator, provider: Provider) -> None:
        sim.set_quota(PLATFORM, "/cgi-bin/component/api_component_token", 1)

        assert "component_access_token" in await provider.fetch_token()
        assert (await provider.fetch_token())["errcode"] == 45009

    async def test_a_caller_off_the_list_gets_none(self, component: Component, provider: Provider) -> None:
        component.addresses = ("10.0.0.1",)
        assert (await provider.fetch_token())["errcode"] == 61004

        component.addresses = ("127.0.0.1",)
        assert "component_access_token" in await provider.fetch_token()

    async def test_it_ends_after_two_hours(self, provider: Provider, time_machine: TimeMachineFixture) -> None:
        time_machine.move_to(NOON, tick=False)
        assert "pre_auth_code" in await provider.ask("api_create_preauthcode")

        time_machine.shift(7200)
        assert (await provider.ask("api_create_preauthcode"))["errcode"] == 42006

    async def test_a_new_one_leaves_the_old_one_five_minutes(
        self, provider: Provider, time_machine: TimeMachineFixture
    ) -> None:
        time_machine.move_to(NOON, tick=False)
        old = (await provider.fetch_token())["component_access_token"]
        await provider.fetch_token()
        time_machine.shift(299)
        assert "pre_auth_code" in await provider.ask("api_create_preauthcode", token=old)

        time_machine.shift(1)
        assert (await provider.ask("api_create_preauthcode", token=old))["errcode"] == 40001

    async def test_neither_account_call_serves_a_component(self, component: Component, api: Api) -> None:
        stable = await api.stable_token(appid=component.appid, secret=component.secret)
        query = f"grant_type=client_credential&appid={component.appid}&secret={component.secret}"

        assert stable["errcode"] == 61024
        assert (await api.get(f"/cgi-bin/token?{query}", token=""))["errcode"] == 61024

    async def test_the_log_holds_no_secrets(self, sim: Simulator, component: Component, provider: Provider) -> None:
        token = (await provider.fetch_token())["component_access_token"]
        await provider.post("/cgi-bin/component/api_create_preauthcode", {}, component_access_token=token)

        logged = str(sim.calls())
        assert [call.appid for call in sim.calls()] == [PLATFORM, PLATFORM]
        assert not [secret for secret in (token, component.secret, "ticket@@@") if secret in logged]


class TestWhoseToken:
    """The wrong kind of token, the wrong name of it, the wrong component."""

    async def test_both_query_names_are_taken_unless_the_old_one_is_not(
        self, sim: Simulator, provider: Provider
    ) -> None:
        token, body = (await provider.fetch_token())["component_access_token"], {"component_appid": PLATFORM}
        path = "/cgi-bin/component/api_create_preauthcode"

        assert "pre_auth_code" in await provider.post(path, body, access_token=token)
        assert "pre_auth_code" in await provider.post(path, body, component_access_token=token)
        sim.platform_readings.old_query_name = False
        assert (await provider.post(path, body, component_access_token=token))["errcode"] == 41001

    async def test_an_accounts_call_does_not_take_a_components_token(self, provider: Provider) -> None:
        token = (await provider.fetch_token())["component_access_token"]
        assert (await provider.post("/card/batchget", {"offset": 0, "count": 1}, access_token=token))[
            "errcode"
        ] == 61015

    async def test_a_components_call_does_not_take_an_accounts_token(self, provider: Provider, api: Api) -> None:
        own = (await api.stable_token())["access_token"]
        borrowed = (await provider.joined())["authorizer_access_token"]

        for token in (own, borrowed):
            assert (await provider.ask("api_create_preauthcode", token=token))["errcode"] == 61014

    @pytest.mark.parametrize(("appid", "errcode"), [("", 41018), (7, 41018), (NOODLES, 61011)])
    async def test_the_body_names_the_component(self, provider: Provider, appid: object, errcode: int) -> None:
        for call in ("api_create_preauthcode", "api_query_auth", "api_get_authorizer_list", "api_authorizer_token"):
            assert (await provider.ask(call, component_appid=appid))["errcode"] == errcode

    async def test_a_key_stands_in_a_body_once(self, sim: Simulator, provider: Provider) -> None:
        token = (await provider.fetch_token())["component_access_token"]
        client = AsyncHTTPClient(force_instance=True)
        response = await client.fetch(
            f"{sim.url}/cgi-bin/component/api_create_preauthcode?access_token={token}",
            method="POST",
            body=f'{{"component_appid":"{PLATFORM}","component_appid":"{PLATFORM}"}}',
        )
        client.close()

        assert json.loads(response.body)["errcode"] == 61008

    async def test_network_tools_take_either(self, provider: Provider) -> None:
        token = (await provider.fetch_token())["component_access_token"]
        quota = await provider.post("/cgi-bin/openapi/quota/get", {"cgi_path": "/card/get"}, access_token=token)
        addresses = await provider.post("/cgi-bin/getcallbackip", {}, method="GET", access_token=token)

        assert (quota["errcode"], addresses["errcode"]) == (0, 0)


class TestCodes:
    """api_create_preauthcode and api_query_auth."""

    @pytest.mark.parametrize("seconds", [600, 1800])
    async def test_a_pre_auth_code_says_how_long_it_lives(
        self, sim: Simulator, provider: Provider, seconds: int
    ) -> None:
        sim.platform_readings.pre_auth_seconds = seconds
        answer = await provider.ask("api_create_preauthcode")

        assert answer["expires_in"] == seconds
        assert answer["pre_auth_code"].startswith("preauthcode@@@")

    async def test_a_code_of_nobody_is_invalid(self, provider: Provider) -> None:
        pre_auth = (await provider.ask("api_create_preauthcode"))["pre_auth_code"]
        for code in (None, "", 7, "queryauthcode@@@nobody", pre_auth):
            assert (await provider.ask("api_query_auth", authorization_code=code))["errcode"] == 61009

    async def test_a_code_is_good_once(self, sim: Simulator, provider: Provider) -> None:
        code = (await sim.authorise(NOODLES, [8, 1])).code
        first = await provider.ask("api_query_auth", authorization_code=code)
        second = await provider.ask("api_query_auth", authorization_code=code)

        info = first["authorization_info"]
        assert info | {"authorizer_access_token": "", "authorizer_refresh_token": ""} == {
            "authorizer_appid": NOODLES,
            "authorizer_access_token": "",
            "expires_in": 7200,
            "authorizer_refresh_token": "",
            "func_info": [{"funcscope_category": {"id": 1}}, {"funcscope_category": {"id": 8}}],
        }
        assert info["authorizer_refresh_token"].startswith("refreshtoken@@@")
        assert second["errcode"] == 61010

    async def test_a_code_lives_ten_minutes(
        self, sim: Simulator, provider: Provider, time_machine: TimeMachineFixture
    ) -> None:
        time_machine.move_to(NOON, tick=False)
        code = (await sim.authorise(NOODLES)).code
        time_machine.shift(600)

        assert (await provider.ask("api_query_auth", authorization_code=code))["errcode"] == 61010

    async def test_a_code_is_forgotten_after_a_day(
        self, sim: Simulator, provider: Provider, time_machine: TimeMachineFixture
    ) -> None:
        time_machine.move_to(NOON, tick=False)
        code = (await sim.authorise(NOODLES)).code
        time_machine.shift(24 * 3600 + 601)
        await provider.ask("api_create_preauthcode")

        assert (await provider.ask("api_query_auth", authorization_code=code))["errcode"] == 61009

    async def test_an_account_without_rights_gives_no_tokens(self, sim: Simulator, provider: Provider) -> None:
        sim.shop(NOODLES).api_rights = False
        info = await provider.joined()

        assert set(info) == {"authorizer_appid", "func_info"}

    async def test_a_code_of_an_account_that_left_again(self, sim: Simulator, provider: Provider) -> None:
        code = (await sim.authorise(NOODLES)).code
        await sim.unauthorise(NOODLES)

        assert (await provider.ask("api_query_auth", authorization_code=code))["errcode"] == 61003


async def batchget(provider: Provider, token: str) -> int:
    """The errcode a call on the account's behalf meets."""
    code: int = (await provider.post("/card/batchget", {"offset": 0, "count": 1}, access_token=token))["errcode"]
    return code


class TestAuthorizerToken:
    """api_authorizer_token."""

    async def refresh(self, provider: Provider, token: object, appid: object = NOODLES) -> dict[str, Any]:
        """The answer for a refresh token."""
        return await provider.ask("api_authorizer_token", authorizer_appid=appid, authorizer_refresh_token=token)

    async def test_refuses(self, provider: Provider) -> None:
        assert (await self.refresh(provider, "x"))["errcode"] == 61003
        await provider.joined()
        assert (await self.refresh(provider, "x"))["errcode"] == 61023
        assert (await self.refresh(provider, None))["errcode"] == 61023
        assert (await self.refresh(provider, "x", ""))["errcode"] == 41002
        assert (await self.refresh(provider, "x", "wxffffffffffffffff"))["errcode"] == 61003

    async def test_brings_a_new_one_and_the_old_one_lives_five_minutes(
        self, provider: Provider, time_machine: TimeMachineFixture
    ) -> None:
        time_machine.move_to(NOON, tick=False)
        info = await provider.joined()
        answer = await self.refresh(provider, info["authorizer_refresh_token"])

        assert answer["expires_in"] == 7200
        assert answer["authorizer_refresh_token"] == info["authorizer_refresh_token"]
        time_machine.shift(299)
        tokens = info["authorizer_access_token"], answer["authorizer_access_token"]
        assert [await batchget(provider, token) for token in tokens] == [0, 0]
        time_machine.shift(1)
        assert [await batchget(provider, token) for token in tokens] == [40001, 0]
        time_machine.shift(7200)
        assert await batchget(provider, tokens[1]) == 42001

    async def test_the_old_one_may_die_at_once(self, sim: Simulator, provider: Provider) -> None:
        sim.platform_readings.old_token_lives = False
        info = await provider.joined()
        answer = await self.refresh(provider, info["authorizer_refresh_token"])

        assert await batchget(provider, info["authorizer_access_token"]) == 40001
        assert await batchget(provider, answer["authorizer_access_token"]) == 0

    async def test_the_refresh_token_may_change(self, sim: Simulator, provider: Provider) -> None:
        sim.platform_readings.refresh_changes = True
        old = (await provider.joined())["authorizer_refresh_token"]
        new = (await self.refresh(provider, old))["authorizer_refresh_token"]

        assert new != old
        assert (await self.refresh(provider, old))["errcode"] == 61023
        assert "authorizer_access_token" in await self.refresh(provider, new)

    async def test_authorising_anew_voids_the_refresh_token(self, provider: Provider) -> None:
        old = (await provider.joined())["authorizer_refresh_token"]
        new = (await provider.joined())["authorizer_refresh_token"]

        assert (await self.refresh(provider, old))["errcode"] == 61023
        assert "authorizer_access_token" in await self.refresh(provider, new)

    async def test_faults_and_quotas_reach_component_calls(self, sim: Simulator, provider: Provider) -> None:
        refresh_token = (await provider.joined())["authorizer_refresh_token"]
        sim.fault("component/api_authorizer_token", Fault(), appid=PLATFORM)
        sim.set_quota(PLATFORM, "/cgi-bin/component/api_authorizer_token", 1)

        answers = [await self.refresh(provider, refresh_token) for _ in range(3)]
        assert [answer.get("errcode", 0) for answer in answers] == [-1, 0, 45009]
