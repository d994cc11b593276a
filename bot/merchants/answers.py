"""What a person has not read yet: the rest of a long answer, and what could not be sent."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.clock import now
from bot.errors import StoreUnavailable
from bot.store import Script, Store, keys
from bot.store.sealing import Sealer
from bot.wechat.account import Account

_BEGIN_TELLING = Script(
    """
    -- told | who asks, now, until when it is theirs. Asking twice (a lost connection is tried again) is asking once.
    local known = redis.call('HMGET', KEYS[1], 'told', 'by', 'until')
    if known[1] and tonumber(known[1]) > tonumber(ARGV[2]) then return 'told' end
    if known[2] and known[2] ~= ARGV[1] and tonumber(known[3]) > tonumber(ARGV[2]) then return 'busy' end
    redis.call('HSET', KEYS[1], 'by', ARGV[1], 'until', ARGV[3])
    redis.call('EXPIRE', KEYS[1], 3600)
    return 'tell'
    """
)
_KEEP = Script(
    """
    -- kept | topic, which to leave, seconds to live, entries. Keeping an entry twice is keeping it once.
    for _, entry in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
        if ARGV[1] ~= '' and cjson.decode(entry).topic == ARGV[1] then redis.call('LREM', KEYS[1], 1, entry) end
    end
    for i = 4, #ARGV do
        redis.call('LREM', KEYS[1], 0, ARGV[i])
        redis.call('RPUSH', KEYS[1], ARGV[i])
    end
    redis.call('LTRIM', KEYS[1], ARGV[2], -1)
    redis.call('EXPIRE', KEYS[1], ARGV[3])
    """
)
TELLING = 4.0
"""Seconds somebody has for telling a fact before somebody else may try; WeChat's next copy comes after five."""
MOST_KEPT = 20
REMEMBERED = 7 * 86_400
"""Seconds a fact stays told unless whoever tells it says longer; WeChat repeats an event for a day."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a long answer, and how many follow."""

    text: str
    left: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A message that waits, and the entry it is stored as."""

    text: str
    entry: str = field(repr=False)


class Answers:
    """Leftovers and kept notices of the people of one account."""

    def __init__(self, store: Store, account: Account) -> None:
        self._store = store
        self._appid = account.appid
        self.sealer = Sealer(account.secret, b"answers")

    async def leave(self, openid: str, parts: list[str]) -> None:
        """Remember ``parts`` as what ``more`` shows next; they replace what was left before."""
        key = keys.leftover(self._appid, openid)
        commands: list[tuple[str | int, ...]] = [("DEL", key)]
        if parts:
            commands += [("RPUSH", key, *parts), ("EXPIRE", key, 86_400)]
        await self._store.pipeline(*commands)

    async def next_part(self, openid: str) -> Part | None:
        """Take the next part, or None when nothing is left."""
        key = keys.leftover(self._appid, openid)
        text, left = await self._store.pipeline(("LPOP", key), ("LLEN", key))
        return None if text is None else Part(text, int(left))

    async def keep(self, openid: str, *texts: str, topic: str = "") -> list[str]:
        """Keep ``texts`` until the person writes; the newest :data:`MOST_KEPT` stay, for 30 days. Their entries.

        They replace what was kept of the same ``topic``.
        """
        entries = [json.dumps({"at": now(), "sealed": self.sealer.seal(text), "topic": topic}) for text in texts]
        limits: list[str | int] = [topic, -MOST_KEPT, 30 * 86_400]
        await self._store.script(_KEEP, [keys.kept(self._appid, openid)], [*limits, *entries])
        return entries

    async def kept(self, openid: str) -> list[Kept]:
        """All that was kept, oldest first; it stays until :meth:`read` says it was read.

        What can't be opened any more (a new AppSecret) has no text.
        """
        entries = await self._store.do("LRANGE", keys.kept(self._appid, openid), 0, -1)
        return [Kept(self.sealer.open(json.loads(entry)["sealed"]) or "", entry) for entry in entries]

    async def read(self, openid: str, entries: Iterable[str]) -> None:
        """The person has been shown these entries."""
        key = keys.kept(self._appid, openid)
        if commands := [("LREM", key, 1, entry) for entry in entries]:
            await self._store.pipeline(*commands)

    async def begin_telling(self, openid: str, fact: str) -> bool:
        """Whether ``fact`` is still to be told to this person, and by the caller; then :meth:`told` must follow.

        Whoever fails on the way (or dies) is followed by the next who tries: better twice than never. While somebody
        else is at it this raises :exc:`bot.errors.StoreUnavailable`: try again.
        """
        asked: list[str | float] = [secrets.token_hex(8), now(), now() + TELLING]
        outcome = await self._store.script(_BEGIN_TELLING, [keys.told(self._appid, openid, fact)], asked)
        if outcome == "busy":
            raise StoreUnavailable("somebody else is telling it")
        return bool(outcome == "tell")

    async def was_told(self, openid: str, fact: str) -> bool:
        """Whether ``fact`` has been told to this person, or kept for them."""
        return not await self.untold(openid, [fact])

    async def untold(self, openid: str, facts: Sequence[str]) -> list[str]:
        """Those of ``facts`` this person has not been told, in their order."""
        if not facts:
            return []
        known = await self._store.pipeline(*(("HGET", keys.told(self._appid, openid, fact), "told") for fact in facts))
        return [fact for fact, until in zip(facts, known, strict=True) if float(until or 0) <= now()]

    async def told(self, openid: str, *facts: str, until: float = 0.0) -> None:
        """``facts`` have been told, or kept: nobody tells them again before ``until``, nor within a week."""
        until = max(until, now() + REMEMBERED)
        commands: list[tuple[str | float | int, ...]] = []
        for fact in facts:
            key = keys.told(self._appid, openid, fact)
            commands += [("HSET", key, "told", until), ("EXPIRE", key, int(until - now()) + 86_400)]
        await self._store.pipeline(*commands)
