"""Our own count of an account's calls, and which calls WeChat has ended: those are refused before they are made.

Nothing here stands in the way of a call. Whether one has ended is known in this process; what is to be noted goes to
Redis behind the call, together with whatever else has come up meanwhile, and brings back what other processes noted.

Two things are not confirmed, and both readings are lived with. A day that is used up (45009) is taken to end at
midnight UTC+8; should it end sooner, or an administrator clear the quota, a call let through once an hour finds out:
its success opens the path again, its failure ends it for another hour. A minute that is used up (45011) is taken to be
the clock's; if it is the sixty seconds before, the next minute's first call finds it used up again.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from datetime import date, timedelta

from bot import clock
from bot.errors import StoreUnavailable
from bot.store.usage import End, Usage, UsageShelf
from bot.wechat.errcodes import TOKEN_REFUSED, refusal

log = logging.getLogger(__name__)

DAY_USED_UP, MINUTE_USED_UP = 45009, 45011
TRY_AGAIN = 3600.0
"""Seconds after which one call may find out whether a day that was used up has ended sooner than midnight."""

_NOT_COUNTED = {*TOKEN_REFUSED, DAY_USED_UP, MINUTE_USED_UP, "WeChatUnreachable"}


def until(end: End) -> float:
    """When an ended path is open again, at the latest (seconds since 1970)."""
    if end.errcode == MINUTE_USED_UP:
        return end.at // 60 * 60 + 60
    return float(clock.day_start(clock.local(end.at).date() + timedelta(days=1)))


class Ledger:
    """Counts the calls of one account in this process, and knows which have ended."""

    def __init__(self, shelf: UsageShelf) -> None:
        self._shelf = shelf
        self._ended: dict[str, End] = {}
        self._tried: dict[str, float] = {}
        self._calls: dict[date, Counter[str]] = {}
        self._changes: dict[str, End | None] = {}
        self._noting: asyncio.Task[None] | None = None

    def check(self, path: str) -> None:
        """Raise QuotaUsedUp or TooFast for a call that WeChat would refuse, as it did before."""
        end, now = self._ended.get(path), clock.now()
        if end is None:
            return
        if now >= until(end):
            del self._ended[path]
        elif end.errcode == DAY_USED_UP and now >= max(end.at, self._tried.get(path, 0.0)) + TRY_AGAIN:
            self._tried[path] = now  # this call tries, and the others wait for it
        else:
            raise refusal(path, end.errcode, "not asked: it was refused before")

    def note(self, path: str, outcome: int | str, seconds: float) -> None:
        """A request has ended (see :data:`bot.wechat.exchange.Observe`); noted in Redis in a moment."""
        now = clock.now()
        if outcome in (DAY_USED_UP, MINUTE_USED_UP):
            self._change(path, End(int(outcome), now))
        elif outcome == 0 and (end := self._ended.get(path)) and now - seconds >= end.at:
            self._change(path, None)
        if outcome not in _NOT_COUNTED:
            self._calls.setdefault(clock.local(now).date(), Counter())[path] += 1
        self._start()

    def open_again(self, path: str) -> None:
        """WeChat says that calls are left: a path that had been ended for the day is open."""
        if (end := self._ended.get(path)) and end.errcode == DAY_USED_UP:
            self._change(path, None)
            self._start()

    async def today(self) -> Usage:
        """All processes' figures of WeChat's day, this one's included; raises :exc:`bot.errors.StoreUnavailable`."""
        await self.settled()
        usage = await self._shelf.of(clock.wechat_today())
        self._learn(usage)
        return Usage(usage.calls, {path: end for path, end in self._ended.items() if clock.now() < until(end)})

    async def settled(self) -> None:
        """Wait until what is to be noted has been, or Redis turned out to be away."""
        while self._noting is not None:
            await asyncio.shield(self._noting)

    def _change(self, path: str, end: End | None) -> None:
        if end is None:
            self._ended.pop(path, None)
        else:
            self._ended[path] = end
        self._changes[path] = end

    def _start(self) -> None:
        if self._noting is None and (self._calls or self._changes):
            self._noting = asyncio.create_task(self._note_all())

    async def _note_all(self) -> None:
        try:
            while (self._calls or self._changes) and await self._note():
                pass
        finally:
            self._noting = None

    async def _note(self) -> bool:
        """Note what has come up; False when Redis is away: it is noted along with the next call."""
        calls, changes, today = self._calls, self._changes, clock.wechat_today()
        self._calls, self._changes = {}, {}
        try:
            for day in sorted({*calls, today}):
                usage = await self._shelf.add(day, calls.get(day, {}), changes if day == today else {})
                calls.pop(day, None)
        except StoreUnavailable:
            for day, counted in calls.items():
                self._calls.setdefault(day, Counter()).update(counted)
            self._changes = {**changes, **self._changes}
            log.debug("calls not counted yet: redis is away")
            return False
        self._learn(usage)
        return True

    def _learn(self, usage: Usage) -> None:
        """What other processes noted; what this one has still to note is newer."""
        for path in {*usage.ended, *self._ended} - set(self._changes):
            end, known = usage.ended.get(path), self._ended.get(path)
            if end is None:
                del self._ended[path]  # another process had a call succeed
            elif known is None or known.at < end.at:
                self._ended[path] = end
