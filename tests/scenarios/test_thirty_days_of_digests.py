"""Thirty days of daily summaries: two schedulers that are killed and restarted, and three outages.

Four people of a shop in New York want theirs at four times; on 8 March one of these does not exist. The clock is moved
by hand from look to look. Redis, WeChat and all processes are away once each while somebody's summary is due.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from bot.app import App, build
from bot.clock import now
from bot.merchants.digest_times import due_at, told_day
from bot.simulator import Fault, Simulator
from tests.dispatch.unruly_redis import UnrulyRedis, unruly_redis
from tests.shop import Shop, Speaker, open_shop, settings_for

ZONE = ZoneInfo("America/New_York")
FIRST = date(2026, 2, 20)
DAYS = 30
TIMES = {"viewer": time(2, 30), "clerk": time(10), "manager": time(20), "owner": time(23, 50)}
AWAY = {
    "processes": (datetime(2026, 2, 25, 1, 0, tzinfo=ZONE), datetime(2026, 2, 25, 16, 0, tzinfo=ZONE)),
    "redis": (datetime(2026, 3, 4, 9, 30, tzinfo=ZONE), datetime(2026, 3, 4, 14, 0, tzinfo=ZONE)),
    "wechat": (datetime(2026, 3, 12, 19, 45, tzinfo=ZONE), datetime(2026, 3, 12, 21, 10, tzinfo=ZONE)),
}
KILLS = 40
TOLD = re.compile(r"^核销 (\d+) 张|的日报：", re.MULTILINE)
"""Figures, or in words that there are none."""


@dataclass
class Month:
    """The shop, its two schedulers, and what everybody has read."""

    shop: Shop
    redis: UnrulyRedis
    clock: time_machine.Traveller
    chance: random.Random
    schedulers: list[App] = field(default_factory=list)
    read: dict[str, list[int]] = field(default_factory=lambda: {role: [] for role in TIMES})
    last_read: dict[str, float] = field(default_factory=dict)
    killed: int = 0
    kept: int = 0

    def away(self, what: str, moment: datetime) -> bool:
        """Whether ``what`` is away at this time."""
        begin, end = AWAY[what]
        return begin <= moment < end

    async def restart(self, number: int) -> None:
        """Another process takes the place of scheduler ``number``."""
        await self.schedulers[number].close()
        self.schedulers[number] = self.new_scheduler()

    def new_scheduler(self) -> App:
        """A process that knows nothing yet."""
        shop = self.shop
        settings = settings_for(shop.simulator, shop.wechat_side, account={"timezone": ZONE.key})
        return build(settings, self.redis.url)

    async def look(self, kill: bool) -> None:
        """Both schedulers look at once; with ``kill`` one of them ends while it asks WeChat for figures."""
        looks = [asyncio.create_task(each.scheduler.look()) for each in self.schedulers]
        if not kill:
            await asyncio.gather(*looks)
            return
        self.shop.simulator.fault("getcardbizuininfo", Fault(delay=0.2), times=None)
        victim = self.chance.randrange(2)
        await asyncio.wait({looks[victim]}, timeout=0.1)
        self.killed += looks[victim].cancel()
        await asyncio.gather(*looks, return_exceptions=True)
        self.shop.simulator.clear_faults()
        await self.restart(victim)

    async def writes(self, speaker: Speaker, role: str) -> None:
        """Whoever writes sees what was kept for them, and can be reached again."""
        self.kept += self.note(role, [await speaker.says("我")])

    def note(self, role: str, texts: list[str]) -> int:
        """``texts`` have been read; how many summaries were among them."""
        found = [int(count or 0) for text in texts for count in TOLD.findall(text)]
        self.read[role] += found
        if found:
            self.last_read[role] = now()
        return len(found)


def looks_of(day: date, chance: random.Random) -> list[datetime]:
    """Some moments of ``day``, which may have 23 hours, and two in its last ten minutes."""
    last = due_at(day, time(23, 51), ZONE)
    moments = [due_at(day, time(0), ZONE)]
    while (following := moments[-1] + chance.uniform(600, 3000)) < last:
        moments.append(following)
    return [datetime.fromtimestamp(each, ZONE) for each in (*moments, last, last + 360)]


@asynccontextmanager
async def a_month(simulator: Simulator, clock: time_machine.Traveller, seed: int) -> AsyncIterator[Month]:
    """Everything stands, and everybody has asked for their summary the evening before."""
    async with AsyncExitStack() as stack:
        redis = stack.enter_context(unruly_redis())
        clock.move_to(datetime.combine(FIRST - timedelta(days=1), time(23, 55), ZONE))
        shop = await stack.enter_async_context(open_shop(simulator, redis.url, account={"timezone": ZONE.key}))
        month = Month(shop, redis, clock, random.Random(seed))  # noqa: S311 - chance, not secrecy
        month.schedulers += [month.new_scheduler(), month.new_scheduler()]
        for number in range(DAYS + 3):
            day = (FIRST + timedelta(days=number - 2)).isoformat()
            simulator.set_figures(shop.appid, None, day, 1, {"verify_cnt": 100 + number})
        for role, at in TIMES.items():
            await getattr(shop, role).says(f"日报 开 {at:%H:%M}")
            month.last_read[role] = now()
        try:
            yield month
        finally:
            for scheduler in month.schedulers:
                await scheduler.close()


def expected(at: time) -> list[int]:
    """What the figures of each day say, in order."""
    told = (told_day(due_at(FIRST + timedelta(days=number), at, ZONE)) for number in range(DAYS))
    return [100 + (day - FIRST).days + 2 for day in told]


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.slow
@pytest.mark.timeout(240)
async def test_everybody_reads_thirty(simulator: Simulator, clock: time_machine.Traveller, seed: int) -> None:
    async with a_month(simulator, clock, seed) as month:
        for number in range(DAYS):
            day = FIRST + timedelta(days=number)
            simulator.readings.data_ready_hour = month.chance.choice([8, 11, 12])
            for moment in looks_of(day, month.chance):
                clock.move_to(moment)
                await one_look(month, moment)
        clock.move_to(datetime.combine(FIRST + timedelta(days=DAYS), time(0, 20), ZONE))
        await month.look(kill=False)
        await everybody_reads(month, writing=True)

        for role, at in TIMES.items():
            assert month.read[role] == expected(at), role
        assert month.killed >= KILLS
        assert month.kept >= DAYS


async def one_look(month: Month, moment: datetime) -> None:
    """What happens at this moment, as far as nothing is away."""
    if month.away("processes", moment):
        return
    if month.away("redis", moment):
        month.redis.kill()
        await month.look(kill=False)
        return
    month.redis.start_if_away()
    if month.away("wechat", moment):
        for path in ("getcardbizuininfo", "getcardcardinfo", "custom/send"):
            month.shop.simulator.fault(path, Fault(drop=True), times=None)
        await month.look(kill=False)
        month.shop.simulator.clear_faults()
        return
    await month.look(kill=due_lately(moment) or month.chance.random() < 0.05)
    if month.chance.random() < 0.2:
        await month.restart(month.chance.randrange(2))
    await everybody_reads(month, writing=False)


def due_lately(moment: datetime) -> bool:
    """Whether somebody's became due within the last few minutes."""
    return any(0 <= moment.timestamp() - due_at(moment.date(), at, ZONE) < 900 for at in TIMES.values())


async def everybody_reads(month: Month, *, writing: bool) -> None:
    """What was sent is read by all; whoever misses a summary writes, as WeChat forgets them after two days."""
    for role in TIMES:
        speaker: Speaker = getattr(month.shop, role)
        month.note(role, speaker.reads())
        if writing or now() - month.last_read[role] > 24.5 * 3600:
            await month.writes(speaker, role)
