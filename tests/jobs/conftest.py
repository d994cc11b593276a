"""The queue as one process has it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from bot.jobs import Jobs
from bot.store import Store


@pytest.fixture
async def jobs(store: Store, redis_server: str) -> AsyncIterator[Jobs]:
    """A queue nobody works on yet."""
    opened = Jobs(store, redis_server)
    yield opened
    await opened.close()


@asynccontextmanager
async def at_work(*several: Jobs) -> AsyncIterator[None]:
    """Each of ``several`` works within the context."""
    running = [asyncio.create_task(each.run()) for each in several]
    try:
        yield
    finally:
        for task in running:
            task.cancel()
        for task in running:
            with suppress(asyncio.CancelledError):
                await task
