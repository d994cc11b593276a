"""Tells whoever watches what happens as it happens: the source of the chat page's server-sent events."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

Happening = tuple[str, dict[str, Any]]

BACKLOG = 1000
"""Happenings a slow watcher may be behind; then it loses the oldest and has to read the state again."""


class Stream:
    """Publishes (kind, JSON-ready data) to any number of watchers."""

    def __init__(self) -> None:
        self._watchers: set[asyncio.Queue[Happening]] = set()

    @property
    def watchers(self) -> int:
        """How many watch."""
        return len(self._watchers)

    def publish(self, kind: str, **data: Any) -> None:
        """Hand a happening to every watcher; never waits."""
        for queue in self._watchers:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait((kind, data))

    @contextmanager
    def watch(self) -> Iterator[asyncio.Queue[Happening]]:
        """A queue that receives everything from now on."""
        queue: asyncio.Queue[Happening] = asyncio.Queue(BACKLOG)
        self._watchers.add(queue)
        try:
            yield queue
        finally:
            self._watchers.discard(queue)
