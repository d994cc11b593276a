"""What has been told: by stored times, whatever Redis has forgotten or not."""

from __future__ import annotations

import pytest
import time_machine

from bot.clock import now
from bot.merchants.telling import REMEMBERED, State, Telling
from bot.store import Store, keys
from bot.wechat.account import Account

WHO = "oOwner0000000000000000000001"


@pytest.fixture
def telling(store: Store, account: Account, clock: time_machine.Traveller) -> Telling:
    """Of an account where nothing has been told."""
    return Telling(store, account)


async def test_nothing_asked_is_nothing_untold(telling: Telling) -> None:
    assert await telling.untold(WHO, []) == []


async def test_what_was_told_is_told_to_that_person_only(telling: Telling) -> None:
    await telling.told(WHO, "b", "d")
    assert await telling.untold(WHO, ["a", "b", "c", "d"]) == ["a", "c"]
    assert await telling.untold("oSomebodyElse", ["b"]) == ["b"]
    assert await telling.was_told(WHO, "b")
    assert await telling.state(WHO, "b") is State.TOLD


async def test_a_fact_being_sent_is_in_doubt_until_somebody_says_how_it_went(telling: Telling) -> None:
    assert await telling.state(WHO, "a") is State.NEW
    await telling.sending(WHO, "a")
    assert await telling.state(WHO, "a") is State.IN_DOUBT
    assert not await telling.was_told(WHO, "a")
    await telling.not_sent(WHO, "a")
    assert await telling.state(WHO, "a") is State.NEW
    await telling.sending(WHO, "a")
    await telling.told(WHO, "a")
    assert await telling.state(WHO, "a") is State.TOLD


@pytest.mark.parametrize(("until", "counts_for"), [(0, REMEMBERED), (86_400, REMEMBERED), (90 * 86_400, 90 * 86_400)])
async def test_it_counts_until_the_time_that_was_said_and_redis_remembers_longer(
    telling: Telling, store: Store, account: Account, clock: time_machine.Traveller, until: int, counts_for: int
) -> None:
    await telling.told(WHO, "a", until=now() + until)
    assert await store.do("TTL", keys.told(account.appid, WHO, "a")) > counts_for

    clock.shift(counts_for - 1)
    assert await telling.was_told(WHO, "a")
    clock.shift(1)
    assert not await telling.was_told(WHO, "a")
    assert await telling.state(WHO, "a") is State.NEW
