"""What durable work costs: ``python -m tests.benchmarks.durable_work [COUNT]``.

Prints milliseconds to enqueue, as a web process does it; from enqueuing to done, one job after the other, with a worker
of its own; jobs a second when COUNT lie waiting; and megabytes of a process before and after docket is imported.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bot.jobs import Jobs
from bot.store import connect
from tests.jobs.workshop import APPID, Reports, working
from tests.redis import running_server

PAGE = 4096


def resident() -> float:
    """Megabytes."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * PAGE / 1e6


def row(name: str, taken: Sequence[float]) -> None:
    """Print median and 99th percentile of seconds."""
    median, p99 = statistics.median(taken), statistics.quantiles(taken, n=100)[98]
    print(f"{name}: median {median * 1e3:.2f} ms, p99 {p99 * 1e3:.2f} ms ({len(taken)})")  # noqa: T201


async def enqueuing(jobs: Jobs, count: int) -> list[float]:
    """Seconds of each of ``count`` enqueuings."""
    taken = []
    for number in range(count):
        began = time.perf_counter()
        await jobs.enqueue("lasting", f"e{number}", APPID, {"job": f"e{number}", "seconds": 0.0})
        taken.append(time.perf_counter() - began)
    return taken


async def to_the_end(jobs: Jobs, reports: Reports, count: int) -> list[float]:
    """Seconds from enqueuing to the end of the job's function, each of ``count`` enqueued when the one before ended."""
    taken = []
    for number in range(count):
        began = time.perf_counter()
        await jobs.enqueue("lasting", f"d{number}", APPID, {"job": f"d{number}", "seconds": 0.0})
        await asyncio.to_thread(reports.until, "ended", f"d{number}")
        taken.append(time.perf_counter() - began)
    return taken


async def main(url: str, reports: Reports, count: int) -> None:
    """Measure all of it."""
    store = connect(url)
    jobs = Jobs(store, url)
    before = resident()
    await jobs.prepare()
    print(f"docket imported and connected: {before:.0f} MB before, {resident():.0f} MB after")  # noqa: T201
    await enqueuing(jobs, 50)
    await store.do("FLUSHALL")
    row("enqueue", await enqueuing(jobs, count))
    with working(url, reports):
        began = time.perf_counter()
        await asyncio.to_thread(reports.until, "ended", f"e{count - 1}", 300.0)
        print(f"throughput of one worker: {count / (time.perf_counter() - began):.0f} jobs a second")  # noqa: T201
        row("enqueue to done", await to_the_end(jobs, reports, min(count, 300)))
    await jobs.close()
    await store.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, running_server() as address:
        asyncio.run(main(address, Reports(Path(folder) / "reports"), int(sys.argv[1]) if len(sys.argv) > 1 else 2000))
