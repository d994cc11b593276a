"""What figures mean: the comparison with the time before, rates, the best and the weakest. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.stats.days import DayRange, runs
from bot.stats.figures import KINDS, Figures, PeopleOfDay, Source
from bot.stats.usual import usual

FRIENDS = {
    "view": "view_friends_cnt",
    "receive": "receive_friends_cnt",
    "verify": "verify_friends_cnt",
    "others": "verify_noself_cnt",
}
"""Undocumented counters of shared vouchers, seen in live answers: the first three of accounts, the last of vouchers.

By their names (not confirmed) what friends of the claimer viewed, claimed and redeemed, and redemptions by others than
the claimer.
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """A number with what it was counted for: a day, or a card_id."""

    what: date | str
    count: int


@dataclass(frozen=True, slots=True)
class Rate:
    """A share; ``by_people`` tells whether people or counts were divided."""

    value: float
    by_people: bool = False


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One kind in one source: how often, and the people per day (None without data)."""

    source: Source
    count: int
    people: PeopleOfDay | None


@dataclass(frozen=True, slots=True)
class KindLine:
    """One kind over both sources and in each."""

    kind: str
    count: int
    sources: tuple[SourceLine, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything a reply about ``span`` may say.

    ``before`` is the number of redemptions in :meth:`bot.stats.days.DayRange.compared`, ``usual`` what is usual for the
    weekday of a single day; None where unknown, or where a comparison would not be fair. ``friends`` holds what shared
    vouchers add to kinds (:data:`FRIENDS`), as far as WeChat tells it, ``friend_people`` the people among them where
    one source has them all. ``active`` are the sources that counted anything. ``best_day`` and ``weakest_day`` are None
    for a single day and where all days are alike. ``missing`` are the spans without data, ``not_ready`` the days still
    counted.
    """

    span: DayRange
    kinds: dict[str, KindLine]
    active: tuple[Source, ...]
    before: int | None
    usual: int | None
    friends: Mapping[str, int]
    claim_rate: Rate | None
    redemption_rate: Rate | None
    best_day: Counted | None
    weakest_day: Counted | None
    best_voucher: Counted | None
    missing: list[DayRange]
    not_ready: list[date]
    has_data: bool
    friend_people: Mapping[str, PeopleOfDay] = field(default_factory=dict)

    @property
    def missing_days(self) -> int:
        """How many days lack data."""
        return sum(len(run) for run in self.missing)

    @property
    def more(self) -> int:
        """Redemptions more than before (negative: fewer); 0 without a comparison."""
        return 0 if self.before is None else self.kinds["verify"].count - self.before

    @property
    def more_than_usual(self) -> int:
        """Redemptions more than usual (negative: fewer); 0 where nothing is known to be usual."""
        return 0 if self.usual is None else self.kinds["verify"].count - self.usual


def summarize(
    now: Figures,
    before: Figures | None = None,
    by_voucher: Figures | None = None,
    weeks: Figures | None = None,
) -> Summary:
    """What ``now`` says, next to the span ``before``, to what each voucher contributed and to the ``weeks`` before."""
    best, weakest = _extremes(now)
    return Summary(
        span=now.span,
        kinds={kind: _line(now, kind) for kind in KINDS},
        active=now.sources,
        before=_comparable(now, before),
        usual=usual(weeks, now.span.first) if weeks is not None and not now.not_ready else None,
        friends={name: count for name, counter in FRIENDS.items() if (count := now.undocumented(counter)) is not None},
        claim_rate=_claim_rate(now),
        redemption_rate=_share(now.total("verify"), now.total("receive")),
        best_day=best,
        weakest_day=weakest,
        best_voucher=_best_voucher(by_voucher),
        missing=runs(now.days_missing),
        not_ready=now.days_not_ready,
        has_data=bool(now.rows),
        friend_people=_friend_people(now),
    )


def _line(figures: Figures, kind: str) -> KindLine:
    sources = (SourceLine(s, figures.of(s).total(kind), figures.people(kind, s)) for s in Source)
    return KindLine(kind, figures.total(kind), tuple(sources))


def _friend_people(figures: Figures) -> dict[str, PeopleOfDay]:
    if len(figures.sources) != 1:
        return {}  # the same people may stand in both
    (source,) = figures.sources
    found = {name: figures.people(counter.removesuffix("_cnt"), source) for name, counter in FRIENDS.items()}
    return {name: people for name, people in found.items() if people is not None}


def _comparable(now: Figures, before: Figures | None) -> int | None:
    """Redemptions before, unless this time is still being counted or WeChat knows too little of the other.

    A shop that began last month is not "900% better" than the months before.
    """
    if before is None or now.not_ready or before.not_ready:
        return None
    known, known_before = len(now.by_day("verify")), len(before.by_day("verify"))
    return before.total("verify") if known_before and known_before * 2 >= known else None


def _claim_rate(figures: Figures) -> Rate | None:
    """Who claimed, of those who looked: people for one day of one source, else claims per view.

    People of several days or of both sources cannot be added, so there the counts have to do.
    """
    if len(figures.span) == 1 and len(figures.sources) == 1:
        source = figures.sources[0]
        looked, claimed = figures.people("view", source), figures.people("receive", source)
        if looked is not None and claimed is not None and looked.most:
            return Rate(claimed.most / looked.most, by_people=True)
    return _share(figures.total("receive"), figures.total("view"))


def _share(part: int, whole: int) -> Rate | None:
    """``part`` per ``whole`` by counts. Redemptions may pass 1: what is redeemed today was often claimed earlier."""
    return Rate(part / whole) if whole else None


def _extremes(figures: Figures) -> tuple[Counted | None, Counted | None]:
    """The days with most and fewest redemptions, of those with complete data; the later one of equals."""
    late = set(figures.days_not_ready)
    days = {day: count for day, count in figures.by_day("verify").items() if day not in late}
    if len(days) < 2 or min(days.values()) == max(days.values()):
        return None, None
    best = max(days, key=lambda day: (days[day], day))
    weakest = min(days, key=lambda day: (days[day], -day.toordinal()))
    return Counted(best, days[best]), Counted(weakest, days[weakest])


def _best_voucher(by_voucher: Figures | None) -> Counted | None:
    """The voucher redeemed most; None where nothing was redeemed."""
    redeemed = by_voucher.by_voucher("verify") if by_voucher is not None else {}
    best = max(redeemed, key=lambda card_id: (redeemed[card_id], card_id), default=None)
    return Counted(best, redeemed[best]) if best and redeemed[best] else None
