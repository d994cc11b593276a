"""What in yesterday's figures and on the shelf wants somebody's attention. Pure.

A flag that comes up on ordinary days is not read on the others, so chance is reckoned with. Of things that happen one
by one about n come with a spread of √n, and half of a few is nothing unusual; but where the last four weeks were
steadier than that, half is. So a quiet day must be further down than three and a half times √n or than four and a half
times what days usually differ, whichever is less. Measured with 100,000 draws each, of shops of 6 to 30 a day: where
people come by chance and nothing is the matter one flag in 3,000 days or more; where days differ by a fifth a day of
40 % is found in 78 to 88 of a hundred, where by a tenth in 96 to 98 (by √n alone it never was).

Of few, √n says too little: nothing at all where nine or more are usual comes by chance on one day in 6,000 at most, in
4,000 where only two of the weeks are known (40,000 draws for each mean of 5 to 12).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import sqrt

from bot.stats.days import DayRange
from bot.stats.figures import Figures
from bot.stats.usual import spread, usual

LOW_SHARE = 0.5
SPREADS = 3.5
"""Times √n."""
STEADY_SPREADS = 4.5
"""Times the spread of the last weeks (:func:`bot.stats.usual.spread`)."""
SURELY_SOME = 9
"""Usually so many or more: a day without any is no chance."""
LEAST_SPREAD = 0.5
"""Days that were all alike may still differ by one."""
STOCK_DAYS = 3
ENDS_WITHIN_DAYS = 7
UNCLAIMED_SHARE = 0.5
LATELY_DAYS = 7
"""The days whose claims are the present pace, and without a single view in which nobody looks at a voucher."""


class Kind(StrEnum):
    """What is the matter, the most urgent first."""

    FEW_REDEEMED = "few_redeemed"
    NOBODY_LOOKED = "nobody_looked"
    STOCK_ENDS = "stock_ends"
    ENDS_UNCLAIMED = "ends_unclaimed"
    UNDER_REVIEW = "under_review"
    NEVER_VIEWED = "never_viewed"


@dataclass(frozen=True, slots=True)
class OnShelf:
    """What flags need to know of a voucher.

    ``offered_since`` is the first day people could have it, ``counted`` whether WeChat has figures of its type at all.
    """

    card_id: str
    title: str
    stock: int
    total: int
    offered: bool
    under_review: bool
    counted: bool
    offered_since: date
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class About:
    """One voucher of a flag: the number is days the stock lasts, or the share unclaimed in percent."""

    title: str
    number: int = 0
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag: ``usual`` where it is about the account, ``vouchers`` where it is about those, the worst first."""

    kind: Kind
    usual: int = 0
    vouchers: tuple[About, ...] = ()


def flags(day: date, weeks: Figures, lately: Figures | None, shelf: Sequence[OnShelf]) -> list[Flag]:
    """What is the matter after ``day``, the last day of ``weeks`` and of ``lately``.

    ``weeks``: the account's day and the four weeks before it. ``lately``: all vouchers, the last
    :data:`LATELY_DAYS` days; None where WeChat did not tell, and then nothing is said about stock and views.
    """
    here = [each for each in shelf if each.offered]
    about_vouchers = {
        Kind.STOCK_ENDS: _stock_ends(day, lately, here) if lately else [],
        Kind.ENDS_UNCLAIMED: _ends_unclaimed(day, here),
        Kind.UNDER_REVIEW: [About(each.title) for each in shelf if each.under_review],
        Kind.NEVER_VIEWED: _never_viewed(day, lately, here) if lately else [],
    }
    return [
        *_about_the_account(day, weeks),
        *(Flag(kind, vouchers=tuple(about)) for kind, about in about_vouchers.items() if about),
    ]


def _about_the_account(day: date, weeks: Figures) -> Iterable[Flag]:
    for kind, counted, share in ((Kind.FEW_REDEEMED, "verify", LOW_SHARE), (Kind.NOBODY_LOOKED, "view", 0.0)):
        expected, count = usual(weeks, day, counted), weeks.by_day(counted).get(day)
        steady = spread(weeks, day, counted)
        if expected is not None and count is not None and is_low(count, expected, share, steady):
            yield Flag(kind, expected)


def is_low(count: int, expected: int, share: float = LOW_SHARE, steady: float | None = None) -> bool:
    """Whether ``count`` is at most ``share`` of what was ``expected``, and less than chance explains.

    ``steady``: how far days usually lie apart, where that is known.
    """
    if count == 0 and expected >= SURELY_SOME:
        return True
    chance = SPREADS * sqrt(expected)
    if steady is not None:
        chance = min(chance, STEADY_SPREADS * max(steady, LEAST_SPREAD))
    return count <= expected * share and expected - count >= chance > 0


def _stock_ends(day: date, lately: Figures, shelf: Iterable[OnShelf]) -> list[About]:
    claimed = lately.within(_last(day)).by_voucher("receive")
    found = []
    for each in shelf:
        days = min(LATELY_DAYS, (day - each.offered_since).days + 1)
        if days >= 1 and (claims := claimed.get(each.card_id, 0)) and each.stock * days < STOCK_DAYS * claims:
            found.append(About(each.title, each.stock * days // claims))
    return sorted(found, key=lambda about: about.number)


def _ends_unclaimed(day: date, shelf: Iterable[OnShelf]) -> list[About]:
    soon = day + timedelta(days=ENDS_WITHIN_DAYS + 1)  # seen from the day after, when it is told
    ending = [each for each in shelf if each.last_day is not None and day < each.last_day <= soon and each.total]
    left = [each for each in ending if each.stock > each.total * UNCLAIMED_SHARE]
    return [About(each.title, each.stock * 100 // each.total, each.last_day) for each in sorted(left, key=_end)]


def _end(voucher: OnShelf) -> date:
    return voucher.last_day or date.max


def _never_viewed(day: date, lately: Figures, shelf: Iterable[OnShelf]) -> list[About]:
    """Those everybody could see all the time; a time WeChat has not finished counting says nothing."""
    week = _last(day)
    if lately.within(week).not_ready:
        return []
    viewed = lately.within(week).by_voucher("view")
    return [
        About(each.title)
        for each in shelf
        if each.counted and each.offered_since <= week.first and not viewed.get(each.card_id)
    ]


def _last(day: date) -> DayRange:
    return DayRange(day - timedelta(days=LATELY_DAYS - 1), day)
