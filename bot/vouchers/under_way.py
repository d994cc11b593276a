"""What is being asked of WeChat at this moment by everybody of an account, so that one's is not taken for another's.

WeChat's answers name no request, and what is found after no answer may be what a colleague asked for in the same
second. Whatever may still arrive stands here until WeChat has said what became of it, or an hour has passed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot import clock
from bot.store import Store

KEPT = 3600
"""Seconds after which a call without an answer is not expected to arrive any more."""


@dataclass(frozen=True, slots=True)
class Request:
    """What ``openid`` has ``asked`` WeChat for, as attempt ``reference``."""

    reference: str
    openid: str
    asked: dict[str, Any]


class UnderWay:
    """The requests of one kind, in the hash ``key``. Every method raises StoreUnavailable when Redis is away."""

    def __init__(self, store: Store, key: str) -> None:
        self._store = store
        self._key = key

    async def begin(self, reference: str, asked: Mapping[str, Any], openid: str) -> None:
        """WeChat is about to be asked for ``asked``."""
        value = {"at": clock.now(), "openid": openid, "asked": asked}
        entry = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        await self._store.do("HSET", self._key, reference, entry)
        await self._store.do("EXPIRE", self._key, KEPT)

    async def settled(self, reference: str) -> None:
        """WeChat has said what became of it, or was not asked."""
        await self._store.do("HDEL", self._key, reference)

    async def others(self, reference: str) -> list[Request]:
        """What is under way besides ``reference``. To be read after WeChat was: who has settled by then is known."""
        raw: Mapping[str, str] = await self._store.do("HGETALL", self._key)
        entries = {name: json.loads(entry) for name, entry in raw.items()}
        late = [name for name, entry in entries.items() if entry["at"] < clock.now() - KEPT]
        if late:
            await self._store.do("HDEL", self._key, *late)
        return [
            Request(name, entry["openid"], entry["asked"])
            for name, entry in entries.items()
            if name not in (reference, *late)
        ]
