"""user_gifting_card: counted once, unless the gift came back."""

from __future__ import annotations

from typing import Any

import time_machine

from bot.stats.counters import Tally, What
from tests.handlers.test_on_claim import TODAY, counters
from tests.shop import Shop

EVENT: dict[str, Any] = {
    "CardId": "pA", "UserCardCode": "226000000001", "IsReturnBack": 0, "FriendUserName": "", "IsChatRoom": 0,
}  # fmt: skip


async def test_counts_a_gift_once_however_it_is_pushed(shop: Shop, clock: time_machine.Traveller) -> None:
    await shop.hears("user_gifting_card", **EVENT)
    clock.shift(60)
    await shop.hears("user_gifting_card", **EVENT | {"FriendUserName": "oFriend"})

    assert await counters(shop).day(TODAY) == {Tally(What.GIVEN, "pA", 14): 1}
    assert await counters(shop).channels("pA") == []


async def test_a_gift_that_came_back_is_none(shop: Shop) -> None:
    await shop.hears("user_gifting_card", **EVENT | {"IsReturnBack": 1})

    assert await counters(shop).day(TODAY) == {}


async def test_a_gift_without_a_code_is_one_for_each_push(shop: Shop, clock: time_machine.Traveller) -> None:
    await shop.hears("user_gifting_card", **EVENT | {"UserCardCode": ""})
    clock.shift(60)
    await shop.hears("user_gifting_card", **EVENT | {"UserCardCode": ""})

    assert await counters(shop).day(TODAY) == {Tally(What.GIVEN, "pA", 14): 2}
