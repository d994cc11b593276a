"""The counters: each fact once, by everything there is to tell about it, for 400 days; and the sums of a day."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import date

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.clock import now
from bot.stats.counters import Channel, Counters, Tally, What
from bot.stats.today import Hour, Today, VoucherToday, today
from bot.store import Store
from tests.wechat.accounts import ACCOUNT

TODAY = date(2026, 11, 22)


@pytest.fixture
def counters(store: Store, clock: time_machine.Traveller) -> Counters:  # noqa: ARG001 - stands still
    return Counters(store, ACCOUNT)


async def test_by_hour_channel_source_and_staff(counters: Counters, clock: time_machine.Traveller) -> None:
    odd = '门口 "海报",\\ 1'
    await counters.count(What.REDEEMED, "1", now(), "pA", channel=odd, source="FROM_API", staff="oLi")
    await counters.count(What.REDEEMED, "2", now(), "pA", channel=odd, source="FROM_API", staff="oZhang")
    clock.shift(3600)
    await counters.count(What.REDEEMED, "3", now(), "pA", channel=odd, source="FROM_API", staff="oLi")

    assert await counters.day(TODAY) == {
        Tally(What.REDEEMED, "pA", 14, odd, "FROM_API", "oLi"): 1,
        Tally(What.REDEEMED, "pA", 14, odd, "FROM_API", "oZhang"): 1,
        Tally(What.REDEEMED, "pA", 15, odd, "FROM_API", "oLi"): 1,
    }
    assert await counters.channels("pA") == [Channel(odd, redeemed=3)]


async def test_a_claim_and_a_redemption_of_one_code_are_two_facts(counters: Counters) -> None:
    assert await counters.count(What.CLAIMED, "1", now(), "pA")
    assert await counters.count(What.REDEEMED, "1", now(), "pA")
    assert await counters.channels("pA") == [Channel("", 1, 1)]


async def test_one_number_may_be_a_code_of_several_vouchers(counters: Counters) -> None:
    """A shop that makes its codes up itself may use a number once for each voucher (use_custom_code)."""
    for card_id in ("pA", "pB", "pA"):
        await counters.count(What.REDEEMED, "1001", now(), card_id)

    assert await counters.day(TODAY) == {Tally(What.REDEEMED, "pA", 14): 1, Tally(What.REDEEMED, "pB", 14): 1}


async def test_of_many_at_once_one_counts(counters: Counters) -> None:
    new = await asyncio.gather(*(counters.count(What.CLAIMED, "1", now(), "pA") for _ in range(20)))
    assert sum(new) == 1
    assert sum((await counters.day(TODAY)).values()) == 1


FACTS = st.tuples(
    st.sampled_from(What), st.integers(0, 4).map(str), st.sampled_from(["pA", "pB"]), st.sampled_from(["", "till"]),
    st.sampled_from(["", "oLi"]),
)  # fmt: skip


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pushes=st.lists(FACTS, max_size=30).flatmap(lambda facts: st.permutations(facts * 2)))
async def test_in_whatever_order_and_however_often_each_fact_counts_once(
    counters: Counters, store: Store, pushes: list[tuple[What, str, str, str, str]]
) -> None:
    await store.do("FLUSHALL")
    expected: dict[tuple[What, str, str], Tally] = {}
    for what, code, card_id, channel, staff in pushes:
        new = await counters.count(what, code, now(), card_id, channel=channel, staff=staff)
        assert new is ((what, code, card_id) not in expected)
        expected.setdefault((what, code, card_id), Tally(what, card_id, 14, channel, "", staff))

    assert await counters.day(TODAY) == Counter(expected.values())


async def test_words_that_look_like_numbers_or_nothing_stay_what_they_are(counters: Counters) -> None:
    odd = ["", "#", "=", "= 1", "1 2", "十 点", "#1"]
    for number, channel in enumerate(odd):
        await counters.count(What.CLAIMED, str(number), now(), "pA", channel=channel, staff=odd[-1 - number])

    assert await counters.day(TODAY) == {
        Tally(What.CLAIMED, "pA", 14, channel, "", staff): 1
        for channel, staff in zip(odd, reversed(odd), strict=True)
    }


async def test_a_thousand_pushes_of_a_day_take_little_room(counters: Counters, store: Store) -> None:
    """Five vouchers, ten hours, three channels, four people with openids as long as WeChat's."""
    for number in range(1000):
        await counters.count(
            What.REDEEMED, f"{number:012}", now() + number % 10 * 3600, f"p{number % 5:027}",
            channel=f"till-{number % 3}", source="FROM_MP", staff=f"o{number % 4:027}",
        )  # fmt: skip
    sizes = {"tallies": 0, "counted": 0}
    for key in await store.do("KEYS", "*:2026-11-22*"):
        sizes[key.split(":")[2]] += int(await store.do("MEMORY", "USAGE", key, "SAMPLES", 0))
    assert sizes["tallies"] < 9_000, "they are kept for 400 days"
    assert sizes["counted"] < 12_000


async def test_how_long_what_is_kept_and_no_code_is(counters: Counters, store: Store) -> None:
    await counters.count(What.CLAIMED, "226000000001", now(), "pA", channel="till-3")
    kept = {key.partition("}:")[2]: int(await store.do("TTL", key)) for key in await store.do("KEYS", "*")}
    (names,) = (key for key in kept if key.startswith("counted:2026-11-22:"))
    assert kept == {
        names: 9 * 86_400,
        "tallies:2026-11-22": 400 * 86_400,
        "counts:channels:pA": 400 * 86_400,
    }
    (name,) = await store.do("SMEMBERS", next(key for key in await store.do("KEYS", "*:counted:*")))
    assert "226000000001" not in name


async def test_wechats_day_ends_at_midnight_in_china(counters: Counters, clock: time_machine.Traveller) -> None:
    clock.move_to("2026-11-22T15:59:59+00:00", tick=False)
    await counters.count(What.CLAIMED, "1", now(), "pA")
    clock.shift(1)
    await counters.count(What.CLAIMED, "2", now(), "pA")
    assert list(await counters.day(TODAY)) == [Tally(What.CLAIMED, "pA", 23)]
    assert list(await counters.day(date(2026, 11, 23))) == [Tally(What.CLAIMED, "pA", 0)]


def test_the_sums_of_a_day() -> None:
    counts = {
        Tally(What.CLAIMED, "pA", 9): 5,
        Tally(What.CLAIMED, "pA", 10, "till"): 2,
        Tally(What.TAKEN, "pA", 10): 1,
        Tally(What.REDEEMED, "pB", 10, "", "FROM_API", "oLi"): 3,
        Tally(What.REDEEMED, "pB", 11, "", "FROM_MP"): 4,
        Tally(What.REDEEMED, "pA", 11, "", "FROM_API"): 2,
    }
    counts |= {Tally(What.GIVEN, "pA", 12): 2, Tally(What.DELETED, "pC", 13): 3}
    assert today(counts) == Today(
        7, 1, 9, (VoucherToday("pB", 0, 7), VoucherToday("pA", 7, 2)), {"FROM_API": 5, "FROM_MP": 4}, 2, 3,
        (Hour(9, 5, 0), Hour(10, 2, 3), Hour(11, 0, 6)), staff={"": 6, "oLi": 3},
    )  # fmt: skip
    assert today(counts, "pA") == Today(
        7, 1, 2, (VoucherToday("pA", 7, 2),), {"FROM_API": 2}, 2, 0, (Hour(9, 5, 0), Hour(10, 2, 0), Hour(11, 0, 2)),
        staff={"": 2},
    )  # fmt: skip
    assert today({}) == Today(0, 0, 0, (), {})
