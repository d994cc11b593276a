"""Figures as shapes to draw: days as lines, hours as columns, vouchers as ranked bars. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.charts.shapes import Bars, Columns, Lines, Values
from bot.stats.figures import Figures
from bot.stats.today import Hour

OPEN_FROM, OPEN_UNTIL = 8, 21
"""Hours that are shown even where nothing happened."""
MOST_BARS = 8


def daily(figures: Figures) -> Lines:
    """Redemptions and claims per day, and below them views. A day that is not counted to its end is not drawn."""
    late = set(figures.days_not_ready)

    def values(kind: str) -> Values:
        known = figures.by_day(kind)
        return tuple(None if day in late else known.get(day) for day in figures.span.days())

    panels = ((values("verify"), values("receive")), (values("view"),))
    return Lines(figures.span.first, panels, tuple(n for n, day in enumerate(figures.span.days()) if day in late))


def hourly(hours: Sequence[Hour], now: int | None = None) -> Columns:
    """Redemptions and claims per hour; those after the hour ``now`` are to come (None: the day is over)."""
    known = {each.hour: each for each in hours}
    shown = range(min([OPEN_FROM, *known]), max([OPEN_UNTIL, *known, now or 0]) + 1)
    to_come = frozenset() if now is None else frozenset(hour for hour in shown if hour > now)
    rows = [known.get(hour, Hour(hour, 0, 0)) for hour in shown]
    redeemed, claimed = (
        tuple(None if row.hour in to_come else getattr(row, what) for row in rows) for what in ("redeemed", "claimed")
    )
    late = tuple(n for n, hour in enumerate(shown) if hour in to_come)
    return Columns(tuple(map(str, shown)), (redeemed, claimed), late)


def ranked(figures: Figures) -> list[str]:
    """The vouchers with most redemptions, best first; those with neither redemptions nor claims are left out."""
    redeemed, claimed = figures.by_voucher("verify"), figures.by_voucher("receive")
    busy = [each for each in redeemed if redeemed[each] or claimed[each]]
    return sorted(busy, key=lambda each: (-redeemed[each], -claimed[each], each))[:MOST_BARS]


def bars(figures: Figures, titles: dict[str, str]) -> Bars:
    """Redemptions and claims of the vouchers in ``titles``, in that order."""
    redeemed, claimed = figures.by_voucher("verify"), figures.by_voucher("receive")
    series = tuple(redeemed[each] for each in titles), tuple(claimed[each] for each in titles)
    return Bars(tuple(titles.values()), series)
