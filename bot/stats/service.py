"""Ask WeChat for figures: both sources, any span, in calls of at most 62 days, side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from bot import clock
from bot.errors import Explained, WeChatRefused
from bot.stats.days import ONE_DAY, RELIABLE_SINCE, DayRange, yesterday
from bot.stats.figures import Figures, Source, merge, read_rows

if TYPE_CHECKING:
    from bot.wechat.client import AccountAPI

T = TypeVar("T")

Ask: TypeAlias = Callable[[DayRange, Source], Awaitable[list[Any]]]
"""One call to WeChat for at most 62 days of one source."""

CALLS_AT_ONCE = 6
"""More would only queue at WeChat, and other work of the account needs its connections too."""

READY_BY_HOUR = 10
"""Yesterday is counted by 8 (UTC+8) at the earliest; merchants report empty lists until about 10."""

LONGEST_COMPARED = 366
"""Days. A longer span is not compared: it would double a long list of calls for a number nobody asked for."""

DATE_FORMAT, DATE_RANGE, NOT_READY = 61500, 61501, 61503


class DaysRefused(Explained):
    """WeChat accepts our days neither whole nor without yesterday."""


@dataclass(frozen=True, slots=True)
class Overview:
    """Figures of a span, of the span before it, and of each voucher; None where not asked or not given."""

    now: Figures
    before: Figures | None
    by_voucher: Figures | None


class Statistics:
    """Figures of one account."""

    def __init__(self, api: AccountAPI) -> None:
        self._api = api
        self._turns = asyncio.Semaphore(CALLS_AT_ONCE)

    async def overview(self, span: DayRange, card_id: str | None = None) -> Overview:
        """Everything a summary of ``span`` needs, for the account or one voucher, fetched side by side.

        What merely adorns the answer (the time before, the best voucher) may be refused without spoiling it.
        """
        before = span.before()
        compared = len(span) <= LONGEST_COMPARED and before.first >= RELIABLE_SINCE
        wanted = [self.figures(span, card_id)]
        wanted += [self.figures(before, card_id)] if compared else []
        wanted += [self.by_voucher(span)] if card_id is None else []
        now, *others = await side_by_side(*(_outcome(work) for work in wanted))
        if isinstance(now, Exception):
            raise now
        extras = [None if isinstance(other, Exception) else other for other in others]
        return Overview(now, extras.pop(0) if compared else None, extras.pop() if card_id is None else None)

    async def figures(self, span: DayRange, card_id: str | None = None) -> Figures:
        """Figures of the whole account, or of the voucher ``card_id``, both sources.

        Raises :exc:`DaysRefused` where WeChat's calendar and ours disagree, otherwise what the client raises.
        """
        ask = self._ask_account if card_id is None else partial(self._ask_vouchers, card_id=card_id)
        return await _collect(ask, span, card_id)

    async def by_voucher(self, span: DayRange) -> Figures:
        """Figures of every voucher, both sources; raises like :meth:`figures`."""
        return await _collect(self._ask_vouchers, span)

    async def _ask_account(self, piece: DayRange, source: Source) -> list[Any]:
        async with self._turns:
            return await self._api.account_figures(piece.first, piece.last, int(source))

    async def _ask_vouchers(self, piece: DayRange, source: Source, card_id: str | None = None) -> list[Any]:
        async with self._turns:
            return await self._api.voucher_figures(piece.first, piece.last, int(source), card_id)


async def _collect(ask: Ask, span: DayRange, card_id: str | None = None) -> Figures:
    parts = await side_by_side(*(_piece(ask, piece, source, card_id) for source in Source for piece in span.pieces()))
    late = frozenset(mark for part in parts for mark in part.not_ready)
    return _with_late_yesterday(Figures(span, merge(row for part in parts for row in part.rows), late))


async def _piece(ask: Ask, piece: DayRange, source: Source, card_id: str | None) -> Figures:
    """One call; where WeChat has not got yesterday yet, another one for the days before it."""
    try:
        return Figures(piece, tuple(read_rows(await ask(piece, source), piece, source, card_id)))
    except WeChatRefused as refused:
        if refused.errcode not in (DATE_FORMAT, DATE_RANGE, NOT_READY):
            raise
        if not _may_be_late(piece, refused.errcode):
            raise DaysRefused("daily_stats.days_refused", first=piece.first, last=piece.last) from refused
    newest = yesterday(clock.wechat_today()).last
    if len(piece) == 1 or piece.last < newest:
        return Figures(piece, not_ready=frozenset((source, day) for day in piece.days()))
    rest = await _piece(ask, replace(piece, last=newest - ONE_DAY), source, card_id)
    return replace(rest, span=piece, not_ready=rest.not_ready | {(source, newest)})


def _may_be_late(piece: DayRange, errcode: int) -> bool:
    """61503 says "not ready". 61501 may, around midnight, where WeChat's clock has not reached our today."""
    return errcode == NOT_READY or (errcode == DATE_RANGE and piece.last == yesterday(clock.wechat_today()).last)


def _with_late_yesterday(figures: Figures) -> Figures:
    """The same, with yesterday called not ready where its rows are absent and the hour is still early."""
    newest = yesterday(clock.wechat_today()).last
    early = clock.local(clock.now()).hour < READY_BY_HOUR
    if not early or newest not in figures.span or any(row.day == newest for row in figures.rows):
        return figures
    return replace(figures, not_ready=figures.not_ready | {(source, newest) for source in Source})


async def side_by_side(*work: Coroutine[Any, Any, T]) -> list[T]:
    """All results in order; the first failure is raised once the others have been stopped."""
    tasks = [asyncio.ensure_future(each) for each in work]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _outcome(work: Coroutine[Any, Any, Figures]) -> Figures | WeChatRefused | DaysRefused:
    """The result or the refusal, so that a refused extra does not spoil the rest."""
    try:
        return await work
    except (WeChatRefused, DaysRefused) as refused:
        return refused
