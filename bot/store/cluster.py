"""The client of a Redis cluster, with the manners of the pools for one server.

redis-py's client of a cluster raises when a node's connections are all in use, tries again what merely took long,
closes the connections under other people's commands to learn of a move, and refuses ``EVALSHA`` and ``WAIT`` in a
pipeline. Here commands queue, only a lost connection is tried once more, and a batch is commands for one slot, sent to
one node in one piece.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from redis.asyncio.cluster import ClusterNode, ClusterPubSub, PipelineCommand, RedisCluster
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import (
    AskError,
    ClusterDownError,
    ConnectionError,  # noqa: A004 - the builtin one is an OSError
    MovedError,
    RedisClusterException,
    SlotNotCoveredError,
    TimeoutError,  # noqa: A004 - the builtin one is an OSError
    TryAgainError,
)

from bot.store.sentinel import tls_options
from config.redis_address import RedisAddress

T = TypeVar("T")
Command = Sequence[str | bytes | float | int]

REDIRECTIONS = 3
"""How often a batch follows a slot that moved."""
PAUSE = 0.05
"""Seconds before the second try."""


class QueueingCluster(RedisCluster):
    """At most ``connections`` commands and as many subscriptions at a time; more of them wait."""

    def __init__(self, address: RedisAddress, connections: int, **options: Any) -> None:
        login: dict[str, Any] = {**address.login, **tls_options(address)}
        super().__init__(
            startup_nodes=[ClusterNode(host, port) for host, port in address.hosts],
            retry=Retry(NoBackoff(), 0),
            reinitialize_steps=0,  # learning of one move must not close the connections of other slots
            require_full_coverage=False,  # accounts in the slots that are served are served
            max_connections=4 * connections,  # of each node: commands, subscriptions, and those being closed
            **login,
            **options,
        )
        self._room = asyncio.Semaphore(connections)
        self.room_to_listen = asyncio.Semaphore(connections)

    async def initialize(self, *args: Any, **options: Any) -> RedisCluster:
        """Learn which node has which slot, unless it is known."""
        try:
            return await super().initialize(*args, **options)
        except RedisClusterException as error:
            raise ConnectionError(str(error)) from error

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        """Run one command where its keys are; one without keys where redis-py thinks best."""
        async with self._room:
            return await self._twice(lambda: super(QueueingCluster, self).execute_command(*args, **options))

    def pipeline(self, transaction: Any = None, shard_hint: Any = None) -> Batch:  # type: ignore[override]  # all we use
        """Commands whose keys have one slot."""
        return Batch(self)

    def pubsub(self, **options: Any) -> ClusterPubSub:  # type: ignore[override]  # all we use
        """A subscription on a connection of its own: the nodes tell each other what is published."""
        return _Subscription(self, **options)

    async def together(self, commands: Sequence[Command]) -> list[Any]:
        """What :meth:`Batch.execute` does."""
        async with self._room:
            return await self._twice(lambda: self._together(commands))

    async def _together(self, commands: Sequence[Command]) -> list[Any]:
        for _ in range(REDIRECTIONS):
            await self.initialize()
            node = self.nodes_manager.get_node_from_slot(await self._slot_of(commands))
            batch = [PipelineCommand(position, *command) for position, command in enumerate(commands)]
            moved = await self._sent(node, batch)
            if moved is None:
                break
            await self.nodes_manager.move_slot(moved)
        for each in batch:
            if isinstance(each.result, AskError | TryAgainError):
                each.result = await super().execute_command(*each.args)
                _acknowledged_by_nobody(batch)
        if failed := [each.result for each in batch if isinstance(each.result, Exception)]:
            raise failed[0]
        return [each.result for each in batch]

    async def _sent(self, node: ClusterNode, batch: list[PipelineCommand]) -> MovedError | None:
        """Send ``batch``; the node's word that the slot is somewhere else, where nothing has been done then."""
        try:
            await node.execute_pipeline(batch)
            for each in batch:
                if isinstance(each.result, ConnectionError | TimeoutError):
                    raise each.result
        except (ConnectionError, TimeoutError):
            await node.disconnect_free_connections()
            raise
        return next((each.result for each in batch if isinstance(each.result, MovedError)), None)

    async def _slot_of(self, commands: Sequence[Command]) -> int:
        slots = {await self._determine_slot(str(each[0]), *each[1:]) for each in commands if each[0] != "WAIT"}
        if len(slots) != 1:
            raise ValueError(f"{', '.join(str(each[0]) for each in commands)} have keys of {len(slots)} slots")
        return slots.pop()

    async def _twice(self, call: Callable[[], Awaitable[T]]) -> T:
        try:
            return await self._once(call)
        except (ConnectionError, ClusterDownError):
            await asyncio.sleep(PAUSE)
            return await self._once(call)

    async def _once(self, call: Callable[[], Awaitable[T]]) -> T:
        try:
            return await call()
        except SlotNotCoveredError as error:
            self.look_again()
            raise ConnectionError(str(error)) from error
        except (ConnectionError, TimeoutError, ClusterDownError):
            self.look_again()
            raise

    def look_again(self) -> None:
        """Have the next command ask the nodes which of them has which slot."""
        self._initialize = True


class Batch:
    """Commands whose keys have one slot, for one node, in one round trip; a ``WAIT`` among them counts them."""

    def __init__(self, cluster: QueueingCluster) -> None:
        self._cluster = cluster
        self._commands: list[Command] = []

    def execute_command(self, *command: str | bytes | float | int) -> None:
        """Add one."""
        self._commands.append(command)

    async def execute(self) -> list[Any]:
        """Send them; the first error is raised."""
        return await self._cluster.together(self._commands) if self._commands else []


class _Subscription(ClusterPubSub):
    """Waits for room, and for word of the nodes."""

    cluster: QueueingCluster
    _has_room = False

    async def subscribe(self, *channels: Any, **handlers: Any) -> Any:
        """Subscribe at the node that has the first channel's slot."""
        if not self._has_room:
            await self.cluster.room_to_listen.acquire()
            self._has_room = True
        try:
            await self.cluster.initialize()
            return await super().subscribe(*channels, **handlers)
        except (ConnectionError, TimeoutError, SlotNotCoveredError) as error:
            self.cluster.look_again()
            raise ConnectionError(str(error)) from error

    async def aclose(self) -> None:
        """End it."""
        try:
            await super().aclose()
        finally:
            if self._has_room:
                self._has_room = False
                self.cluster.room_to_listen.release()


def _acknowledged_by_nobody(batch: list[PipelineCommand]) -> None:
    """What was sent elsewhere by itself, a WAIT on this connection does not know of."""
    for each in batch:
        if each.args[0] == "WAIT":
            each.result = 0
