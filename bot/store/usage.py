"""How often an account called which of WeChat's calls today, and which of them WeChat has ended.

Counting is cheap and not exact: a command that is repeated after a lost connection counts its calls twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.store import Store, keys
from bot.store.cluster import Command

KEPT = 2 * 86_400
"""Seconds a day's figures are kept from its last call on."""


@dataclass(frozen=True, slots=True)
class End:
    """WeChat ended a path: with which ``errcode``, and when (seconds since 1970)."""

    errcode: int
    at: float


@dataclass(frozen=True, slots=True)
class Usage:
    """One of WeChat's days of one account: calls per path, and the paths that have been ended."""

    calls: Mapping[str, int] = field(default_factory=dict)
    ended: Mapping[str, End] = field(default_factory=dict)


class UsageShelf:
    """Where the figures of one account lie. Every method raises StoreUnavailable when Redis is away."""

    def __init__(self, store: Store, appid: str) -> None:
        self._store = store
        self._appid = appid

    async def of(self, day: date) -> Usage:
        """The figures of ``day`` (WeChat's, UTC+8)."""
        return _usage(await self._store.do("HGETALL", self._key(day)))

    async def add(self, day: date, calls: Mapping[str, int], changes: Mapping[str, End | None]) -> Usage:
        """Add ``calls`` to those of ``day``, note which paths have ended or work again (None); the figures after that.

        One round trip, however much there is to note.
        """
        key = self._key(day)
        commands: list[Command] = [("HINCRBY", key, f"calls {path}", number) for path, number in calls.items()]
        for path, end in changes.items():
            field_name = f"ended {path}"
            commands.append(("HDEL", key, field_name) if end is None else ("HSET", key, field_name, _written(end)))
        commands += [("EXPIRE", key, KEPT), ("HGETALL", key)]
        return _usage((await self._store.pipeline(*commands))[-1])

    def _key(self, day: date) -> str:
        return keys.api_usage(self._appid, day.isoformat())


def _written(end: End) -> str:
    return f"{end.errcode} {end.at!r}"


def _usage(raw: Mapping[str, str]) -> Usage:
    calls: dict[str, int] = {}
    ended: dict[str, End] = {}
    for name, value in raw.items():
        kind, _, path = name.partition(" ")
        if kind == "calls":
            calls[path] = int(value)
        else:
            errcode, _, at = value.partition(" ")
            ended[path] = End(int(errcode), float(at))
    return Usage(calls, ended)
