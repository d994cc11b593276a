"""What a person has not read yet: the rest of a long answer, and what could not be sent."""

from __future__ import annotations

import json
from dataclasses import dataclass

from bot.clock import now
from bot.store import Script, Store, keys
from bot.store.sealing import Sealer
from bot.wechat.account import Account

_TAKE_ALL = Script("local all = redis.call('LRANGE', KEYS[1], 0, -1) redis.call('DEL', KEYS[1]) return all")
MOST_KEPT = 20


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a long answer, and how many follow."""

    text: str
    left: int


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

    async def keep(self, openid: str, text: str) -> None:
        """Keep ``text`` until the person writes; the newest :data:`MOST_KEPT` stay, for 30 days."""
        key = keys.kept(self._appid, openid)
        entry = json.dumps({"at": now(), "sealed": self.sealer.seal(text)})
        await self._store.pipeline(("RPUSH", key, entry), ("LTRIM", key, -MOST_KEPT, -1), ("EXPIRE", key, 30 * 86_400))

    async def take_kept(self, openid: str) -> list[str]:
        """Take all that was kept, oldest first."""
        entries = await self._store.script(_TAKE_ALL, [keys.kept(self._appid, openid)], [])
        opened = [self.sealer.open(json.loads(entry)["sealed"]) for entry in entries]
        return [text for text in opened if text]

    async def first_time(self, openid: str, fact: str) -> bool:
        """Whether ``fact`` is told to this person for the first time; from now on it is not."""
        return await self._store.write(keys.told(self._appid, openid, fact), now(), seconds=7 * 86_400, only_new=True)
