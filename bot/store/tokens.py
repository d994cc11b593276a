"""Access tokens in Redis: one for all processes, fetched by the one that holds the lease.

Four scripts. ``claim`` answers with a usable token, the right to fetch one, somebody else's lease to wait for, or the
failure of a fetch just made. ``keep`` and ``fail`` end a lease, and only the holder's: a process that was paused past
its lease cannot overwrite what its successor stored. Both announce the end on a channel. ``spend`` counts fetches.
"""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field

from bot import clock
from bot.store import keys
from bot.store.connection import Listener, Script, Store

_CLAIM = Script("""
local value, expires, refresh, fetched, failure, held = unpack(redis.call(
    'HMGET', KEYS[1], 'value', 'expires_at', 'refresh_at', 'fetched_at', 'failure', 'held_until'))
local rejected, now, ahead = ARGV[1], tonumber(ARGV[2]), ARGV[5] == '1'
if value and value ~= rejected and tonumber(ahead and refresh or expires) > now then
    return {'token', value, expires, refresh}
end
if failure and tonumber(held) > now then return {'failed', failure} end
if redis.call('SET', KEYS[2], ARGV[3], 'NX', 'PX', ARGV[4]) then
    return {'fetch', value or '', fetched or '0'}
end
return {'wait', tostring(redis.call('PTTL', KEYS[2]))}
""")

_KEEP = Script("""
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'value', ARGV[2], 'expires_at', ARGV[3], 'refresh_at', ARGV[4], 'fetched_at', ARGV[5])
redis.call('HDEL', KEYS[1], 'failure', 'held_until')
redis.call('PEXPIRE', KEYS[1], ARGV[6])
redis.call('DEL', KEYS[2])
redis.call('PUBLISH', ARGV[7], 'kept')
return 1
""")

_FAIL = Script("""
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'failure', ARGV[2], 'held_until', ARGV[3])
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[4]) then redis.call('PEXPIRE', KEYS[1], ARGV[4]) end
redis.call('DEL', KEYS[2])
redis.call('PUBLISH', ARGV[5], 'failed')
return 1
""")

_EXTEND = Script("""
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
""")

_SPEND = Script("""
local limit, gap, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
if gap > 0 then
    local last = redis.call('HGET', KEYS[2], 'forced_at')
    if last and math.abs(now - tonumber(last)) < gap then return 0 end
end
if tonumber(redis.call('GET', KEYS[1]) or '0') >= limit then return 0 end
redis.call('INCR', KEYS[1])
redis.call('EXPIRE', KEYS[1], 90000)
if gap > 0 then redis.call('HSET', KEYS[2], 'forced_at', ARGV[3]) end
return 1
""")

_KEPT_AFTER_END = 3600.0
"""Seconds the hash outlives its token, so that the last forced fetch and failure are still known."""


@dataclass(frozen=True, slots=True)
class Token:
    """An access token. ``expires_at`` and ``refresh_at`` are seconds since 1970; its text shows in no repr."""

    value: str = field(repr=False)
    expires_at: float
    refresh_at: float


@dataclass(frozen=True, slots=True)
class MayFetch:
    """The lease is ours. ``stored`` is the token that lies there (or ""), fetched at ``fetched_at``."""

    stored: str = field(repr=False)
    fetched_at: float


@dataclass(frozen=True, slots=True)
class MustWait:
    """Another process fetches; its lease ends in ``seconds`` at the latest."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Failed:
    """A fetch failed a moment ago; ``failure`` is what :meth:`TokenShelf.fail` was given."""

    failure: str


class TokenShelf:
    """Where the token of one account lies. Every method raises StoreUnavailable when Redis is away."""

    def __init__(self, store: Store, appid: str) -> None:
        self._store = store
        self._appid = appid
        self._token = keys.token(appid)
        self._lease = keys.token_lease(appid)
        self._news = keys.token_news(appid)

    async def claim(
        self, owner: str, lease: float, *, rejected: str = "", ahead: bool = False
    ) -> Token | MayFetch | MustWait | Failed:
        """A stored token other than ``rejected``, or who may fetch one.

        With ``ahead`` a token past its ``refresh_at`` does not count. ``lease`` is in seconds.
        """
        args = (rejected, clock.now(), owner, int(lease * 1000), int(ahead))
        match await self._store.script(_CLAIM, [self._token, self._lease], args):
            case ["token", value, expires, refresh]:
                return Token(value, float(expires), float(refresh))
            case ["fetch", value, fetched]:
                return MayFetch(value, float(fetched))
            case ["wait", milliseconds]:
                return MustWait(max(int(milliseconds), 0) / 1000)
            case [_, failure]:
                return Failed(failure)
        raise AssertionError("the script answers nothing else")  # pragma: no cover

    async def keep(self, owner: str, token: Token) -> bool:
        """Store ``token``, end the lease, tell the others; False when the lease is no longer ``owner``'s."""
        left = max(token.expires_at - clock.now(), 0.0) + _KEPT_AFTER_END
        args = (owner, token.value, token.expires_at, token.refresh_at, clock.now(), int(left * 1000), self._news)
        return bool(await self._store.script(_KEEP, [self._token, self._lease], args))

    async def fail(self, owner: str, failure: str, hold: float) -> bool:
        """End the lease without a token; for ``hold`` seconds everybody who asks gets ``failure``."""
        args = (owner, failure, clock.now() + hold, 60_000, self._news)
        return bool(await self._store.script(_FAIL, [self._token, self._lease], args))

    async def extend(self, owner: str, lease: float) -> bool:
        """Let the lease last ``lease`` seconds from now; False when it is no longer ``owner``'s."""
        return bool(await self._store.script(_EXTEND, [self._lease], (owner, int(lease * 1000))))

    async def spend(self, kind: str, limit: int, *, gap: float = 0.0) -> bool:
        """Count a fetch of ``kind``; False when the day's ``limit`` is reached or ``gap`` seconds are not over."""
        counter = keys.token_budget(self._appid, kind, clock.wechat_today().isoformat())
        return bool(await self._store.script(_SPEND, [counter, self._token], (limit, gap, clock.now())))

    async def spent(self, *kinds: str) -> list[int]:
        """The fetches of each of ``kinds`` counted today."""
        day = clock.wechat_today().isoformat()
        counted = await self._store.pipeline(*(("GET", keys.token_budget(self._appid, kind, day)) for kind in kinds))
        return [int(each or 0) for each in counted]

    def news(self) -> AbstractAsyncContextManager[Listener]:
        """Hears every end of a fetch: what is announced after a ``claim`` made inside is not missed."""
        return self._store.listen(self._news)
