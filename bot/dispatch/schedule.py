"""What is done every so often for each account, once however many processes run."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator

from bot.clock import now
from bot.dispatch.faults import described
from bot.dispatch.notices import Notices
from bot.errors import StoreUnavailable
from bot.routing.accounts import Accounts
from bot.routing.context import Context, Services
from bot.routing.router import Routes, Schedule
from bot.store import Script, Store, keys
from bot.wechat.inbound import Incoming

log = logging.getLogger(__name__)

ACCOUNTS_AT_ONCE = 8
"""Accounts that are looked at side by side: many are told at ten o'clock, and what WeChat or one of them keeps waiting
must not keep the others; more would take the connections of the people who are writing."""

LOOK_EVERY = 30.0
"""Seconds between looks at what is due."""

AT_A_TIME = 500
"""Accounts in one question whether there is anything to do."""

_TAKE = Script("""
-- KEYS: schedule. ARGV: now, seconds between two runs. 0 when it is due, and whoever is told so runs it; else in how
-- many seconds it is.
local last = redis.call('GET', KEYS[1])
local rests = last and tonumber(last) + tonumber(ARGV[2]) - tonumber(ARGV[1]) or 0
if rests > 0 then return math.ceil(rests) end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
return 0
""")


class Scheduler:
    """Runs the schedules of all routers."""

    def __init__(
        self,
        services: Accounts,
        routes: Routes,
        notices: Notices,
        store: Store,
    ) -> None:
        self._services = services
        self._routes = routes
        self._notices = notices
        self._store = store
        self._rests: dict[tuple[str, str], float] = {}
        """By schedule and account, until when nobody has to ask: it was run, here or elsewhere."""

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_EVERY)

    async def look(self) -> None:
        """Run what is due: one thing of an account after the other, of several accounts at a time."""
        try:
            due = await self._due()
        except StoreUnavailable:
            log.warning("schedules wait for redis")
            return
        waiting = iter(due.items())
        async with asyncio.TaskGroup() as group:
            for _ in range(min(ACCOUNTS_AT_ONCE, len(due))):
                group.create_task(self._look_at(waiting))

    async def _due(self) -> dict[str, list[Schedule]]:
        """What may be due, by account: neither run lately, nor without anything to do."""
        at, appids = now(), list(self._services)
        due: dict[str, list[Schedule]] = {}
        for schedule in self._routes.schedules:
            asked = [appid for appid in appids if self._rests.get((schedule.name, appid), 0.0) <= at]
            for appid in await self._with_something(schedule, asked):
                due.setdefault(appid, []).append(schedule)
        return due

    async def _with_something(self, schedule: Schedule, appids: list[str]) -> list[str]:
        if schedule.where is None:
            return appids
        found: list[str] = []
        for first in range(0, len(appids), AT_A_TIME):
            some = appids[first : first + AT_A_TIME]
            there = await self._store.pipeline(*(("EXISTS", schedule.where(appid)) for appid in some))
            found += [appid for appid, is_there in zip(some, there, strict=True) if is_there]
        return found

    async def _look_at(self, waiting: Iterator[tuple[str, list[Schedule]]]) -> None:
        for appid, schedules in waiting:
            for schedule in schedules:
                await self._run_if_due(appid, schedule)

    async def _run_if_due(self, appid: str, schedule: Schedule) -> None:
        key = keys.schedule(appid, schedule.name)
        try:
            rests = int(await self._store.script(_TAKE, [key], [now(), schedule.minutes * 60]))
            self._rests[schedule.name, appid] = now() + (rests or schedule.minutes * 60)
            if not rests:
                await self._run(await self._services.ready(appid), schedule)
        except StoreUnavailable:
            log.warning("schedule waits for redis", extra={"account": appid, "schedule": schedule.name})
        except Exception as error:
            fault = described(error)
            log.error("schedule failed", extra={"account": appid, "schedule": schedule.name, "fault": fault})

    async def _run(self, services: Services, schedule: Schedule) -> None:
        account = services.account
        await services.people.refresh()  # no push has compared versions for this process
        push = Incoming(account.appid, account.original_id, "", "schedule", schedule.name, int(now()), schedule.name)
        ctx = Context(services, self._routes, push, None, account.language, accounts=self._services)
        for notice in await schedule.handler(ctx):
            await self._notices.deliver(services, notice, by_the_clock=True)
