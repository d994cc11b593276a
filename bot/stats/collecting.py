"""Collecting a long span: piece by piece beside everything else, while somebody waits for it.

What is collected is kept, so whoever goes on after a restart, in this process or another, asks only for the rest.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from bot import clock
from bot.errors import StoreUnavailable
from bot.stats.days import MOST_DAYS_PER_CALL, DayRange
from bot.stats.figures import Source
from bot.stats.service import Collected, Statistics
from bot.store import Store
from bot.store import figure_keys as keys

log = logging.getLogger(__name__)

FEW_CALLS = 4
"""Calls that are made without ado: 124 days of both sources."""
GOOD_FOR = 600
"""Seconds for which a span counts as collected, even if WeChat calls some of its days not ready for ever."""

CLAIM = 70
"""Seconds a process has for one piece, until another may go on in its place."""

Found: TypeAlias = Callable[[set[str]], Awaitable[object]]
"""Told the card ids of a span once it is collected."""


def is_counted(span: DayRange) -> bool:
    """Whether somebody may wait until the rows of ``span`` are counted, all of them being known."""
    return len(span) * len(Source) <= FEW_CALLS * MOST_DAYS_PER_CALL


def is_long(collected: Collected) -> bool:
    """Whether what is missing takes more calls than somebody should wait for."""
    return collected.calls > FEW_CALLS


class Collecting:
    """The spans that this process collects. Of several processes one does it; all tell how far it is."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._running: dict[str, asyncio.Task[None]] = {}
        self._done: dict[str, float] = {}

    async def missing(self, appid: str, span: DayRange, stats: Statistics, found: Found) -> Collected | None:
        """How far ``span`` has come, if it is not collected yet; then it is gone on with. None once it is.

        Raises what it failed with here since it was last asked about: the next time it is tried again.
        """
        key = keys.collecting(appid, str(span.first), str(span.last))
        self._done = {each: at for each, at in self._done.items() if at + GOOD_FOR > clock.now()}
        task = self._running.get(key)
        if task is not None and task.done():
            del self._running[key]
            task.result()
        if key in self._done:
            return None
        collected = await stats.collected(span)
        if not is_long(collected) and key not in self._running:
            return None
        if key not in self._running and await self._store.write(key, 1, seconds=CLAIM, only_new=True):
            self._running[key] = task = asyncio.create_task(self._collect(key, span, stats, found))
            task.add_done_callback(_noted)
        return collected

    async def _collect(self, key: str, span: DayRange, stats: Statistics, found: Found) -> None:
        vouchers: set[str] = set()
        try:
            async with contextlib.aclosing(stats.by_piece(span)) as pieces:
                async for figures in pieces:
                    vouchers.update(row.card_id for row in figures.rows)
                    await self._store.write(key, 1, seconds=CLAIM)
            await found(vouchers)
            self._done[key] = clock.now()
        finally:
            with contextlib.suppress(StoreUnavailable):  # it ends by itself
                await self._store.delete(key)

    async def close(self) -> None:
        """Stop; what was collected is kept."""
        for task in self._running.values():
            task.cancel()
        await asyncio.gather(*self._running.values(), return_exceptions=True)


def _noted(task: asyncio.Task[None]) -> None:
    """Nobody may ask again, and a failure is to be heard of all the same."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log.warning("figures not collected", extra={"kind": type(error).__name__})
