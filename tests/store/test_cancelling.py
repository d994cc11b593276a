"""A command to Redis that is cancelled says so, whenever the cancellation comes."""

from __future__ import annotations

import asyncio

from bot.errors import StoreUnavailable
from bot.store import Store


async def test_no_cancellation_is_lost(store: Store) -> None:
    """The moment is counted in steps of the event loop: one of them is that in which Python 3.11 would lose it."""
    for command in (("PING",), ("NO SUCH COMMAND",)):
        steps = 0
        while True:
            task = asyncio.create_task(store.do(*command))
            for _ in range(steps):
                await asyncio.sleep(0)
            if task.done():
                break
            task.cancel()
            await asyncio.wait({task})
            assert task.cancelled(), f"{command} after {steps} steps"
            steps += 1
        assert steps > 2
        assert isinstance(task.exception(), StoreUnavailable | None)
