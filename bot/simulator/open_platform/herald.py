"""Pushes tickets and authorisation events to the component's own address; each wants the answer ``success``."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine, Mapping
from dataclasses import replace
from typing import Any

from bot.simulator.model import Attempt, Delivery
from bot.simulator.open_platform.verify_tickets import VerifyTicket
from bot.simulator.post_office import PostOffice
from bot.simulator.push import TRIES, How, Pusher
from bot.simulator.world import World

EVENT_LAG = 3.0
"""Real seconds an event comes after the browser's return, where it comes second (the real lag is not known)."""


TICKET = "component_verify_ticket"


class Herald:
    """Events of the component, and those under way."""

    def __init__(self, world: World, pusher: Pusher, office: PostOffice) -> None:
        self._world, self._pusher, self._office = world, pusher, office
        self._tasks: set[asyncio.Task[Any]] = set()

    async def push(self, elements: Mapping[str, Any], create_time: int | None = None, how: How = How()) -> Delivery:  # noqa: B008 - frozen
        """Deliver elements; AppId and CreateTime are filled in. Mishaps of delivery happen to all but tickets."""
        component = self._world.platform.known
        at = int(time.time()) if create_time is None else create_time
        content = {"AppId": component.appid, "CreateTime": at, **elements}
        about = str(elements.get("AuthorizerAppid") or component.appid)
        if not component.events_url:
            return Delivery(about, "", content, failure="the component has no address for events")
        how = replace(how, fresh=how.fresh and self._world.readings.fresh_signatures)
        if elements.get("InfoType") == TICKET:
            delivery = await self._pusher.deliver(about, component.events, content, how)
        else:
            delivery = await self._office.convey(about, [component.events], content, how)
        self._office.tell(about, delivery)
        return delivery

    async def ticket(self, ticket: VerifyTicket | None = None, tries: int = TRIES) -> Delivery:
        """Push a new ticket, or an old one once more as it was."""
        platform = self._world.platform
        one = ticket or platform.tickets.make(platform.known.appid)
        self._world.stream.publish("platform")
        elements = {"InfoType": TICKET, "ComponentVerifyTicket": one.value}
        return await self.push(elements, one.made_at, How(tries=tries))

    async def browse(self, address: str) -> Attempt:
        """Open an address as the browser that comes back from the authorisation page."""
        return await self._pusher.get(address)

    def later(self, elements: Mapping[str, Any]) -> None:
        """Deliver elements a moment after the browser has gone."""
        self.start(self._lagging(elements))

    async def _lagging(self, elements: Mapping[str, Any]) -> Delivery:
        await asyncio.sleep(EVENT_LAG)
        return await self.push(elements)

    def start(self, pushing: Coroutine[Any, Any, Any]) -> None:
        """Do it in the background."""
        task = asyncio.get_running_loop().create_task(pushing)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settled(self) -> None:
        """Wait until nothing is under way."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def stop(self) -> None:
        """Give up what is under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
