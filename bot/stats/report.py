"""What a page about a span shows: the summary, and beside it each day, each month and each voucher. Pure.

A day WeChat left out, a day on which nothing happened and a day that is still counted are three states. People are told
per day and source, never as a sum.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby

from bot.stats.days import MOST_DAYS_PER_CALL, DayRange
from bot.stats.figures import KINDS, Figures, PeopleOfDay, Source
from bot.stats.service import Detail
from bot.stats.summary import Summary, summarize

MONTHS_FROM = MOST_DAYS_PER_CALL + 1
"""Days from which on months are told as well: nobody adds up so many lines by eye."""

DAYS_UNTIL = 366
"""Days up to which each has a line: nobody reads more of them, and a phone has to load them."""
GAP_FROM = 3
"""Days without data from which on one line tells them."""
MOSTLY_ASKED = ("view", "receive", "verify")
"""Kinds whose people are told; who gave or let expire is in the export."""


class State(StrEnum):
    """What is known of a day. ``PARTLY``: one source has counted it, the other has not yet."""

    COUNTED = "counted"
    PARTLY = "partly"
    NO_DATA = "no_data"
    NOT_READY = "not_ready"


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day; ``counts`` by kind, empty where nothing is known."""

    day: date
    state: State
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Gap:
    """Several days in a row that WeChat left out: one line says it of all of them."""

    span: DayRange


@dataclass(frozen=True, slots=True)
class MonthLine:
    """The days of one month, as far as the span has them; ``counts`` as of a day, ``counted`` the days with data."""

    span: DayRange
    counts: Mapping[str, int]
    counted: int


@dataclass(frozen=True, slots=True)
class VoucherLine:
    """One voucher; ``before``: its redemptions in the span before, None where they are not known."""

    card_id: str
    counts: Mapping[str, int]
    before: int | None

    @property
    def rate(self) -> float | None:
        """Redemptions per claim; may pass 1, as what is redeemed was often claimed earlier. None without claims."""
        return self.counts["verify"] / self.counts["receive"] if self.counts["receive"] else None

    @property
    def more(self) -> int:
        """Redemptions more than before."""
        return 0 if self.before is None else self.counts["verify"] - self.before


@dataclass(frozen=True, slots=True)
class PeopleLine:
    """People of one kind in one source."""

    kind: str
    source: Source
    people: PeopleOfDay


@dataclass(frozen=True, slots=True)
class Report:
    """Everything on the page.

    ``before``: each kind in the span before, None where it is not known or a comparison would not be fair.
    ``vouchers``: those with figures, most redeemed first; None where WeChat did not give any.
    """

    summary: Summary
    before: Mapping[str, int] | None
    days: tuple[DayLine, ...]
    months: tuple[MonthLine, ...]
    vouchers: tuple[VoucherLine, ...] | None
    people: tuple[PeopleLine, ...]

    @property
    def span(self) -> DayRange:
        """The days it is about."""
        return self.summary.span

    @property
    def tells_days(self) -> bool:
        """Whether each day has a line."""
        return len(self.days) <= DAYS_UNTIL

    @property
    def day_rows(self) -> list[DayLine | Gap]:
        """The days with data, late ones, and the gaps between them."""
        found: list[DayLine | Gap] = []
        for state, group in groupby(self.days, key=lambda line: line.state):
            lines = list(group)
            is_gap = state is State.NO_DATA and len(lines) >= GAP_FROM
            found += [Gap(DayRange(lines[0].day, lines[-1].day))] if is_gap else lines
        return found


def report(detail: Detail) -> Report:
    """Everything there is to say about ``detail``."""
    overview = detail.overview
    summary = summarize(overview.now, overview.before, overview.by_voucher, overview.weeks)
    lines = tuple(_days(overview.now))
    return Report(
        summary=summary,
        before=None if overview.before is None or summary.before is None else _counts(overview.before),
        days=lines,
        months=tuple(_months(lines)) if len(lines) >= MONTHS_FROM else (),
        vouchers=None if overview.by_voucher is None else _vouchers(overview.by_voucher, detail.vouchers_before),
        people=tuple(_people(overview.now)),
    )


def _counts(figures: Figures) -> dict[str, int]:
    return {kind: figures.total(kind) for kind in KINDS}


def _days(figures: Figures) -> list[DayLine]:
    kinds = {kind: figures.by_day(kind) for kind in KINDS}
    late = set(figures.days_not_ready)
    found = []
    for day in figures.span.days():
        counts = {kind: known[day] for kind, known in kinds.items() if day in known}
        if day in late:
            state = State.PARTLY if counts else State.NOT_READY
        else:
            state = State.COUNTED if counts else State.NO_DATA
        found.append(DayLine(day, state, counts))
    return found


def _months(lines: tuple[DayLine, ...]) -> list[MonthLine]:
    found = []
    for _, each in groupby(lines, key=lambda line: (line.day.year, line.day.month)):
        days = list(each)
        known = [line for line in days if line.counts]
        counts = {kind: sum(line.counts[kind] for line in known) for kind in KINDS} if known else {}
        found.append(MonthLine(DayRange(days[0].day, days[-1].day), counts, len(known)))
    return found


def _vouchers(now: Figures, before: Figures | None) -> tuple[VoucherLine, ...]:
    kinds = {kind: now.by_voucher(kind) for kind in KINDS}
    comparable = before is not None and before.rows and not now.not_ready and not before.not_ready
    earlier = before.by_voucher("verify") if before is not None and comparable else None
    lines = [
        VoucherLine(
            card_id,
            {kind: kinds[kind][card_id] for kind in KINDS},
            None if earlier is None else earlier.get(card_id, 0),
        )
        for card_id in kinds["verify"]
    ]
    return tuple(sorted(lines, key=lambda line: (-line.counts["verify"], -line.counts["receive"], line.card_id)))


def _people(figures: Figures) -> list[PeopleLine]:
    told = ((kind, source, figures.people(kind, source)) for kind in MOSTLY_ASKED for source in figures.sources)
    return [PeopleLine(kind, source, people) for kind, source, people in told if people is not None and people.most]
