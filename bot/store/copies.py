"""Sealed copies of what must not get lost with Redis: a file of this process's own beside those of the others.

One SQLite file per process under ``DIR/copies``: written as it comes, whole after ``kill -9``. The file is the first
one nobody holds, so a program that starts anew goes on with what it left. Everybody reads the newest of all files; any
surviving one suffices, also one that was copied here from another machine.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TypeVar

from bot.store.locks import open_lock, takes
from bot.store.sealing import Sealer

log = logging.getLogger(__name__)

T = TypeVar("T")
PATIENCE = 2.0
"""Seconds to wait for a file that another process writes at this moment."""
_TABLE = "CREATE TABLE IF NOT EXISTS copies (name TEXT PRIMARY KEY, version REAL NOT NULL, sealed TEXT NOT NULL)"
_KEEP = (
    "INSERT INTO copies VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET version = excluded.version, "
    "sealed = excluded.sealed WHERE excluded.version >= version"
)
_READ = "SELECT name, version, sealed FROM copies WHERE name >= ? AND name < ?"


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy; of two with one name the one of the higher ``version`` is newer."""

    version: float
    value: str = field(repr=False)


class Copies:
    """The copies of one machine, for one process. ``secret`` is what the key of the seal is made from."""

    def __init__(self, folder: Path, secret: str) -> None:
        self._folder = folder
        self._sealer = Sealer(secret, b"copies")
        self._turn = asyncio.Lock()
        self._file: sqlite3.Connection | None = None
        self._held = -1

    async def keep(self, name: str, version: float, value: str) -> bool:
        """Write a copy, unless a newer one stands in our file; whether it is safe on this disk now."""
        row = (name, version, self._sealer.seal(value))
        try:
            await self._alone(lambda: self._write(row))
        except (OSError, sqlite3.Error) as error:
            log.warning("copy not written", extra={"copy": name.partition(":")[0], "fault": type(error).__name__})
            return False
        return True

    async def newest(self, name: str) -> Copy | None:
        """The newest copy called ``name`` in any file; None where there is none that our secret opens."""
        return (await self.beginning(name)).get(name)

    async def beginning(self, prefix: str) -> dict[str, Copy]:
        """The newest copy of each name that begins with ``prefix``."""
        found: dict[str, Copy] = {}
        for name, version, sealed in await self._alone(lambda: list(self._rows(prefix))):
            if name in found and found[name].version >= version:
                continue
            if (value := self._sealer.open(sealed)) is not None:
                found[name] = Copy(version, value)
        return found

    async def close(self) -> None:
        """Close our file; the next process may have it."""
        await self._alone(self._shut)

    async def _alone(self, work: Callable[[], T]) -> T:
        async with self._turn:  # one thread at a time: a connection is no place for two
            return await asyncio.to_thread(work)

    def _write(self, row: tuple[str, float, str]) -> None:
        if self._file is None:
            self._file = self._own()
        with self._file as file:
            file.execute(_KEEP, row)

    def _own(self) -> sqlite3.Connection:
        """The first file nobody holds."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for number in count():
            lock = open_lock(self._folder / f"{number}.lock")
            if takes(lock, fcntl.LOCK_EX):
                self._held = lock
                return _opened(self._folder / f"{number}.copies")
            os.close(lock)
        raise AssertionError("numbers have no end")  # pragma: no cover

    def _rows(self, prefix: str) -> Iterator[tuple[str, float, str]]:
        for path in sorted(self._folder.glob("*.copies")):
            # A file that is damaged, or of another's, is passed over: that is why there are several.
            with suppress(sqlite3.Error), closing(_opened(path)) as file:
                yield from file.execute(_READ, (prefix, f"{prefix}\U0010ffff")).fetchall()

    def _shut(self) -> None:
        if self._file is not None:
            self._file.close()
            os.close(self._held)
            self._file, self._held = None, -1


def _opened(path: Path) -> sqlite3.Connection:
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))  # before SQLite makes it readable for more
    file = sqlite3.connect(path, timeout=PATIENCE, check_same_thread=False)
    file.execute("PRAGMA journal_mode = WAL")
    file.execute("PRAGMA synchronous = FULL")
    file.execute(_TABLE)
    return file
