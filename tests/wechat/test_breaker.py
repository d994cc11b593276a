"""A call that answers nobody rests, for its account alone, and comes back by itself; an account has so many turns."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
import time_machine

from bot.errors import OutcomeUnknown, WeChatRefused, WeChatUnreachable
from bot.simulator import Fault, Simulator
from bot.wechat.breaker import FAILURES, RESTS
from bot.wechat.client import AT_ONCE, AccountAPI
from tests.wechat.accounts import ACCOUNT, SHOP
from tests.wechat.conftest import NewClient

OTHER = replace(SHOP, appid="wx00000000000000bb", original_id="gh_0000000000bb")


@pytest.fixture
def api(new_client: NewClient) -> AccountAPI:
    """One account."""
    return new_client().of(ACCOUNT)


async def fails(api: AccountAPI, times: int = 1) -> None:
    """An upload of nobody's answer, so often; it is no call that may be repeated."""
    for _ in range(times):
        with pytest.raises(OutcomeUnknown):
            await api.call("card/qrcode/create", {})


async def test_after_some_failures_nothing_is_sent_until_a_rest_is_over(
    api: AccountAPI, simulator: Simulator, clock: time_machine.Traveller
) -> None:
    simulator.fault("card/qrcode/create", Fault(http_status=502), times=None)
    await fails(api, FAILURES)
    simulator.clear_calls()

    with pytest.raises(WeChatUnreachable):
        await api.call("card/qrcode/create", {})
    assert simulator.calls("card/qrcode/create") == []
    assert api.breaker.resting() == ["card/qrcode/create"]

    clock.shift(RESTS[0])
    await fails(api)
    with pytest.raises(WeChatUnreachable):
        await api.call("card/qrcode/create", {})
    clock.shift(RESTS[0])
    with pytest.raises(WeChatUnreachable):
        await api.call("card/qrcode/create", {})
    assert len(simulator.calls("card/qrcode/create")) == 1, "the second rest is longer"


async def test_whatever_errcode_is_an_answer_and_opens_the_way(
    api: AccountAPI, simulator: Simulator, clock: time_machine.Traveller
) -> None:
    simulator.fault("card/qrcode/create", Fault(http_status=502), times=FAILURES)
    await fails(api, FAILURES)
    clock.shift(RESTS[0])

    for _ in range(2):
        with pytest.raises(WeChatRefused):
            await api.call("card/qrcode/create", {})
    assert api.breaker.resting() == []


async def test_of_all_that_wait_one_tries(
    api: AccountAPI, simulator: Simulator, clock: time_machine.Traveller
) -> None:
    simulator.fault("card/qrcode/create", Fault(http_status=502), times=FAILURES)
    await fails(api, FAILURES)
    simulator.clear_calls()
    clock.shift(RESTS[0])
    simulator.fault("card/qrcode/create", Fault(delay=0.2))

    outcomes = await asyncio.gather(*(api.call("card/qrcode/create", {}) for _ in range(9)), return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [WeChatRefused] + [WeChatUnreachable] * 8
    assert len(simulator.calls("card/qrcode/create")) == 1


async def test_other_calls_and_other_accounts_go_on(
    new_client: NewClient, simulator: Simulator
) -> None:
    simulator.add_shop(OTHER)
    client = new_client()
    api, other = client.of(ACCOUNT), client.of(replace(ACCOUNT, appid=OTHER.appid))
    simulator.fault("card/qrcode/create", Fault(http_status=502), times=FAILURES)
    await fails(api, FAILURES)

    assert await api.card_ids(0, 50) == ([], 0)
    with pytest.raises(WeChatRefused):
        await other.call("card/qrcode/create", {})


async def test_so_many_calls_at_once_and_no_more(api: AccountAPI, simulator: Simulator) -> None:
    simulator.fault("card/batchget", Fault(delay=0.6), times=AT_ONCE)
    under_way = [asyncio.create_task(api.card_ids(0, 50)) for _ in range(AT_ONCE)]
    while len(simulator.calls("card/batchget")) < AT_ONCE:
        await asyncio.sleep(0.01)

    with pytest.raises(WeChatUnreachable):
        await api.call("card/getcolors", {}, patience=0.1)
    assert simulator.calls("card/getcolors") == []
    await asyncio.gather(*under_way)
    await api.card_ids(0, 50)
