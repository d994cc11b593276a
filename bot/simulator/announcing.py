"""Delivers what the outbox gets, in the background: the call that caused a push is answered without waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from bot.simulator.post_office import PostOffice
from bot.simulator.push import How
from bot.simulator.world import World


class Announcer:
    """Pushes under way."""

    def __init__(self, world: World, office: PostOffice) -> None:
        self._world, self._office = world, office
        self._tasks: set[asyncio.Task[Any]] = set()
        world.outbox.deliver = self.announce

    def announce(self, appid: str, elements: Mapping[str, Any]) -> None:
        """Start to deliver."""
        shop, how = self._world.shop(appid), How(fresh=self._world.readings.fresh_signatures)
        task = asyncio.get_running_loop().create_task(self._office.send(shop, elements, how, None, None))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settled(self) -> None:
        """Wait until all of them, and those they caused, are over."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def stop(self) -> None:
        """Give up what is under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
