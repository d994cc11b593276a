"""A server dies or falls silent: commands fail within a push's limits, and work again once another has its place."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from bot.errors import StoreUnavailable
from bot.store import Store, connect, keys
from bot.store.connection import HEARD_WITHIN, PATIENCE, Script
from tests.store.several import HOST, Cluster, Server, Watched, until

# What redis-py gives up half opened, because a server is dead or silent, is left to the garbage collector.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.timeout(150),  # elections take their time on a busy machine
]

APPID = "wx0123456789abcdef"
WRITE = Script("return redis.call('HSET', KEYS[1], ARGV[1], 1)")
AGAIN_WITHIN = 2.0
"""Seconds from the election to the first command that works."""
IN_VAIN = HEARD_WITHIN
"""Seconds more in a cluster: the node that is silent may be the one that is asked who has succeeded it."""
A_FEW = 100
"""Entries written before anything goes wrong."""

End = Callable[[Server], None]


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    """Servers of this test alone."""
    with contextlib.closing(Watched(tmp_path)) as servers:
        servers.start()
        yield servers


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """Servers of this test alone."""
    with contextlib.closing(Cluster(tmp_path)) as servers:
        servers.start()
        yield servers


@pytest.fixture(autouse=True)
def leftovers() -> Iterator[None]:
    """Such connections are collected here, and not in the middle of somebody else's test."""
    yield
    gc.collect()


@pytest.fixture(params=["killed", "silent"])
def end(request: pytest.FixtureRequest) -> End:
    """What happens to a server."""
    return Server.kill if request.param == "killed" else lambda server: server.tell(signal.SIGSTOP)


@contextlib.asynccontextmanager
async def opened(url: str, *, wait_for_replicas: int = 0) -> AsyncIterator[Store]:
    """A store, closed in the end."""
    store = connect(url, wait_for_replicas=wait_for_replicas)
    try:
        yield store
    finally:
        await store.close()


class Writers:
    """Ten people who write side by side without a pause."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._count = 0
        self.written: set[str] = set()
        self.longest = 0.0
        self.heard_at = 0.0
        self.failed = asyncio.Event()
        self.works = asyncio.Event()

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as people:
            for _ in range(10):
                people.create_task(self._write())

    async def _write(self) -> None:
        now = asyncio.get_running_loop().time
        while True:
            self._count += 1
            field, began = str(self._count), now()
            try:
                await self._store.script(WRITE, [keys.people(APPID)], [field])
                await self._store.pipeline(("HSET", keys.people(APPID), f"{field}+", 1), ("HLEN", keys.people(APPID)))
                self.written |= {field, f"{field}+"}
                self.heard_at = now()
                self.works.set()
            except StoreUnavailable:
                self.failed.set()
                await asyncio.sleep(0.01)
            self.longest = max(self.longest, now() - began)


@contextlib.asynccontextmanager
async def writing(store: Store) -> AsyncIterator[Writers]:
    """Ten people write meanwhile."""
    writers = Writers(store)
    work = asyncio.create_task(writers.run())
    try:
        await writers.works.wait()
        yield writers
    finally:
        work.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await work


def leads(server: Server) -> bool:
    """Whether ``server`` is a master."""
    state = dict(server.asks("INFO", "replication"))  # type: ignore[call-overload]  # a mapping
    return bool(state["role"] == "master")


async def fails_over(
    writers: Writers, old: Server, new: Server, end: End, within: float = AGAIN_WITHIN
) -> None:
    """End ``old`` and see that writing goes on at ``new`` soon after it was elected."""
    await asyncio.to_thread(end, old)
    await writers.failed.wait()
    await asyncio.to_thread(until, lambda: leads(new))
    writers.works.clear()
    async with asyncio.timeout(within):
        await writers.works.wait()


async def test_another_master_takes_over(watched: Watched, end: End) -> None:
    old = watched.master()
    new = next(each for each in watched.servers if each is not old)
    async with opened(watched.url) as store:
        async with writing(store) as writers:
            await fails_over(writers, old, new, end)
        assert writers.longest < 2 * PATIENCE + 0.5  # two commands
        async with store.listen(keys.answers(APPID)) as listener:
            await store.do("PUBLISH", keys.answers(APPID), "heard")
            assert await listener.next(1.0) == "heard"


async def test_a_master_that_becomes_a_replica_under_open_connections_is_left(watched: Watched) -> None:
    """As after a Sentinel's word, but that the connections stay: scripts meet the error inside another one."""
    old = watched.master()
    new = next(each for each in watched.servers if each is not old)
    async with opened(watched.url) as store:
        await asyncio.gather(*(store.script(WRITE, [keys.people(APPID)], ["1"]) for _ in range(5)))
        await asyncio.to_thread(new.asks, "REPLICAOF", "NO", "ONE")
        await asyncio.to_thread(old.asks, "REPLICAOF", HOST, new.port)
        await asyncio.to_thread(until, lambda: not leads(old))
        with pytest.raises(StoreUnavailable):
            await store.script(WRITE, [keys.people(APPID)], ["2"])
        assert store._client.connection_pool._available_connections  # type: ignore[union-attr]  # redis-py's pool
        assert not any(each.is_connected for each in store._client.connection_pool._available_connections)  # type: ignore[union-attr]


async def test_what_a_replica_has_is_not_lost(watched: Watched) -> None:
    old = watched.master()
    new = next(each for each in watched.servers if each is not old)
    async with opened(watched.url, wait_for_replicas=1) as store:
        async with writing(store) as writers:
            await asyncio.to_thread(until, lambda: len(writers.written) > A_FEW)
            await asyncio.to_thread(old.kill)
            await asyncio.to_thread(until, lambda: leads(new))
            old.start()
            # Sentinel would say so within its own time; what is acknowledged is the matter here.
            await asyncio.to_thread(old.asks, "REPLICAOF", HOST, new.port)
            writers.works.clear()
            await writers.works.wait()
        assert writers.written <= set(await store.do("HKEYS", keys.people(APPID)))


async def test_the_old_master_comes_back_as_a_replica(watched: Watched) -> None:
    old = watched.master()
    new = next(each for each in watched.servers if each is not old)
    async with opened(watched.url) as store, writing(store) as writers:
        await fails_over(writers, old, new, lambda server: server.tell(signal.SIGSTOP))
        old.tell(signal.SIGCONT)
        await asyncio.to_thread(until, lambda: not leads(old))
        writers.works.clear()
        await writers.works.wait()
        assert await asyncio.to_thread(leads, new)


async def test_too_few_replicas_are_unavailability(watched: Watched) -> None:
    master = watched.master()
    replica = next(each for each in watched.servers if each is not master)
    now = asyncio.get_running_loop().time
    async with opened(watched.url, wait_for_replicas=1) as store:
        await store.write(keys.token(APPID), 1)
        replica.tell(signal.SIGSTOP)
        began = now()
        for work in (
            store.write(keys.token(APPID), 2),
            store.script(WRITE, [keys.people(APPID)], ["1"]),
            store.pipeline(("SET", keys.token(APPID), 3), ("GET", keys.token(APPID))),
        ):
            with pytest.raises(StoreUnavailable, match="too few replicas"):
                await work
        assert now() - began < 3 * PATIENCE
        assert await store.read(keys.token(APPID)) == 3  # what only reads waits for nobody
        replica.tell(signal.SIGCONT)
        assert await store.write(keys.token(APPID), 4)


async def test_a_replica_takes_over_in_a_cluster(cluster: Cluster, end: End) -> None:
    old = cluster.owner(keys.people(APPID))
    new = cluster.nodes[cluster.nodes.index(old) + 3]
    elsewhere = next(f"wx{number}" for number in range(100) if cluster.owner(keys.people(f"wx{number}")) is not old)
    async with opened(cluster.url) as store:
        async with writing(store) as writers:
            await fails_over(writers, old, new, end, AGAIN_WITHIN + IN_VAIN)
        assert writers.longest < 2 * PATIENCE + 0.5
        assert await store.do("HSET", keys.people(elsewhere), "field", 1) == 1


async def test_other_shops_are_served_while_a_node_of_the_cluster_is_away(cluster: Cluster, end: End) -> None:
    old = cluster.owner(keys.people(APPID))
    elsewhere = next(f"wx{number}" for number in range(100) if cluster.owner(keys.people(f"wx{number}")) is not old)
    async with opened(cluster.url) as store, writing(store) as writers:
        for each in cluster.nodes[3:]:
            each.kill()
        await asyncio.to_thread(end, old)
        await writers.failed.wait()
        for _ in range(50):
            await store.do("HSET", keys.people(elsewhere), "field", 1)


async def test_a_slot_moves_to_another_node(cluster: Cluster) -> None:
    old = cluster.owner(keys.people(APPID))
    new = next(each for each in cluster.nodes[:3] if each is not old)
    slot = int(str(old.asks("CLUSTER", "KEYSLOT", keys.people(APPID))))
    async with opened(cluster.url, wait_for_replicas=1) as store:
        await store.script(WRITE, [keys.token(APPID)], ["before"])
        await store.delete(keys.token(APPID))
        for each in cluster.nodes[:3]:
            each.asks("CLUSTER", "SETSLOT", slot, "NODE", str(new.asks("CLUSTER", "MYID")))
        assert await store.pipeline(("SET", keys.token(APPID), 1), ("GET", keys.token(APPID))) == [True, "1"]
        assert await store.script(WRITE, [keys.people(APPID)], ["after"]) == 1
        assert new.asks("EXISTS", keys.people(APPID)) == 1
