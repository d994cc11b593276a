"""A preview is carried out once, in time, by the one it was shown to."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
import time_machine

from bot.merchants.pending import Pending
from bot.merchants.people import Operator, Role
from bot.store import Store
from bot.wechat.account import Account

ZHANG = Operator("oZhang", "张三", Role.MANAGER)
WANG = Operator("oWang", "王芳", Role.OWNER)


@pytest.fixture
def pending(store: Store, account: Account, clock: time_machine.Traveller) -> Pending:
    """Nothing waits."""
    return Pending(store, account)


async def test_nothing_waits_at_first(pending: Pending) -> None:
    assert await pending.take(ZHANG) is None
    assert await pending.peek(ZHANG) is None
    assert await pending.drop(ZHANG) is None


async def test_a_preview_is_somebody_s_own(pending: Pending) -> None:
    await pending.offer(ZHANG, "update_voucher", {"card_id": "p1"})
    assert await pending.take(WANG) is None
    assert await pending.peek(ZHANG) is not None


async def test_a_preview_comes_back_as_it_was_offered_and_only_once(pending: Pending) -> None:
    payload = {"card_id": "p1", "changes": {"notice": "周末不可用"}, "was": [1, None, True], "empty": {}}
    offered = await pending.offer(ZHANG, "update_voucher", payload)
    assert offered.minutes_left == 10
    assert await pending.peek(ZHANG) == offered
    assert await pending.take(ZHANG) == offered
    assert await pending.take(ZHANG) is None


async def test_a_new_preview_replaces_the_old_one(pending: Pending) -> None:
    old = await pending.offer(ZHANG, "update_voucher", {"n": 1})
    new = await pending.offer(ZHANG, "update_voucher", {"n": 1})
    assert old.id != new.id
    assert await pending.take(ZHANG) == new
    assert await pending.take(ZHANG) is None


async def test_a_dropped_preview_is_gone(pending: Pending) -> None:
    offered = await pending.offer(ZHANG, "update_voucher", {})
    assert await pending.drop(ZHANG) == offered
    assert await pending.take(ZHANG) is None


@pytest.mark.parametrize("way", ["take", "peek", "drop"])
async def test_a_yes_after_ten_minutes_is_too_late(
    pending: Pending, clock: time_machine.Traveller, way: str
) -> None:
    offered = await pending.offer(ZHANG, "update_voucher", {})
    clock.shift(timedelta(minutes=10))
    assert offered.minutes_left == 0
    assert await getattr(pending, way)(ZHANG) is None


async def test_a_yes_in_the_last_second_is_in_time(pending: Pending, clock: time_machine.Traveller) -> None:
    offered = await pending.offer(ZHANG, "update_voucher", {}, minutes=2)
    clock.shift(timedelta(seconds=119))
    assert offered.minutes_left == 1
    assert await pending.take(ZHANG) == offered


async def test_of_many_yeses_at_once_one_counts(pending: Pending, store: Store, account: Account) -> None:
    offered = await pending.offer(ZHANG, "update_voucher", {})
    taken = await asyncio.gather(*(Pending(store, account).take(ZHANG) for _ in range(20)))
    assert [preview for preview in taken if preview] == [offered]
