"""Figures of any span, both sources: finished days as they were kept, the rest from WeChat, 62 days a call."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from bot import clock
from bot.stats.asking import (
    DaysRefused,
    Subject,
    all_given,
    ask_piece,
    outcome,
    side_by_side,
    with_late_yesterday,
)
from bot.stats.days import MOST_DAYS_PER_CALL, RELIABLE_SINCE, DayRange, covering
from bot.stats.figures import Figures, Source, merge
from bot.stats.kept import ACCOUNT, VOUCHERS, KeptDays, is_finished
from bot.stats.kept import voucher as kept_voucher
from bot.stats.usual import WEEKS

if TYPE_CHECKING:
    from bot.wechat.client import AccountAPI

CALLS_AT_ONCE = 6
"""More would only queue at WeChat, and other work of the account needs its connections too."""

LONGEST_COMPARED = 366
"""Days. A longer span is not compared."""

LONGEST_ASKED = MOST_DAYS_PER_CALL
"""Days. What came before a longer span is told where it is known, but WeChat is not asked for it: it would double a
long list of calls for a number nobody asked for."""

@dataclass(frozen=True, slots=True)
class Overview:
    """Figures of a span, of the one it is compared with, of each voucher; of a single day and the four weeks before.

    ``lately``: each voucher over as many days up to the last as were asked for. None where not asked or not given.
    """

    now: Figures
    before: Figures | None
    by_voucher: Figures | None
    weeks: Figures | None = None
    lately: Figures | None = None


@dataclass(frozen=True, slots=True)
class Collected:
    """How many ``days`` of a span are known of each voucher for good, and how many ``calls`` the others would cost."""

    days: int
    calls: int


@dataclass(frozen=True, slots=True)
class Detail:
    """An overview of the account, and each voucher in the span that is compared; None where not known or not given."""

    overview: Overview
    vouchers_before: Figures | None


class Statistics:
    """Figures of one account: finished days as they were kept, the others from WeChat."""

    def __init__(self, api: AccountAPI, kept: KeptDays) -> None:
        self._api = api
        self._kept = kept
        self._turns = asyncio.Semaphore(CALLS_AT_ONCE)
        self._asking: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def overview(self, span: DayRange, card_id: str | None = None, *, lately: int = 1) -> Overview:
        """Everything a summary of ``span`` needs, for the account or one voucher, fetched side by side.

        ``lately``: over how many days each voucher is told, where that is longer than the span; 0: they are not. What
        merely adorns the answer (the vouchers) may be refused without spoiling it.
        """
        wanted = [_widely(partial(self.figures, card_id=card_id), _with_what_came_before(span), span)]
        wanted += [self.by_voucher(_lately(span, lately))] if card_id is None and lately else []
        known, *others = await side_by_side(*(outcome(work) for work in wanted))
        if isinstance(known, Exception):
            raise known
        comes_with_it = span.compared().first in known.span
        subject = self._subject(card_id)
        before = known.within(span.compared()) if comes_with_it else await self._kept_before(span, subject)
        vouchers = next((each for each in others if not isinstance(each, Exception)), None)
        return Overview(
            now=known.within(span),
            before=before,
            by_voucher=vouchers and vouchers.within(span),
            weeks=known if len(span) == 1 else None,
            lately=vouchers,
        )

    async def in_detail(self, span: DayRange) -> Detail:
        """As :meth:`overview`, with each voucher also in the span that is compared."""
        work: list[Coroutine[Any, Any, Any]] = [self.overview(span, lately=0), outcome(self.vouchers_over_time(span))]
        overview, vouchers = await side_by_side(*work)
        now, before = (None, None) if isinstance(vouchers, Exception) else vouchers
        return Detail(replace(overview, by_voucher=now), before)

    async def figures(self, span: DayRange, card_id: str | None = None) -> Figures:
        """Figures of the whole account, or of the voucher ``card_id``, both sources.

        Raises :exc:`DaysRefused` where WeChat's calendar and ours disagree, otherwise what the client raises.
        """
        return await self._collect(self._subject(card_id), span)

    async def by_voucher(self, span: DayRange) -> Figures:
        """Figures of every voucher, both sources; raises like :meth:`figures`."""
        return await self._collect(self._every_voucher(), span)

    async def collected(self, span: DayRange) -> Collected:
        """How far the figures of every voucher are known. Raises :exc:`bot.errors.StoreUnavailable`."""
        today = clock.wechat_today()
        known = await self._kept.known(VOUCHERS, span, today)
        whole = [day for day in span.days() if all((source, day) in known for source in Source)]
        absent = ([day for day in span.days() if (source, day) not in known] for source in Source)
        return Collected(len(whole), sum(len(covering(days)) for days in absent))

    async def by_piece(self, span: DayRange) -> AsyncGenerator[Figures, None]:
        """As :meth:`by_voucher`, by spans of at most 62 days, so that not all of them need be in memory at once."""
        for piece in covering(span.days()):
            yield await self.by_voucher(piece)

    async def vouchers_over_time(self, span: DayRange) -> tuple[Figures, Figures | None]:
        """As :meth:`by_voucher`, and the span it is compared with, where that may be; raises like :meth:`figures`."""
        before = span.compared()
        if len(span) > LONGEST_ASKED or before.first < RELIABLE_SINCE:
            return await self.by_voucher(span), await self._kept_before(span, self._every_voucher())
        known = await _widely(self.by_voucher, DayRange(before.first, span.last), span)
        return known.within(span), known.within(before) if before.first in known.span else None

    def _every_voucher(self) -> Subject:
        return Subject(VOUCHERS, self._ask_vouchers)

    def _subject(self, card_id: str | None) -> Subject:
        if card_id is None:
            return Subject(ACCOUNT, self._ask_account)
        return Subject(kept_voucher(card_id), partial(self._ask_vouchers, card_id=card_id), card_id)

    async def _collect(self, subject: Subject, span: DayRange) -> Figures:
        """What is kept, and the rest from WeChat; whoever asks for the same meanwhile waits, and finds it kept."""
        lock = self._asking.setdefault(subject.name, asyncio.Lock())
        async with lock:
            known = await self._kept.read(subject.name, span, clock.wechat_today())
            absent = [(s, piece) for s in Source for piece in covering(d for d in span.days() if (s, d) not in known)]
            parts = await all_given(*(self._ask(subject, source, piece) for source, piece in absent))
        rows = [row for each in known.values() for row in each]
        rows += [row for part in parts for row in part.rows if (row.source, row.day) not in known]
        late = frozenset(mark for part in parts for mark in part.not_ready if mark not in known)
        return with_late_yesterday(Figures(span, merge(rows), late))

    async def _ask(self, subject: Subject, source: Source, piece: DayRange) -> Figures:
        """One piece from WeChat. Its finished days are kept at once, whatever becomes of the other pieces."""
        today = clock.wechat_today()  # before asking: a day that ends meanwhile was not finished when it was asked for
        part = await ask_piece(subject, piece, source)
        finished = [day for day in piece.days() if is_finished(day, today) and (source, day) not in part.not_ready]
        stands = await self._kept.keep(subject.name, source, finished, part.rows)
        mine = [row for row in part.rows if (source, row.day) not in stands]
        return replace(part, rows=merge([*mine, *(row for rows in stands.values() for row in rows)]))

    async def _kept_before(self, span: DayRange, subject: Subject) -> Figures | None:
        """The span it is compared with, where all of that is known already."""
        before = span.compared() if len(span) <= LONGEST_COMPARED else None
        if before is None or before.first < RELIABLE_SINCE:
            return None
        known = await self._kept.read(subject.name, before, clock.wechat_today())
        whole = len(known) == len(Source) * len(before)
        return Figures(before, merge(row for rows in known.values() for row in rows)) if whole else None

    async def _ask_account(self, piece: DayRange, source: Source) -> list[Any]:
        async with self._turns:
            return await self._api.account_figures(piece.first, piece.last, int(source))

    async def _ask_vouchers(self, piece: DayRange, source: Source, card_id: str | None = None) -> list[Any]:
        async with self._turns:
            return await self._api.voucher_figures(piece.first, piece.last, int(source), card_id)


def _with_what_came_before(span: DayRange) -> DayRange:
    """``span`` with the days it is compared with: four weeks of a day, as many days of a span; reliable ones only."""
    before = span.compared()
    if before.first < RELIABLE_SINCE or len(span) > LONGEST_ASKED:
        return span
    if len(span) == 1:
        return DayRange(max(RELIABLE_SINCE, span.first - timedelta(weeks=WEEKS)), span.last, span.label)
    return DayRange(before.first, span.last, span.label)


def _lately(span: DayRange, days: int) -> DayRange:
    """``span``, begun earlier where it is shorter than ``days``."""
    return DayRange(min(span.first, span.last - timedelta(days=days - 1)), span.last, span.label)


async def _widely(ask: Callable[[DayRange], Coroutine[Any, Any, Figures]], wide: DayRange, span: DayRange) -> Figures:
    """Figures of ``wide``; where WeChat refuses its days, of ``span`` within it, which is what was asked for."""
    try:
        return await ask(wide)
    except DaysRefused:
        if wide.first == span.first:
            raise
        return await ask(span)
