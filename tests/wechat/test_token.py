"""One token for everybody: who fetches it, when, how often, and what happens to those who wait."""

import asyncio
import logging

import pytest
import time_machine

from bot.errors import (
    AccountFault,
    StoreUnavailable,
    TokenBudgetSpent,
    TokenRejected,
    WeChatError,
    WeChatRefused,
    WeChatUnreachable,
)
from bot.simulator import Fault, Simulator
from bot.store import Store, keys
from bot.wechat.client import WeChat
from bot.wechat.token import DAILY_FETCHES, DAILY_FORCED, LEASE
from tests.redis import running_server
from tests.wechat.accounts import ACCOUNT, SHOP, add_voucher, token_calls
from tests.wechat.conftest import NewClient

Clock = time_machine.Traveller


@pytest.fixture
def card_id(simulator: Simulator) -> str:
    """A voucher to ask for."""
    return add_voucher(simulator)


async def ask(wechat: WeChat, card_id: str) -> None:
    await wechat.of(ACCOUNT).card_get(card_id)


# fetching ----------------------------------------------------------------------------------------------------


async def test_sixteen_cold_clients_fetch_one_token(new_client: NewClient, simulator: Simulator, card_id: str) -> None:
    await asyncio.gather(*(ask(new_client(), card_id) for _ in range(16)))
    assert token_calls(simulator) == [False]


async def test_those_who_wait_go_on_when_the_token_comes_and_not_when_the_lease_ends(
    new_client: NewClient, simulator: Simulator, card_id: str
) -> None:
    simulator.fault("stable_token", Fault(delay=0.3))
    began = asyncio.get_running_loop().time()
    await asyncio.gather(*(ask(new_client(), card_id) for _ in range(4)))
    assert asyncio.get_running_loop().time() - began < LEASE / 2
    assert token_calls(simulator) == [False]


async def test_a_token_survives_the_process_that_fetched_it(
    new_client: NewClient, simulator: Simulator, card_id: str
) -> None:
    first = new_client()
    await ask(first, card_id)
    await first.close()
    await ask(new_client(), card_id)
    assert token_calls(simulator) == [False]


async def test_a_caller_who_leaves_does_not_end_the_fetch_for_the_others(
    new_client: NewClient, simulator: Simulator, card_id: str
) -> None:
    simulator.fault("stable_token", Fault(delay=0.2))
    wechat = new_client()
    impatient = asyncio.create_task(ask(wechat, card_id))
    patient = asyncio.create_task(ask(wechat, card_id))
    with simulator.world.stream.watch() as happenings:
        await happenings.get()  # the fetch has reached WeChat
    impatient.cancel()
    await patient
    assert impatient.cancelled()
    assert token_calls(simulator) == [False]


async def test_closing_gives_the_lease_back(
    new_client: NewClient, simulator: Simulator, store: Store, card_id: str
) -> None:
    simulator.fault("stable_token", Fault(delay=30.0))
    wechat = new_client()
    call = asyncio.create_task(ask(wechat, card_id))
    with simulator.world.stream.watch() as happenings:
        await happenings.get()
    await wechat.close()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert await store.do("EXISTS", keys.token_lease(SHOP.appid)) == 0
    await ask(new_client(), card_id)


async def test_a_holder_that_slept_past_its_lease_does_not_overwrite_its_successor(
    new_client: NewClient, simulator: Simulator, store: Store, card_id: str
) -> None:
    simulator.fault("stable_token", Fault(delay=0.3))
    sleeper = asyncio.create_task(ask(new_client(), card_id))
    with simulator.world.stream.watch() as happenings:
        await happenings.get()
    await store.do("DEL", keys.token_lease(SHOP.appid))  # as the end of the lease would
    await ask(new_client(), card_id)
    kept = await store.do("HGETALL", keys.token(SHOP.appid))
    await sleeper
    assert await store.do("HGETALL", keys.token(SHOP.appid)) == kept


# refreshing ahead of the end -----------------------------------------------------------------------------------


async def test_a_token_near_its_end_is_refreshed_beside_the_calls(
    new_client: NewClient, simulator: Simulator, store: Store, clock: Clock, card_id: str
) -> None:
    clients = [new_client() for _ in range(3)]
    await asyncio.gather(*(ask(client, card_id) for client in clients))
    before = await store.do("HGET", keys.token(SHOP.appid), "value")
    clock.shift(7200 - 200)
    simulator.fault("stable_token", Fault(delay=3))
    async with store.listen(keys.token_news(SHOP.appid)) as news:
        await asyncio.gather(*(ask(client, card_id) for client in clients * 5))
        assert await store.do("HGET", keys.token(SHOP.appid), "value") == before  # nobody waited for the new one
        assert await news.next(30) == "kept"
    assert await store.do("HGET", keys.token(SHOP.appid), "value") != before
    await asyncio.gather(*(ask(client, card_id) for client in clients))
    assert token_calls(simulator) == [False, False]


async def test_an_early_token_wechat_does_not_renew_yet_is_not_asked_for_with_every_call(
    new_client: NewClient, simulator: Simulator, clock: Clock, card_id: str
) -> None:
    wechat = new_client()
    await ask(wechat, card_id)
    clock.shift(7200 - 310)
    await ask(new_client(), card_id)
    assert token_calls(simulator) == [False]


async def test_a_failed_refresh_ahead_leaves_the_token_in_use(
    new_client: NewClient, simulator: Simulator, store: Store, clock: Clock, card_id: str
) -> None:
    wechat = new_client()
    await ask(wechat, card_id)
    clock.shift(7200 - 200)
    simulator.fault("stable_token", Fault(errcode=40164), times=None)
    async with store.listen(keys.token_news(SHOP.appid)) as news:
        await ask(wechat, card_id)
        assert await news.next(5) == "failed"
    for _ in range(5):
        await ask(wechat, card_id)
    assert len(token_calls(simulator)) == 2


async def test_an_ended_token_is_fetched_anew(
    new_client: NewClient, simulator: Simulator, clock: Clock, card_id: str
) -> None:
    wechat = new_client()
    await ask(wechat, card_id)
    clock.shift(7201)
    await ask(wechat, card_id)
    assert token_calls(simulator) == [False, False]


# refused tokens --------------------------------------------------------------------------------------------------


async def test_an_expired_token_is_replaced_once_for_all_processes(
    new_client: NewClient, simulator: Simulator, card_id: str
) -> None:
    clients = [new_client() for _ in range(4)]
    await asyncio.gather(*(ask(client, card_id) for client in clients))
    simulator.expire_tokens(SHOP.appid)
    await asyncio.gather(*(ask(client, card_id) for client in clients))
    assert token_calls(simulator) == [False, False]


async def test_who_comes_late_takes_the_token_somebody_else_fetched(
    new_client: NewClient, simulator: Simulator, card_id: str
) -> None:
    early, late = new_client(), new_client()
    await ask(early, card_id)
    await ask(late, card_id)
    simulator.expire_tokens(SHOP.appid)
    await ask(early, card_id)
    simulator.clear_calls()
    await ask(late, card_id)
    assert token_calls(simulator) == []
    assert [call.errcode for call in simulator.calls("card/get")] == [42001, 0]


async def test_a_refused_token_wechat_insists_on_is_replaced_by_force(
    new_client: NewClient, simulator: Simulator, card_id: str
) -> None:
    wechat = new_client()
    await ask(wechat, card_id)
    simulator.break_tokens(SHOP.appid)
    await ask(wechat, card_id)
    assert token_calls(simulator) == [False, False, True]


async def test_a_refusal_that_comes_late_takes_the_token_fetched_meanwhile(
    new_client: NewClient, simulator: Simulator, card_id: str
) -> None:
    wechat = new_client()
    await ask(wechat, card_id)
    simulator.fault("card/get", Fault(errcode=40001, delay=0.3))
    simulator.fault("card/get", Fault(errcode=40001))
    await asyncio.gather(ask(wechat, card_id), ask(wechat, card_id))
    assert token_calls(simulator) == [False, False, True]


async def test_a_change_refused_for_its_token_is_sent_again_with_another(
    new_client: NewClient, simulator: Simulator, card_id: str
) -> None:
    api = new_client().of(ACCOUNT)
    simulator.fault("card/update", Fault(errcode=40001))
    await api.card_update(card_id, "cash", {"base_info": {"notice": "请出示"}})
    assert [call.errcode for call in simulator.calls("card/update")] == [40001, 0]


async def test_tokens_refused_for_ever_cost_two_fetches_and_end_in_a_typed_error(
    new_client: NewClient, simulator: Simulator, card_id: str
) -> None:
    simulator.break_tokens(SHOP.appid, permanent=True)
    wechat = new_client()
    with pytest.raises(TokenRejected) as rejected:
        await ask(wechat, card_id)
    assert str(rejected.value) == "card/get"
    assert token_calls(simulator) == [False, True]
    assert len(simulator.calls("card/get")) == 2


async def test_tokens_refused_for_ever_cost_no_fetch_per_call(
    new_client: NewClient, simulator: Simulator, card_id: str
) -> None:
    simulator.break_tokens(SHOP.appid, permanent=True)
    clients = [new_client() for _ in range(4)]
    for _ in range(5):
        outcomes = await asyncio.gather(*(ask(client, card_id) for client in clients), return_exceptions=True)
        assert {type(outcome) for outcome in outcomes} == {TokenRejected}
    assert token_calls(simulator) == [False, True]


async def test_forced_fetches_keep_wechats_distance_and_daily_number(
    new_client: NewClient, simulator: Simulator, clock: Clock, card_id: str
) -> None:
    simulator.break_tokens(SHOP.appid, permanent=True)
    wechat = new_client()
    for _ in range(60):
        with pytest.raises(TokenRejected):
            await ask(wechat, card_id)
        clock.shift(61)
    fetches = [(call.errcode, call.body["force_refresh"]) for call in simulator.calls("stable_token")]
    assert {errcode for errcode, _ in fetches} == {0}
    assert sum(forced for _, forced in fetches) == DAILY_FORCED


async def test_a_healed_account_works_without_a_restart(
    new_client: NewClient, simulator: Simulator, clock: Clock, card_id: str
) -> None:
    simulator.break_tokens(SHOP.appid, permanent=True)
    wechat = new_client()
    for _ in range(2):
        with pytest.raises(TokenRejected):
            await ask(wechat, card_id)
    simulator.heal_tokens(SHOP.appid)
    await ask(wechat, card_id)


@pytest.mark.parametrize("errcode", [40013, 40125, 40164, 48001])
async def test_faults_of_the_account_never_cost_a_token(
    new_client: NewClient, simulator: Simulator, card_id: str, errcode: int
) -> None:
    wechat = new_client()
    simulator.fault("card/get", Fault(errcode=errcode), times=None)
    for _ in range(3):
        with pytest.raises(AccountFault):
            await ask(wechat, card_id)
    assert token_calls(simulator) == [False]


# fetches that fail -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("errcode", [40001, 40013, 40125, 40164, 45009, 45011])
async def test_a_refused_fetch_is_made_once_for_everybody_who_waits(
    new_client: NewClient, simulator: Simulator, card_id: str, errcode: int
) -> None:
    simulator.fault("stable_token", Fault(errcode=errcode, delay=0.05), times=None)
    outcomes = await asyncio.gather(*(ask(new_client(), card_id) for _ in range(8)), return_exceptions=True)
    assert {(type(o), o.errcode) for o in outcomes if isinstance(o, WeChatRefused)} == {(type(outcomes[0]), errcode)}
    assert len(outcomes) == 8
    assert simulator.calls("card/get") == []
    assert token_calls(simulator) == [False]


async def test_a_repaired_account_is_noticed_after_ten_seconds(
    new_client: NewClient, simulator: Simulator, clock: Clock, card_id: str
) -> None:
    wechat = new_client()
    simulator.refuse_ip(SHOP.appid)
    with pytest.raises(AccountFault):
        await ask(wechat, card_id)
    simulator.refuse_ip(SHOP.appid, refuse=False)
    clock.shift(11)
    await ask(wechat, card_id)


@pytest.mark.parametrize("fault", [Fault(drop=True), Fault(lose_answer=True), Fault(html=True), Fault(http_status=502)])
async def test_without_a_token_the_call_itself_did_not_happen(
    new_client: NewClient, simulator: Simulator, card_id: str, fault: Fault
) -> None:
    simulator.fault("stable_token", fault, times=None)
    with pytest.raises(WeChatUnreachable):
        await new_client().of(ACCOUNT).card_update(card_id, "cash", {"base_info": {"notice": "请出示"}})
    assert simulator.calls("card/update") == []


async def test_patience_ends_while_the_token_is_fetched(
    new_client: NewClient, simulator: Simulator, card_id: str
) -> None:
    simulator.fault("stable_token", Fault(delay=1.0))
    with pytest.raises(WeChatUnreachable, match="no token in time"):
        await new_client().of(ACCOUNT).call("card/get", {"card_id": card_id}, patience=0.1)


async def test_the_days_fetches_are_counted_and_end(
    new_client: NewClient, simulator: Simulator, store: Store, clock: Clock, card_id: str
) -> None:
    await store.do("SET", keys.token_budget(SHOP.appid, "normal", "2026-11-22"), DAILY_FETCHES - 1)
    wechat = new_client()
    await ask(wechat, card_id)
    clock.shift(7201)
    for _ in range(3):
        with pytest.raises(TokenBudgetSpent):
            await ask(wechat, card_id)
    assert token_calls(simulator) == [False]
    clock.shift(8 * 3600)  # past midnight in China
    await ask(wechat, card_id)


async def test_a_busy_wechat_is_asked_again_for_the_token(
    new_client: NewClient, simulator: Simulator, card_id: str
) -> None:
    simulator.fault("stable_token", Fault())
    await ask(new_client(), card_id)
    assert [call.errcode for call in simulator.calls("stable_token")] == [-1, 0]


# Redis away ------------------------------------------------------------------------------------------------------


async def test_without_redis_a_known_token_still_works_and_an_unknown_one_is_not_fetched(
    new_client: NewClient, simulator: Simulator, card_id: str
) -> None:
    with running_server() as address:
        warm, cold = new_client(redis=address), new_client(redis=address)
        await ask(warm, card_id)
    await ask(warm, card_id)
    with pytest.raises(StoreUnavailable):
        await ask(cold, card_id)
    assert token_calls(simulator) == [False]


async def test_what_is_logged_names_the_account_and_the_failure(
    new_client: NewClient, simulator: Simulator, card_id: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot.wechat")
    simulator.refuse_ip(SHOP.appid)
    with pytest.raises(WeChatError):
        await ask(new_client(), card_id)
    assert caplog.messages == ["token of wx00000000000000aa was not fetched: cgi-bin/stable_token: errcode 40164"]
