"""The connections to a master that Sentinels watch: they go to whatever server is the master by now."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.connection import parse_url
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import Sentinel, SentinelConnectionPool
from redis.backoff import NoBackoff

from config.redis_address import RedisAddress

ASK_WITHIN = 0.4
"""Seconds one Sentinel has: two silent ones must leave time to hear the third and to reach the master."""


class _MasterPool(SentinelConnectionPool, BlockingConnectionPool):
    """Asks the Sentinels for every new connection; who finds none free waits (redis-py's own would raise)."""

    async def aclose(self) -> None:
        """Close the connections, and those to the Sentinels."""
        await super().aclose()
        await self.sentinel_manager.aclose()


def master_of(address: RedisAddress, **options: Any) -> Redis:
    """A client of the master; ``options`` are those of BlockingConnectionPool."""
    tls = tls_options(address)
    watching = Sentinel(  # type: ignore[no-untyped-call]  # redis leaves it untyped
        address.hosts,
        sentinel_kwargs={
            "socket_timeout": ASK_WITHIN,
            "socket_connect_timeout": ASK_WITHIN,
            "retry": Retry(NoBackoff(), 0),
            **address.sentinel_login,
            **tls,
        },
    )
    pool = _MasterPool(  # type: ignore[no-untyped-call]  # redis leaves it untyped
        address.master, watching, db=address.database, **address.login, **tls, **options
    )
    return Redis.from_pool(pool)


def tls_options(address: RedisAddress) -> dict[str, Any]:
    """redis-py's arguments for the TLS part of ``address``."""
    if not address.tls:
        return {}
    return {"ssl": True, **parse_url(f"redis://?{urlencode(address.tls_options)}")}
