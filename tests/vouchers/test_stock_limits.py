"""The limit of a day: by person, by WeChat's day, once for each change."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
import time_machine

from bot.merchants.people import Role
from bot.merchants.roster import Operator
from bot.store import Store
from bot.vouchers.stock_limits import OverLimit, StockLimits
from tests.shop import Shop


@pytest.fixture
async def manager(shop: Shop) -> Operator:
    """A manager of the shop."""
    people = shop.app.people(shop.appid)
    await people.refresh()
    return next(each for each in people.all() if each.role is Role.MANAGER)


@pytest.fixture
def limits(shop: Shop, store: Store) -> StockLimits:
    """A hundred a day for managers."""
    return StockLimits(shop.app.services[shop.appid].account, store, {"manager": 100})


async def test_too_much_takes_nothing(limits: StockLimits, manager: Operator) -> None:
    await limits.take(manager, "one", 60)
    with pytest.raises(OverLimit) as refused:
        await limits.take(manager, "two", 41)
    assert refused.value.values == {"limit": 100, "left": 40}
    await limits.check(manager, 40)


async def test_of_many_at_once_only_so_many_fit(limits: StockLimits, manager: Operator) -> None:
    taken = await asyncio.gather(
        *(limits.take(manager, str(number), 30) for number in range(8)), return_exceptions=True
    )
    assert sum(isinstance(each, OverLimit) for each in taken) == 5


async def test_one_change_counts_once_and_not_after_it_was_given_back(limits: StockLimits, manager: Operator) -> None:
    for _ in range(3):
        taken = await limits.take(manager, "one", 100)
    await limits.give_back(taken)
    await limits.check(manager, 100)


async def test_another_person_role_or_day_has_its_own(
    limits: StockLimits, manager: Operator, clock: time_machine.Traveller
) -> None:
    await limits.take(manager, "one", 100)
    await limits.take(replace(manager, openid="oAnother"), "two", 100)
    await limits.take(replace(manager, role=Role.OWNER), "three", 10_000)
    clock.shift(10 * 3600)  # midnight in China
    await limits.take(manager, "four", 100)
