"""How much stock a person of some role may move in a day: counted by person and by WeChat's days (UTC+8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from bot import clock
from bot.errors import Explained
from bot.store import Script, Store, keys
from bot.vouchers.records import Author
from bot.wechat.account import Account

KEPT = 2 * 86_400

_TAKE = Script("""
-- what was moved | reference, number, limit, seconds to live; what other references have moved if it is too much, or -1
local moved = 0
local entries = redis.call('HGETALL', KEYS[1])
for i = 1, #entries, 2 do
    if entries[i] ~= ARGV[1] then moved = moved + tonumber(entries[i + 1]) end
end
if moved + tonumber(ARGV[2]) > tonumber(ARGV[3]) then return moved end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[4])
return -1
""")


class RoleOf(Protocol):
    """A role, as far as limits mind."""

    @property
    def word(self) -> str:
        """Its English word, as the settings name it."""


class Buyer(Author, Protocol):
    """An operator, as far as stock minds."""

    @property
    def role(self) -> RoleOf:
        """What they may do."""


class OverLimit(Explained):
    """More than this person may move today; ``left`` is what is left of ``limit``."""

    def __init__(self, limit: int, moved: int) -> None:
        super().__init__("buy_stock.over_limit", limit=limit, left=max(limit - moved, 0))


@dataclass(frozen=True, slots=True)
class Taken:
    """A part of a day's limit, taken under ``reference``; ``key`` is "" where there is no limit."""

    key: str
    reference: str


class StockLimits:
    """The limits of one account. Every method raises StoreUnavailable when Redis is away."""

    def __init__(self, account: Account, store: Store, per_day: Mapping[str, int]) -> None:
        self._store = store
        self._appid = account.appid
        self._per_day = per_day

    async def check(self, by: Buyer, number: int) -> None:
        """Raise :exc:`OverLimit` where ``by`` may not move ``number`` more today."""
        limit = self._per_day.get(by.role.word)
        if limit is None:
            return
        moved = sum(int(each) for each in await self._store.do("HVALS", self._key(by)))
        if moved + number > limit:
            raise OverLimit(limit, moved)

    async def take(self, by: Buyer, reference: str, number: int) -> Taken:
        """Count ``number`` for ``by`` today, once per ``reference``. Raises :exc:`OverLimit`, and counts nothing."""
        limit = self._per_day.get(by.role.word)
        if limit is None:
            return Taken("", reference)
        key = self._key(by)
        moved = int(await self._store.script(_TAKE, [key], [reference, number, limit, KEPT]))
        if moved >= 0:
            raise OverLimit(limit, moved)
        return Taken(key, reference)

    async def give_back(self, taken: Taken) -> None:
        """It certainly was not moved."""
        if taken.key:
            await self._store.do("HDEL", taken.key, taken.reference)

    def _key(self, by: Buyer) -> str:
        return keys.stock_moved(self._appid, by.openid, clock.wechat_today().isoformat())
