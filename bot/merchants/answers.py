"""What a person has not read yet: the rest of a long answer, and what could not be sent."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.clock import now
from bot.merchants.telling import REMEMBERED
from bot.store import Script, Store, keys
from bot.store.sealing import Sealer
from bot.wechat.account import Account

_KEEP = Script(
    """
    -- kept, facts told by this | topic, which to leave, seconds to live, until when the facts count as told, entries.
    for _, entry in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
        if ARGV[1] ~= '' and cjson.decode(entry).topic == ARGV[1] then redis.call('LREM', KEYS[1], 1, entry) end
    end
    for i = 5, #ARGV do
        redis.call('LREM', KEYS[1], 0, ARGV[i]) -- keeping an entry twice is keeping it once
        redis.call('RPUSH', KEYS[1], ARGV[i])
    end
    redis.call('LTRIM', KEYS[1], ARGV[2], -1)
    redis.call('EXPIRE', KEYS[1], ARGV[3])
    for i = 2, #KEYS do
        redis.call('HSET', KEYS[i], 'told', ARGV[4])
        redis.call('HDEL', KEYS[i], 'sending')
        redis.call('EXPIRE', KEYS[i], 691200)
    end
    """
)
MOST_KEPT = 20
@dataclass(frozen=True, slots=True)
class Part:
    """One part of a long answer, and how many follow."""

    text: str
    left: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A message that waits, and the entry it is stored as.

    ``answer``: it answers something the person asked. ``again``: they may have read it already.
    """

    text: str
    entry: str = field(repr=False)
    answer: bool = False
    again: bool = False


class Answers:
    """Leftovers and kept messages of the people of one account."""

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

    async def keep(
        self, openid: str, *texts: str, topic: str = "", answer: bool = False, again: bool = False,
        facts: Sequence[str] = (),
    ) -> list[str]:  # fmt: skip
        """Keep ``texts`` until the person writes; the newest :data:`MOST_KEPT` stay, for 30 days. Their entries.

        They replace what was kept of the same ``topic``. ``facts`` count as told with this very step.
        """
        said = {"at": now(), "topic": topic, "answer": answer, "again": again}
        entries = [json.dumps({**said, "sealed": self.sealer.seal(text)}) for text in texts]
        limits: list[str | float | int] = [topic, -MOST_KEPT, 30 * 86_400, now() + REMEMBERED]
        touched = [keys.kept(self._appid, openid), *(keys.told(self._appid, openid, fact) for fact in facts)]
        await self._store.script(_KEEP, touched, [*limits, *entries])
        return entries

    async def kept(self, openid: str) -> list[Kept]:
        """All that was kept, oldest first; it stays until :meth:`read` says it was read.

        What can't be opened any more (a new AppSecret) has no text.
        """
        entries = await self._store.do("LRANGE", keys.kept(self._appid, openid), 0, -1)
        return [self._kept(entry) for entry in entries]

    async def waiting(self, openid: str) -> int:
        """How many messages wait."""
        return int(await self._store.do("LLEN", keys.kept(self._appid, openid)))

    def _kept(self, entry: str) -> Kept:
        said = json.loads(entry)
        text = self.sealer.open(said["sealed"]) or ""
        return Kept(text, entry, said.get("answer", False), said.get("again", False))

    async def read(self, openid: str, entries: Iterable[str]) -> None:
        """The person has been shown these entries."""
        key = keys.kept(self._appid, openid)
        if commands := [("LREM", key, 1, entry) for entry in entries]:
            await self._store.pipeline(*commands)
