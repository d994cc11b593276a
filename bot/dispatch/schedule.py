"""What is done every so often for each account, once however many processes run."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Mapping

from bot.clock import now
from bot.dispatch.faults import described
from bot.dispatch.notices import Notices
from bot.errors import StoreUnavailable
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

_TAKE = Script("""
-- KEYS: schedule. ARGV: now, seconds between two runs. Whether it is due; whoever is told so runs it.
local last = redis.call('GET', KEYS[1])
if last and tonumber(ARGV[1]) < tonumber(last) + tonumber(ARGV[2]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
return 1
""")


class Scheduler:
    """Runs the schedules of all routers."""

    def __init__(
        self,
        services: Mapping[str, Services],
        routes: Routes,
        notices: Notices,
        store: Store,
    ) -> None:
        self._services = services
        self._routes = routes
        self._notices = notices
        self._store = store

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_EVERY)

    async def look(self) -> None:
        """Run what is due: one thing of an account after the other, of several accounts at a time."""
        waiting = iter(self._services.values())
        async with asyncio.TaskGroup() as group:
            for _ in range(min(ACCOUNTS_AT_ONCE, len(self._services))):
                group.create_task(self._look_at(waiting))

    async def _look_at(self, accounts: Iterator[Services]) -> None:
        for services in accounts:
            for schedule in self._routes.schedules:
                await self._run_if_due(services, schedule)

    async def _run_if_due(self, services: Services, schedule: Schedule) -> None:
        appid = services.account.appid
        key = keys.schedule(appid, schedule.name)
        try:
            if await self._store.script(_TAKE, [key], [now(), schedule.minutes * 60]):
                await self._run(services, schedule)
        except StoreUnavailable:
            log.warning("schedule waits for redis", extra={"account": appid, "schedule": schedule.name})
        except Exception as error:
            fault = described(error)
            log.error("schedule failed", extra={"account": appid, "schedule": schedule.name, "fault": fault})

    async def _run(self, services: Services, schedule: Schedule) -> None:
        account = services.account
        await services.people.refresh()  # no push has compared versions for this process
        push = Incoming(account.appid, account.original_id, "", "schedule", schedule.name, int(now()), schedule.name)
        ctx = Context(services, self._routes, push, None, account.language)
        for notice in await schedule.handler(ctx):
            await self._notices.deliver(services, notice)
