"""For which of their shops somebody speaks who serves several by way of one account: what they chose, what came last.

What a message was found to mean is kept under it, so that it means the same when it is carried on after its process
died, whatever has been chosen or asked meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from bot.store import Script, Store, keys, shop_keys
from bot.wechat.account import Account

LATELY_SECONDS = 7 * 86_400
"""As long as a draft waits for its next answer."""
MEANT_SECONDS = 3600

_MEAN = Script("""
-- KEYS: what a message means, what a person said lately. ARGV: meaning as JSON, seconds, shop, seconds.
-- What was found first stands. A number after this message answers no list of shops any more.
local known = redis.call('GET', KEYS[1])
if known then return known end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
redis.call('HSET', KEYS[2], 'last', ARGV[3])
redis.call('HDEL', KEYS[2], 'asked')
redis.call('EXPIRE', KEYS[2], ARGV[4])
return ARGV[1]
""")


@dataclass(frozen=True, slots=True)
class Meaning:
    """A message's text without the shop's name, and the appid of the shop it speaks for."""

    shop: str
    text: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with one person. Shops are appids, "" for none.

    ``asked``: the command that waits for a number to say for which of ``listed``; "" to choose one; None: none does.
    """

    chosen: str = ""
    last: str = ""
    listed: tuple[str, ...] = ()
    asked: str | None = None

    def usual(self, own: Sequence[str], home: str) -> str:
        """Of a person's ``own`` shops the one a command is for; "" where that cannot be said without asking.

        ``home`` is the account texted. A shop chosen that is no more theirs is not replaced by another.
        """
        if self.chosen:
            return self.chosen if self.chosen in own else ""
        return home if home in own else own[0] if len(own) == 1 else ""


class Choices:
    """The choices of the people who text one account. Every method raises StoreUnavailable when Redis is away."""

    def __init__(self, store: Store, account: Account) -> None:
        self._store = store
        self._appid = account.appid
        self._chosen = shop_keys.chosen(account.appid)

    async def standing(self, openid: str) -> Standing:
        """How it stands with ``openid``."""
        chosen, lately = await self._store.pipeline(("HGET", self._chosen, openid), ("HGETALL", self._lately(openid)))
        listed = tuple(json.loads(lately.get("listed", "[]")))
        return Standing(chosen or "", lately.get("last", ""), listed, lately.get("asked"))

    async def choose(self, openid: str, shop: str) -> None:
        """From now on ``openid`` speaks for ``shop`` unless they say otherwise; "" forgets what they chose."""
        await self._store.do(*(("HSET", self._chosen, openid, shop) if shop else ("HDEL", self._chosen, openid)))

    async def list_shops(self, openid: str, shops: Sequence[str], asked: str | None = None) -> None:
        """``openid`` is shown ``shops`` with numbers; for ``asked`` see :class:`Standing`."""
        fields = ["listed", json.dumps(list(shops)), *(("asked", asked) if asked is not None else ())]
        key = self._lately(openid)
        await self._store.pipeline(("HSET", key, *fields), ("EXPIRE", key, LATELY_SECONDS))

    async def answered(self, openid: str) -> None:
        """A number from ``openid`` answers no list of shops any more."""
        await self._store.do("HDEL", self._lately(openid), "asked")

    async def meaning(self, identity: str) -> Meaning | None:
        """What the message of that identity was found to mean before."""
        known = await self._store.read(shop_keys.meaning(self._appid, identity))
        return Meaning(**known) if known else None

    async def mean(self, openid: str, identity: str, found: Meaning) -> Meaning:
        """Keep what a message of ``openid`` means; what it was found to mean first stands."""
        value = json.dumps({"shop": found.shop, "text": found.text}, ensure_ascii=False)
        touched = [shop_keys.meaning(self._appid, identity), self._lately(openid)]
        args: list[str | float] = [value, MEANT_SECONDS, found.shop, LATELY_SECONDS]
        return Meaning(**json.loads(await self._store.script(_MEAN, touched, args)))

    async def versions(self, shops: Sequence[str]) -> list[int]:
        """How often the people of each of ``shops`` have changed."""
        found = await self._store.pipeline(*(("GET", keys.people_version(shop)) for shop in shops)) if shops else []
        return [int(version or 0) for version in found]

    def _lately(self, openid: str) -> str:
        return shop_keys.lately(self._appid, openid)
