"""A simulated WeChat with one shop, and clients as separate processes would have them."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Protocol

import pytest

from bot.simulator import Simulator
from bot.store import Store, connect
from bot.wechat.client import WeChat
from bot.wechat.exchange import Observe
from tests.wechat.accounts import ACCOUNT, SHOP


@pytest.fixture
def simulator(simulator: Simulator) -> Simulator:
    """WeChat, knowing one shop."""
    simulator.add_shop(SHOP)
    return simulator


@dataclass(frozen=True)
class Settings:
    """The part of the ``[wechat]`` section the client reads."""

    api_base_url: str
    connect_timeout: float = 3.0
    total_timeout: float = 60.0


class NewClient(Protocol):
    """Makes a client with connections of its own, as another process would have."""

    def __call__(
        self, *, url: str = "", redis: str = "", observe: Observe | None = None, connect_timeout: float = 3.0
    ) -> WeChat:
        """A client; it closes with the test."""


@pytest.fixture
async def new_client(simulator: Simulator, store: Store, redis_server: str) -> AsyncIterator[NewClient]:
    """See :class:`NewClient`."""
    held = []  # as a process holds the services of its accounts
    async with AsyncExitStack() as stack:

        def build(
            *, url: str = "", redis: str = "", observe: Observe | None = None, connect_timeout: float = 3.0
        ) -> WeChat:
            own = connect(redis or redis_server)
            wechat = WeChat(Settings(url or simulator.url, connect_timeout), own, observe=observe)
            held.append(wechat.of(ACCOUNT))
            stack.push_async_callback(own.close)
            stack.push_async_callback(wechat.close)
            return wechat

        yield build
