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
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.errors import StoreUnavailable
from bot.store import inbox_scripts, keys
from bot.store.connection import Listener, Store

LEASE = 4.0
"""Seconds a claim holds without being renewed; WeChat's next copy comes after five."""
NO_MORE_COPIES = 20.0
"""Seconds after the first copy of a push when WeChat has sent the last one and given up waiting."""


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
    message: str = field(default="", repr=False)
    """The push itself, sealed: whoever takes the work over reads what is to be done."""


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
            keys.open_pushes(copy.appid),
        ]
        digest = hashlib.blake2b(copy.body, digest_size=16).hexdigest()
        keep, signature_keep = int(copy.keep * 1000), int(copy.signature_keep * 1000)
        flags = int(copy.stale), int(copy.counted), int(again)
        ticket = secrets.token_hex(8)
        args: list[str | float] = [
            digest,
            ticket,
            now,
            LEASE,
            keep,
            signature_keep,
            *flags,
            copy.message,
            copy.identity,
        ]
        claim, words, version, count, kept, copies = await self._store.script(inbox_scripts.CLAIM, touched, args)
        answer = json.loads(words) if claim == Claim.DONE else None
        begun = words if claim == Claim.NEW else ""
        return Claimed(Claim(claim), answer, int(version), int(count), int(kept), int(copies), begun, ticket)

    async def renew(self, copy: Copy, ticket: str, now: float) -> None:
        """Hold a claim for another :data:`LEASE` seconds."""
        touched = [keys.push(copy.appid, copy.identity), keys.open_pushes(copy.appid)]
        await self._store.script(inbox_scripts.RENEW, touched, [ticket, now + LEASE, copy.identity])

    async def begin(self, copy: Copy, ticket: str, what: str, now: float) -> None:
        """Note that ``what`` begins now and hold the claim for another :data:`LEASE` seconds.

        Raises :exc:`bot.errors.StoreUnavailable` when it cannot be noted or the claim is no longer ours: whoever was
        away for so long must not begin anything.
        """
        touched = [keys.push(copy.appid, copy.identity), keys.open_pushes(copy.appid)]
        if not await self._store.script(inbox_scripts.BEGIN, touched, [ticket, what, now + LEASE, copy.identity]):
            raise StoreUnavailable("the claim was lost")

    async def release(self, copy: Copy, ticket: str) -> None:
        """Let go of a claim whose work failed, so that the next copy starts at once; if Redis is away, it lapses."""
        touched = self._ending(copy)
        with contextlib.suppress(StoreUnavailable):
            await self._store.script(inbox_scripts.RELEASE, touched, [ticket, copy.identity])

    async def finish(self, copy: Copy, ticket: str, answer: Any) -> bool:
        """Store ``answer`` (JSON) and tell the processes that wait for it; False when the claim was lost meanwhile."""
        touched = self._ending(copy)
        words = json.dumps(answer, ensure_ascii=False)
        args: list[str | float] = [ticket, words, int(copy.keep * 1000), copy.identity]
        return bool(await self._store.script(inbox_scripts.FINISH, touched, args))

    def _ending(self, copy: Copy) -> list[str]:
        return [keys.push(copy.appid, copy.identity), keys.answers(copy.appid), keys.open_pushes(copy.appid)]

    async def lapsed(self, appid: str, now: float) -> list[str]:
        """The identities of pushes that nobody works on any more, though nobody has ended them."""
        found = await self._store.do("ZRANGEBYSCORE", keys.open_pushes(appid), "-inf", now, "LIMIT", 0, 100)
        return [str(identity) for identity in found]

    async def take_over(self, appid: str, identity: str, now: float) -> tuple[str, Claimed] | None:
        """Claim a push whose process died, once no copy of it will come any more: its sealed message, and the claim.

        None where a copy may still come (it takes the work over by itself), or somebody was faster.
        """
        touched = [
            keys.push(appid, identity),
            keys.open_pushes(appid),
            keys.promises(appid),
            keys.people_version(appid),
        ]
        ticket = secrets.token_hex(8)
        args: list[str | float] = [identity, ticket, now, LEASE, NO_MORE_COPIES]
        taken = await self._store.script(inbox_scripts.TAKE_OVER, touched, args)
        if taken is None:
            return None
        message, begun, version, count = taken
        # What else waits for the sender goes with the next message, as it would have: none is shown with this answer.
        claimed = Claimed(Claim.NEW, None, int(version), int(count), kept=0, copies=1, begun=begun, ticket=ticket)
        return str(message), claimed

    async def disown(self, appid: str, identity: str) -> None:
        """Give a push back that cannot be carried on, so that nobody waits for it."""
        await self._store.pipeline(
            ("ZREM", keys.open_pushes(appid), identity), ("HSET", keys.push(appid, identity), "until", 0)
        )

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
