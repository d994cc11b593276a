"""The accounts that authorised the component: who they are, what they granted, and the token that renews theirs.

Kept twice, in Redis and as copies on disk: a refresh token is made once, and an account whose token is lost would have
to authorise again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

from bot import clock
from bot.store import component_keys as keys
from bot.store.connection import Listener, Script, Store
from bot.store.copies import Copies
from bot.store.sealing import Sealer

COPY, REFRESH_COPY = "authorizer", "refresh"
"""What copies are called, before a colon and the appid."""

_PUT = Script("""
-- KEYS: authorizers. ARGV: appid, JSON, when it changed, channel. 1 when nothing newer stood there.
local stands = redis.call('HGET', KEYS[1], ARGV[1])
if stands and cjson.decode(stands).changed_at > tonumber(ARGV[3]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('PUBLISH', ARGV[4], ARGV[1])
return 1
""")
_PUT_TOKEN = Script("""
-- KEYS: refresh tokens. ARGV: appid, JSON, when it was kept. 1 when nothing newer stood there.
local stands = redis.call('HGET', KEYS[1], ARGV[1])
if stands and cjson.decode(stands).kept_at > tonumber(ARGV[3]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1
""")


class State(StrEnum):
    """Whether an account is served: ``paused`` and ``removed`` are by us, ``unauthorized`` by the account itself."""

    ACTIVE = "active"
    PAUSED = "paused"
    UNAUTHORIZED = "unauthorized"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Authorizer:
    """An account behind the component. Times in seconds since 1970; what is unknown is empty.

    ``service``, ``verified`` and ``status`` are WeChat's numbers (:class:`bot.wechat.component.model.AuthorizerInfo`);
    ``cards`` is whether the card function is open, ``sets`` the permission sets granted.
    """

    appid: str
    original_id: str = ""
    name: str = ""
    state: State = State.ACTIVE
    sets: tuple[int, ...] = ()
    service: int = 0
    verified: int = -1
    cards: bool = False
    status: int = 1
    authorized_at: float = 0.0
    changed_at: float = 0.0

    def stored(self) -> str:
        """As JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def of(cls, stored: str) -> Authorizer:
        """The one stored so; what a later version may have written besides is left out."""
        value: Mapping[str, Any] = json.loads(stored)
        known = {each.name: value[each.name] for each in fields(cls) if each.name in value}
        return cls(**{**known, "state": State(known["state"]), "sets": tuple(known["sets"])})


class Authorizers:
    """All accounts behind one component. Every method raises :exc:`bot.errors.StoreUnavailable`."""

    def __init__(self, store: Store, copies: Copies, component: str, secret: str) -> None:
        self._store = store
        self._copies = copies
        self._key = keys.authorizers(component)
        self._tokens = keys.refresh_tokens(component)
        self._news = keys.authorizer_news(component)
        self._sealer = Sealer(secret, b"refresh")

    async def all(self) -> list[Authorizer]:
        """Everybody, whatever their state."""
        return [Authorizer.of(stored) for stored in await self._store.do("HVALS", self._key)]

    async def any(self) -> bool:
        """Whether anybody ever authorised us, as far as Redis knows."""
        return bool(await self._store.do("EXISTS", self._key))

    async def get(self, appid: str) -> Authorizer | None:
        """One account; None for one that never authorised us."""
        stored = await self._store.do("HGET", self._key, appid)
        return Authorizer.of(stored) if stored else None

    async def put(self, authorizer: Authorizer) -> None:
        """Keep ``authorizer`` in both places, and tell every process; what is newer stays."""
        stored, at = authorizer.stored(), authorizer.changed_at
        await self._copies.keep(f"{COPY}:{authorizer.appid}", at, stored)
        await self._store.script(_PUT, [self._key], (authorizer.appid, stored, at, self._news))

    async def refresh_token(self, appid: str) -> str | None:
        """The latest refresh token of ``appid``."""
        stored = await self._store.do("HGET", self._tokens, appid)
        return self._sealer.open(json.loads(stored)["sealed"]) if stored else None

    async def put_refresh_token(self, appid: str, value: str, kept_at: float | None = None) -> None:
        """Keep a refresh token at once and in both places; what is newer stays."""
        at = clock.now() if kept_at is None else kept_at
        await self._copies.keep(f"{REFRESH_COPY}:{appid}", at, value)
        stored = json.dumps({"sealed": self._sealer.seal(value), "kept_at": at})
        await self._store.script(_PUT_TOKEN, [self._tokens], (appid, stored, at))

    async def forget_tokens(self, appid: str) -> None:
        """Delete the refresh token of an account that took its authorisation back."""
        await self._copies.keep(f"{REFRESH_COPY}:{appid}", clock.now(), "")
        await self._store.do("HDEL", self._tokens, appid)

    async def restore(self) -> int:
        """Put into Redis what only the copies have; how many accounts those were."""
        known = set(await self._store.do("HKEYS", self._key))
        restored = 0
        for name, copy in (await self._copies.beginning(f"{COPY}:")).items():
            appid = name.partition(":")[2]
            if appid not in known:
                restored += 1
                await self.put(Authorizer.of(copy.value))
        known = set(await self._store.do("HKEYS", self._tokens))
        for name, copy in (await self._copies.beginning(f"{REFRESH_COPY}:")).items():
            appid = name.partition(":")[2]
            if appid not in known and copy.value:
                await self.put_refresh_token(appid, copy.value, copy.version)
        return restored

    def news(self) -> AbstractAsyncContextManager[Listener]:
        """Hears the appid of every account whose entry changes."""
        return self._store.listen(self._news)
