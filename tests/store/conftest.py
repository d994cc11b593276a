"""Redis as a shop may have it: one server, a master under Sentinels, a cluster."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterator

import pytest

from bot.store import Store, connect
from tests.store.several import Cluster, Watched


@pytest.fixture(scope="package")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """A master, its replica and three Sentinels."""
    with contextlib.closing(Watched(tmp_path_factory.mktemp("watched"))) as servers:
        servers.start()
        yield servers


@pytest.fixture(scope="package")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster of three masters and three replicas."""
    with contextlib.closing(Cluster(tmp_path_factory.mktemp("cluster"))) as servers:
        servers.start()
        yield servers


@pytest.fixture(params=["one", "sentinel", "cluster"])
def redis_url(request: pytest.FixtureRequest) -> str:
    """The address of each of the three in turn."""
    match request.param:
        case "sentinel":
            return str(request.getfixturevalue("watched").url)
        case "cluster":
            return str(request.getfixturevalue("cluster").url)
    return str(request.getfixturevalue("redis_server"))


@pytest.fixture
async def narrow(redis_url: str) -> AsyncIterator[Store]:
    """An empty store with two connections at most (to each node)."""
    store = connect(redis_url, connections=2)
    await store.do("FLUSHALL")
    yield store
    await store.close()
