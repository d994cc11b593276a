"""Claims to be undone: whoever was told to send it again must not find it done as well."""

from __future__ import annotations

import asyncio
import logging
from collections import deque

from bot.errors import StoreUnavailable
from bot.store.inbox import Copy, Inbox

log = logging.getLogger(__name__)

PAUSE = 0.2
"""Seconds between two tries to reach Redis; short, since what the same people send next waits behind such a claim."""
MOST = 10_000
"""Claims remembered while Redis is away."""


class Revocations:
    """Undoes claims one by one, as soon as Redis lets us: what is asked meanwhile needs the connections more."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._waiting: deque[tuple[Copy, str]] = deque(maxlen=MOST)
        self.tasks: set[asyncio.Task[None]] = set()

    def add(self, copy: Copy, ticket: str) -> None:
        """Let the claim of ``ticket`` be undone, even if Redis is yet to hear of it."""
        self._waiting.append((copy, ticket))
        if not self.tasks:
            task = asyncio.create_task(self._undo())
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def _undo(self) -> None:
        while self._waiting:
            copy, ticket = self._waiting[0]
            try:
                await self._inbox.revoke(copy, ticket)
            except StoreUnavailable:
                await asyncio.sleep(PAUSE)
            else:
                self._waiting.popleft()
