"""The daily summary: who wants it at what time, and whose is due; one per person and day of the account.

A person's summary of one day is taken by one process for :data:`LEASE` seconds, then waits for WeChat or is told.
Whoever takes it after a lease has run out first looks whether it has been told, so a process that dies in between
neither loses one nor tells it twice. All of it is decided by stored times against the program's clock.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from bot import clock
from bot.merchants import digest_times
from bot.merchants.roster import Operator
from bot.merchants.telling import Telling
from bot.store import Script, Store, keys
from bot.store.keepsakes import Keepsakes
from bot.wechat.account import Account

LEASE = 300.0
"""Seconds for asking WeChat and handing a summary over."""

AFTERWARDS = 3600.0
"""Seconds after the day or the wait has ended in which one that was begun is still told."""

LOOKED_WITHIN = 600.0
"""Seconds until somebody has looked what is due: longer over midnight was an outage, and the day is gone."""

DAYS_REMEMBERED = 3

WISHED = keys.digest_wishes
"""The key without which nobody of an account wishes a summary."""

_TAKE = Script("""
-- KEYS: summaries of a day. ARGV: openid, now, who takes, until when it is theirs, when it was due, seconds to live.
-- The same taker twice is one whose first answer got lost on the way.
local raw = redis.call('HGET', KEYS[1], ARGV[1])
if raw then
  local known = cjson.decode(raw)
  if known.by == ARGV[3] then return 1 end
  if known.state == 'told' or known['until'] > tonumber(ARGV[2]) then return 0 end
end
redis.call('HSET', KEYS[1], ARGV[1], cjson.encode(
  {state = 'taken', by = ARGV[3], ['until'] = tonumber(ARGV[4]), due = tonumber(ARGV[5])}))
redis.call('EXPIRE', KEYS[1], ARGV[6])
return 1
""")
_PUT_BACK = Script("""
-- KEYS: summaries of a day. ARGV: openid, who took it, new state, until when it rests. Only whoever has it may.
local raw = redis.call('HGET', KEYS[1], ARGV[1])
local known = raw and cjson.decode(raw)
if not known or known.by ~= ARGV[2] then return 0 end
known.state, known['until'] = ARGV[3], tonumber(ARGV[4])
redis.call('HSET', KEYS[1], ARGV[1], cjson.encode(known))
return 1
""")


@dataclass(frozen=True, slots=True)
class Wish:
    """A summary every day at ``at`` on the account's clock, wished ``since`` (seconds since 1970)."""

    at: time
    since: float


@dataclass(frozen=True, slots=True)
class Edition:
    """The summary of one person and one ``day`` of the account, ``due`` then; ``by`` names who has taken it."""

    openid: str
    day: date
    due: float
    by: str = ""

    @property
    def fact(self) -> str:
        """What is told once."""
        return f"digest:{self.day}"

    @property
    def told_day(self) -> date:
        """The day of WeChat's it tells of."""
        return digest_times.told_day(self.due)

    @property
    def patient_until(self) -> float:
        """How long it waits for figures."""
        return digest_times.patient_until(self.due)


class Digests:
    """The daily summaries of the people of one account."""

    def __init__(self, store: Store, account: Account, telling: Telling, keepsakes: Keepsakes) -> None:
        self._store = store
        self._keepsakes = keepsakes
        self._appid = account.appid
        self._zone = account.zone
        self._telling = telling

    async def wish(self, operator: Operator) -> Wish | None:
        """What ``operator`` wished; None for nothing, or before they left and joined again."""
        raw = await self._store.do("HGET", keys.digest_wishes(self._appid), operator.openid)
        return _wish(raw, operator)

    async def turn_on(self, operator: Operator, at: time) -> Wish:
        """Wish it for ``at`` every day. Who only changes the time still gets today's if it was not told yet."""
        before = await self.wish(operator)
        wish = Wish(at, before.since if before else clock.now())
        value = json.dumps({"at": f"{at:%H:%M}", "since": wish.since, "member_since": operator.since})
        await self._store.do("HSET", keys.digest_wishes(self._appid), operator.openid, value)
        await self._keepsakes.changed(self._appid)
        return wish

    async def turn_off(self, operator: Operator) -> bool:
        """Wish it no more; False if nothing was wished."""
        known = await self.wish(operator) is not None
        await self._store.do("HDEL", keys.digest_wishes(self._appid), operator.openid)
        await self._keepsakes.changed(self._appid)
        return known

    async def next(self, operator: Operator, wish: Wish) -> Edition:
        """The one that comes next: today's unless it was told, or was due before it was wished."""
        today = self._today()
        edition = self._edition(operator.openid, today, wish.at)
        if edition.due < wish.since or await self._telling.was_told(operator.openid, edition.fact):
            return self._edition(operator.openid, today + timedelta(days=1), wish.at)
        return edition

    async def take_due(self, people: Iterable[Operator]) -> list[Edition]:
        """Those of ``people`` that are due now and nobody else has; each is the caller's for :data:`LEASE` seconds."""
        wishes = await self._store.do("HGETALL", keys.digest_wishes(self._appid))
        wished = [(each, wish) for each in people if (wish := _wish(wishes.get(each.openid), each))]
        if not wished:
            return []
        today = self._today()
        states = {day: await self._states(day) for day in (today - timedelta(days=1), today)}
        due = (edition for operator, wish in wished for edition in self._due(operator, wish, today, states))
        return [taken for edition in due if (taken := await self._take(edition))]

    async def wait(self, edition: Edition) -> None:
        """WeChat has no figures yet: put ``edition`` back until it is worth asking again."""
        await self._put_back(edition, "waiting", digest_times.next_look(clock.now(), edition.due))

    def _due(
        self, operator: Operator, wish: Wish, today: date, states: Mapping[date, Mapping[str, Any]]
    ) -> Iterator[Edition]:
        """Today's, and yesterday's where it was begun or nobody has looked since; as far as nobody is at it."""
        now = clock.now()
        for day, known in states.items():
            state = known.get(operator.openid)
            if state is not None and (state["state"] == "told" or state["until"] > now):
                continue
            edition = self._edition(operator.openid, day, wish.at)
            ready = wish.since <= edition.due <= now
            if day != today and state is not None:
                edition = Edition(operator.openid, day, state["due"])
                ready = now < max(clock.day_start(today, self._zone), edition.patient_until) + AFTERWARDS
            elif day != today:
                ready = ready and now < edition.due + LOOKED_WITHIN
            if ready:
                yield edition

    async def _take(self, edition: Edition) -> Edition | None:
        """``edition`` as the caller's; None if somebody else was faster, or it has been told."""
        taken = Edition(edition.openid, edition.day, edition.due, secrets.token_hex(8))
        asked: list[str | float] = [edition.openid, clock.now(), taken.by, clock.now() + LEASE, edition.due]
        if not await self._store.script(_TAKE, [self._key(edition)], [*asked, DAYS_REMEMBERED * 86_400]):
            return None
        if await self._telling.was_told(edition.openid, edition.fact):
            await self._put_back(taken, "told", clock.now())
            return None
        return taken

    async def _put_back(self, edition: Edition, state: str, until: float) -> None:
        await self._store.script(_PUT_BACK, [self._key(edition)], [edition.openid, edition.by, state, until])

    async def _states(self, day: date) -> dict[str, Any]:
        raw = await self._store.do("HGETALL", keys.digests(self._appid, day.isoformat()))
        return {openid: json.loads(state) for openid, state in raw.items()}

    def _edition(self, openid: str, day: date, at: time) -> Edition:
        return Edition(openid, day, digest_times.due_at(day, at, self._zone))

    def _today(self) -> date:
        return clock.local(clock.now(), self._zone).date()

    def _key(self, edition: Edition) -> str:
        return keys.digests(self._appid, edition.day.isoformat())


def _wish(raw: str | None, operator: Operator) -> Wish | None:
    if raw is None:
        return None
    stored = json.loads(raw)
    if stored["member_since"] != operator.since:
        return None
    return Wish(time.fromisoformat(stored["at"]), stored["since"])
