"""Previews that need a second person's yes: one asks, a colleague with the role says yes by the request's number.

Which commands need it is the setting ``[four_eyes] commands``. A request that was answered stays on record as answered
until long after it would have ended, so that no repeat of a message brings it to life again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from bot import clock
from bot.merchants.pending import Preview
from bot.merchants.roster import Operator
from bot.store import Script, Store, record_keys
from bot.wechat.account import Account

MINUTES = 60
REMEMBERED_SECONDS = 7 * 86_400
_FIRST = 100
"""Numbers begin above those of lists."""

_ASK = Script("""
-- requests, number | the preview's id, request as JSON without its number, first number, seconds to live
local known = redis.call('HGET', KEYS[1], ARGV[1])
if known then return known end
local number = tonumber(ARGV[3]) + redis.call('INCR', KEYS[2])
local request = '{"number":' .. number .. ',' .. string.sub(ARGV[2], 2)
redis.call('HSET', KEYS[1], ARGV[1], request)
redis.call('EXPIRE', KEYS[1], ARGV[4])
return request
""")
_ANSWER = Script("""
-- requests | the preview's id, message that answers, request as JSON once it is answered
local known = redis.call('HGET', KEYS[1], ARGV[1])
if not known then return 0 end
local by = cjson.decode(known)['answered_by']
if by ~= '' and by ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
""")


@dataclass(frozen=True, slots=True)
class Request:
    """What ``name`` asks for; ``until`` is seconds since 1970.

    ``answered_by`` is the identity of the message that answered it, "" before, and ``answer`` who said so.
    """

    number: int
    openid: str
    name: str
    preview: Preview
    until: float
    answered_by: str = ""
    answer: str = ""

    @property
    def minutes_left(self) -> int:
        """Whole minutes it is still worth answering, rounded up."""
        return max(0, -int(-(self.until - clock.now()) // 60))

    @property
    def is_open(self) -> bool:
        """Whether it still waits."""
        return not self.answered_by and self.until > clock.now()

    @classmethod
    def of(cls, raw: str) -> Request:
        """As it is stored."""
        value = json.loads(raw)
        return cls(**{**value, "preview": Preview(**value["preview"])})


class Approvals:
    """The requests of one account. Every method raises StoreUnavailable when Redis is away."""

    def __init__(self, store: Store, account: Account, commands: Iterable[str] = ()) -> None:
        self.commands = frozenset(commands)
        self._store = store
        self._requests = record_keys.second_yes(account.appid)
        self._number = record_keys.second_yes_number(account.appid)

    async def ask(self, preview: Preview, operator: Operator) -> Request:
        """Let a colleague of ``operator`` say yes to ``preview``; asked again, the same request."""
        await self._forget_old()
        value = asdict(Request(0, operator.openid, operator.name, preview, clock.now() + MINUTES * 60))
        del value["number"]
        args: list[str | bytes | float | int] = [preview.id, _json(value), _FIRST, REMEMBERED_SECONDS]
        return Request.of(await self._store.script(_ASK, [self._requests, self._number], args))

    async def all(self) -> list[Request]:
        """Every request that is remembered, oldest first."""
        found = [Request.of(raw) for raw in await self._store.do("HVALS", self._requests)]
        return sorted(found, key=lambda request: request.number)

    async def numbered(self, number: int) -> Request | None:
        """The request of this number, answered or not."""
        return next((request for request in await self.all() if request.number == number), None)

    async def answer(self, request: Request, by: str, operator: Operator) -> bool:
        """Note that ``operator`` answers it by message ``by``; whether nobody was faster. Once is enough."""
        answered = replace(request, answered_by=by, answer=operator.name)
        args = [request.preview.id, by, _json(asdict(answered))]
        return bool(await self._store.script(_ANSWER, [self._requests], args))

    async def reopen(self, request: Request, by: str) -> None:
        """It was answered by message ``by``, and certainly nothing came of it: it waits again."""
        await self._store.script(_ANSWER, [self._requests], [request.preview.id, by, _json(asdict(request))])

    async def _forget_old(self) -> None:
        ids = [each.preview.id for each in await self.all() if each.until < clock.now() - REMEMBERED_SECONDS]
        if ids:
            await self._store.do("HDEL", self._requests, *ids)


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
