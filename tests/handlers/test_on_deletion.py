"""user_del_card: counted once."""

from __future__ import annotations

from typing import Any

import time_machine

from bot.stats.counters import Tally, What
from tests.handlers.test_on_claim import TODAY, counters
from tests.shop import Shop

EVENT: dict[str, Any] = {"CardId": "pA", "UserCardCode": "226000000001"}


async def test_counts_a_deletion_once(shop: Shop, clock: time_machine.Traveller) -> None:
    for _ in range(2):
        await shop.hears("user_del_card", **EVENT)
        clock.shift(60)

    assert await counters(shop).day(TODAY) == {Tally(What.DELETED, "pA", 14): 1}


async def test_deletions_without_a_code_are_one_for_each_push(shop: Shop, clock: time_machine.Traveller) -> None:
    for _ in range(2):
        await shop.hears("user_del_card", **EVENT | {"UserCardCode": ""})
        clock.shift(60)

    assert await counters(shop).day(TODAY) == {Tally(What.DELETED, "pA", 14): 2}
