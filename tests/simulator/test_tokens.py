"""Both token calls: whom they refuse, how long their tokens live, and that neither disturbs the other's."""

from __future__ import annotations

from typing import Any

import pytest
from time_machine import TimeMachineFixture

from bot.simulator import Simulator
from tests.simulator.conftest import NOODLES, Api

NOON = "2026-11-22 04:00:00+00:00"


async def works(api: Api, token: str) -> int:
    """The errcode a call with this token meets."""
    code: int = (await api.post("/card/batchget", {"offset": 0, "count": 1}, token=token))["errcode"]
    return code


async def classic(api: Api, query: str = "") -> dict[str, Any]:
    """cgi-bin/token with the shop's own credentials unless ``query`` says otherwise."""
    own = f"grant_type=client_credential&appid={api.shop.appid}&secret={api.shop.secret}"
    return await api.get(f"/cgi-bin/token?{query or own}", token="")


@pytest.mark.parametrize(
    ("changes", "errcode"),
    [
        ({"grant_type": "password"}, 40002),
        ({"appid": ""}, 41002),
        ({"appid": "wxffffffffffffffff"}, 40013),
        ({"secret": ""}, 41004),
        ({"secret": "0" * 32}, 40125),
        ({"force_refresh": 1}, 47001),
    ],
)
async def test_stable_token_refuses(api: Api, changes: dict[str, Any], errcode: int) -> None:
    assert (await api.stable_token(**changes))["errcode"] == errcode


@pytest.mark.parametrize(
    ("query", "errcode"),
    [
        ("grant_type=x&appid=a&secret=b", 40002),
        ("grant_type=client_credential&secret=b", 41002),
        ("grant_type=client_credential&appid=wxffffffffffffffff&secret=b", 40013),
        (f"grant_type=client_credential&appid={NOODLES}", 41004),
        (f"grant_type=client_credential&appid={NOODLES}&secret=b", 40125),
    ],
)
async def test_token_refuses(api: Api, query: str, errcode: int) -> None:
    assert (await classic(api, query))["errcode"] == errcode


async def test_a_caller_off_the_whitelist_gets_no_token(sim: Simulator, api: Api) -> None:
    sim.refuse_ip(NOODLES)
    refusal = await api.stable_token()
    sim.refuse_ip(NOODLES, refuse=False)

    assert refusal["errcode"] == 40164
    assert refusal["errmsg"].startswith("invalid ip 127.0.0.1")
    assert "access_token" in await api.stable_token()


@pytest.mark.parametrize(
    ("token", "errcode"), [("", 41001), ("short", 40014), ("a%20b" * 20, 40014), ("x" * 140, 40001)]
)
async def test_a_token_that_is_none(api: Api, token: str, errcode: int) -> None:
    assert await works(api, token) == errcode


async def test_stable_token_stays_the_same_until_its_last_five_minutes(
    api: Api, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(NOON, tick=False)
    first = await api.stable_token()
    time_machine.shift(7200 - 301)
    later = await api.stable_token()
    time_machine.shift(1)
    renewed = await api.stable_token()

    assert first["expires_in"] == 7200
    assert later == {"access_token": first["access_token"], "expires_in": 301}
    assert renewed["access_token"] != first["access_token"]
    assert (await works(api, first["access_token"]), await works(api, renewed["access_token"])) == (0, 0)
    time_machine.shift(300)
    assert (await works(api, first["access_token"]), await works(api, renewed["access_token"])) == (40001, 0)


async def test_a_token_nobody_renewed_is_expired_not_invalid(api: Api, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(NOON, tick=False)
    token = (await api.stable_token())["access_token"]
    time_machine.shift(7200)

    assert await works(api, token) == 42001


async def test_force_kills_the_old_token_at_once(api: Api) -> None:
    old = (await api.stable_token())["access_token"]
    new = (await api.stable_token(force_refresh=True))["access_token"]

    assert (await works(api, old), await works(api, new)) == (40001, 0)
    assert (await api.stable_token())["access_token"] == new


async def test_force_works_every_half_minute_and_twenty_times_a_day(api: Api, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to("2026-11-22 15:00:00+00:00", tick=False)
    assert "access_token" in await api.stable_token(force_refresh=True)
    time_machine.shift(29)
    assert (await api.stable_token(force_refresh=True))["errcode"] == 45011
    for _ in range(19):
        time_machine.shift(30)
        assert "access_token" in await api.stable_token(force_refresh=True)
    time_machine.shift(30)
    assert (await api.stable_token(force_refresh=True))["errcode"] == 45009

    time_machine.move_to("2026-11-22 16:00:00+00:00", tick=False)  # midnight in UTC+8
    assert "access_token" in await api.stable_token(force_refresh=True)


async def test_token_issues_a_new_one_each_time_and_the_old_one_lives_five_minutes(
    api: Api, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(NOON, tick=False)
    first, second = (await classic(api))["access_token"], (await classic(api))["access_token"]

    assert first != second
    time_machine.shift(299)
    assert (await works(api, first), await works(api, second)) == (0, 0)
    time_machine.shift(1)
    assert (await works(api, first), await works(api, second)) == (40001, 0)


async def test_the_two_calls_leave_each_others_tokens_alone(api: Api, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(NOON, tick=False)
    stable, plain = (await api.stable_token())["access_token"], (await classic(api))["access_token"]
    await classic(api)
    await api.stable_token(force_refresh=True)

    assert (await works(api, plain), await works(api, stable)) == (0, 40001)
    time_machine.shift(301)
    assert "access_token" in await api.stable_token()
    assert await works(api, (await api.stable_token())["access_token"]) == 0


async def test_tokens_expire_on_demand(sim: Simulator, api: Api) -> None:
    old = (await api.stable_token())["access_token"]
    sim.expire_tokens(NOODLES)

    assert await works(api, old) == 42001
    assert await works(api, (await api.stable_token())["access_token"]) == 0


async def test_a_broken_token_comes_back_until_a_new_one_is_forced(sim: Simulator, api: Api) -> None:
    broken = (await api.stable_token())["access_token"]
    sim.break_tokens(NOODLES)

    assert await works(api, broken) == 40001
    assert (await api.stable_token())["access_token"] == broken
    assert await works(api, (await api.stable_token(force_refresh=True))["access_token"]) == 0


async def test_permanently_broken_tokens_stay_broken_until_healed(sim: Simulator, api: Api) -> None:
    sim.break_tokens(NOODLES, permanent=True)
    forced = (await api.stable_token(force_refresh=True))["access_token"]

    assert await works(api, forced) == 40001
    sim.heal_tokens(NOODLES)
    assert await works(api, forced) == 0
