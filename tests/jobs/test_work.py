"""Jobs in one process: recorded, queued, run, repeated, given up, and forgotten in time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import time_machine

from bot.clock import now
from bot.errors import OutcomeUnknown, StoreUnavailable, WeChatBusy
from bot.jobs import Hopeless, Job, Jobs, Later, State
from bot.jobs.work import CLEAN_EVERY
from bot.store import Store, keys
from bot.store.jobs import GRACE, KEEP_DONE, LEASE, WATCHED
from tests.jobs.conftest import at_work
from tests.jobs.workshop import MortalRedis

APPID = "wx0123456789abcdef"
PATIENCE = 20.0


class Bench:
    """A function to register: notes every call, then does what it is told to."""

    def __init__(self, *outcomes: Exception) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self._outcomes = list(outcomes)

    async def __call__(self, appid: str, **args: Any) -> None:
        """The job."""
        self.calls.append((appid, args))
        if self._outcomes:
            raise self._outcomes.pop(0)


async def record(jobs: Jobs, job_id: str) -> Job:
    """The job's record."""
    found = await jobs.shelf.get(f"{APPID}/{job_id}")
    assert found
    return found


async def until(jobs: Jobs, job_id: str, holds: Callable[[Job], bool]) -> Job:
    """The job's record once ``holds`` is true of it and nobody holds the job."""
    async with asyncio.timeout(PATIENCE):
        while (job := await record(jobs, job_id)).owner or not holds(job):
            await asyncio.sleep(0.01)
    return job


async def settled(jobs: Jobs, job_id: str) -> Job:
    """The job's record once it is done or dead."""
    return await until(jobs, job_id, lambda job: job.state in (State.DONE, State.DEAD))


async def test_a_job_runs_with_its_account_and_arguments_and_its_record_forgets_them(jobs: Jobs) -> None:
    bench = Bench()
    jobs.register("greet", bench)
    async with at_work(jobs):
        assert await jobs.enqueue("greet", "1", APPID, {"words": "你好", "numbers": [1, 2.5, None]})
        job = await settled(jobs, "1")

    assert bench.calls == [(APPID, {"words": "你好", "numbers": [1, 2.5, None]})]
    assert (job.state, job.attempts, job.args, job.error) == (State.DONE, 1, {}, "")


async def test_arguments_that_are_no_json_are_refused_and_nothing_is_recorded(jobs: Jobs) -> None:
    for strange in ({"object": object()}, {"number": float("nan")}):
        with pytest.raises((TypeError, ValueError)):
            await jobs.enqueue("greet", "1", APPID, strange)

    assert await jobs.shelf.all() == []


async def test_of_many_who_enqueue_the_same_id_at_once_one_is_told_it_is_new(
    jobs: Jobs, store: Store, redis_server: str
) -> None:
    bench = Bench()
    other = Jobs(store, redis_server)
    jobs.register("greet", bench)
    async with at_work(jobs):
        news = await asyncio.gather(
            *(each.enqueue("greet", "1", APPID, {"from": index}) for index in range(25) for each in (jobs, other))
        )
        await settled(jobs, "1")
    await other.close()

    assert news.count(True) == 1
    assert len(bench.calls) == 1


async def test_the_same_id_of_two_accounts_is_two_jobs(jobs: Jobs) -> None:
    assert await jobs.enqueue("greet", "1", APPID, {})
    assert await jobs.enqueue("greet", "1", "wx2222222222222222", {})


async def test_a_job_done_does_nothing_when_it_is_delivered_again(jobs: Jobs) -> None:
    bench = Bench()
    jobs.register("greet", bench)
    async with at_work(jobs):
        await jobs.enqueue("greet", "1", APPID, {})
        await settled(jobs, "1")
        await (await jobs.prepare()).add(f"{APPID}/1", 7)
        await jobs.enqueue("greet", "2", APPID, {})
        await settled(jobs, "2")

        assert not await jobs.enqueue("greet", "1", APPID, {})
    assert len(bench.calls) == 2


async def test_two_workers_who_are_given_the_same_job_run_it_once(jobs: Jobs, store: Store, redis_server: str) -> None:
    begun, go_on = [], asyncio.Event()

    async def wait(_appid: str, **_args: Any) -> None:
        begun.append(1)
        await go_on.wait()

    other = Jobs(store, redis_server)
    for each in (jobs, other):
        each.register("wait", wait)
    async with at_work(jobs, other):
        await jobs.enqueue("wait", "1", APPID, {})
        queue = await jobs.prepare()
        for number in range(1, 20):
            await queue.add(f"{APPID}/1", number)
        await jobs.enqueue("nothing like it", "2", APPID, {})
        await until(jobs, "2", lambda job: job.state is State.WAITING)
        go_on.set()
        job = await settled(jobs, "1")
    await other.close()

    assert (len(begun), job.attempts) == (1, 1)


async def test_a_job_that_was_recorded_but_never_queued_is_found_by_the_sweep(
    clock: time_machine.Traveller, jobs: Jobs
) -> None:
    bench = Bench()
    jobs.register("greet", bench)
    await jobs.shelf.put("greet", f"{APPID}/1", {}, now())
    assert await jobs.sweep() == 0, "it may be on its way"

    clock.shift(GRACE)
    assert await jobs.sweep() == 1
    assert await jobs.sweep() == 0
    async with at_work(jobs):
        await settled(jobs, "1")
    assert len(bench.calls) == 1


async def test_a_job_with_a_time_runs_then_and_not_before(clock: time_machine.Traveller, jobs: Jobs) -> None:
    bench = Bench()
    jobs.register("greet", bench)
    async with at_work(jobs):
        await jobs.enqueue("greet", "tomorrow", APPID, {}, at=now() + 86_400)
        await jobs.enqueue("greet", "now", APPID, {}, at=now())
        await settled(jobs, "now")
        clock.shift(86_399)
        assert await jobs.sweep() == 0
        await (await jobs.prepare()).add(f"{APPID}/now", 5)
        assert len(bench.calls) == 1

        clock.shift(1)
        assert (await settled(jobs, "tomorrow")).state is State.DONE
    assert len(bench.calls) == 2


async def test_a_failed_job_is_run_again_after_its_pause(clock: time_machine.Traveller, jobs: Jobs) -> None:
    bench = Bench(WeChatBusy("card/get", -1), WeChatBusy("card/get", -1))
    jobs.register("greet", bench)
    async with at_work(jobs):
        await jobs.enqueue("greet", "1", APPID, {"a": 1})
        for count, pause in ((1, 2), (2, 5)):
            job = await until(jobs, "1", lambda job, count=count: job.faults == {"busy": count})  # type: ignore[misc]
            assert (job.state, job.error) == (State.WAITING, "WeChatBusy")
            assert now() + pause <= job.next_at <= now() + pause * 1.1
            clock.move_to(job.next_at)
        job = await settled(jobs, "1")

    assert (job.state, job.attempts, job.error) == (State.DONE, 3, "")
    assert bench.calls == [(APPID, {"a": 1})] * 3


async def test_a_job_that_says_later_is_run_again_without_a_failure(clock: time_machine.Traveller, jobs: Jobs) -> None:
    bench = Bench(*[Later(3600, "wechat has no figures yet")] * 3)
    jobs.register("digest", bench)
    async with at_work(jobs):
        await jobs.enqueue("digest", "1", APPID, {})
        for attempt in (1, 2, 3):
            job = await until(jobs, "1", lambda job, attempt=attempt: job.attempts == attempt)  # type: ignore[misc]
            assert (job.state, job.reason, job.next_at) == (State.WAITING, "wechat has no figures yet", now() + 3600)
            clock.shift(3600)
        job = await settled(jobs, "1")

    assert (job.state, job.faults, job.reason) == (State.DONE, {}, "")


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [(Hopeless("the shop is gone"), "the shop is gone"), (OutcomeUnknown("x"), "outcome unknown")],
)
async def test_a_job_given_up_is_told_of_once_with_its_arguments(jobs: Jobs, outcome: Exception, reason: str) -> None:
    told: list[Job] = []

    async def tell(job: Job) -> None:
        told.append(job)

    jobs.register("send", Bench(outcome))
    jobs.on_dead = tell
    async with at_work(jobs):
        await jobs.enqueue("send", "1", APPID, {"to": "somebody"})
        job = await settled(jobs, "1")
        await (await jobs.prepare()).add(f"{APPID}/1", 7)
        await jobs.enqueue("send", "2", APPID, {})
        await settled(jobs, "2")

    assert (job.state, job.reason, job.error) == (State.DEAD, reason, type(outcome).__name__)
    assert [(each.job_id, each.args, each.reason) for each in told] == [("1", {"to": "somebody"}, reason)]


async def test_a_job_that_looks_first_survives_an_unknown_outcome(clock: time_machine.Traveller, jobs: Jobs) -> None:
    bench = Bench(OutcomeUnknown("card/update"))
    jobs.register("update", bench, looks_first=True)
    async with at_work(jobs):
        await jobs.enqueue("update", "1", APPID, {})
        await until(jobs, "1", lambda job: job.state is State.WAITING)
        clock.shift(6)
        assert (await settled(jobs, "1")).state is State.DONE


async def test_telling_of_a_dead_job_is_tried_again_when_it_fails(clock: time_machine.Traveller, jobs: Jobs) -> None:
    told: list[Job] = []

    async def tell(job: Job) -> None:
        told.append(job)
        if len(told) < 3:
            raise WeChatBusy("message/custom/send", -1)

    jobs.register("send", Bench(Hopeless("no use")))
    jobs.on_dead = tell
    async with at_work(jobs):
        await jobs.enqueue("send", "1", APPID, {})
        for count, pause in ((1, 5), (2, 60)):
            await until(jobs, "1", lambda _, count=count: len(told) == count)  # type: ignore[misc]
            clock.shift(pause)
        await until(jobs, "1", lambda _: len(told) == 3)
        clock.shift(86_400)
        assert await jobs.sweep() == 0

    assert [job.state for job in told] == [State.DEAD] * 3


async def test_a_lapsed_lease_is_watched_before_it_is_taken_and_a_renewal_saves_it(
    clock: time_machine.Traveller, jobs: Jobs
) -> None:
    """After an outage every lease has lapsed; its owner needs a moment to renew."""
    await jobs.shelf.put("greet", f"{APPID}/1", {}, now())
    assert await jobs.shelf.begin(f"{APPID}/1", "owner", now())
    clock.shift(LEASE + 60)
    assert await jobs.sweep() == 0, "suspected"
    assert await jobs.shelf.renew(f"{APPID}/1", "owner", now())
    clock.shift(WATCHED)
    assert await jobs.sweep() == 0
    assert (await record(jobs, "1")).owner == "owner"

    clock.shift(LEASE)
    assert await jobs.sweep() == 0, "suspected again"
    clock.shift(WATCHED)
    assert await jobs.sweep() == 1
    job = await record(jobs, "1")
    assert (job.owner, job.kills, job.state) == ("", 1, State.QUEUED)
    assert not await jobs.shelf.done(f"{APPID}/1", "owner", now()), "what it brings now comes too late"


async def test_a_job_that_is_taken_away_is_stopped(jobs: Jobs, store: Store) -> None:
    begun, stopped = asyncio.Event(), asyncio.Event()

    async def last(_appid: str) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    jobs.register("last", last)
    async with at_work(jobs):
        await jobs.enqueue("last", "1", APPID, {})
        await begun.wait()
        await store.do("HSET", keys.job(f"{APPID}/1"), "owner", "another", "held_until", now() + 60)
        async with asyncio.timeout(PATIENCE):
            await stopped.wait()
        assert (await record(jobs, "1")).owner == "another"


async def test_beginning_twice_with_one_name_is_beginning_once(jobs: Jobs) -> None:
    """Redis may have heard the first question although its answer was lost."""
    await jobs.shelf.put("greet", f"{APPID}/1", {}, now())
    first = await jobs.shelf.begin(f"{APPID}/1", "me", now())
    second = await jobs.shelf.begin(f"{APPID}/1", "me", now())

    assert first == second
    assert first is not None
    assert first.attempts == 1
    assert await jobs.shelf.begin(f"{APPID}/1", "you", now()) is None


async def test_a_job_nobody_knows_waits_for_a_worker_that_does(clock: time_machine.Traveller, jobs: Jobs) -> None:
    async with at_work(jobs):
        await jobs.enqueue("of the next version", "1", APPID, {})
        await until(jobs, "1", lambda job: job.state is State.WAITING)
        jobs.register("of the next version", Bench())
        clock.shift(34)
        assert (await settled(jobs, "1")).state is State.DONE


async def test_a_job_done_is_forgotten_after_a_week_and_a_dead_one_is_not(
    clock: time_machine.Traveller, jobs: Jobs, store: Store
) -> None:
    jobs.register("good", Bench())
    jobs.register("bad", Bench(Hopeless("no use")))
    async with at_work(jobs):
        for name in ("good", "bad"):
            await jobs.enqueue(name, name, APPID, {})
            await settled(jobs, name)
    clock.shift(KEEP_DONE - CLEAN_EVERY)
    await jobs.clean()
    assert {job.job_id for job in await jobs.shelf.all()} == {"good", "bad"}

    clock.shift(CLEAN_EVERY + 1)
    await jobs.clean()
    assert [job.job_id for job in await jobs.shelf.all()] == ["bad"]
    assert not await store.do("EXISTS", keys.job(f"{APPID}/good"))


async def test_more_jobs_than_fit_a_page_are_swept_and_cleaned_in_one_go(
    clock: time_machine.Traveller, jobs: Jobs
) -> None:
    bench = Bench()
    jobs.register("greet", bench)
    for number in range(250):
        await jobs.enqueue("greet", str(number), APPID, {}, at=now() + 60)
    clock.shift(60)
    assert await jobs.sweep() == 250
    async with at_work(jobs):
        for number in range(250):
            await settled(jobs, str(number))
    clock.shift(KEEP_DONE + 1)
    await jobs.clean()

    assert len(bench.calls) == 250
    assert await jobs.shelf.all(done=1000) == []


async def test_neither_logs_nor_records_quote_what_a_job_is_about(
    clock: time_machine.Traveller, jobs: Jobs, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(_appid: str, words: str) -> None:
        raise ValueError(words)

    caplog.set_level(logging.DEBUG)
    jobs.register("fail", fail)
    async with at_work(jobs):
        await jobs.enqueue("fail", "1", APPID, {"words": "春节券的秘密"})
        job = await until(jobs, "1", lambda job: job.state is State.WAITING)

    assert (job.error, job.reason) == ("ValueError", "")
    assert "秘密" not in repr(job)
    lines = [logging.Formatter().format(line) + str(line.__dict__) for line in caplog.records]
    assert not [line for line in lines if "秘密" in line]
    assert not [line for line in lines if f"{APPID}/1" in line and "docket" in line]


async def test_a_job_docket_could_not_queue_is_recorded_and_queued_as_soon_as_it_can(
    clock: time_machine.Traveller, store: Store, tmp_path: Path
) -> None:
    elsewhere = MortalRedis(tmp_path)
    jobs = Jobs(store, elsewhere.url)
    try:
        assert await jobs.enqueue("greet", "1", APPID, {})
        clock.shift(GRACE)
        with pytest.raises(StoreUnavailable):
            await jobs.sweep()
        elsewhere.start()
        assert await jobs.sweep() == 1
    finally:
        await jobs.close()
        elsewhere.kill()
