"""Pushes and their answers: one execution for all of WeChat's copies, whatever process they reach.

The first copy of a push claims it and works under a lease that it renews; the others wait for the answer it stores. One
script does the claim, the look at the signature, the rate and the version of the operator list in one round trip.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
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
    local digest, owner, now, lease = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
    local keep, signature_keep, stale, counted = ARGV[5], ARGV[6], ARGV[7], ARGV[8]
    local seen = redis.call('GET', signature)
    if seen and seen ~= digest then return {'forged', '', 0, 0, 0} end
    local state = redis.call('HMGET', push, 'state', 'answer', 'until')
    if state[1] and stale == '1' then return {'stale', '', 0, 0, 0} end
    if not seen then redis.call('SET', signature, digest, 'PX', signature_keep) end
    local version = tonumber(redis.call('GET', people) or '0')
    if state[1] == 'done' then return {'done', state[2], version, 0, 0} end
    if state[1] and tonumber(state[3]) > now then return {'running', '', version, 0, 0} end
    redis.call('HSET', push, 'state', 'running', 'owner', owner, 'until', now + lease)
    redis.call('PEXPIRE', push, keep)
    local count = 0
    if counted == '1' and not state[1] then
        count = redis.call('INCR', rate)
        if count == 1 then redis.call('PEXPIRE', rate, 120000) end
    end
    return {'new', '', version, count, redis.call('LLEN', kept)}
    """
)

_FINISH = Script(
    """
    if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[1] then return 0 end
    redis.call('HSET', KEYS[1], 'state', 'done', 'answer', ARGV[2])
    redis.call('PEXPIRE', KEYS[1], ARGV[3])
    redis.call('PUBLISH', KEYS[2], ARGV[4])
    return 1
    """
)

_RELEASE = Script(
    """
    if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[1] then return 0 end
    return redis.call('DEL', KEYS[1])
    """
)

_RENEW = Script(
    """
    if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[1] then return 0 end
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
    """The outcome of a claim; ``answer`` is there when it is done, ``count`` is the sender's messages
    this minute, ``kept`` how many notices wait for the sender."""

    claim: Claim
    answer: Any
    people_version: int
    count: int
    kept: int


class Inbox:
    """Claims, answers and the wait for them."""

    def __init__(self, store: Store, owner: str) -> None:
        self._store = store
        self._owner = owner

    async def claim(self, copy: Copy, now: float) -> Claimed:
        """Claim ``copy`` for this process, or learn who has it."""
        touched = [
            keys.push(copy.appid, copy.identity),
            keys.signature(copy.appid, copy.signature),
            keys.person_rate(copy.appid, copy.openid, int(now // 60)),
            keys.people_version(copy.appid),
            keys.kept(copy.appid, copy.openid),
        ]
        digest = hashlib.blake2b(copy.body, digest_size=16).hexdigest()
        keep, signature_keep = int(copy.keep * 1000), int(copy.signature_keep * 1000)
        flags = int(copy.stale), int(copy.counted)
        args: list[str | float] = [digest, self._owner, now, LEASE, keep, signature_keep, *flags]
        claim, answer, version, count, kept = await self._store.script(_CLAIM, touched, args)
        return Claimed(Claim(claim), json.loads(answer) if answer else None, int(version), int(count), int(kept))

    async def renew(self, appid: str, identity: str, now: float) -> None:
        """Hold a claim for another :data:`LEASE` seconds."""
        await self._store.script(_RENEW, [keys.push(appid, identity)], [self._owner, now + LEASE])

    async def release(self, appid: str, identity: str) -> None:
        """Let go of a claim whose work failed, so that the next copy starts at once; if Redis is away, it lapses."""
        with contextlib.suppress(StoreUnavailable):
            await self._store.script(_RELEASE, [keys.push(appid, identity)], [self._owner])

    async def finish(self, appid: str, identity: str, answer: Any, keep: float) -> bool:
        """Store ``answer`` (JSON) and tell the processes that wait for it; False when the claim was lost meanwhile."""
        touched = [keys.push(appid, identity), keys.answers(appid)]
        args: list[str | float] = [self._owner, json.dumps(answer, ensure_ascii=False), int(keep * 1000), identity]
        return bool(await self._store.script(_FINISH, touched, args))

    async def wait(self, copy: Copy, clock: Callable[[], float]) -> Claimed:
        """Wait until ``copy`` is done elsewhere, or until its claim lapses and this process holds it."""
        async with self._store.listen(keys.answers(copy.appid)) as answers:
            while True:
                claimed = await self.claim(copy, clock())
                if claimed.claim is not Claim.RUNNING:
                    return claimed
                await self._heard(answers, copy.identity)

    async def _heard(self, answers: Listener, identity: str) -> None:
        """Until somebody tells that ``identity`` is done, or nobody tells anything: its owner may have died."""
        heard = await answers.next(LEASE / 4)
        while heard is not None and heard != identity:
            heard = await answers.next(LEASE / 4)

    async def keep_unread(self, appid: str, body: str, why: str, now: float) -> None:
        """Keep an authentic push nobody understood: the newest hundred, for a week."""
        entry = json.dumps({"at": now, "why": why, "body": body[:65_536]}, ensure_ascii=False)
        key = keys.unread(appid)
        await self._store.pipeline(("LPUSH", key, entry), ("LTRIM", key, 0, 99), ("EXPIRE", key, 7 * 86_400))
