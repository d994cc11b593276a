"""Claims to be undone: whoever was told to send it again must not find it done as well."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bot.errors import StoreUnavailable
from bot.store.inbox import Copy, Inbox

PAUSE = 0.2
"""Seconds between two tries to reach Redis; short, since what the same people send next waits behind such a claim."""
MOST = 10_000
"""Claims remembered while Redis is away."""
AT_ONCE = 8
"""What is asked meanwhile needs the connections more."""

_Named = tuple[str, str]
PutBack = Callable[[Copy], Awaitable[None]]


class Revocations:
    """Undoes claims, a few at a time, as soon as Redis lets us.

    ``put_back`` returns what an operator's message had taken: whoever sends it again finds it there.
    """

    def __init__(self, inbox: Inbox, put_back: PutBack) -> None:
        self._inbox = inbox
        self._put_back = put_back
        self._waiting: dict[_Named, dict[str, Copy]] = {}
        self.tasks: set[asyncio.Task[None]] = set()

    def add(self, copy: Copy, ticket: str) -> None:
        """Let the claim of ``ticket`` be undone, even if Redis is yet to hear of it."""
        if len(self._waiting) >= MOST:
            self._waiting.pop(next(iter(self._waiting)))
        self._waiting.setdefault((copy.appid, copy.identity), {})[ticket] = copy
        if not self.tasks:
            task = asyncio.create_task(self._undo())
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    def waits(self, appid: str, identity: str) -> bool:
        """Whether a claim of this push is still to be undone: nobody must carry it on."""
        return (appid, identity) in self._waiting

    async def _undo(self) -> None:
        while self._waiting:
            first = list(self._waiting)[:AT_ONCE]
            if not all(await asyncio.gather(*(self._undone(each) for each in first))):
                await asyncio.sleep(PAUSE)

    async def _undone(self, named: _Named) -> bool:
        """Whether nothing of this push is left to be undone."""
        waiting = self._waiting.get(named, {})
        for ticket, copy in list(waiting.items()):
            try:
                if await self._inbox.revoke(copy, ticket) and copy.queued:
                    await self._put_back(copy)
            except StoreUnavailable:
                return False
            waiting.pop(ticket, None)
        if not waiting and self._waiting.get(named) is waiting:
            del self._waiting[named]
        return True
