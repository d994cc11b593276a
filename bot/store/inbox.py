"""Pushes and their answers: one execution for all of WeChat's copies, whatever process they reach.

The first copy of a push claims it and works under a lease that it renews; the others wait for the answer it stores. One
script does the claim, the look at the signature, the rate, the version of the operator list and the sender's place in
line in one round trip. It may run twice for one claim (a lost connection is tried again): a ticket tells it so.

What one person sends is done one after the other, whatever process it reached. An answer that may follow later, when
WeChat has been told that none comes with this push, is promised first: should its process die, another finds the
promise. An answer counts as given when it was delivered, not when it is known.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Sequence
from typing import Any

from bot.errors import StoreUnavailable
from bot.store import inbox_scripts, keys
from bot.store.connection import Listener, Store
from bot.store.pushes import Claim, Claimed, Copy, Finish, Gone, TakenOver, Undelivered, Wait

__all__ = ["Claim", "Claimed", "Copy", "Finish", "Gone", "Inbox", "TakenOver", "Undelivered", "Wait"]

LEASE = 4.0
"""Seconds a claim holds without being renewed; WeChat's next copy comes after five."""
NO_MORE_COPIES = 20.0
"""Seconds after the first copy of a push when WeChat has sent the last one and given up waiting."""
REVOKED = 600.0
"""Seconds in which a claim that was revoked could still arrive."""
GIVEN_WITHIN = 5.0
"""Seconds after which somebody looks whether a promised answer was given by whoever had it."""


def new_ticket() -> str:
    """What tells one claim from every other."""
    return secrets.token_hex(8)


class Inbox:
    """Claims, answers, promises, and the wait for them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def claim(self, copy: Copy, now: float, *, again: bool = False) -> Claimed:
        """Claim ``copy`` for this process, or learn what became of it; ``again``: it has been asked for before."""
        touched = [
            copy.push_key,
            keys.signature(copy.appid, copy.signature),
            keys.person_rate(copy.appid, copy.openid, int(now // 60)),
            keys.people_version(copy.appid),
            keys.kept(copy.appid, copy.openid),
            keys.open_pushes(copy.appid),
            copy.line_key,
        ]
        digest = hashlib.blake2b(copy.body, digest_size=16).hexdigest()
        ticket = copy.ticket or new_ticket()
        args: list[str | float] = [
            digest, ticket, now, LEASE, int(copy.keep * 1000), int(copy.signature_keep * 1000),
            int(copy.stale), int(copy.counted), int(again),
            copy.message, copy.identity, copy.openid, copy.what, int(copy.queued),
        ]  # fmt: skip
        found = await self._store.script(inbox_scripts.CLAIM, touched, args)
        claim, words, version, count, kept, copies, behind, promised = found
        answer = json.loads(words) if claim == Claim.DONE else None
        begun = words if claim == Claim.NEW else ""
        return Claimed(
            Claim(claim), answer, int(version), int(count), int(kept), int(copies), begun, ticket, int(behind),
            bool(promised),
        )  # fmt: skip

    async def turn(self, copy: Copy, ticket: str, clock: Callable[[], float]) -> None:
        """Wait until all that the sender sent before is ended, or its process gone; the claim is held meanwhile.

        Raises :exc:`bot.errors.StoreUnavailable` when the claim is no longer ours.
        """
        if not await self._before(copy, ticket, clock()):
            return
        async with self._store.listen(keys.answers(copy.appid)) as answers:
            while before := await self._before(copy, ticket, clock()):
                await self._heard(answers, before)

    async def _before(self, copy: Copy, ticket: str, now: float) -> list[str]:
        touched = [copy.push_key, keys.open_pushes(copy.appid), copy.line_key]
        before = await self._store.script(inbox_scripts.TURN, touched, [ticket, now, now + LEASE, copy.identity])
        if before is None:
            raise StoreUnavailable("the claim was lost")
        return [str(identity) for identity in before]

    async def renew(self, copy: Copy, ticket: str, now: float) -> None:
        """Hold a claim for another :data:`LEASE` seconds."""
        touched = [copy.push_key, keys.open_pushes(copy.appid)]
        await self._store.script(inbox_scripts.RENEW, touched, [ticket, now + LEASE, copy.identity])

    async def begin(self, copy: Copy, ticket: str, what: str, now: float) -> None:
        """Note that ``what`` begins now and hold the claim for another :data:`LEASE` seconds.

        Raises :exc:`bot.errors.StoreUnavailable` when it cannot be noted or the claim is no longer ours: whoever was
        away for so long must not begin anything.
        """
        touched = [copy.push_key, keys.open_pushes(copy.appid)]
        if not await self._store.script(inbox_scripts.BEGIN, touched, [ticket, what, now + LEASE, copy.identity]):
            raise StoreUnavailable("the claim was lost")

    async def release(self, copy: Copy, ticket: str) -> None:
        """Let go of a claim whose work failed, so that the next copy starts at once.

        A promised answer is left to whoever looks next. Raises :exc:`bot.errors.StoreUnavailable`; then it lapses.
        """
        await self._store.script(inbox_scripts.RELEASE, self._ending(copy), [ticket, copy.identity])

    async def revoke(self, copy: Copy, ticket: str) -> bool:
        """Undo the claim of a ticket, also one that Redis has not heard of yet: its sender was told to send it again.

        Whether it held the push. Raises :exc:`bot.errors.StoreUnavailable`: then it may still be carried out.
        """
        args: list[str | float] = [ticket, copy.identity, int(REVOKED * 1000)]
        return bool(await self._store.script(inbox_scripts.REVOKE, self._ending(copy), args))

    async def finish(self, copy: Copy, ticket: str, answer: Any, now: float, *, owed: bool = False) -> Finish:
        """Store ``answer`` (JSON) and tell the processes that wait for it, unless the claim was lost meanwhile.

        One that is ``owed`` to somebody is looked after until :meth:`delivered`.
        """
        words = json.dumps(answer, ensure_ascii=False)
        args: list[str | float] = [
            ticket, words, int(copy.keep * 1000), copy.identity, now, int(owed),
            now + NO_MORE_COPIES, now + GIVEN_WITHIN,
        ]  # fmt: skip
        return Finish(await self._store.script(inbox_scripts.FINISH, self._ending(copy), args))

    def _ending(self, copy: Copy) -> list[str]:
        return [copy.push_key, keys.answers(copy.appid), keys.open_pushes(copy.appid), copy.line_key]

    async def delivered(self, appid: str, identity: str, now: float) -> None:
        """Somebody has the answer, or it is kept for them: nobody has to look after it any more."""
        touched = [keys.push(appid, identity), keys.open_pushes(appid)]
        await self._store.script(inbox_scripts.DELIVERED, touched, [identity, now])

    async def lapsed(self, appids: Sequence[str], now: float) -> dict[str, list[str]]:
        """Identities somebody should look after, by account: nobody works on them, or nobody was given the answer."""
        asked = [("ZRANGEBYSCORE", keys.open_pushes(appid), "-inf", now, "LIMIT", 0, 100) for appid in appids]
        found = await self._store.pipeline(*asked) if asked else []
        return {appid: [str(each) for each in names] for appid, names in zip(appids, found, strict=True) if names}

    async def due(self, appid: str, identity: str, now: float) -> bool:
        """Whether it is time to look after a push: nobody works on it, and no copy of it will come any more."""
        touched = [keys.push(appid, identity), keys.open_pushes(appid)]
        return bool(await self._store.script(inbox_scripts.DUE, touched, [identity, now, NO_MORE_COPIES]))

    async def take_over(self, appid: str, identity: str, now: float) -> Gone | Wait | Undelivered | TakenOver:
        """Claim a push that nobody works on any more, once no copy of it will come (or its answer was promised)."""
        openid = await self._store.do("HGET", keys.push(appid, identity), "who") or ""
        touched = [
            keys.push(appid, identity),
            keys.open_pushes(appid),
            keys.people_version(appid),
            keys.line(appid, openid),
        ]
        ticket = new_ticket()
        args: list[str | float] = [identity, ticket, now, LEASE, NO_MORE_COPIES]
        outcome, *facts = await self._store.script(inbox_scripts.TAKE_OVER, touched, args)
        match outcome:
            case "gone":
                return Gone()
            case "wait":
                return Wait(float(facts[0]))
            case "done":
                return Undelivered(json.loads(facts[0]), facts[1], bool(facts[2]))
        message, begun, version, count, who = facts
        # What else waits for the sender goes with the next message, as it would have: none is shown with this answer.
        claimed = Claimed(
            Claim.NEW, None, int(version), int(count), kept=0, copies=1, begun=begun, ticket=ticket, behind=1,
            promised=True,
        )  # fmt: skip
        return TakenOver(str(message), str(who), claimed)

    async def wait(self, copy: Copy, clock: Callable[[], float]) -> Claimed:
        """Wait until ``copy`` is done elsewhere, or until its claim lapses and this process holds it."""
        async with self._store.listen(keys.answers(copy.appid)) as answers:
            while True:
                claimed = await self.claim(copy, clock(), again=True)
                if claimed.claim is not Claim.RUNNING:
                    return claimed
                await self._heard(answers, [copy.identity])

    async def _heard(self, answers: Listener, identities: Sequence[str]) -> None:
        """Until somebody tells that one of them is done, or nobody tells anything: its owner may have died."""
        heard = await answers.next(LEASE / 4)
        while heard is not None and heard not in identities:
            heard = await answers.next(LEASE / 4)

    async def hears(self) -> None:
        """Returns when Redis answers."""
        await self._store.do("PING")

    async def promise(self, appid: str, identity: str, now: float) -> bool:
        """Note, before WeChat is told that nothing comes with this push, that its answer is still owed.

        False when nobody works on it any more: its claim was given back.
        """
        return bool(await self._store.script(inbox_scripts.PROMISE, [keys.push(appid, identity)], [now]))

    async def keep_unread(self, appid: str, body: str, why: str, now: float) -> None:
        """Keep an authentic push nobody understood: the newest hundred, for a week; all are counted, by kind."""
        entry = json.dumps({"at": now, "why": why, "body": body[:65_536]}, ensure_ascii=False)
        key = keys.unread(appid)
        await self._store.pipeline(
            ("LPUSH", key, entry), ("LTRIM", key, 0, 99), ("EXPIRE", key, 7 * 86_400),
            ("HINCRBY", keys.unread_count(appid), why.split(" ", maxsplit=1)[0], 1),
        )  # fmt: skip
