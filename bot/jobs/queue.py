"""Docket, and nothing else knows it: wakes a worker for each job. Importing this module takes a second.

Traps of docket 0.27, each met here:

- Arguments travel pickled, so whoever may write docket's keys may run code in the workers. The one task takes one
  string; give the program a Redis user of its own, and nobody else the keys ``v1:docket:*``.
- A key keeps a second task away only until its task ends: each attempt of a job has a key of its own, and whether a job
  has run already is for our record to say.
- No read has an end by default: a silent Redis would hold enqueuers and workers for ever. The connections get
  timeouts; that of the strike list, which blocks for a minute on purpose, does not.
- When a connection fails, a worker waits for all its running tasks before it connects again, and renews no lease
  meanwhile: a job of 40 s would keep it away for so long. The task here ends with the worker's loop, while the attempt
  goes on under a lease of its own.
- A worker whose hands are full sleeps for ``minimum_check_interval``, however soon one is free: 250 ms would mean 40
  short jobs a second.
- A cancellation may be lost in a worker (see bot.store.connection): a worker is stopped by leaving its context.
- Messages of a killed worker come again after :data:`REDELIVERED`, uncounted: the count is in bot.store.job_scripts.
- A worker that ends leaves its consumer in the group for good: see ``_forget_workers``.
- The state of a finished task is kept for 15 minutes; ours is the record, so one is enough.
- Tasks named ``trace``, ``fail`` and ``sleep`` are registered unasked.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import timedelta

from docket import Docket, Worker
from docket.dependencies import Dependency

from bot.errors import StoreUnavailable
from bot.store import Store, answer_of, keys

TIMEOUT = 2.0
"""Seconds until a command of docket's counts as unanswered."""
PATIENCE = 1.0
"""Seconds an enqueuer waits for docket; the record is written by then, and the sweep finds it."""
REDELIVERED = timedelta(seconds=5)
RECONNECT = timedelta(seconds=0.5)
CHECK_EVERY = timedelta(milliseconds=50)
NEVER_SCHEDULED = timedelta(seconds=10)
"""Docket looks so rarely for tasks with a time: they wait in our records, by our clock."""
FORGOTTEN_AFTER = 86_400_000
"""Milliseconds since a consumer was last heard of."""
TASK = "run_job"


class _Loop(Dependency[None]):
    """Tells the docket when its worker's loop has ended, before that loop waits for the running tasks."""

    async def __aenter__(self) -> None:
        """Nothing to give to a task."""

    @classmethod
    def worker_lifecycle(cls, docket: _Docket, _worker: Worker) -> AbstractAsyncContextManager[None]:
        """Docket's hook: entered and left with the loop, at every reconnection anew."""
        return docket.loop()


class _Docket(Docket):
    """Knows whether a worker's loop runs."""

    loop_ended: asyncio.Event

    @asynccontextmanager
    async def loop(self) -> AsyncIterator[None]:
        """From the start of the loop to its end."""
        self.loop_ended = ended = asyncio.Event()
        try:
            yield
        finally:
            ended.set()


class Queue:
    """The line of jobs to begin; open between ``async with``. ``take`` begins the one of a reference."""

    def __init__(self, store: Store, redis_url: str, take: Callable[[str], asyncio.Task[None]]) -> None:
        self._store = store
        self._take = take
        self._docket = _Docket(keys.docket(), with_timeouts(redis_url), execution_ttl=timedelta(minutes=1))
        self._docket.url = redis_url  # what the strike list will connect to
        self._docket.tasks.clear()
        self._docket.register(self._run_job, names=[TASK])

    async def __aenter__(self) -> Queue:
        await answer_of(self._docket.__aenter__(), TIMEOUT)
        quieten()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._docket.__aexit__(None, None, None)

    async def add(self, reference: str, begun: int) -> None:
        """Queue the attempt after ``begun`` others; nothing happens when it is queued already.

        Raises :exc:`bot.errors.StoreUnavailable`.
        """
        task = self._docket.add(TASK, key=f"{reference}#{begun}")
        await answer_of(task(reference), PATIENCE)

    async def work(self, name: str, concurrency: int) -> None:
        """Take jobs until cancelled, ``concurrency`` at once; whatever happens to Redis."""
        worker = Worker(
            self._docket,
            name=name,
            concurrency=concurrency,
            redelivery_timeout=REDELIVERED,
            reconnection_delay=RECONNECT,
            minimum_check_interval=CHECK_EVERY,
            scheduling_resolution=NEVER_SCHEDULED,
            schedule_automatic_tasks=False,
            dependencies=[_Loop()],
        )
        with suppress(StoreUnavailable):
            await self._forget_workers()
        async with worker:
            running = asyncio.create_task(worker.run_forever())
            await asyncio.sleep(0)  # a worker forgets that it was stopped before its first step
            await asyncio.wait({running})
            running.result()

    async def _run_job(self, reference: str) -> None:
        attempt = self._take(reference)
        ended = asyncio.ensure_future(self._docket.loop_ended.wait())
        try:
            await asyncio.wait({attempt, ended}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ended.cancel()

    async def _forget_workers(self) -> None:
        group = self._docket.worker_group_name
        try:
            consumers = await self._store.do("XINFO", "CONSUMERS", self._docket.stream_key, group)
        except StoreUnavailable:
            return  # no worker has ever been here
        for each in consumers:
            known = each if isinstance(each, dict) else dict(zip(each[::2], each[1::2], strict=True))
            if int(known["idle"]) > FORGOTTEN_AFTER and not int(known["pending"]):
                await self._store.do("XGROUP", "DELCONSUMER", self._docket.stream_key, group, known["name"])


def with_timeouts(redis_url: str) -> str:
    """``redis_url`` with timeouts for connecting and reading, unless it brings its own."""
    query = redis_url.partition("?")[2]
    wanted = [f"{name}={TIMEOUT}" for name in ("socket_timeout", "socket_connect_timeout") if f"{name}=" not in query]
    return redis_url + "".join(f"{'&' if query or index else '?'}{each}" for index, each in enumerate(wanted))


class _Wordless(logging.Filter):
    """Leaves of docket's lines what docket itself wrote: no key, no argument, no text of an error."""

    def filter(self, record: logging.LogRecord) -> bool:
        """See logging."""
        if record.exc_info and record.exc_info[0]:
            record.__dict__["error"] = record.exc_info[0].__name__
        record.exc_info = record.exc_text = record.stack_info = None
        record.msg, record.args = _PLACES.sub("…", str(record.msg)), ()
        for name in [name for name in record.__dict__ if name.startswith("docket.")]:
            del record.__dict__[name]
        return True


_PLACES = re.compile(r"%[-+ #0]*[\d.]*[a-z]")
_WORDLESS = _Wordless()


def quieten() -> None:
    """Let docket's loggers warn, and no more; a filter of a logger does not hold for those below it."""
    logging.getLogger("docket").setLevel(logging.WARNING)
    for name, logger in list(logging.root.manager.loggerDict.items()):
        if name.partition(".")[0] == "docket" and isinstance(logger, logging.Logger):
            logger.addFilter(_WORDLESS)
