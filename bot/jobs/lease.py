"""Holding a job while it runs, so that no two workers run it at once, and letting go whatever happens."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from bot import clock
from bot.errors import StoreUnavailable
from bot.store.jobs import LEASE, WATCHED, JobShelf

T = TypeVar("T")

RENEW_EVERY = 0.75
"""Seconds."""
ALONE_FOR = LEASE + WATCHED - 0.5
"""Seconds without a renewal after which another worker might soon begin the job, so that it is stopped here."""
ASK_AGAIN = 0.2
"""Seconds between two tries to reach Redis."""
UNWINDING = 1.0
"""Seconds a job that was stopped may take to tidy up."""

CANCELS = 4


class Lost(Exception):  # noqa: N818 - named for what happened
    """The job is another worker's, or may be so in a moment."""


class Lease:
    """A job held. ``holder`` is unique to one attempt: a paused process cannot overwrite what came after it."""

    def __init__(self, shelf: JobShelf, reference: str, holder: str) -> None:
        self._shelf = shelf
        self.reference = reference
        self.holder = holder
        self._renewed = clock.now()

    async def during(self, work: Coroutine[Any, Any, T]) -> T:
        """Do ``work`` and renew the lease meanwhile. :exc:`Lost`, or being cancelled, stops it."""
        task = asyncio.create_task(work)
        try:
            while not task.done():
                await asyncio.wait({task}, timeout=RENEW_EVERY)
                if not task.done():
                    await self._renew()
        except BaseException:
            await _stopped(task)
            raise
        return task.result()

    async def _renew(self) -> None:
        now = clock.now()
        try:
            kept = await self._shelf.renew(self.reference, self.holder, now)
        except StoreUnavailable:
            if clock.now() - self._renewed > ALONE_FOR:
                raise Lost(self.reference) from None
            return
        if not kept:
            raise Lost(self.reference)
        self._renewed = now


async def _stopped(task: asyncio.Task[Any]) -> None:
    for _ in range(CANCELS):  # one may be swallowed by an asyncio.wait_for of Python 3.11
        task.cancel()
        await asyncio.wait({task}, timeout=UNWINDING / CANCELS)
        if task.done():
            break
    if task.done() and not task.cancelled():
        task.exception()  # looked at, so that asyncio does not complain; the attempt ends either way


async def surely(ask: Callable[[], Awaitable[T]]) -> T:
    """What Redis answers, however long it is away."""
    while True:
        try:
            return await ask()
        except StoreUnavailable:
            await asyncio.sleep(ASK_AGAIN)
