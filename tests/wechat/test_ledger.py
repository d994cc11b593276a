"""The ledger: calls counted for all processes, and none made that WeChat has ended for the day or the minute."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

import pytest
import time_machine

from bot import clock as time
from bot.begun import Begun, watch
from bot.errors import AnswerUnreadable, OutcomeUnknown, QuotaUsedUp, StoreUnavailable, TooFast, WeChatUnreachable
from bot.simulator import Fault, Simulator
from bot.store import Store
from bot.store.usage import End, UsageShelf
from bot.wechat import quotas
from bot.wechat.client import AccountAPI
from bot.wechat.ledger import until
from tests.redis import running_server
from tests.wechat.accounts import ACCOUNT, SHOP, add_voucher
from tests.wechat.conftest import NewClient

TODAY = date(2026, 11, 22)
AT = 1795327320.0
"""14:02 on that day in China."""


@pytest.fixture
def api(new_client: NewClient) -> AccountAPI:
    """One process."""
    return new_client().of(ACCOUNT)


@pytest.fixture
def other(new_client: NewClient) -> AccountAPI:
    """Another process."""
    return new_client().of(ACCOUNT)


def gets(simulator: Simulator) -> int:
    """Calls of card/get that reached WeChat."""
    return len(simulator.calls("/card/get"))


async def counted(api: AccountAPI) -> dict[str, int]:
    return dict((await api.ledger.today()).calls)


class TestCounting:
    async def test_every_call_of_every_process_by_path(
        self, simulator: Simulator, api: AccountAPI, other: AccountAPI
    ) -> None:
        card_id = add_voucher(simulator)

        await asyncio.gather(*(each.card_get(card_id) for each in (api, other) for _ in range(20)))
        await other.card_ids(0, 5)
        await other.ledger.settled()

        assert await counted(api) == {"card/get": 40, "card/batchget": 1, "cgi-bin/stable_token": 1}

    async def test_calls_that_come_up_together_are_noted_together(
        self, simulator: Simulator, api: AccountAPI, store: Store
    ) -> None:
        card_id = add_voucher(simulator)
        await api.card_get(card_id)
        before = await commands(store)
        await asyncio.gather(*(api.card_get(card_id) for _ in range(50)))
        await api.ledger.settled()

        assert (await counted(api))["card/get"] == 51
        assert await commands(store) - before < 50

    async def test_what_never_reached_wechat_does_not_count(
        self, simulator: Simulator, api: AccountAPI, new_client: NewClient
    ) -> None:
        nowhere = new_client(url="http://127.0.0.1:9").of(ACCOUNT)
        await api.card_ids(0, 1)
        with pytest.raises(WeChatUnreachable):
            await nowhere.card_ids(0, 1)

        assert (await counted(nowhere))["card/batchget"] == 1

    async def test_what_may_have_reached_it_counts(self, simulator: Simulator, api: AccountAPI) -> None:
        simulator.fault("/card/update", Fault(lose_answer=True))
        with pytest.raises(OutcomeUnknown):
            await api.call("card/update", {"card_id": "p"})

        assert (await counted(api))["card/update"] == 1

    async def test_a_day_of_wechat_is_one_of_china(
        self, simulator: Simulator, api: AccountAPI, clock: time_machine.Traveller, store: Store
    ) -> None:
        clock.move_to("2026-11-22T23:59:59+08:00")
        await api.card_ids(0, 1)
        await api.ledger.settled()
        clock.shift(1)
        await api.card_ids(0, 1)
        await api.ledger.settled()

        shelf = UsageShelf(store, SHOP.appid)
        assert [(await shelf.of(date(2026, 11, day))).calls["card/batchget"] for day in (22, 23)] == [1, 1]


class TestTheDayIsUsedUp:
    async def test_no_further_call_is_made_until_midnight(
        self, simulator: Simulator, api: AccountAPI, clock: time_machine.Traveller
    ) -> None:
        clock.move_to("2026-11-22T23:10:00+08:00")
        card_id = add_voucher(simulator)
        simulator.set_quota(SHOP.appid, "/card/get", 1)
        await api.card_get(card_id)
        for _ in range(3):
            with pytest.raises(QuotaUsedUp) as caught:
                await api.card_get(card_id)
            assert (caught.value.errcode, caught.value.path) == (45009, "card/get")
        assert gets(simulator) == 2

        clock.move_to("2026-11-22T23:59:59+08:00")
        with pytest.raises(QuotaUsedUp):
            await api.card_get(card_id)
        clock.shift(1)
        await api.card_get(card_id)

        assert gets(simulator) == 3

    async def test_other_calls_go_on(self, simulator: Simulator, api: AccountAPI) -> None:
        simulator.set_quota(SHOP.appid, "/card/get", 0)
        with pytest.raises(QuotaUsedUp):
            await api.card_get("p")

        await api.card_ids(0, 1)

    async def test_another_process_hears_of_it_with_its_next_call_and_a_new_one_when_it_looks(
        self, simulator: Simulator, api: AccountAPI, other: AccountAPI, new_client: NewClient
    ) -> None:
        simulator.set_quota(SHOP.appid, "/card/get", 0)
        with pytest.raises(QuotaUsedUp):
            await api.card_get("p")
        await api.ledger.settled()
        await other.card_ids(0, 1)
        await other.ledger.settled()
        late = new_client().of(ACCOUNT)
        await late.ledger.today()

        for each in (other, late):
            with pytest.raises(QuotaUsedUp):
                await each.card_get("p")
        assert gets(simulator) == 1

    async def test_once_an_hour_one_call_finds_out_that_it_is_still_so(
        self, simulator: Simulator, api: AccountAPI, clock: time_machine.Traveller
    ) -> None:
        simulator.set_quota(SHOP.appid, "/card/get", 0)
        for minutes in (0, 59, 1, 59, 1):
            clock.shift(minutes * 60)
            answers = await asyncio.gather(*(api.card_get("p") for _ in range(5)), return_exceptions=True)
            assert all(isinstance(answer, QuotaUsedUp) for answer in answers)

        assert gets(simulator) == 5 + 1 + 1

    async def test_a_call_that_succeeds_ends_it_for_every_process(
        self, simulator: Simulator, api: AccountAPI, other: AccountAPI, clock: time_machine.Traveller
    ) -> None:
        card_id = add_voucher(simulator)
        simulator.fault("/card/get", Fault(errcode=45009), times=2)
        for each in (api, other):
            with pytest.raises(QuotaUsedUp):
                await each.card_get(card_id)
            await each.ledger.settled()

        clock.shift(3600)
        await api.card_get(card_id)
        await api.ledger.settled()
        await other.card_ids(0, 1)
        await other.ledger.settled()
        await other.card_get(card_id)

        assert (await api.ledger.today()).ended == {}

    async def test_a_success_that_began_before_it_does_not_end_it(
        self, simulator: Simulator, api: AccountAPI, clock: time_machine.Traveller
    ) -> None:
        api.ledger.note("card/get", 45009, 0.1)
        api.ledger.note("card/get", 0, 0.2)

        assert (await api.ledger.today()).ended == {"card/get": End(45009, AT)}
        with pytest.raises(QuotaUsedUp):
            await api.card_get("p")

    async def test_wechats_own_figures_end_it(self, simulator: Simulator, api: AccountAPI) -> None:
        card_id = add_voucher(simulator)
        simulator.fault("/card/get", Fault(errcode=45009))
        with pytest.raises(QuotaUsedUp):
            await api.card_get(card_id)

        assert (await api.quota("card/get")).left == 100_000
        await api.card_get(card_id)

    async def test_wechats_own_figures_confirm_it(self, simulator: Simulator, api: AccountAPI) -> None:
        simulator.set_quota(SHOP.appid, "/card/get", 0)
        with pytest.raises(QuotaUsedUp):
            await api.card_get("p")

        assert await api.quota("card/get") == quotas.Quota(limit=0, used=0, left=0)
        with pytest.raises(QuotaUsedUp):
            await api.card_get("p")
        assert gets(simulator) == 1

    async def test_a_call_not_made_has_begun_nothing(self, simulator: Simulator, api: AccountAPI) -> None:
        async def note(what: str) -> None:
            raise AssertionError(what)

        begun = Begun(note=note)
        watch(begun)
        simulator.fault("/card/update", Fault(errcode=45009))
        api.ledger.note("card/update", 45009, 0.1)

        with pytest.raises(QuotaUsedUp):
            await api.card_update("p", "cash", {"base_info": {}})
        assert begun.what == ""

    async def test_the_token_is_fetched_all_the_same(self, simulator: Simulator, api: AccountAPI) -> None:
        api.ledger.note("cgi-bin/stable_token", 45009, 0.1)

        await api.card_ids(0, 1)


class TestTheMinuteIsUsedUp:
    async def test_until_the_clocks_minute_ends(
        self, simulator: Simulator, api: AccountAPI, clock: time_machine.Traveller
    ) -> None:
        clock.shift(20)
        card_id = add_voucher(simulator)
        simulator.fault("/card/get", Fault(errcode=45011))
        for wait in (0, 39):
            clock.shift(wait)
            with pytest.raises(TooFast) as caught:
                await api.card_get(card_id)
            assert caught.value.errcode == 45011
        clock.shift(1)
        await api.card_get(card_id)

        assert gets(simulator) == 2

    async def test_wechats_figures_of_the_day_do_not_end_it(self, simulator: Simulator, api: AccountAPI) -> None:
        simulator.fault("/card/get", Fault(errcode=45011))
        with pytest.raises(TooFast):
            await api.card_get("p")
        await api.quota("card/get")

        with pytest.raises(TooFast):
            await api.card_get("p")


@pytest.mark.parametrize(
    ("end", "open_again"),
    [
        (End(45009, AT), time.day_start(date(2026, 11, 23))),
        (End(45009, AT + 9.9 * 3600), time.day_start(date(2026, 11, 23))),
        (End(45009, float(time.day_start(date(2026, 11, 23)))), time.day_start(date(2026, 11, 24))),
        (End(45011, AT), AT + 60),
        (End(45011, AT + 59.9), AT + 60),
    ],
)
def test_an_end_lasts_until_midnight_in_china_or_the_next_minute(end: End, open_again: float) -> None:
    assert until(end) == open_again


async def test_without_redis_calls_are_made_and_counted_once_it_is_back(
    simulator: Simulator, new_client: NewClient, tmp_path_factory: pytest.TempPathFactory
) -> None:
    socket = tmp_path_factory.mktemp("r") / "s"
    with running_server(socket_path=socket) as address:
        api = new_client(redis=address).of(ACCOUNT)
        await api.card_ids(0, 1)
        await api.ledger.settled()
    simulator.fault("/card/get", Fault(errcode=45009))
    with pytest.raises(QuotaUsedUp):
        await api.card_get("p")
    await api.ledger.settled()
    with pytest.raises(QuotaUsedUp):
        await api.card_get("p")
    with pytest.raises(StoreUnavailable):
        await api.ledger.today()
    assert gets(simulator) == 1

    with running_server(socket_path=socket):
        await api.card_ids(0, 1)
        usage = await api.ledger.today()

    assert usage.calls["card/batchget"] == 1
    assert usage.ended["card/get"] == End(45009, AT)


async def commands(store: Store) -> int:
    """Commands Redis has carried out so far."""
    told = await store.do("INFO", "stats")
    return int(told["total_commands_processed"])


@pytest.mark.parametrize("answer", [{}, {"quota": []}, {"quota": {"daily_limit": 5, "used": "x", "remain": 5}}])
def test_figures_that_are_none_are_refused(answer: dict[str, Any]) -> None:
    with pytest.raises(AnswerUnreadable):
        quotas.read(answer)
