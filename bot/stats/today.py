"""The day so far, from the counters: pure sums over what was counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.stats.counters import Tally, What
from bot.stats.summary import Summary

HAPPENED = ("verify", "receive")
"""Kinds both WeChat and the bot count."""


@dataclass(frozen=True, slots=True)
class VoucherToday:
    """One voucher's day so far."""

    card_id: str
    claimed: int
    redeemed: int


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of WeChat's day (0 to 23)."""

    hour: int
    claimed: int
    redeemed: int


@dataclass(frozen=True, slots=True)
class Today:
    """The account's day so far.

    ``taken``: claimed by a friend from a friend. ``sources``: redemptions by their way. ``hours``: those in which
    something was claimed or redeemed, in order. ``tills``: redemptions by till, "" where none was said; empty where
    nobody has said any. ``staff``: redemptions by the openid of who did it, "" where nobody is known.
    """

    claimed: int
    taken: int
    redeemed: int
    vouchers: tuple[VoucherToday, ...]
    sources: Mapping[str, int]
    given: int = 0
    deleted: int = 0
    hours: tuple[Hour, ...] = ()
    tills: Mapping[str, int] = field(default_factory=dict)
    staff: Mapping[str, int] = field(default_factory=dict)

    @property
    def counted_any(self) -> bool:
        """Whether anything was claimed or redeemed."""
        return bool(self.claimed or self.redeemed)


@dataclass(frozen=True, slots=True)
class Difference:
    """How many redemptions and claims WeChat has more than the bot counted; ``counted``: whether it counted any."""

    redeemed: int
    claimed: int
    counted: bool

    @property
    def same(self) -> bool:
        """Whether both counted the same."""
        return not self.redeemed and not self.claimed


def differs(summary: Summary, own: Today) -> Difference | None:
    """What WeChat counted against the bot's ``own`` count; None while WeChat has not counted all."""
    if summary.not_ready:
        return None
    redeemed, claimed = (summary.kinds[kind].count for kind in HAPPENED)
    return Difference(redeemed - own.redeemed, claimed - own.claimed, own.counted_any)


def today(counts: Mapping[Tally, int], card_id: str = "") -> Today:
    """Sum up a day; of one voucher, if ``card_id`` names it. Vouchers come busiest first."""
    mine = {tally: number for tally, number in counts.items() if card_id in ("", tally.card_id)}
    sums: Counter[tuple[str, What]] = Counter()
    sources: Counter[str] = Counter()
    tills: Counter[str] = Counter()
    staff: Counter[str] = Counter()
    for tally, number in mine.items():
        sums[tally.card_id, tally.what] += number
        if tally.what is What.REDEEMED:
            sources[tally.source] += number
            tills[tally.till] += number
            staff[tally.staff] += number
    totals: Counter[What] = Counter()
    for (_, what), number in sums.items():
        totals[what] += number
    vouchers = [
        VoucherToday(each, sums[each, What.CLAIMED], sums[each, What.REDEEMED])
        for each in {tally.card_id for tally in mine}
    ]
    vouchers.sort(key=lambda each: (-each.redeemed, -each.claimed, each.card_id))
    return Today(
        claimed=totals[What.CLAIMED],
        taken=totals[What.TAKEN],
        redeemed=totals[What.REDEEMED],
        vouchers=tuple(each for each in vouchers if each.claimed or each.redeemed),
        sources=dict(sources.most_common()),
        given=totals[What.GIVEN],
        deleted=totals[What.DELETED],
        hours=_hours(mine),
        tills=dict(tills.most_common()) if any(tills) else {},
        staff=dict(staff.most_common()),
    )


def _hours(counts: Mapping[Tally, int]) -> tuple[Hour, ...]:
    sums: Counter[tuple[int, What]] = Counter()
    for tally, number in counts.items():
        sums[tally.hour, tally.what] += number
    hours = (Hour(hour, sums[hour, What.CLAIMED], sums[hour, What.REDEEMED]) for hour in range(24))
    return tuple(each for each in hours if each.claimed or each.redeemed)
