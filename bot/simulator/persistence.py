"""Keeps what was said and done: one SQLite table of JSON records, committed change by change.

Write-ahead log without fsync per commit: a killed process loses nothing (a power cut may lose the last
moment, which a simulator can bear). Without a folder the same table lives in memory.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class Store:
    """Records by kind, appid and key. Raises :exc:`RuntimeError` if another simulator holds the folder."""

    def __init__(self, data_dir: Path | None) -> None:
        if data_dir is not None:
            data_dir.mkdir(parents=True, exist_ok=True)
        where = ":memory:" if data_dir is None else data_dir / "simulator.sqlite3"
        self._db = sqlite3.connect(where, isolation_level=None, timeout=0.5)
        try:
            self._prepare()
        except sqlite3.OperationalError as error:
            self._db.close()
            raise RuntimeError(f"{where}: {error}; is another simulator running on it?") from error

    def _prepare(self) -> None:
        for statement in (
            "PRAGMA locking_mode = EXCLUSIVE",
            "PRAGMA journal_mode = WAL",
            "PRAGMA synchronous = NORMAL",
            "CREATE TABLE IF NOT EXISTS record ("
            " seq INTEGER PRIMARY KEY, kind TEXT, appid TEXT, key TEXT, value TEXT, UNIQUE (kind, appid, key))",
        ):
            self._db.execute(statement)

    def put(self, kind: str, appid: str, key: str, value: Any) -> None:
        """Write one record, over an older one of the same kind, appid and key."""
        self._db.execute(
            "INSERT INTO record (kind, appid, key, value) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (kind, appid, key) DO UPDATE SET value = excluded.value",
            (kind, appid, key, json.dumps(value, ensure_ascii=False)),
        )

    def append(self, kind: str, appid: str, value: Any, *, keep: int | None = None) -> None:
        """Add to a log; with ``keep`` only so many of the kind stay."""
        with self._db:
            self._db.execute("BEGIN")
            row = self._db.execute(
                "INSERT INTO record (kind, appid, value) VALUES (?, ?, ?)",
                (kind, appid, json.dumps(value, ensure_ascii=False)),
            )
            if keep is not None:
                self._db.execute("DELETE FROM record WHERE kind = ? AND seq <= ?", (kind, (row.lastrowid or 0) - keep))

    def remove(self, kind: str, appid: str, key: str) -> None:
        """Forget one record."""
        self._db.execute("DELETE FROM record WHERE kind = ? AND appid = ? AND key = ?", (kind, appid, key))

    def forget(self, kind: str) -> None:
        """Forget all records of a kind."""
        self._db.execute("DELETE FROM record WHERE kind = ?", (kind,))

    def all(self, kind: str) -> Iterator[tuple[str, str, Any]]:
        """(appid, key, value) of a kind, oldest first."""
        rows = self._db.execute("SELECT appid, key, value FROM record WHERE kind = ? ORDER BY seq", (kind,)).fetchall()
        for appid, key, value in rows:
            yield appid, key or "", json.loads(value)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()
