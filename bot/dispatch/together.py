"""What the clock brings of several shops of one person at the same time, in one message: a job for each.

Summaries of more than one shop become a line each, the worst first; what else there is follows in full.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from bot.clock import now
from bot.dispatch.ladder import Ladder, Message
from bot.jobs import Jobs, Later
from bot.merchants.gathered import Entry
from bot.render import Renderer
from bot.routing.accounts import Accounts
from bot.routing.context import Services

log = logging.getLogger(__name__)

JOB = "together"
MOST_LINES = 9
"""So many fit a phone with a heading and what to send next."""


class Together:
    """Gathers and tells, for people of every account."""

    def __init__(self, services: Accounts, renderer: Renderer, ladder: Ladder, jobs: Jobs) -> None:
        self._services = services
        self._renderer = renderer
        self._ladder = ladder
        self._jobs = jobs
        jobs.register(JOB, self._tell)

    async def add(self, channel: Services, openid: str, entry: Entry, told: Sequence[str], until: float) -> None:
        """Let ``entry`` be told to whoever is ``openid`` at ``channel``, with whatever else comes by then; once.

        Raises :exc:`bot.errors.StoreUnavailable`. The job stands before the entry does, so that none waits for ever.
        """
        while True:
            slot = await channel.gathering.slot(openid)
            args = {"openid": openid, "slot": slot}
            name = f"together:{slot}@{hashlib.blake2b(openid.encode(), digest_size=6).hexdigest()}"
            await self._jobs.enqueue(JOB, name, channel.account.appid, args, at=slot)
            if await channel.gathering.add(openid, slot, entry, told, until):
                return

    async def _tell(self, appid: str, openid: str, slot: int) -> None:
        channel = await self._services.ready(appid)
        if (left := slot - now()) > 0:
            raise Later(left, "more may come")
        if message := await self._message(channel, openid, slot):
            await self._ladder.tell(channel, message)

    async def keep(self, appid: str, args: Mapping[str, Any]) -> None:
        """What could not be told waits for the person's next message."""
        channel = await self._services.ready(appid)
        if message := await self._message(channel, args["openid"], args["slot"]):
            await self._ladder.keep(channel, message)

    async def _message(self, channel: Services, openid: str, slot: int) -> Message | None:
        entries = await channel.gathering.take(openid, slot)
        present = [entry for entry in entries if await self._still_theirs(entry)]
        if not present:
            return None
        topics = {entry.topic for entry in present}
        # Of the same shops only the newest is kept; another shop's is another one.
        of_shops = ",".join(sorted({entry.shop for entry in present}))
        topic = f"{topics.pop()}:{of_shops}" if topics != {""} and len(topics) == 1 else ""
        return Message(openid, self._words(channel, present), f"together:{slot}", topic=topic)

    async def _still_theirs(self, entry: Entry) -> bool:
        """Whether the reader is an operator of the shop by now, and the shop is served."""
        if entry.shop not in self._services:
            return False
        services = await self._services.ready(entry.shop)
        await services.people.refresh()
        return services.people.operator(entry.person) is not None

    def _words(self, channel: Services, entries: Sequence[Entry]) -> str:
        headings = list(dict.fromkeys(entry.heading for entry in entries if entry.heading))
        groups = [sorted((e for e in entries if e.heading == heading), key=lambda e: e.rank) for heading in headings]
        lists = [group for group in groups if len(group) > 1]
        listed = {entry.fact + entry.shop for group in lists for entry in group}
        whole = [entry.words for entry in entries if entry.fact + entry.shop not in listed]
        return "\n\n".join([*(self._list(channel, group) for group in lists), *whole])

    def _list(self, channel: Services, group: Sequence[Entry]) -> str:
        values = {
            "heading": group[0].heading,
            "lines": [entry.line for entry in group[:MOST_LINES]],
            "left": max(0, len(group) - MOST_LINES),
        }
        return self._renderer.render("delivery.together", values, group[0].language, channel.account.zone)
