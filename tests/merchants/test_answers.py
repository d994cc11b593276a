"""What has been told: by stored times, whatever Redis has forgotten or not."""

from __future__ import annotations

import pytest
import time_machine

from bot.clock import now
from bot.merchants.answers import REMEMBERED, Answers
from bot.store import Store, keys
from bot.wechat.account import Account

WHO = "oOwner0000000000000000000001"


@pytest.fixture
def answers(store: Store, account: Account, clock: time_machine.Traveller) -> Answers:
    """Of an account where nothing has been told."""
    return Answers(store, account)


async def test_nothing_asked_is_nothing_untold(answers: Answers) -> None:
    assert await answers.untold(WHO, []) == []


async def test_what_was_told_is_told_to_that_person_only(answers: Answers) -> None:
    await answers.told(WHO, "b", "d")
    assert await answers.untold(WHO, ["a", "b", "c", "d"]) == ["a", "c"]
    assert await answers.untold("oSomebodyElse", ["b"]) == ["b"]
    assert await answers.was_told(WHO, "b")
    assert not await answers.begin_telling(WHO, "b")


async def test_a_fact_being_told_is_not_told_yet(answers: Answers) -> None:
    assert await answers.begin_telling(WHO, "a")
    assert not await answers.was_told(WHO, "a")


@pytest.mark.parametrize(("until", "counts_for"), [(0, REMEMBERED), (86_400, REMEMBERED), (90 * 86_400, 90 * 86_400)])
async def test_it_counts_until_the_time_that_was_said_and_redis_remembers_longer(
    answers: Answers, store: Store, account: Account, clock: time_machine.Traveller, until: int, counts_for: int
) -> None:
    await answers.told(WHO, "a", until=now() + until)
    assert await store.do("TTL", keys.told(account.appid, WHO, "a")) > counts_for

    clock.shift(counts_for - 1)
    assert await answers.was_told(WHO, "a")
    assert not await answers.begin_telling(WHO, "a")
    clock.shift(1)
    assert not await answers.was_told(WHO, "a")
    assert await answers.begin_telling(WHO, "a")
