"""The one factory of Redis connections, and the small facade the rest of the program uses."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import ConstantBackoff
from redis.exceptions import ConnectionError, NoScriptError, RedisError  # noqa: A004 - the builtin one is an OSError

from bot.errors import StoreUnavailable

T = TypeVar("T")

PATIENCE = 2.0
"""Seconds a command may take, all told: waiting for a connection, opening it, sending, hearing."""


@dataclass(frozen=True)
class Script:
    """A Lua script; sent by digest and loaded on first use."""

    source: str
    _sha: dict[str, str] = field(default_factory=dict, repr=False, compare=False)


class Store:
    """Redis as the program sees it: commands, JSON values, scripts. Every failure is :exc:`StoreUnavailable`."""

    def __init__(self, client: Redis, blocking: Redis) -> None:
        self._client = client
        self._blocking = blocking

    async def do(self, *command: str | bytes | float | int) -> Any:
        """Run one Redis command, as ``do("HGET", key, field)``; strings come back as ``str``."""
        return await self._run(self._client.execute_command(*command))  # type: ignore[no-untyped-call]  # redis leaves it untyped

    async def pipeline(self, *commands: Sequence[str | bytes | float | int]) -> list[Any]:
        """Run several commands in one round trip, not as a transaction."""
        pipe = self._client.pipeline(transaction=False)
        for command in commands:
            pipe.execute_command(*command)
        return list(await self._run(pipe.execute()))

    async def read(self, key: str) -> Any:
        """The JSON value under ``key``, or None."""
        raw = await self.do("GET", key)
        return None if raw is None else json.loads(raw)

    async def write(self, key: str, value: Any, *, seconds: float | None = None, only_new: bool = False) -> bool:
        """Store ``value`` as JSON; with ``only_new`` False comes back when the key stood already."""
        command: list[str | int] = ["SET", key, json.dumps(value, ensure_ascii=False, separators=(",", ":"))]
        if seconds is not None:
            command += ["PX", int(seconds * 1000)]
        if only_new:
            command.append("NX")
        return await self.do(*command) is not None

    async def delete(self, *keys: str) -> int:
        """Remove ``keys``; how many were there."""
        return int(await self.do("DEL", *keys))

    async def script(self, script: Script, keys: Sequence[str], args: Sequence[str | bytes | float | int]) -> Any:
        """Run ``script`` atomically."""
        return await self._run(self._script(script, keys, args))

    async def _script(self, script: Script, keys: Sequence[str], args: Sequence[str | bytes | float | int]) -> Any:
        if "sha" not in script._sha:
            script._sha["sha"] = await self._client.script_load(script.source)
        try:
            return await self._client.evalsha(script._sha["sha"], len(keys), *keys, *args)
        except NoScriptError:
            return await self._client.eval(script.source, len(keys), *keys, *args)

    @asynccontextmanager
    async def listen(self, *channels: str) -> AsyncIterator[Listener]:
        """A subscription on a connection of its own; what was published after entering is heard."""
        pubsub = self._blocking.pubsub()
        try:
            await self._run(pubsub.subscribe(*channels))
            listener = Listener(self, pubsub)
            for _ in channels:
                await listener.confirmed()
            yield listener
        finally:
            await pubsub.aclose()  # type: ignore[no-untyped-call]  # redis leaves it untyped

    async def close(self) -> None:
        """Close every connection."""
        await self._client.aclose()
        await self._blocking.aclose()

    async def _run(self, work: Awaitable[T], within: float = PATIENCE) -> T:
        return await answer_of(work, within)


async def answer_of(work: Awaitable[T], within: float = PATIENCE) -> T:
    """What ``work`` brings back from Redis; :exc:`bot.errors.StoreUnavailable` when Redis fails it.

    On Python 3.11 ``asyncio.wait_for``, through which redis-py sends, swallows a cancellation that comes in the moment
    its work ends (cpython issue 86296); a loop that talks to Redis would then run on for ever.
    """
    task = asyncio.current_task()
    cancelled = task.cancelling() if task else 0
    try:
        async with asyncio.timeout(within):
            return await work
    except (TimeoutError, RedisError, OSError) as error:
        raise StoreUnavailable(type(error).__name__) from error
    finally:
        if task and task.cancelling() > cancelled:
            raise asyncio.CancelledError


class Listener:
    """What arrives on the channels of :meth:`Store.listen`."""

    def __init__(self, store: Store, pubsub: PubSub) -> None:
        self._store = store
        self._pubsub = pubsub

    async def confirmed(self) -> None:
        """Wait for Redis's word that a subscription stands."""
        if await self._store._run(self._pubsub.get_message(timeout=PATIENCE)) is None:
            raise StoreUnavailable("nothing heard")

    async def next(self, seconds: float) -> str | None:
        """The next message, or None when none came within ``seconds``."""
        message = await self._store._run(self._pubsub.get_message(timeout=seconds), seconds + PATIENCE)
        return str(message["data"]) if message and message["type"] == "message" else None


def connect(url: str, *, connections: int = 64) -> Store:
    """A :class:`Store` for ``url`` (``redis://``, ``rediss://``, ``unix://``); nothing is opened yet.

    redis-py's defaults would wait 5 s ten times over and refuse the 101st command; here a command has
    :data:`PATIENCE` and commands queue for a connection instead of failing. Only a lost connection is tried once more:
    what merely takes long may have been carried out, and a second time is not the same for every command.
    """
    retry = Retry(ConstantBackoff(0.05), 1, (ConnectionError,))
    pool = BlockingConnectionPool.from_url(
        url, max_connections=connections, timeout=PATIENCE, socket_timeout=PATIENCE, socket_connect_timeout=1.0,
        retry=retry, decode_responses=True, health_check_interval=0,
    )  # fmt: skip
    patient = BlockingConnectionPool.from_url(
        url, max_connections=connections, timeout=PATIENCE, socket_timeout=None, socket_connect_timeout=1.0,
        decode_responses=True,
    )  # fmt: skip
    return Store(Redis.from_pool(pool), Redis.from_pool(patient))  # from_pool: closing the client closes the pool
