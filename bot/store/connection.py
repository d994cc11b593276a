"""The one factory of Redis connections, and the small facade the rest of the program uses."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import ConstantBackoff
from redis.commands import READ_COMMANDS
from redis.exceptions import ConnectionError, NoScriptError, RedisError  # noqa: A004 - the builtin one is an OSError

from bot.errors import StoreUnavailable
from bot.store.cluster import Command, QueueingCluster
from bot.store.patience import Limit
from bot.store.sentinel import master_of
from config.redis_address import Kind, parse

T = TypeVar("T")

PATIENCE = 2.0
"""Seconds a command may take, all told: waiting for a connection, opening it, sending, hearing."""
HEARD_WITHIN = 1.0
"""Seconds a node of several has to answer: then it counts as gone, and time is left to ask for its successor."""
REPLICAS_WITHIN = 0.5
"""Seconds replicas have to acknowledge a write."""
ALTERS_NOTHING = frozenset(READ_COMMANDS) | {"PING"}


@dataclass(frozen=True)
class Script:
    """A Lua script; sent by digest, and in full where it is not known yet."""

    source: str

    @cached_property
    def digest(self) -> str:
        """What the server calls it."""
        return hashlib.sha1(self.source.encode(), usedforsecurity=False).hexdigest()


class Store:
    """Redis as the program sees it: commands, JSON values, scripts. Every failure is :exc:`StoreUnavailable`.

    So it is when fewer than ``wait_for_replicas`` have acknowledged a write in time: it may be done, and may be lost
    with its server. The keys of one call belong to one slot of a cluster: all of one account, or all of none.
    """

    def __init__(
        self, client: Redis | QueueingCluster, blocking: Redis | QueueingCluster, wait_for_replicas: int = 0
    ) -> None:
        self._client = client
        self._blocking = blocking
        self._replicas = wait_for_replicas

    async def do(self, *command: str | bytes | float | int) -> Any:
        """Run one Redis command, as ``do("HGET", key, field)``; strings come back as ``str``."""
        return (await self._run(self._send(command)))[0]

    async def pipeline(self, *commands: Command) -> list[Any]:
        """Run several commands in one round trip, not as a transaction."""
        return await self._run(self._send(*commands))

    async def _send(self, *commands: Command) -> list[Any]:
        wait = self._replicas if any(each[0] not in ALTERS_NOTHING and len(each) > 1 for each in commands) else 0
        if len(commands) == 1 and not wait:
            return [await self._client.execute_command(*commands[0])]  # type: ignore[no-untyped-call]  # redis leaves it untyped
        pipe = self._client.pipeline(transaction=False)
        for command in commands:
            pipe.execute_command(*command)
        if wait:
            pipe.execute_command("WAIT", wait, int(REPLICAS_WITHIN * 1000))
        answers = list(await pipe.execute())
        if wait and answers.pop() < wait:
            raise StoreUnavailable("too few replicas have it")
        return answers

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
        try:
            answers = await self._send(("EVALSHA", script.digest, len(keys), *keys, *args))
        except NoScriptError:
            answers = await self._send(("EVAL", script.source, len(keys), *keys, *args))
        return answers[0]

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
        try:
            return await answer_of(work, within)
        except StoreUnavailable as unavailable:
            if "READONLY" in str(unavailable.__cause__):
                await self._leave()
            raise

    async def _leave(self) -> None:
        """Drop the connections nobody uses: the server at their other end is no master any more.

        redis-py does so by itself, but not where a script met that error (Redis up to 6.2 wraps it in another).
        """
        if isinstance(self._client, Redis):
            await self._client.connection_pool.disconnect(inuse_connections=False)


async def answer_of(work: Awaitable[T], within: float = PATIENCE) -> T:
    """What ``work`` brings back from Redis; :exc:`bot.errors.StoreUnavailable` when Redis fails it.

    On Python 3.11 ``asyncio.wait_for``, through which redis-py sends, swallows a cancellation that comes in the moment
    its work ends (cpython issue 86296); a loop that talks to Redis would then run on for ever.
    """
    task = asyncio.current_task()
    cancelled = task.cancelling() if task else 0
    try:
        async with Limit(within):
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


def connect(url: str, *, connections: int = 64, wait_for_replicas: int = 0) -> Store:
    """A :class:`Store` for ``url``, any of the forms of config.redis_address; nothing is opened yet.

    redis-py's defaults would wait 5 s ten times over and refuse the 101st command; here a command has
    :data:`PATIENCE` and commands queue for a connection instead of failing. Only a lost connection is tried once more:
    what merely takes long may have been carried out, and a second time is not the same for every command.
    """
    address = parse(url)
    options = {"socket_connect_timeout": 1.0, "decode_responses": True, "health_check_interval": 0}
    several = {**options, "socket_connect_timeout": HEARD_WITHIN / 2}
    pool = {"max_connections": connections, "timeout": PATIENCE}
    retry = Retry(ConstantBackoff(0.05), 1, (ConnectionError,))
    if address.kind is Kind.CLUSTER:
        cluster = QueueingCluster(address, connections, socket_timeout=HEARD_WITHIN, **several)
        return Store(cluster, cluster, wait_for_replicas)
    if address.kind is Kind.SENTINEL:
        master = master_of(address, retry=retry, socket_timeout=HEARD_WITHIN, **several, **pool)
        return Store(master, master_of(address, socket_timeout=None, **several, **pool), wait_for_replicas)
    # from_pool: closing the client closes the pool
    client = Redis.from_pool(
        BlockingConnectionPool.from_url(url, retry=retry, socket_timeout=PATIENCE, **options, **pool)
    )
    patient = Redis.from_pool(BlockingConnectionPool.from_url(url, socket_timeout=None, **options, **pool))
    return Store(client, patient, wait_for_replicas)
