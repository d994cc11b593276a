"""patience: a limit that holds, whatever swallows a cancellation."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from bot.store.patience import Limit


async def deaf(times: int) -> str:
    """Swallow so many cancellations, and wait for ever after each."""
    for _ in range(times):
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
    await asyncio.Event().wait()
    return "done"


@pytest.mark.parametrize("times", [0, 1, 3])
async def test_it_ends_what_does_not_want_to(times: int) -> None:
    with pytest.raises(TimeoutError):
        async with Limit(0.01):
            await deaf(times)
    await asyncio.sleep(0)  # nothing is left that would cancel us


async def test_what_ends_in_time_is_not_disturbed() -> None:
    async with Limit(0.01):
        pass
    await asyncio.sleep(0.03)


async def test_faults_inside_are_theirs() -> None:
    with pytest.raises(ValueError, match="theirs"):
        async with Limit(1):
            raise ValueError("theirs")


async def test_somebody_elses_cancellation_stays_one() -> None:
    async def limited() -> None:
        async with Limit(60):
            await asyncio.Event().wait()

    task = asyncio.create_task(limited())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_one_inside_another_ends_what_it_should() -> None:
    async with Limit(60):
        with pytest.raises(TimeoutError):
            async with Limit(0.01):
                await deaf(1)
    with pytest.raises(TimeoutError):
        async with Limit(0.01), Limit(60):
            await deaf(1)
