"""user_get_card: counted once, by channel, however often WeChat pushes it."""

from __future__ import annotations

from datetime import date
from typing import Any

import time_machine

from bot import clock as our_clock
from bot.stats.counters import Channel, Counters, Tally, What
from tests.shop import Shop

TODAY = date(2026, 11, 22)
EVENT: dict[str, Any] = {
    "CardId": "pA", "IsGiveByFriend": 0, "UserCardCode": "226000000001", "FriendUserName": "", "OuterId": 0,
    "OldUserCardCode": "", "OuterStr": "till-3", "IsRestoreMemberCard": 0, "IsRecommendByFriend": 0,
}  # fmt: skip


def counters(shop: Shop) -> Counters:
    return shop.app.services[shop.appid].counters


async def test_counts_a_claim_once_by_hour_and_channel(shop: Shop) -> None:
    at = int(our_clock.now())
    for _ in range(2):
        await shop.hears("user_get_card", at, **EVENT)

    assert await counters(shop).day(TODAY) == {Tally(What.CLAIMED, "pA", 14, "till-3"): 1}
    assert await counters(shop).channels("pA") == [Channel("till-3", claimed=1)]


async def test_another_run_of_the_same_push_counts_nothing(shop: Shop) -> None:
    """A process may die between counting and saying so."""
    for fact, new in (("226000000001", True), ("226000000001", False), ("226000000002", True)):
        assert await counters(shop).count(What.CLAIMED, fact, our_clock.now(), "pA") is new
    assert await counters(shop).channels("pA") == [Channel("", claimed=2)]


async def test_a_push_of_yesterday_counts_for_yesterday(shop: Shop, clock: time_machine.Traveller) -> None:
    clock.move_to("2026-11-23T00:00:30+08:00", tick=False)
    await shop.hears("user_get_card", int(our_clock.now()) - 40, **EVENT)

    assert await counters(shop).day(date(2026, 11, 23)) == {}
    assert await counters(shop).day(TODAY) == {Tally(What.CLAIMED, "pA", 23, "till-3"): 1}


async def test_what_is_no_new_claim(shop: Shop) -> None:
    await shop.hears("user_get_card", **EVENT | {"IsRestoreMemberCard": 1})
    await shop.hears("user_get_card", **EVENT | {"IsGiveByFriend": 1, "UserCardCode": "226000000002"})

    assert await counters(shop).day(TODAY) == {Tally(What.TAKEN, "pA", 14, "till-3"): 1}


async def test_old_packets_lack_elements(shop: Shop) -> None:
    await shop.hears("user_get_card", CardId="pA")
    await shop.hears("user_get_card", CardId="pA", UserCardCode="1", OuterId=7)

    assert await counters(shop).channels("pA") == [Channel("", claimed=1), Channel("7", claimed=1)]
