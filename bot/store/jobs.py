"""Jobs in Redis: the record of each, who holds it, and what is overdue. Who runs them: bot.jobs.

Every time is seconds since 1970, given by the caller's clock; no decision is left to the life of a key.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.store import job_scripts, keys
from bot.store.connection import Store

LEASE = 3.5
"""Seconds a running job is held without being renewed."""
WATCHED = 1.5
"""Seconds a lapsed lease is watched before it is taken away; an owner back from an outage renews in less."""
SKEW = 1.0
"""Seconds by which the clocks of two machines may differ."""
GRACE = 2.0
"""Seconds after which a job whose queueing nobody confirmed is queued once more."""
LOOK_AGAIN = 10.0
"""Seconds until a job that was queued, but not begun, is looked at again."""
KEEP_DONE = 7 * 86_400.0
"""Seconds a job done is remembered: so long the same id is not run again."""
PAGE = 100


class State(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    WAITING = "waiting"
    """For its next attempt."""
    DONE = "done"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Job:
    """The record of a job. ``args`` are JSON values and shown in no repr; ``error`` is a class, never its text."""

    appid: str
    job_id: str
    name: str
    state: State
    args: Mapping[str, Any] = field(repr=False)
    attempts: int
    kills: int
    faults: Mapping[str, int]
    """How often it failed, by kind of fault."""
    error: str
    reason: str
    created_at: float
    next_at: float
    ended_at: float
    owner: str
    tellings: int
    """How often somebody was about to be told that it is dead."""

    @property
    def reference(self) -> str:
        """What names it among all accounts' jobs."""
        return reference(self.appid, self.job_id)


def reference(appid: str, job_id: str) -> str:
    """``appid/job_id``."""
    return f"{appid}/{job_id}"


def job_of(name: str, fields: Mapping[str, str]) -> Job:
    """The record named ``name`` (a reference) from the fields of its hash."""
    appid, _, job_id = name.partition("/")
    return Job(
        appid=appid,
        job_id=job_id,
        name=fields["name"],
        state=State(fields["state"]),
        args=json.loads(fields.get("args", "{}")),
        attempts=int(fields.get("attempts", 0)),
        kills=int(fields.get("kills", 0)),
        faults=json.loads(fields.get("faults", "{}")),
        error=fields.get("error", ""),
        reason=fields.get("reason", ""),
        created_at=float(fields["created_at"]),
        next_at=float(fields["next_at"]),
        ended_at=float(fields.get("ended_at", 0)),
        owner=fields.get("owner", ""),
        tellings=int(fields.get("tellings", 0)),
    )


class JobShelf:
    """The records. Every method raises StoreUnavailable when Redis is away; all but ``put`` may then be repeated."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def put(self, name: str, which: str, args: Mapping[str, Any], now: float, at: float | None = None) -> bool:
        """Record the job ``which`` (a reference), due ``at`` or now; False when it was recorded before."""
        due = now if at is None else at
        look_at = now + GRACE if at is None else at
        fields: dict[str, str | float] = {
            "name": name,
            "args": json.dumps(args, ensure_ascii=False, separators=(",", ":"), allow_nan=False),
            "state": State.QUEUED,
            "created_at": now,
            "next_at": due,
        }
        return bool(await self._store.script(job_scripts.PUT, _touched(which, 2), [which, look_at, *_flat(fields)]))

    async def begin(self, which: str, holder: str, now: float) -> Job | None:
        """Hold ``which`` and count an attempt; None when it is done, not due, unknown or somebody else's."""
        args: list[str | float] = [which, holder, now + SKEW, now + LEASE]
        flat = await self._store.script(job_scripts.BEGIN, _touched(which, 2), args)
        return job_of(which, _mapping(flat)) if flat else None

    async def renew(self, which: str, holder: str, now: float) -> bool:
        """Hold ``which`` for another :data:`LEASE`; False when it is no longer the holder's."""
        return bool(await self._store.script(job_scripts.RENEW, _touched(which, 2), [which, holder, now + LEASE]))

    async def done(self, which: str, holder: str, now: float) -> bool:
        """``which`` is done and never runs again. This and the next three: False when it is no longer the holder's."""
        return await self._settle(which, holder, "done", now, state=State.DONE, ended_at=now, error="", reason="")

    async def again(self, which: str, holder: str, at: float, state: State, **changed: str | float) -> bool:
        """Let ``which`` go until ``at``."""
        return await self._settle(which, holder, "again", at, state=state, next_at=at, **changed)

    async def dead(self, which: str, holder: str, now: float, reason: str, error: str) -> bool:
        """Give ``which`` up, and hold it until :meth:`told`."""
        dead: dict[str, str | float] = {"state": State.DEAD, "ended_at": now, "reason": reason, "error": error}
        return await self._settle(which, holder, "dead", now, **dead)

    async def told(self, which: str, holder: str, now: float) -> bool:
        """Whoever had to know that ``which`` is dead knows."""
        return await self._settle(which, holder, "told", now, told=1)

    async def _settle(self, which: str, holder: str, ending: str, at: float, **fields: str | float) -> bool:
        args: list[str | float] = [which, holder, ending, at, int(KEEP_DONE) + 86_400, *_flat(fields)]
        return bool(await self._store.script(job_scripts.SETTLE, _touched(which, 4), args))

    async def overdue(self, now: float, kills: int) -> list[tuple[str, int]]:
        """At most :data:`PAGE` references of jobs somebody should begin now, and how often each was begun before.

        Whatever is held by nobody who renews is taken away from its owner; for the time ``kills`` it is dead.
        """
        args: list[str | float] = [now, keys.job(""), WATCHED, now + LOOK_AGAIN, kills, PAGE]
        found = await self._store.script(job_scripts.OVERDUE, [keys.jobs_open(), keys.jobs_dead()], args)
        return list(zip(found[::2], map(int, found[1::2]), strict=True))

    async def clean(self, now: float) -> int:
        """Forget what was done more than a week ago; how many, a full :data:`PAGE` means there is more."""
        args: list[str | float] = [keys.job(""), now - KEEP_DONE, PAGE]
        return int(await self._store.script(job_scripts.CLEAN, [keys.jobs_done()], args))

    async def get(self, which: str) -> Job | None:
        """One record."""
        fields = _mapping(await self._store.do("HGETALL", keys.job(which)))
        return job_of(which, fields) if fields else None

    async def all(self, done: int = PAGE) -> list[Job]:
        """The records of all jobs that are open or dead, and the last ``done`` of those done; oldest first."""
        ranges = await self._store.pipeline(
            ("ZRANGE", keys.jobs_open(), 0, -1),
            ("ZRANGE", keys.jobs_dead(), 0, -1),
            ("ZRANGE", keys.jobs_done(), -done if done else 1, -1 if done else 0),
        )
        names = list(dict.fromkeys(name for each in ranges for name in each))
        records = await self._store.pipeline(*(("HGETALL", keys.job(name)) for name in names)) if names else []
        found = [job_of(name, _mapping(fields)) for name, fields in zip(names, records, strict=True) if fields]
        return sorted(found, key=lambda job: job.created_at)

    async def retry(self, which: str, now: float) -> str:
        """Let a waiting or dead job begin anew; the state it was in, of which only those two change; "": unknown."""
        touched = [keys.job(which), keys.jobs_open(), keys.jobs_dead()]
        return str(await self._store.script(job_scripts.RETRY, touched, [which, now]))

    async def drop(self, which: str) -> str:
        """Forget a job unless it is running; the state it was in; "": unknown."""
        return str(await self._store.script(job_scripts.DROP, _touched(which, 4), [which]))


def _touched(which: str, count: int) -> list[str]:
    return [keys.job(which), keys.jobs_open(), keys.jobs_done(), keys.jobs_dead()][:count]


def _flat(fields: Mapping[str, str | float]) -> list[str | float]:
    return [part for pair in fields.items() for part in pair]


def _mapping(reply: Any) -> dict[str, str]:
    """A hash as RESP2 scripts (a flat list) or RESP3 commands (a mapping) give it."""
    return dict(reply) if isinstance(reply, Mapping) else dict(zip(reply[::2], reply[1::2], strict=True))
