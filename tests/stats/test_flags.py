"""Flags: silent on ordinary days, up for everything that was planted."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.stats.days import DayRange
from bot.stats.figures import COUNTERS, Figures, Row, Source
from bot.stats.flags import About, Flag, Kind, OnShelf, flags, is_low

FIRST = date(2026, 9, 1)
SIXTY = DayRange(FIRST, FIRST + timedelta(days=59))
SHELF = [
    OnShelf(name, name, stock, 10_000, True, False, True, FIRST - timedelta(days=90), last_day=date(2027, 2, 28))
    for name, stock in (("noodles", 4_000), ("tea", 5_000), ("buns", 900))
]

Noise = Callable[[random.Random, float], int]


def evenly(dice: random.Random, mean: float) -> int:
    """A fifth more or less."""
    return round(mean * dice.uniform(0.8, 1.2))


def by_chance(dice: random.Random, mean: float) -> int:
    """As people come, one by one (Poisson)."""
    arrived, waited = 0, dice.expovariate(mean)
    while waited < 1:
        arrived, waited = arrived + 1, waited + dice.expovariate(mean)
    return arrived


Counts = dict[tuple[date, str], dict[str, int]]


def flat(seed: int, mean: float, noise: Noise) -> Counts:
    """Sixty days of three vouchers: ``mean`` redemptions a day, twice as many claims, ten times as many views."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    per_voucher = mean / len(SHELF)
    return {
        (day, each.card_id): {
            "verify_cnt": noise(dice, per_voucher),
            "receive_cnt": noise(dice, per_voucher * 2),
            "view_cnt": noise(dice, per_voucher * 10),
        }
        for day in SIXTY.days()
        for each in SHELF
    }


def flags_of(day: date, counts: Counts, shelf: list[OnShelf] = SHELF) -> list[Flag]:
    """The flags of ``day``; the account is the sum of its vouchers, whatever was set for it outright."""
    weeks = DayRange(day - timedelta(weeks=4), day)
    lately = DayRange(day - timedelta(days=6), day)
    vouchers = tuple(_row(on, name, each) for (on, name), each in counts.items() if on in lately)
    account = tuple(_row(on, "", _sum(counts, on)) for on in weeks.days() if on in SIXTY)
    return flags(day, Figures(weeks, account), Figures(lately, vouchers), shelf)


def _row(day: date, card_id: str, counts: dict[str, int]) -> Row:
    return Row(day, Source.API, card_id, dict.fromkeys(COUNTERS, 0) | counts)


def _sum(counts: Counts, day: date) -> dict[str, int]:
    rows = [each for (on, _), each in counts.items() if on == day]
    return {name: sum(row[name] for row in rows) for name in ("verify_cnt", "receive_cnt", "view_cnt")}


@pytest.mark.parametrize("mean", [3, 12, 40, 120])
@pytest.mark.parametrize("noise", [evenly, by_chance])
def test_sixty_flat_days_with_noise_raise_no_flag(mean: float, noise: Noise) -> None:
    counts = flat(1, mean, noise)

    assert {day: found for day in SIXTY.days() if (found := flags_of(day, counts))} == {}


def test_false_alarms_of_many_shops_are_few() -> None:
    """One low day in five years of a shop is what chance may do."""
    shops = [flat(seed, mean, by_chance) for seed in range(10) for mean in (7, 9, 16, 30)]

    alarms = sum(len(flags_of(day, counts)) for counts in shops for day in SIXTY.days())

    assert alarms <= len(shops) * len(SIXTY) / 1_800


@pytest.mark.parametrize("mean", [20, 40, 120])
@pytest.mark.parametrize("noise", [evenly, by_chance])
@pytest.mark.parametrize("planted", [20, 33, 46, 59])
def test_every_planted_low_day_is_found_and_only_it(mean: float, noise: Noise, planted: int) -> None:
    counts = flat(1, mean, noise)
    low = FIRST + timedelta(days=planted)
    for each in SHELF:
        counts[low, each.card_id]["verify_cnt"] = round(mean / len(SHELF) * (0.4 if mean > 40 else 0))

    found = {day: kinds for day in SIXTY.days() if (kinds := [flag.kind for flag in flags_of(day, counts)])}

    assert found == {low: [Kind.FEW_REDEEMED]}


@pytest.mark.parametrize("planted", [33, 46, 59])
def test_a_small_shop_whose_days_differ_is_told_of_a_day_without_any(planted: int) -> None:
    """A till that failed to scan all day is no chance where a dozen redeem, even where some days have eight."""
    counts = flat(2, 12, by_chance)
    low = FIRST + timedelta(days=planted)
    for each in SHELF:
        counts[low, each.card_id]["verify_cnt"] = 0

    assert {day: kinds for day in SIXTY.days() if (kinds := [flag.kind for flag in flags_of(day, counts)])} == {
        low: [Kind.FEW_REDEEMED]
    }


@pytest.mark.parametrize("mean", [9, 15, 24, 36])
@pytest.mark.parametrize("weekend", [1.0, 1.6])
def test_a_small_shop_whose_days_are_alike_is_told_of_a_third_of_one(mean: float, weekend: float) -> None:
    """Three low days in a month: the earlier ones must not make the later look usual, nor weekends the weekdays."""
    counts = flat(1, mean, evenly)
    low = [FIRST + timedelta(days=planted) for planted in (30, 38, 57)]
    for (day, _), numbers in counts.items():
        busy = weekend if day.weekday() > 4 else 1
        numbers["verify_cnt"] = int(numbers["verify_cnt"] * busy * (0.33 if day in low else 1))

    found = [day for day in SIXTY.days() if Kind.FEW_REDEEMED in [flag.kind for flag in flags_of(day, counts)]]

    assert found == low


@pytest.mark.parametrize(("redeemed", "found"), [(2, []), (1, []), (0, [Kind.FEW_REDEEMED])])
def test_where_every_day_had_three_none_is_low_and_one_may_be_chance(redeemed: int, found: list[Kind]) -> None:
    quiet = {"verify_cnt": 0, "receive_cnt": 0, "view_cnt": 9}
    counts = {key: quiet | ({"verify_cnt": 3} if key[1] == "tea" else {}) for key in flat(1, 3, evenly)}
    counts[SIXTY.last, "tea"]["verify_cnt"] = redeemed

    assert [flag.kind for flag in flags_of(SIXTY.last, counts)] == found


def test_a_day_without_a_single_view_is_found() -> None:
    counts = flat(1, 40, evenly)
    blind = FIRST + timedelta(days=40)
    for each in SHELF:
        counts[blind, each.card_id]["view_cnt"] = 0

    assert [flag.kind for flag in flags_of(blind, counts)] == [Kind.NOBODY_LOOKED]


def test_stock_that_lasts_less_than_three_days_is_found() -> None:
    counts = {key: {"verify_cnt": 20, "receive_cnt": 30, "view_cnt": 90} for key in flat(1, 60, evenly)}
    shelf = [replace(SHELF[0], stock=89), replace(SHELF[1], stock=90), replace(SHELF[2], stock=0)]

    assert flags_of(SIXTY.last, counts, shelf) == [
        Flag(Kind.STOCK_ENDS, vouchers=(About("buns", 0), About("noodles", 2)))
    ]


def test_the_pace_of_a_new_voucher_is_that_of_its_days() -> None:
    since = SIXTY.last - timedelta(days=1)
    counts = {
        (day, name): {"verify_cnt": 9, "receive_cnt": 30 if day >= since else 0, "view_cnt": 9}
        for day, name in flat(1, 30, evenly)
    }
    new = replace(SHELF[0], stock=80, offered_since=since)

    assert flags_of(SIXTY.last, counts, [new]) == [Flag(Kind.STOCK_ENDS, vouchers=(About("noodles", 2),))]
    assert flags_of(SIXTY.last, counts, [replace(new, offered_since=FIRST)]) == []


def test_what_ends_within_a_week_and_is_mostly_unclaimed_is_found() -> None:
    counts, day = flat(1, 40, evenly), SIXTY.last
    shelf = [
        replace(SHELF[0], stock=5_001, last_day=day + timedelta(days=8)),
        replace(SHELF[1], stock=9_000, last_day=day + timedelta(days=1)),
        replace(SHELF[2], stock=9_000, last_day=day + timedelta(days=9)),
        replace(SHELF[0], stock=5_000, last_day=day + timedelta(days=2)),
        replace(SHELF[0], stock=9_000, last_day=day),
        replace(SHELF[0], stock=9_000, last_day=day + timedelta(days=2), offered=False),
        replace(SHELF[0], stock=9_000, total=0, last_day=day + timedelta(days=2)),
    ]

    assert flags_of(day, counts, shelf) == [
        Flag(
            Kind.ENDS_UNCLAIMED,
            vouchers=(About("tea", 90, day + timedelta(days=1)), About("noodles", 50, day + timedelta(days=8))),
        )
    ]


def test_what_nobody_viewed_for_a_week_is_found() -> None:
    counts, day = flat(1, 40, evenly), SIXTY.last
    for (on, name), each in counts.items():
        if name == "tea" and on > day - timedelta(days=7):
            each["view_cnt"] = 0
    week = day - timedelta(days=6)

    assert flags_of(day, counts) == [Flag(Kind.NEVER_VIEWED, vouchers=(About("tea"),))]
    assert flags_of(day - timedelta(days=1), counts) == []
    for other in (
        replace(SHELF[1], counted=False),
        replace(SHELF[1], offered=False),
        replace(SHELF[1], offered_since=week + timedelta(days=1)),
    ):
        assert flags_of(day, counts, [other]) == []


def test_what_is_under_review_is_told() -> None:
    waiting = replace(SHELF[0], offered=False, under_review=True)

    assert flags_of(SIXTY.last, flat(1, 40, evenly), [waiting]) == [
        Flag(Kind.UNDER_REVIEW, vouchers=(About("noodles"),))
    ]


def test_vouchers_wechat_does_not_tell_of_are_said_nothing_about() -> None:
    weeks = Figures(DayRange(FIRST, SIXTY.last), (_row(SIXTY.last, "", {"verify_cnt": 5}),))
    assert flags(SIXTY.last, weeks, None, [replace(SHELF[0], stock=0)]) == []


@pytest.mark.parametrize(
    ("count", "expected", "low"),
    [
        (0, 0, False), (0, 8, False), (0, 9, True), (1, 12, False), (5, 20, False), (4, 20, True), (24, 49, True),
        (25, 49, False), (50, 100, True), (51, 100, False), (2_000, 4_000, True), (150, 100, False),
    ],
)  # fmt: skip
def test_what_is_low(count: int, expected: int, low: bool) -> None:
    assert is_low(count, expected) is low
