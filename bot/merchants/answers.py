"""What a person has not read yet: the rest of a long answer, and what could not be sent."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.charts.kept import Picture, picture_of
from bot.clock import now
from bot.merchants.telling import REMEMBERED
from bot.store import Script, Store, answer_keys, keys
from bot.store.sealing import Sealer
from bot.wechat.account import Account

_KEEP = Script(
    """
    -- kept, facts told by this | topic, how many to leave, seconds to live, until when the facts count as told,
    -- entries. Of too many the oldest goes that answers nothing, and only then the oldest answer.
    local function first_to_go()
        local entries = redis.call('LRANGE', KEYS[1], 0, -1)
        for _, entry in ipairs(entries) do
            if not cjson.decode(entry).answer then return entry end
        end
        return entries[1]
    end
    for _, entry in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
        if ARGV[1] ~= '' and cjson.decode(entry).topic == ARGV[1] then redis.call('LREM', KEYS[1], 1, entry) end
    end
    for i = 5, #ARGV do
        redis.call('LREM', KEYS[1], 0, ARGV[i]) -- keeping an entry twice is keeping it once
        redis.call('RPUSH', KEYS[1], ARGV[i])
    end
    while redis.call('LLEN', KEYS[1]) > tonumber(ARGV[2]) do redis.call('LREM', KEYS[1], 1, first_to_go()) end
    redis.call('EXPIRE', KEYS[1], ARGV[3])
    for i = 2, #KEYS do
        redis.call('HSET', KEYS[i], 'told', ARGV[4])
        redis.call('HDEL', KEYS[i], 'sending')
        redis.call('EXPIRE', KEYS[i], 691200)
    end
    """
)
_NEXT = Script("""
-- leftover, part taken by this message | seconds to live. The part and how many are left, or nothing: the same when the
-- message is carried on after its process died.
local taken = redis.call('HMGET', KEYS[2], 'part', 'left')
if taken[1] then return taken end
local part = redis.call('LPOP', KEYS[1])
if not part then return {} end
local left = redis.call('LLEN', KEYS[1])
redis.call('HSET', KEYS[2], 'part', part, 'left', left)
redis.call('EXPIRE', KEYS[2], ARGV[1])
return {part, left}
""")
_PUT_BACK = Script("""
-- leftover, part taken by this message | seconds to live.
local part = redis.call('HGET', KEYS[2], 'part')
if not part then return 0 end
redis.call('DEL', KEYS[2])
redis.call('LPUSH', KEYS[1], part)
return redis.call('EXPIRE', KEYS[1], ARGV[1])
""")
LEFT_SECONDS = 86_400
TAKEN_SECONDS = 3600
MOST_KEPT = 20
"""Messages that wait for one person; what they asked for outlives what merely happened."""
_PICTURE = "\x00"
"""What a picture begins with where the parts of an answer wait; no text has it."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a long answer, and how many follow; a part may be a picture."""

    text: str
    left: int
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A message that waits, a text or a picture, and the entry it is stored as.

    ``answer``: it answers something the person asked. ``again``: they may have read it already.
    """

    text: str
    entry: str = field(repr=False)
    answer: bool = False
    again: bool = False
    picture: Picture | None = None


class Answers:
    """Leftovers and kept messages of the people of one account."""

    def __init__(self, store: Store, account: Account) -> None:
        self._store = store
        self._appid = account.appid
        self.sealer = Sealer(account.secret, b"answers")

    async def leave(self, openid: str, parts: Sequence[str], pictures: Sequence[Picture] = ()) -> None:
        """Remember ``parts``, then ``pictures``, as what ``more`` shows next; they replace what was left before."""
        key = answer_keys.leftover(self._appid, openid)
        parts = [*parts, *(_PICTURE + self._sealed(picture) for picture in pictures)]
        commands: list[tuple[str | int, ...]] = [("DEL", key)]
        if parts:
            commands += [("RPUSH", key, *parts), ("EXPIRE", key, LEFT_SECONDS)]
        await self._store.pipeline(*commands)

    async def next_part(self, openid: str, by: str) -> Part | None:
        """The next part, which the message named ``by`` takes; None when nothing is left."""
        found = await self._store.script(_NEXT, self._parts(openid, by), [TAKEN_SECONDS])
        if not found:
            return None
        text, left = found
        if not text.startswith(_PICTURE):
            return Part(text, int(left))
        # One sealed with another AppSecret is lost: as if nothing had been left.
        picture = self._opened(text.removeprefix(_PICTURE))
        return Part("", int(left), picture) if picture else None

    async def put_back(self, openid: str, by: str) -> None:
        """The part that the message named ``by`` took could not be shown: it is the next one again."""
        await self._store.script(_PUT_BACK, self._parts(openid, by), [LEFT_SECONDS])

    def _parts(self, openid: str, by: str) -> list[str]:
        return [answer_keys.leftover(self._appid, openid), answer_keys.taken_part(self._appid, by)]

    async def keep(
        self, openid: str, *pieces: str | Picture, topic: str = "", answer: bool = False, again: bool = False,
        told: Sequence[str] = (),
    ) -> list[str]:  # fmt: skip
        """Keep texts and pictures until the person writes; :data:`MOST_KEPT` stay, for 30 days. Their entries.

        They replace what was kept of the same ``topic``. The facts of the keys ``told`` count as told with this very
        step (see :meth:`bot.merchants.telling.Telling.key`).
        """
        said = {"at": now(), "topic": topic, "answer": answer, "again": again}
        entries = [json.dumps({**said, **self._stored(piece)}) for piece in pieces]
        limits: list[str | float | int] = [topic, MOST_KEPT, 30 * 86_400, now() + REMEMBERED]
        await self._store.script(_KEEP, [keys.kept(self._appid, openid), *told], [*limits, *entries])
        return entries

    async def kept(self, openid: str) -> list[Kept]:
        """All that was kept, oldest first; it stays until :meth:`read` says it was read.

        What can't be opened any more (a new AppSecret) has neither text nor picture.
        """
        entries = await self._store.do("LRANGE", keys.kept(self._appid, openid), 0, -1)
        return [self._kept(entry) for entry in entries]

    async def waiting(self, openid: str) -> int:
        """How many messages wait."""
        return int(await self._store.do("LLEN", keys.kept(self._appid, openid)))

    def _stored(self, piece: str | Picture) -> dict[str, Any]:
        if not isinstance(piece, str):
            return {"poster": self._sealed(piece)}
        return {"sealed": self.sealer.seal(piece)}

    def _kept(self, entry: str) -> Kept:
        said = json.loads(entry)
        answer, again = said.get("answer", False), said.get("again", False)
        if "poster" in said:
            return Kept("", entry, answer, again, self._opened(said["poster"]))
        return Kept(self.sealer.open(said["sealed"]) or "", entry, answer, again)

    def _sealed(self, picture: Picture) -> str:
        return self.sealer.seal(json.dumps(picture.stored(), ensure_ascii=False))

    def _opened(self, sealed: str) -> Picture | None:
        words = self.sealer.open(sealed)
        return picture_of(json.loads(words)) if words else None

    async def read(self, openid: str, entries: Iterable[str]) -> None:
        """The person has been shown these entries."""
        key = keys.kept(self._appid, openid)
        if commands := [("LREM", key, 1, entry) for entry in entries]:
            await self._store.pipeline(*commands)
