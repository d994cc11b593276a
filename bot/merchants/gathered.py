"""What the clock brings of several shops for one person at the same time: kept until it is told in one message.

What comes first opens a slot for as long as it may take until the other shops have had their turn. Entering something
and counting its facts as told is one step, so each is told once; a slot that was taken is closed, and whatever comes
later opens the next.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from bot import clock
from bot.merchants.telling import REMEMBERED
from bot.store import Script, Store, shop_keys
from bot.store.sealing import Sealer
from bot.wechat.account import Account

OPEN_FOR = 100
"""Seconds: what runs every minute, looked at twice a minute, has run for all shops, also where a process is late."""
KEPT = 7 * 86_400

_OPEN = Script("""
-- KEYS: open slot. ARGV: now, the slot that is opened where none is. A slot is the second it is told at.
local known = redis.call('GET', KEYS[1])
if known and tonumber(known) > tonumber(ARGV[1]) then return tonumber(known) end
redis.call('SET', KEYS[1], ARGV[2], 'EX', 86400)
return tonumber(ARGV[2])
""")
_ADD = Script("""
-- KEYS: slot, facts. ARGV: name, entry, seconds to keep, now, until when facts count as told, seconds to keep those.
-- 'closed' is told already; 'told' are facts that somebody was faster with.
if redis.call('HEXISTS', KEYS[1], 'closed') == 1 then return 'closed' end
local told = redis.call('HGET', KEYS[2], 'told')
if told and tonumber(told) > tonumber(ARGV[4]) then return 'told' end
redis.call('HSET', KEYS[1], 'entry:' .. ARGV[1], ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
for i = 2, #KEYS do
  redis.call('HSET', KEYS[i], 'told', ARGV[5])
  redis.call('HDEL', KEYS[i], 'sending')
  redis.call('EXPIRE', KEYS[i], ARGV[6])
end
return 'added'
""")
_TAKE = Script("""
-- KEYS: slot, open slot. ARGV: seconds to keep, which slot it is. All that was gathered, whoever asks again.
-- It is open no more, also for those whose clock is behind.
if redis.call('GET', KEYS[2]) == ARGV[2] then redis.call('DEL', KEYS[2]) end
redis.call('HSET', KEYS[1], 'closed', 1)
redis.call('EXPIRE', KEYS[1], ARGV[1])
return redis.call('HGETALL', KEYS[1])
""")


@dataclass(frozen=True, slots=True)
class Entry:
    """What ``shop`` tells whom it calls ``person``: ``words``, or among others' a ``line`` under a ``heading``."""

    shop: str
    person: str
    fact: str
    words: str = field(repr=False)
    language: str = ""
    topic: str = ""
    line: str = field(default="", repr=False)
    heading: str = ""
    rank: tuple[float, ...] = ()


class Gathering:
    """What is gathered for the people who text one account. Every method raises StoreUnavailable."""

    def __init__(self, store: Store, account: Account) -> None:
        self._store = store
        self._appid = account.appid
        self._sealer = Sealer(account.secret, b"gathered")

    async def slot(self, openid: str) -> int:
        """The slot that is open for ``openid``: the second (since 1970) at which it is told, not yet come."""
        now = clock.now()
        opened = [now, int(now) + OPEN_FOR]
        return int(await self._store.script(_OPEN, [shop_keys.gathering(self._appid, openid)], opened))

    async def add(self, openid: str, slot: int, entry: Entry, told: Sequence[str], until: float) -> bool:
        """Whether it will be told with ``slot``, or was told before; False where the slot is closed.

        ``told`` are the keys of the facts it tells, the first its own; they count as told from this step on.
        """
        until = max(until, clock.now() + REMEMBERED)
        args: list[str | float] = [
            f"{entry.shop}:{entry.fact}", self._sealer.seal(json.dumps(asdict(entry), ensure_ascii=False)), KEPT,
            clock.now(), until, int(until - clock.now()) + 86_400,
        ]  # fmt: skip
        touched = [shop_keys.gathered(self._appid, openid, slot), *told]
        return str(await self._store.script(_ADD, touched, args)) != "closed"

    async def take(self, openid: str, slot: int) -> list[Entry]:
        """Close ``slot``; all that it holds. What a new AppSecret has made unreadable is lost."""
        touched = [shop_keys.gathered(self._appid, openid, slot), shop_keys.gathering(self._appid, openid)]
        raw = await self._store.script(_TAKE, touched, [KEPT, slot])
        fields = dict(zip(raw[::2], raw[1::2], strict=True))
        opened = [self._sealer.open(sealed) for name, sealed in sorted(fields.items()) if name.startswith("entry:")]
        found = [json.loads(words) for words in opened if words]
        return [Entry(**{**each, "rank": tuple(each["rank"])}) for each in found]
