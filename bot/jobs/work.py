"""Jobs: registered by name, enqueued by id, run by whichever worker is free."""

from __future__ import annotations

import asyncio
import importlib
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from bot import clock
from bot.errors import StoreUnavailable
from bot.jobs.attempt import Attempt, Crew, Function
from bot.store.connection import Store
from bot.store.jobs import PAGE, Job, JobShelf, reference

if TYPE_CHECKING:
    from bot.jobs.queue import Queue

log = logging.getLogger(__name__)

SWEEP_EVERY = 0.5
"""Seconds: by so much a job with a time comes late."""
CLEAN_EVERY = 600.0
"""Seconds."""
FINISH_WITHIN = 7.0
"""Seconds running jobs have to end by themselves when the worker stops; after that they are handed back."""
STOPS_TAKING = 1.5
"""Seconds docket has to end its loop; a Redis that is silent holds it up."""
STOP_WITHIN = 9.5
"""Seconds until a worker has stopped, whatever Redis does."""
CONCURRENCY = 32
KILLS = 2
"""A job that took its worker with it so often is given up."""


class Jobs:
    """One per process. ``redis_url`` is the address ``store`` has; ``kills`` how often a job may kill its worker.

    ``on_dead`` may be set any time before :meth:`run`: it is told of each job that is given up, until it returns
    without raising; once, unless its worker dies meanwhile.
    """

    def __init__(self, store: Store, redis_url: str, *, kills: int = KILLS) -> None:
        self.shelf = JobShelf(store)
        self._store = store
        self._redis_url = redis_url
        self._kills = kills
        self._crew = Crew({})
        self._name = secrets.token_hex(6)
        self._begun = 0
        self._attempts: dict[str, asyncio.Task[None]] = {}
        self._unqueued: list[tuple[str, int]] = []
        """Found overdue, but Redis went away before they were queued."""
        self._opening: asyncio.Task[Queue] | None = None
        self._stops_at = 0.0
        """On the loop's clock: what runs then is handed back. 0 while nobody has told this process to stop."""

    @property
    def on_dead(self) -> Callable[[Job], Awaitable[None]] | None:
        """Told of a job that was given up, with its arguments and the reason."""
        return self._crew.on_dead

    @on_dead.setter
    def on_dead(self, tell: Callable[[Job], Awaitable[None]]) -> None:
        self._crew.on_dead = tell

    def register(self, name: str, function: Callable[..., Awaitable[None]], *, looks_first: bool = False) -> None:
        """Let ``function(appid, **args)`` run the jobs called ``name``.

        It may raise :exc:`bot.jobs.Later` and :exc:`bot.jobs.Hopeless`; other exceptions go by the table in
        bot.jobs.retrying. It may be run again after it was killed, or cancelled half-way, so whatever it does to the
        world it must look for first. One that does so even after a call of unknown outcome is ``looks_first``.
        """
        self._crew.functions[name] = Function(function, looks_first)

    async def enqueue(
        self, name: str, job_id: str, appid: str, args: Mapping[str, Any], *, at: float | None = None
    ) -> bool:
        """Have ``name`` run with ``args`` (JSON values), now or ``at`` a time; False when ``job_id`` stood already.

        When this returns the job is recorded and will run, also if Redis goes away now. An id is remembered for a week
        after its job was done. Raises :exc:`bot.errors.StoreUnavailable` when nothing is known to be recorded.
        """
        which = reference(appid, job_id)
        now = clock.now()
        new = await self.shelf.put(name, which, args, now, at)
        if new and (at is None or at <= now):
            with suppress(StoreUnavailable):  # the sweep queues it
                await (await self.prepare()).add(which, 0)
        return new

    async def start(self, name: str, job_id: str, appid: str, args: Mapping[str, Any]) -> asyncio.Task[None]:
        """As :meth:`enqueue`, and begin it here and now; the attempt, to be waited for.

        Where it stood already its record decides whether there is anything to do. Should this process die, or the
        attempt fail, some worker goes on with it.
        """
        which = reference(appid, job_id)
        await self.shelf.put(name, which, args, clock.now())
        return self._begin(which)

    async def prepare(self) -> Queue:
        """Import docket and connect, which takes a second; done when first needed, but better before."""
        if self._opening is None or (self._opening.done() and self._opening.exception()):
            self._opening = asyncio.create_task(self._open())
        return await asyncio.shield(self._opening)

    async def _open(self) -> Queue:
        module = await asyncio.to_thread(importlib.import_module, "bot.jobs.queue")
        opened: Queue = await module.Queue(self._store, self._redis_url, self._begin).__aenter__()
        return opened

    def stopping(self) -> None:
        """From now on :data:`FINISH_WITHIN` counts, also for what is begun meanwhile: what runs here may have to."""
        self._stops_at = self._stops_at or asyncio.get_running_loop().time() + FINISH_WITHIN

    async def close(self) -> None:
        """Let what was begun here end, or hand it back, and disconnect.

        Jobs can still be enqueued afterwards, and then connect anew.
        """
        await self._end_attempts()
        self._stops_at = 0.0
        opening, self._opening = self._opening, None
        if opening is not None:
            with suppress(StoreUnavailable):
                await (await opening).__aexit__()

    async def run(self, concurrency: int = CONCURRENCY) -> None:
        """Run jobs, ``concurrency`` at once, until cancelled.

        Then no more are begun, running ones get :data:`FINISH_WITHIN` to end, and are handed back after that.
        """
        queue = await self.prepare()
        self._name, self._stops_at = secrets.token_hex(6), 0.0
        working = asyncio.create_task(queue.work(self._name, concurrency))
        sweeping = asyncio.create_task(self._keep_sweeping())
        try:
            done, _ = await asyncio.wait({working, sweeping}, return_when=asyncio.FIRST_COMPLETED)
            for each in done:
                each.result()
        finally:
            with suppress(TimeoutError):
                async with asyncio.timeout(STOP_WITHIN):
                    await self._stop(working, sweeping)

    async def _stop(self, working: asyncio.Task[None], sweeping: asyncio.Task[None]) -> None:
        self.stopping()
        for each in (working, sweeping):
            each.cancel()
        await asyncio.wait({working, sweeping}, timeout=STOPS_TAKING)
        await self._end_attempts()

    async def _end_attempts(self) -> None:
        self.stopping()
        if running := set(self._attempts.values()):
            left = self._stops_at - asyncio.get_running_loop().time()
            _, late = await asyncio.wait(running, timeout=max(left, 0))
            for attempt in late:
                attempt.cancel()
            if late:
                log.warning("jobs were handed back", extra={"count": len(late)})
                await asyncio.wait(late)

    def _begin(self, which: str) -> asyncio.Task[None]:
        """The attempt at a job that runs here, or a new one."""
        if which not in self._attempts:
            self._begun += 1
            attempt = Attempt(self.shelf, self._crew, which, f"{self._name}:{self._begun}")
            self._attempts[which] = task = asyncio.create_task(attempt.run())
            task.add_done_callback(lambda _: self._attempts.pop(which))
        return self._attempts[which]

    async def _keep_sweeping(self) -> None:
        clean_at, away = 0.0, False
        while True:
            try:
                await self.sweep()
                if clock.now() >= clean_at:
                    clean_at = clock.now() + CLEAN_EVERY
                    await self.clean()
                away = False
            except StoreUnavailable as error:
                if not away:
                    log.warning("jobs wait for redis", extra={"error": str(error)})
                away = True
            await asyncio.sleep(SWEEP_EVERY)

    async def sweep(self) -> int:
        """Queue whatever should be running and is not: due now, never queued, or left by a dead worker; how many."""
        queue = await self.prepare()
        swept, last = 0, False
        while not last:
            if not self._unqueued:
                self._unqueued = await self.shelf.overdue(clock.now(), self._kills)
                last = len(self._unqueued) < PAGE
            while self._unqueued:
                await queue.add(*self._unqueued[-1])
                self._unqueued.pop()
                swept += 1
        return swept

    async def clean(self) -> None:
        """Forget the jobs done more than a week ago."""
        while await self.shelf.clean(clock.now()) == PAGE:
            pass
