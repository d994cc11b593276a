"""Pushes and their answers: one execution for all of WeChat's copies, whatever process they reach.

The first copy of a push claims it and works under a lease that it renews; the others wait for the answer it stores. One
script does the claim, the look at the signature, the rate and the version of the operator list in one round trip. It
may run twice for one claim (a lost connection is tried again): a ticket tells it so.

An answer that may follow later, when WeChat has already been told ``success``, is promised first: should its process
die, another finds the promise.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.errors import StoreUnavailable
from bot.store import keys
from bot.store.connection import Listener, Script, Store

LEASE = 4.0
"""Seconds a claim holds without being renewed; WeChat's next copy comes after five."""

_CLAIM = Script(
    """
    local push, signature, rate, people, kept = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
    local digest, ticket, now, lease = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
    local keep, signature_keep, stale, counted, again = ARGV[5], ARGV[6], ARGV[7], ARGV[8], ARGV[9]
    local seen = redis.call('GET', signature)
    if seen and seen ~= digest then return {'forged', '', 0, 0, 0, 0} end
    local state = redis.call('HMGET', push, 'state', 'answer', 'until', 'ticket', 'count', 'copies', 'begun')
    local held = state[1] == 'running' and tonumber(state[3]) > now
    local ours = held and state[4] == ticket
    if stale == '1' and not ours and (held or state[1] == 'done') then return {'stale', '', 0, 0, 0, 0} end
    if not seen then redis.call('SET', signature, digest, 'PX', signature_keep) end
    local version = tonumber(redis.call('GET', people) or '0')
    if state[1] == 'done' then return {'done', state[2], version, 0, 0, 0} end
    local copies = tonumber(state[6] or '0')
    if not ours and again == '0' then copies = redis.call('HINCRBY', push, 'copies', 1) end
    if held and not ours then return {'running', '', version, 0, 0, copies} end
    local count = tonumber(state[5] or '0')
    if counted == '1' and not state[1] then
        count = redis.call('INCR', rate)
        if count == 1 then redis.call('PEXPIRE', rate, 120000) end
    end
    redis.call('HSET', push, 'state', 'running', 'ticket', ticket, 'until', now + lease, 'count', count)
    redis.call('PEXPIRE', push, keep)
    return {'new', state[7] or '', version, count, redis.call('LLEN', kept), copies}
    """
)

_FINISH = Script(
    """
    if redis.call('HGET', KEYS[1], 'ticket') ~= ARGV[1] then return 0 end
    redis.call('HSET', KEYS[1], 'state', 'done', 'answer', ARGV[2])
    redis.call('PEXPIRE', KEYS[1], ARGV[3])
    redis.call('PUBLISH', KEYS[2], ARGV[4])
    return 1
    """
)

_BEGIN = Script(
    """
    if redis.call('HGET', KEYS[1], 'ticket') ~= ARGV[1] then return 0 end
    redis.call('HSET', KEYS[1], 'begun', ARGV[2], 'until', ARGV[3])
    return 1
    """
)

_RELEASE = Script(
    """
    if redis.call('HGET', KEYS[1], 'ticket') ~= ARGV[1] then return 0 end
    redis.call('DEL', KEYS[1])
    redis.call('PUBLISH', KEYS[2], ARGV[2])
    return 1
    """
)

_RENEW = Script(
    """
    if redis.call('HGET', KEYS[1], 'ticket') ~= ARGV[1] then return 0 end
    return redis.call('HSET', KEYS[1], 'until', ARGV[2])
    """
)


class Claim(StrEnum):
    """What became of a copy of a push."""

    NEW = "new"
    RUNNING = "running"
    DONE = "done"
    FORGED = "forged"
    """A second body under a seen signature."""
    STALE = "stale"
    """Too old to be new, and known already."""


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy of a push as it arrived: what names it and what came with it."""

    appid: str
    openid: str
    identity: str
    signature: str
    body: bytes
    keep: float
    """Seconds its identity is remembered."""
    signature_keep: float
    """Seconds its signature is remembered: as long as its timestamp could pass."""
    stale: bool = False
    counted: bool = False


@dataclass(frozen=True, slots=True)
class Claimed:
    """The outcome of a claim.

    ``answer`` is there when it is done, ``count`` is the sender's messages this minute, ``kept`` how many notices wait
    for the sender, ``copies`` how many copies came so far, this one included. ``begun``: taken over from a process that
    died after it had begun this.
    """

    claim: Claim
    answer: Any
    people_version: int
    count: int
    kept: int
    copies: int
    begun: str
    ticket: str
    """What whoever holds the claim shows with everything it does."""


@dataclass(frozen=True, slots=True)
class Promise:
    """An answer that ``openid`` was promised ``at`` (seconds since 1970) and has not got yet."""

    identity: str
    openid: str
    at: float


class Inbox:
    """Claims, answers, promises, and the wait for them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def claim(self, copy: Copy, now: float, *, again: bool = False) -> Claimed:
        """Claim ``copy`` for this process, or learn what became of it; ``again``: it has been asked for before."""
        touched = [
            keys.push(copy.appid, copy.identity),
            keys.signature(copy.appid, copy.signature),
            keys.person_rate(copy.appid, copy.openid, int(now // 60)),
            keys.people_version(copy.appid),
            keys.kept(copy.appid, copy.openid),
        ]
        digest = hashlib.blake2b(copy.body, digest_size=16).hexdigest()
        keep, signature_keep = int(copy.keep * 1000), int(copy.signature_keep * 1000)
        flags = int(copy.stale), int(copy.counted), int(again)
        ticket = secrets.token_hex(8)
        args: list[str | float] = [digest, ticket, now, LEASE, keep, signature_keep, *flags]
        claim, words, version, count, kept, copies = await self._store.script(_CLAIM, touched, args)
        answer = json.loads(words) if claim == Claim.DONE else None
        begun = words if claim == Claim.NEW else ""
        return Claimed(Claim(claim), answer, int(version), int(count), int(kept), int(copies), begun, ticket)

    async def renew(self, copy: Copy, ticket: str, now: float) -> None:
        """Hold a claim for another :data:`LEASE` seconds."""
        await self._store.script(_RENEW, [keys.push(copy.appid, copy.identity)], [ticket, now + LEASE])

    async def begin(self, copy: Copy, ticket: str, what: str, now: float) -> None:
        """Note that ``what`` begins now and hold the claim for another :data:`LEASE` seconds.

        Raises :exc:`bot.errors.StoreUnavailable` when it cannot be noted or the claim is no longer ours: whoever was
        away for so long must not begin anything.
        """
        key = keys.push(copy.appid, copy.identity)
        if not await self._store.script(_BEGIN, [key], [ticket, what, now + LEASE]):
            raise StoreUnavailable("the claim was lost")

    async def release(self, copy: Copy, ticket: str) -> None:
        """Let go of a claim whose work failed, so that the next copy starts at once; if Redis is away, it lapses."""
        touched = [keys.push(copy.appid, copy.identity), keys.answers(copy.appid)]
        with contextlib.suppress(StoreUnavailable):
            await self._store.script(_RELEASE, touched, [ticket, copy.identity])

    async def finish(self, copy: Copy, ticket: str, answer: Any) -> bool:
        """Store ``answer`` (JSON) and tell the processes that wait for it; False when the claim was lost meanwhile."""
        touched = [keys.push(copy.appid, copy.identity), keys.answers(copy.appid)]
        words = json.dumps(answer, ensure_ascii=False)
        return bool(await self._store.script(_FINISH, touched, [ticket, words, int(copy.keep * 1000), copy.identity]))

    async def wait(self, copy: Copy, clock: Callable[[], float]) -> Claimed:
        """Wait until ``copy`` is done elsewhere, or until its claim lapses and this process holds it."""
        async with self._store.listen(keys.answers(copy.appid)) as answers:
            while True:
                claimed = await self.claim(copy, clock(), again=True)
                if claimed.claim is not Claim.RUNNING:
                    return claimed
                await self._heard(answers, copy.identity)

    async def _heard(self, answers: Listener, identity: str) -> None:
        """Until somebody tells that ``identity`` is done, or nobody tells anything: its owner may have died."""
        heard = await answers.next(LEASE / 4)
        while heard is not None and heard != identity:
            heard = await answers.next(LEASE / 4)

    async def hears(self) -> None:
        """Returns when Redis answers."""
        await self._store.do("PING")

    async def promise(self, appid: str, promise: Promise) -> None:
        """Note ``promise`` before WeChat is told that nothing more will come."""
        value = json.dumps({"openid": promise.openid, "at": promise.at})
        key = keys.promises(appid)
        await self._store.pipeline(("HSET", key, promise.identity, value), ("EXPIRE", key, 7 * 86_400))

    async def promises(self, appid: str) -> list[Promise]:
        """What has been promised and not been kept yet."""
        stored = await self._store.do("HGETALL", keys.promises(appid))
        return [Promise(identity, **json.loads(value)) for identity, value in stored.items()]

    async def promise_kept(self, appid: str, identity: str) -> None:
        """Forget a promise."""
        await self._store.do("HDEL", keys.promises(appid), identity)

    async def abandoned(self, appid: str, identity: str, now: float) -> tuple[bool, Any]:
        """Whether nobody works on a push any more, and its stored answer, if it has one."""
        state, answer, until = await self._store.do("HMGET", keys.push(appid, identity), "state", "answer", "until")
        if state == "done":
            return True, json.loads(answer)
        return state is None or float(until) < now, None

    async def keep_unread(self, appid: str, body: str, why: str, now: float) -> None:
        """Keep an authentic push nobody understood: the newest hundred, for a week; all are counted, by kind."""
        entry = json.dumps({"at": now, "why": why, "body": body[:65_536]}, ensure_ascii=False)
        key = keys.unread(appid)
        await self._store.pipeline(
            ("LPUSH", key, entry), ("LTRIM", key, 0, 99), ("EXPIRE", key, 7 * 86_400),
            ("HINCRBY", keys.unread_count(appid), why.split(" ", maxsplit=1)[0], 1),
        )  # fmt: skip
