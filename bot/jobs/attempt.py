"""One attempt at a job, from the record's leave to begin to the outcome in the record."""

from __future__ import annotations

import asyncio
import json
import logging
import zlib
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from bot import clock
from bot.errors import StoreUnavailable
from bot.jobs.lease import Lease, Lost, surely
from bot.jobs.retrying import Again, GiveUp, Hopeless, Later, UnknownJob, after
from bot.store.jobs import Job, JobShelf, State

log = logging.getLogger(__name__)

SPREAD = 0.1
"""Pauses are longer by up to this part of their length, by job, lest all come back at the same moment."""
TELLING_PAUSES = (5.0, 60.0, 600.0, 3600.0)
"""Seconds between attempts to tell that a job is dead."""


@dataclass(frozen=True, slots=True)
class Function:
    """What runs the jobs of one name. ``looks_first``: may be repeated though nobody knows what came of a call."""

    run: Callable[..., Awaitable[None]]
    looks_first: bool = False


@dataclass(slots=True)
class Crew:
    """What a process knows to do: functions by name of job, and what to do about a dead one."""

    functions: dict[str, Function]
    on_dead: Callable[[Job], Awaitable[None]] | None = None

    async def run(self, job: Job) -> None:
        """Run ``job``; whatever its function raises."""
        if job.name not in self.functions:
            raise UnknownJob(job.name)
        await self.functions[job.name].run(job.appid, **job.args)

    async def bury(self, job: Job) -> None:
        """Tell whoever has to know that ``job`` is dead."""
        if self.on_dead is not None:
            await self.on_dead(job)

    def verdict(self, job: Job, fault: Exception) -> Again | GiveUp:
        """What to do after ``fault``."""
        if isinstance(fault, Hopeless):
            return GiveUp(fault.why)
        function = self.functions.get(job.name)
        return after(fault, job.faults, looks_first=function is not None and function.looks_first)


class Attempt:
    """``holder`` is unique, so that Redis may be asked twice when its answer was lost."""

    def __init__(self, shelf: JobShelf, crew: Crew, reference: str, holder: str) -> None:
        self._shelf = shelf
        self._crew = crew
        self._reference = reference
        self._holder = holder

    async def run(self) -> None:
        """Begin the job, if it is to be run, and see it through. Cancelled, it gives the job back."""
        job = await surely(lambda: self._shelf.begin(self._reference, self._holder, clock.now()))
        if job is None:
            return
        try:
            if job.state is State.DEAD:
                await self._bury(job)
            else:
                await self._carry_out(job)
        except Lost:
            log.warning("job was taken away", extra=_facts(job))
            await surely(lambda: self._give_back(job))

    async def _carry_out(self, job: Job) -> None:
        try:
            await self._held(self._crew.run, job)
        except Lost:
            raise
        except Later as later:
            await self._wait(clock.now() + later.seconds, reason=later.why)
        except Exception as fault:  # noqa: BLE001 - whatever a job raises is its outcome
            await self._failed(job, fault)
        else:
            await surely(lambda: self._shelf.done(self._reference, self._holder, clock.now()))

    async def _failed(self, job: Job, fault: Exception) -> None:
        error = type(fault).__name__
        match self._crew.verdict(job, fault):
            case Again(at, faults):
                # The text of an error may quote what a merchant wrote; where it was raised never does.
                log.warning("job failed", extra={**_facts(job), "error": error, "where": _where(fault)})
                await self._wait(at + _spread(job, at), reason="", error=error, faults=json.dumps(faults))
            case GiveUp(reason):
                log.error("job is dead", extra={**_facts(job), "error": error, "where": _where(fault)})
                now = clock.now()
                if await surely(lambda: self._shelf.dead(self._reference, self._holder, now, reason, error)):
                    dead = await surely(lambda: self._shelf.get(self._reference))
                    await self._bury(dead or job)

    async def _bury(self, job: Job) -> None:
        if job.tellings <= len(TELLING_PAUSES):
            try:
                await self._held(self._crew.bury, job)
            except Lost:
                raise
            except Exception as fault:  # noqa: BLE001 - told again later, whatever it was
                told = {**_facts(job), "error": type(fault).__name__, "where": _where(fault)}
                log.warning("nobody was told of a dead job", extra=told)
                if job.tellings < len(TELLING_PAUSES):
                    await self._wait(clock.now() + TELLING_PAUSES[job.tellings], State.DEAD)
                    return
        await surely(lambda: self._shelf.told(self._reference, self._holder, clock.now()))

    async def _held(self, work: Callable[[Job], Coroutine[Any, Any, None]], job: Job) -> None:
        try:
            await Lease(self._shelf, self._reference, self._holder).during(work(job))
        except asyncio.CancelledError:
            with suppress(StoreUnavailable):  # then its lease lapses
                await self._give_back(job)
            raise

    async def _wait(self, at: float, state: State = State.WAITING, **changed: str | float) -> None:
        await surely(lambda: self._shelf.again(self._reference, self._holder, at, state, **changed))

    async def _give_back(self, job: Job) -> bool:
        state = State.DEAD if job.state is State.DEAD else State.QUEUED
        return await self._shelf.again(self._reference, self._holder, clock.now(), state)


def _facts(job: Job) -> Mapping[str, object]:
    return {"account": job.appid, "job": job.job_id, "kind": job.name, "attempt": job.attempts}


def _spread(job: Job, at: float) -> float:
    """Seconds, the same for the same job."""
    return (at - clock.now()) * SPREAD * zlib.crc32(job.reference.encode()) / 2**32


def _where(fault: Exception) -> str:
    """File and line of the innermost call."""
    trace = fault.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}" if trace else ""
