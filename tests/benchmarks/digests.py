"""What daily summaries cost: ``python -m tests.benchmarks.digests [ACCOUNTS …]``, by default 100 and 1,000.

Each account has one reader and twenty vouchers, and all summaries are due at 10:00. WeChat, whose answers take 50 ms,
Redis and the bot are processes of their own; the bot is a new one for each number of accounts. Told are API calls, as
the bot's ledger has them; seconds of the look at 10:00, beside those a bare client takes for the same calls (measured
for a tenth of them, 64 at a time, as many as the bot may make), and of a look with nothing due; megabytes of the bot at
rest and at most.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import subprocess
import sys
import time
from collections import Counter
from datetime import time as time_of_day
from typing import Any

import time_machine

from bot.app import App, build
from bot.clock import now
from bot.merchants.people import SHELL, Role
from bot.merchants.windows import Action
from tests.benchmarks.bare import Call, bare
from tests.benchmarks.many_shops import NOW, READER, card_id_of, many_shops, settings_of
from tests.benchmarks.memory import resident
from tests.redis import running_server

VOUCHERS = 20
AT_ONCE = 64
SAMPLED = 10
"""The bare client makes one call of so many."""

SPAN = {"begin_date": "2026-10-24", "end_date": "2026-11-21", "cond_source": 1}
BODIES: dict[str, dict[str, Any]] = {
    "datacube/getcardbizuininfo": SPAN,
    "datacube/getcardcardinfo": SPAN | {"begin_date": "2026-11-15"},
    "card/batchget": {"offset": 0, "count": 50},
    "card/get": {"card_id": card_id_of(0, 0)},
}
"""What the bare client asks; what is sent or asked for a token is left out."""


async def prepare(app: App) -> None:
    """One reader of each account wants a summary at 10:00, and has texted lately."""
    for appid, services in app.services.items():
        reader = await app.people(appid).add(READER, Role.VIEWER, "赵敏", by=SHELL)
        await services.digests.turn_on(reader, time_of_day(10))
        await services.windows.record(READER, Action.MESSAGE, now())


async def calls_of(app: App) -> Counter[str]:
    """How often WeChat was asked for what."""
    made: Counter[str] = Counter()
    for services in app.services.values():
        made.update((await services.wechat.ledger.today()).calls)
    return made


async def look(app: App) -> float:
    """Seconds of one look at what is due."""
    began = time.perf_counter()
    await app.scheduler.look()
    return time.perf_counter() - began


async def measure(count: int, wechat: str, redis: str, clock: time_machine.Traveller) -> dict[str, Any]:
    """All figures of one number of accounts. What is due less often than every minute is done with at 09:59."""
    clock.shift(-60)
    app = build(settings_of(count, wechat), redis)
    await app.jobs.prepare()
    await prepare(app)
    await app.load()
    await look(app)
    before, rest = await calls_of(app), resident(os.getpid())
    clock.shift(61)
    told = await look(app)
    calls = await calls_of(app) - before
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    clock.shift(60)
    idle = await look(app)
    await app.close()
    return {"calls": calls, "told": told, "idle": idle, "rest": rest, "most": most}


def measured(count: int, wechat: str, redis: str) -> dict[str, Any]:
    """:func:`measure` in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.digests", "--measure", str(count), wechat, redis]
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def same_calls(calls: dict[str, int]) -> list[Call]:
    """A tenth of the calls that read something."""
    return [(path, body) for path, body in BODIES.items() for _ in range(calls[path] // SAMPLED)]


def main(counts: list[int]) -> None:
    """Measure and print each number of accounts."""
    for count in counts:
        with many_shops(count, VOUCHERS) as wechat, running_server() as redis:
            found = measured(count, wechat, redis)
            calls: dict[str, int] = found["calls"]
            alone = asyncio.run(bare(wechat, same_calls(calls), AT_ONCE)) * SAMPLED
        total, told, idle = sum(calls.values()), found["told"], found["idle"]
        print(  # noqa: T201
            f"digests of {count} accounts with {VOUCHERS} vouchers: {total} calls, {total / count:.1f} each; "
            f"{told:.1f} s, {told / count * 1e3:.0f} ms each, {told / alone:.1f} × the calls alone; "
            f"{idle:.2f} s with nothing due; {found['rest']:.0f} MB at rest, {found['most']:.0f} MB at most"
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        with time_machine.travel(NOW, tick=True) as traveller:
            print(json.dumps(asyncio.run(measure(int(sys.argv[2]), sys.argv[3], sys.argv[4], traveller))))  # noqa: T201
    else:
        main([int(each) for each in sys.argv[1:]] or [100, 1000])
