"""What every test may ask for: a real Redis, the simulated WeChat, a frozen clock, a shop with its people."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import time_machine

from bot.simulator import Simulator
from bot.store import Store, connect
from tests.redis import running_server
from tests.shop import PUBLIC, Shop, open_shop

NOW = "2026-11-22T14:02:00+08:00"
"""A Sunday, after WeChat's figures of the day before are in."""


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """One Redis for each test worker."""
    with running_server() as address:
        yield address


@pytest.fixture
async def store(redis_server: str) -> AsyncIterator[Store]:
    """An empty Redis."""
    connected = connect(redis_server)
    await connected.do("FLUSHALL")
    yield connected
    await connected.close()


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The clock of bot and simulator, standing at :data:`NOW` until moved."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
async def simulator(clock: time_machine.Traveller) -> AsyncIterator[Simulator]:
    """The simulated WeChat, listening."""
    wechat = Simulator()
    await wechat.start()
    yield wechat
    await wechat.stop()


@pytest.fixture
async def shop(simulator: Simulator, store: Store, redis_server: str) -> AsyncIterator[Shop]:
    """「湖畔面馆」 in safe mode, replies in Chinese, its people and an empty shelf; the bot answers its pushes."""
    async with open_shop(simulator, redis_server) as opened:
        yield opened


@pytest.fixture
async def linked(simulator: Simulator, store: Store, redis_server: str) -> AsyncIterator[Shop]:  # noqa: ARG001 - it empties Redis
    """The same shop, on a server that browsers can reach."""
    async with open_shop(simulator, redis_server, server={"public_url": f"{PUBLIC}/"}) as opened:
        yield opened
