"""Pushes a verify ticket every ten minutes, on WeChat's clock."""

from __future__ import annotations

import asyncio
import contextlib
import time

from bot.simulator.model import Delivery
from bot.simulator.open_platform.herald import Herald
from bot.simulator.open_platform.platform import OpenPlatform

GLANCE = 30.0
"""Real seconds after which the clock is looked at again: it may have been set."""


class TicketClock:
    """Runs beside the simulator's server."""

    def __init__(self, platform: OpenPlatform, herald: Herald) -> None:
        self._platform, self._herald = platform, herald
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        platform.want_ticket = lambda: herald.start(herald.ticket())

    def start(self) -> None:
        """The first ticket goes out at once, unless an earlier run's is younger than ten minutes."""
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        """Push no more."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    def wake(self) -> None:
        """The component came, or its tickets were stopped or let go on."""
        self._woken.set()

    async def due(self) -> Delivery | None:
        """Push a ticket if one is due by the clock now; what came of it."""
        component = self._platform.component
        if component is None or not component.pushing or not component.events_url:
            return None
        return await self._herald.ticket() if time.time() >= self._platform.tickets.due else None

    async def _run(self) -> None:
        while True:
            self._woken.clear()
            await self.due()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._pause()):
                    await self._woken.wait()

    def _pause(self) -> float:
        left = self._platform.tickets.due - time.time()
        return min(left, GLANCE) if left > 0 else GLANCE
