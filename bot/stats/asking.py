"""One span of one source from WeChat, and several side by side: what is late, what is refused, what is given."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, TypeVar

from bot import clock
from bot.errors import Explained, WeChatRefused
from bot.stats.days import ONE_DAY, DayRange, yesterday
from bot.stats.figures import Figures, Source, read_rows

T = TypeVar("T")

Ask: TypeAlias = Callable[[DayRange, Source], Awaitable[list[Any]]]
"""One call to WeChat for at most 62 days of one source."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose figures are asked for: the name they are kept under, the call, the voucher if it is one."""

    name: str
    ask: Ask
    card_id: str | None = None


READY_BY_HOUR = 10
"""Yesterday is counted by 8 (UTC+8) at the earliest; merchants report empty lists until about 10."""

DATE_FORMAT, DATE_RANGE, NOT_READY = 61500, 61501, 61503


class DaysRefused(Explained):
    """WeChat accepts our days neither whole nor without yesterday."""

    def __init__(self, span: DayRange) -> None:
        super().__init__("daily_stats.days_refused", first=span.first, last=span.last)


async def ask_piece(subject: Subject, piece: DayRange, source: Source) -> Figures:
    """One call; where WeChat has not got yesterday yet, another one for the days before it."""
    try:
        rows = read_rows(await subject.ask(piece, source), piece, source, subject.card_id)
        return Figures(piece, tuple(rows))
    except WeChatRefused as refused:
        if refused.errcode not in (DATE_FORMAT, DATE_RANGE, NOT_READY):
            raise
        if not _may_be_late(piece, refused.errcode):
            raise DaysRefused(piece) from refused
    newest = yesterday(clock.wechat_today()).last
    if len(piece) == 1 or piece.last < newest:
        return Figures(piece, not_ready=frozenset((source, day) for day in piece.days()))
    rest = await ask_piece(subject, replace(piece, last=newest - ONE_DAY), source)
    return replace(rest, span=piece, not_ready=rest.not_ready | {(source, newest)})


def _may_be_late(piece: DayRange, errcode: int) -> bool:
    """61503 says "not ready". 61501 may, around midnight, where WeChat's clock has not reached our today."""
    return errcode == NOT_READY or (errcode == DATE_RANGE and piece.last == yesterday(clock.wechat_today()).last)


def with_late_yesterday(figures: Figures) -> Figures:
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


async def all_given(*work: Coroutine[Any, Any, Figures]) -> list[Figures]:
    """All results in order. One that is refused (no calls left today, say) is raised after the others have ended:
    what they were given is kept, and need not be asked for again.
    """
    given = []
    for each in await side_by_side(*(outcome(one) for one in work)):
        if isinstance(each, Exception):
            raise each
        given.append(each)
    return given


async def outcome(work: Coroutine[Any, Any, T]) -> T | WeChatRefused | DaysRefused:
    """The result or the refusal, so that a refused extra does not spoil the rest."""
    try:
        return await work
    except (WeChatRefused, DaysRefused) as refused:
        return refused
