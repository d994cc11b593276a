"""Workers that are killed, stopped, doubled, and left without Redis: nothing lost, nothing twice."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from bot.jobs import Job, Jobs, State
from bot.store import connect
from tests.jobs.workshop import APPID, MortalRedis, Reports, working

T = TypeVar("T")

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[MortalRedis]:
    """A Redis that a test may kill."""
    server = MortalRedis(tmp_path)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def reports(tmp_path: Path) -> Iterator[Reports]:
    """What the workers report."""
    opened = Reports(tmp_path / "reports")
    yield opened
    opened.close()


def with_jobs(redis: MortalRedis, use: Callable[[Jobs], Awaitable[T]]) -> T:
    """What ``use`` makes of the queue, as a web process has it: it runs nothing."""

    async def run() -> T:
        store = connect(redis.url)
        jobs = Jobs(store, redis.url)
        try:
            return await use(jobs)
        finally:
            await jobs.close()
            await store.close()

    return asyncio.run(run())


def enqueue(redis: MortalRedis, name: str, *job_ids: str, **args: float) -> None:
    """Have the jobs done."""

    async def all_of(jobs: Jobs) -> None:
        for job_id in job_ids:
            assert await jobs.enqueue(name, job_id, APPID, {"job": job_id, **args})

    with_jobs(redis, all_of)


def record(redis: MortalRedis, job_id: str) -> Job:
    """The job's record."""
    found = with_jobs(redis, lambda jobs: jobs.shelf.get(f"{APPID}/{job_id}"))
    assert found
    return found


def settled(redis: MortalRedis, job_id: str) -> Job:
    """The job's record once nobody holds the job: the report is sent before the outcome is written."""

    async def look(jobs: Jobs) -> Job:
        async with asyncio.timeout(10.0):
            while (job := await jobs.shelf.get(f"{APPID}/{job_id}")) is None or job.owner:
                await asyncio.sleep(0.02)
        return job

    return with_jobs(redis, look)


def test_a_job_whose_worker_is_killed_is_run_again_within_some_six_seconds_and_once(
    redis: MortalRedis, reports: Reports
) -> None:
    with working(redis.url, reports, 2):
        enqueue(redis, "lasting", "one", seconds=2.0)
        killed = reports.until("begun", "one")
        os.kill(killed.pid, signal.SIGKILL)

        again = reports.until("begun", "one")
        reports.until("ended", "one")
        assert again.pid != killed.pid
        assert again.at - killed.at < 6.5

        job = settled(redis, "one")
        assert (job.state, job.attempts, job.kills) == (State.DONE, 2, 1)
        assert reports.count("begun", "one") == 2


def test_a_job_that_kills_its_worker_twice_is_dead_and_that_is_told_once(redis: MortalRedis, reports: Reports) -> None:
    with working(redis.url, reports, 3):
        enqueue(redis, "killing", "poison")
        reports.until("dead", "poison")

        job = settled(redis, "poison")
        assert (job.state, job.attempts, job.kills, job.reason) == (State.DEAD, 2, 2, "killed its worker")
        assert reports.next(3.0) is None
        assert (reports.count("begun", "poison"), reports.count("dead", "poison")) == (2, 1)


def test_a_stopped_worker_finishes_what_soon_ends(redis: MortalRedis, reports: Reports) -> None:
    with working(redis.url, reports) as (worker,):
        enqueue(redis, "lasting", "short", seconds=2.0)
        reports.until("begun", "short")
        worker.terminate()
        reports.until("ended", "short")

        assert worker.wait(5.0) == 0
        assert record(redis, "short").state is State.DONE


def test_a_stopped_worker_hands_back_what_lasts_and_ends_well_within_ten_seconds(
    redis: MortalRedis, reports: Reports
) -> None:
    with working(redis.url, reports) as (worker,):
        enqueue(redis, "lasting", "long", seconds=60.0)
        reports.until("begun", "long")
        stopped = time.monotonic()
        worker.terminate()

        assert worker.wait(10.0) == 0
        assert time.monotonic() - stopped < 10.0
        job = record(redis, "long")
        assert (job.state, job.owner, job.kills) == (State.QUEUED, "", 0)

    with working(redis.url, reports):
        assert reports.until("begun", "long", 3.0)


def test_what_a_stopping_worker_hands_back_another_takes_at_once(redis: MortalRedis, reports: Reports) -> None:
    with working(redis.url, reports, 2) as workers:
        enqueue(redis, "lasting", "long", seconds=60.0)
        first = reports.until("begun", "long")
        worker = next(worker for worker in workers if worker.pid == first.pid)
        worker.terminate()
        again = reports.until("begun", "long")

        assert worker.wait(5.0) == 0
        assert again.pid != first.pid
        assert again.at - first.at < 10.0


def test_two_workers_share_the_jobs_and_run_each_once(redis: MortalRedis, reports: Reports) -> None:
    names = [f"job{number}" for number in range(60)]
    with working(redis.url, reports, 2):
        enqueue(redis, "lasting", *names, seconds=0.3)
        ended: set[str] = set()
        while len(ended) < len(names):
            report = reports.next()
            assert report
            if report.what == "ended":
                ended.add(report.job)
        assert reports.next(0.5) is None

    assert [reports.count("begun", name) for name in names] == [1] * len(names)
    assert len({report.pid for report in reports.seen if report.what == "begun"}) == 2


def test_a_job_longer_than_any_lease_runs_once(redis: MortalRedis, reports: Reports) -> None:
    with working(redis.url, reports, 2):
        enqueue(redis, "lasting", "long", seconds=8.0)
        reports.until("ended", "long")

        assert (settled(redis, "long").state, reports.count("begun", "long")) == (State.DONE, 1)


def test_an_idle_worker_is_back_within_two_seconds_of_redis(redis: MortalRedis, reports: Reports) -> None:
    with working(redis.url, reports):
        enqueue(redis, "lasting", "before", seconds=0.0)
        reports.until("ended", "before")
        redis.kill()
        assert reports.next(3.0) is None
        redis.start()
        back = time.monotonic()
        enqueue(redis, "lasting", "after", seconds=0.0)

        assert reports.until("ended", "after").at - back < 2.0


def test_a_busy_worker_is_back_within_two_seconds_of_redis_and_its_job_goes_on(
    redis: MortalRedis, reports: Reports
) -> None:
    with working(redis.url, reports):
        enqueue(redis, "lasting", "long", seconds=9.0)
        reports.until("begun", "long")
        redis.kill()
        assert reports.next(3.0) is None
        redis.start()
        back = time.monotonic()
        enqueue(redis, "lasting", "after", seconds=0.0)

        assert reports.until("ended", "after").at - back < 2.0
        reports.until("ended", "long")
        job = settled(redis, "long")
        assert (job.state, job.attempts, job.kills) == (State.DONE, 1, 0)


def test_what_ends_while_redis_is_away_is_recorded_when_it_is_back(redis: MortalRedis, reports: Reports) -> None:
    with working(redis.url, reports, 2):
        enqueue(redis, "lasting", "one", seconds=1.0)
        reports.until("begun", "one")
        redis.kill()
        reports.until("ended", "one")
        assert reports.next(6.0) is None
        redis.start()

        job = settled(redis, "one")
        assert (job.state, job.attempts) == (State.DONE, 1)
        assert reports.next(4.0) is None


def test_a_silent_redis_stops_a_job_nobody_could_renew_and_it_is_run_again(
    redis: MortalRedis, reports: Reports
) -> None:
    """Elsewhere Redis may answer, and another worker take the job: it must not run in two places."""
    with working(redis.url, reports, 2):
        enqueue(redis, "lasting", "long", seconds=8.5)
        reports.until("begun", "long")
        redis.pause()
        assert reports.next(10.0) is None, "it was stopped before its end"
        redis.resume()
        back = time.monotonic()
        enqueue(redis, "lasting", "after", seconds=0.0)

        assert reports.until("ended", "after").at - back < 2.0
        reports.until("ended", "long")
        job = settled(redis, "long")
        assert (job.state, job.attempts, job.kills) == (State.DONE, 2, 0)
