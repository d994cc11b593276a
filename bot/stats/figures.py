"""What WeChat counted: rows of getcardbizuininfo and getcardcardinfo, read, merged and added up.

Counts (``*_cnt``) may be added over days and sources. People (``*_user``) are counted once per day and source: the same
person comes back the next day and may hold coupons of both sources, so a sum of people means nothing and there is no
function here that makes one.

Source: Friend's Vouchers Management APIs, "Fetching Voucher Summary" and "Getting Friend's Vouchers Data".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum
from typing import Any

from bot.stats.days import DayRange

KINDS = ("view", "receive", "verify", "given", "expire")
"""Views, claims, redemptions, gifts and expiries; each has a ``_cnt`` and a ``_user`` counter."""

COUNTERS = tuple(f"{kind}_{unit}" for kind in KINDS for unit in ("cnt", "user"))
"""The ten documented counters."""


class Source(IntEnum):
    """Where a coupon was created; the values of ``cond_source``. There is no value for both."""

    CONSOLE = 0
    API = 1


@dataclass(frozen=True, slots=True)
class Row:
    """One day of one source, of the whole account (``card_id`` empty) or of one voucher.

    ``counts`` has the ten counters and every other whole-numbered counter WeChat sent: live answers carry
    undocumented ones such as ``view_friends_cnt``, the figures of shared vouchers by their name (not confirmed).
    """

    day: date
    source: Source
    card_id: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class PeopleOfDay:
    """People of one kind over several days: never a sum."""

    average: int
    most: int
    most_on: date


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything known about a span: at most one row per source, day and voucher; the days not ready per source."""

    span: DayRange
    rows: tuple[Row, ...] = ()
    not_ready: frozenset[tuple[Source, date]] = frozenset()

    def of(self, source: Source) -> Figures:
        """Only what ``source`` counted."""
        return replace(self, rows=tuple(row for row in self.rows if row.source is source))

    def within(self, span: DayRange) -> Figures:
        """Only the days of ``span``, which lies within this one."""
        late = frozenset(mark for mark in self.not_ready if mark[1] in span)
        return Figures(span, tuple(row for row in self.rows if row.day in span), late)

    def total(self, kind: str) -> int:
        """How often ``kind`` happened, over all days and both sources."""
        return sum(row.counts[f"{kind}_cnt"] for row in self.rows)

    def undocumented(self, counter: str) -> int | None:
        """The sum of an undocumented ``counter`` (``…_cnt``) over all rows that have it; None where none has."""
        found = [row.counts[counter] for row in self.rows if counter in row.counts]
        return sum(found) if found else None

    def by_day(self, kind: str) -> dict[date, int]:
        """How often ``kind`` happened per day, for the days with data, in order."""
        days: dict[date, int] = {}
        for row in sorted(self.rows, key=lambda row: row.day):
            days[row.day] = days.get(row.day, 0) + row.counts[f"{kind}_cnt"]
        return days

    def by_voucher(self, kind: str) -> dict[str, int]:
        """How often ``kind`` happened per voucher."""
        vouchers: dict[str, int] = {}
        for row in self.rows:
            vouchers[row.card_id] = vouchers.get(row.card_id, 0) + row.counts[f"{kind}_cnt"]
        return vouchers

    def people(self, kind: str, source: Source) -> PeopleOfDay | None:
        """People of ``kind`` per day in one source, over the days with data; None without any.

        An undocumented kind (``view_friends``) may be asked for as well.

        Only for an account or one voucher: people of several vouchers cannot be added either.
        """
        counter = f"{kind}_user"
        days = {row.day: row.counts[counter] for row in self.rows if row.source is source and counter in row.counts}
        if not days:
            return None
        most_on = max(days, key=lambda day: (days[day], day))
        return PeopleOfDay(round(sum(days.values()) / len(days)), days[most_on], most_on)

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources that counted anything at all; console first."""
        return tuple(source for source in Source if any(any(row.counts.values()) for row in self.of(source).rows))

    @property
    def days_not_ready(self) -> list[date]:
        """Days WeChat has not finished counting in at least one source."""
        return sorted({day for _, day in self.not_ready})

    @property
    def days_missing(self) -> list[date]:
        """Days without a row in either source that are not merely late.

        WeChat seems to leave out days on which nothing happened (inferred), so they count as nothing, but are named.
        """
        known = {row.day for row in self.rows} | {day for _, day in self.not_ready}
        return [day for day in self.span.days() if day not in known]


def read_rows(answer: Iterable[Any], span: DayRange, source: Source, card_id: str | None = None) -> list[Row]:
    """The rows of one answer that belong to ``span``, and to ``card_id`` where one voucher was asked for.

    What is no row, or of no readable or another day, is left out; a counter that is no number counts as 0.
    """
    rows = []
    for item in answer:
        day = _day(item.get("ref_date")) if isinstance(item, Mapping) else None
        if day is None or day not in span or (card_id and item.get("card_id", card_id) != card_id):
            continue
        counts = dict.fromkeys(COUNTERS, 0) | {
            name: _count(value) for name, value in item.items() if str(name).endswith(("_cnt", "_user"))
        }
        rows.append(Row(day, source, str(card_id or item.get("card_id") or ""), counts))
    return rows


def merge(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Rows with those repeated for one source, day and voucher folded into one.

    A row sent twice must not count twice. Should two differ, the greater number of each counter stands: a later
    recount only ever found more, and so the order does not matter.
    """
    merged: dict[tuple[Source, date, str], Row] = {}
    for row in rows:
        key = (row.source, row.day, row.card_id)
        known = merged.get(key)
        if known is not None:
            names = {**known.counts, **row.counts}
            row = replace(row, counts={n: max(known.counts.get(n, 0), row.counts.get(n, 0)) for n in names})  # noqa: PLW2901 - the folded row takes its place
        merged[key] = row
    return tuple(merged[key] for key in sorted(merged))


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _count(value: Any) -> int:
    try:
        return max(0, int(value))
    except (TypeError, ValueError, OverflowError):
        return 0
