"""What counting pushes costs: ``python -m tests.benchmarks.counting [ACCOUNTS [PUSHES]]``, by default 1,000 of each.

Every push goes through bot.stats.counters by itself, in two processes as two bots would be, each with 32 on their way
at a time: of ten pushes seven claims and three redemptions, of five vouchers, in ten hours, by three channels and four
people. Told are seconds beside those of as many plain HINCRBY, measured for a fiftieth of them, and the memory Redis
uses more than before for an account's day, with the parts by MEMORY USAGE of the first accounts, beside the day's codes
alone in one set.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterable

from bot.clock import day_start
from bot.stats.counters import Counters, What
from bot.store import Store, connect
from bot.wechat.account import account_of
from tests.benchmarks.many_shops import TODAY, settings_of
from tests.redis import running_server

PROCESSES = 2
SIDE_BY_SIDE = 32
SAMPLED = 50
LOOKED_AT = 20
"""Accounts whose keys are measured."""


def code(number: int) -> str:
    """Of ten pushes seven claim a code each, and three redeem one of those."""
    return f"{number // 10 * 10 + number % 10 % 7:012}"


async def count_day(counters: Counters, pushes: int) -> None:
    """A day of one account."""
    opened = day_start(TODAY) + 10 * 3600
    for number in range(pushes):
        claim = number % 10 < 7
        await counters.count(
            What.CLAIMED if claim else What.REDEEMED, code(number), opened + number * 36_000 // pushes,
            f"pBench{number % 5:022}", channel=("", "till-1", "poster")[number % 3],
            source="" if claim else "FROM_MP", staff="" if claim else f"oBench{number % 4:022}",
        )  # fmt: skip


async def side_by_side(work: Iterable[Callable[[], Awaitable[object]]]) -> float:
    """Seconds of all of it, so much at a time."""
    waiting = iter(work)

    async def one_after_the_other() -> None:
        for each in waiting:
            await each()

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(SIDE_BY_SIDE):
            group.create_task(one_after_the_other())
    return time.perf_counter() - began


async def count_share(redis: str, accounts: int, pushes: int, share: int) -> None:
    """What one process counts."""
    store = connect(redis)
    mine = settings_of(accounts, "http://127.0.0.1:9").accounts[share::PROCESSES]
    each = [Counters(store, account_of(account)) for account in mine]
    await side_by_side((lambda counters=counters: count_day(counters, pushes)) for counters in each)  # type: ignore[misc]  # mypy cannot infer a lambda with a default
    await store.close()


def count_all(redis: str, accounts: int, pushes: int) -> float:
    """Seconds of both processes, begun at once."""
    command = [sys.executable, "-m", "tests.benchmarks.counting", "--share", redis, str(accounts), str(pushes)]
    began = time.perf_counter()
    running = [subprocess.Popen([*command, str(share)]) for share in range(PROCESSES)]
    assert [process.wait() for process in running] == [0] * PROCESSES
    return time.perf_counter() - began


async def used(redis: str) -> int:
    """Bytes Redis uses."""
    store = connect(redis)
    found = await store.do("INFO", "memory")
    await store.close()
    return int(found["used_memory"])


async def room(store: Store, appid: str, kind: str) -> int:
    """Bytes of an account's keys of one kind."""
    found = await store.do("KEYS", f"*{{{appid}}}:{kind}:*")
    return sum([int(await store.do("MEMORY", "USAGE", key, "SAMPLES", 0)) for key in found])


async def report(redis: str, accounts: int, pushes: int, seconds: float, taken: int) -> None:
    """Measure the baselines, and print; ``taken``: bytes Redis uses for all of it."""
    store = connect(redis)
    some = accounts * pushes // SAMPLED
    alone = await side_by_side([lambda: store.do("HINCRBY", "{bench}:plain", "f", 1)] * some) * SAMPLED / PROCESSES
    print(  # noqa: T201
        f"{accounts * pushes} pushes counted, {pushes} of each of {accounts} accounts: {seconds:.0f} s, "
        f"{accounts * pushes / seconds:.0f} a second, {seconds / alone:.1f} × as many HINCRBY"
    )
    appids = [each.appid for each in settings_of(min(accounts, LOOKED_AT), "http://127.0.0.1:9").accounts]
    kinds = {"tallies": "400 days", "counted": "nine days", "counts:channels": "by voucher"}
    sizes = {kind: sum([await room(store, appid, kind) for appid in appids]) / len(appids) for kind in kinds}
    await store.do("SADD", "{bench}:codes", *{code(number) for number in range(pushes)})
    codes = int(await store.do("MEMORY", "USAGE", "{bench}:codes", "SAMPLES", 0))
    parts = ", ".join(f"{size / 1024:.1f} for {kinds[kind]}" for kind, size in sizes.items())
    total = taken / accounts
    print(  # noqa: T201
        f"Redis, an account's day: {total / 1024:.1f} KiB ({parts}), {total / pushes:.0f} bytes a push, "
        f"{total / codes:.1f} × the codes alone"
    )
    await store.close()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--share"]:
        asyncio.run(count_share(sys.argv[2], *(int(each) for each in sys.argv[3:6])))
    else:
        accounts, pushes, *_ = [*(int(each) for each in sys.argv[1:3]), *[1000, 1000][len(sys.argv) - 1 :]]
        with running_server() as redis:
            before = asyncio.run(used(redis))
            seconds = count_all(redis, accounts, pushes)
            taken = asyncio.run(used(redis)) - before
            asyncio.run(report(redis, accounts, pushes, seconds, taken))
