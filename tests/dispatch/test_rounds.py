"""Who is looked after among many accounts: those pushes came for, at once; every other within a round."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import time_machine

from bot.dispatch.rounds import FEW, LATELY, MARKED_FOR, ROUND, Rounds
from bot.routing.accounts import Accounts
from bot.store import Store, connect
from tests.wechat.accounts import ACCOUNT


def accounts(count: int) -> Accounts:
    """So many, of which none is ever built."""
    served = Accounts(lambda _: pytest.fail("nothing has to be built to look"))
    for number in range(count):
        served.serve(replace(ACCOUNT, appid=f"wx{number:016}"))
    return served


@pytest.fixture
async def away() -> AsyncIterator[Store]:
    """A Redis that is not there."""
    store = connect("redis://127.0.0.1:9/0")
    yield store
    await store.close()


async def test_few_accounts_are_looked_at_each_time_and_cost_nothing(away: Store) -> None:
    rounds = Rounds(accounts(FEW), away)

    await rounds.mark("wx0000000000000003")
    assert len(await rounds.next()) == FEW


async def test_of_many_those_that_something_came_for_and_a_part_of_the_others(
    store: Store, clock: time_machine.Traveller
) -> None:
    served = accounts(ROUND * 20)
    here, there = Rounds(served, store), Rounds(served, store)
    busy = "wx0000000000000777"
    await there.mark(busy)

    seen: set[str] = set()
    for _ in range(ROUND):
        looked_at = await here.next()
        assert busy in looked_at
        assert len(looked_at) <= 21
        seen.update(looked_at)
    assert seen == set(served)

    clock.shift(LATELY + MARKED_FOR + 1)
    assert [busy in await here.next() for _ in range(ROUND)].count(True) == 1
    assert await store.do("ZCARD", "v1:accounts:active") == 0


async def test_one_that_left_is_looked_at_no_more(store: Store) -> None:
    served = accounts(FEW + 1)
    rounds = Rounds(served, store)
    await rounds.mark("wx0000000000000007")
    served.serve(replace(ACCOUNT, appid="wx1000000000000000"))
    served.leave("wx0000000000000007")

    assert not [None for _ in range(ROUND) if "wx0000000000000007" in await rounds.next()]


async def test_redis_away_a_mark_is_tried_again_with_the_next_push(store: Store, away: Store) -> None:
    served = accounts(FEW + 1)
    rounds = Rounds(served, away)
    await rounds.mark("wx0000000000000007")
    rounds._store = store
    await rounds.mark("wx0000000000000007")

    assert await store.do("ZCARD", "v1:accounts:active") == 1
