"""Who asked WeChat for which change, when, and what came of it.

Every change is two entries under one number: one before WeChat is called, one after. A first entry without a second
is a call whose end nobody saw.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from bot import clock
from bot.store import Script, Store, keys
from bot.vouchers.changes import Change
from bot.vouchers.model import Voucher
from bot.wechat.account import Account

LOOKED_BACK = 100

_BEGIN = Script("""
-- number, list | the entry as JSON, without its number
local number = redis.call('INCR', KEYS[1])
redis.call('RPUSH', KEYS[2], '{"number":' .. number .. ',' .. string.sub(ARGV[1], 2))
return number
""")


class Author(Protocol):
    """An operator, as far as records mind."""

    @property
    def openid(self) -> str:
        """Who."""

    @property
    def name(self) -> str:
        """What colleagues call them."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A change that was about to be asked for ``at`` that time (seconds since 1970), and what came of it, if noted."""

    number: int
    at: float
    changes: list[dict[str, Any]]
    end: dict[str, Any] | None


class Records:
    """The changes of one account, in Redis, only ever appended to."""

    def __init__(self, account: Account, store: Store) -> None:
        self._store = store
        self._list = keys.change_records(account.appid)
        self._number = keys.change_number(account.appid)

    async def begin(self, voucher: Voucher, changes: Iterable[Change], by: Author) -> int:
        """Note what is about to be asked; the number it goes by from now on, consecutive within the account."""
        entry = {
            "event": "asked",
            "at": clock.now(),
            "openid": by.openid,
            "name": by.name,
            "card_id": voucher.card_id,
            "title": voucher.title,
            "changes": [change.to_json() for change in changes],
        }
        return int(await self._store.script(_BEGIN, [self._number, self._list], [_json(entry)]))

    async def last_asked(self, card_id: str, by: Author) -> Asked | None:
        """The last change ``by`` asked for about this voucher, of the newest hundred entries."""
        entries = [json.loads(raw) for raw in await self._store.do("LRANGE", self._list, -LOOKED_BACK, -1)]
        ends = {entry["number"]: entry for entry in entries if entry["event"] != "asked"}
        for entry in reversed(entries):
            if entry["event"] == "asked" and (entry["card_id"], entry["openid"]) == (card_id, by.openid):
                return Asked(entry["number"], entry["at"], entry["changes"], ends.get(entry["number"]))
        return None

    async def end(self, number: int, event: str, **details: Any) -> None:
        """Note what came of change ``number``."""
        await self._store.do(
            "RPUSH", self._list, _json({"number": number, "event": event, "at": clock.now(), **details})
        )


def _json(entry: dict[str, Any]) -> str:
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":"))
