"""``voucherbot jobs`` and ``worker``, as a shell runs them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest
import time_machine

from bot.cli.times import ago
from bot.clock import now
from bot.jobs import JobShelf, State
from bot.store import connect
from tests.cli.program import APPID, Ended, asked, running, settings

T = TypeVar("T")
SECRET = "改成免费"


@pytest.fixture
def config(tmp_path: Path, redis_server: str) -> Path:
    """Settings of a shop whose Redis is empty."""

    async def empty() -> None:
        store = connect(redis_server)
        await store.do("FLUSHALL")
        await store.close()

    asyncio.run(empty())
    return settings(tmp_path, redis=redis_server)


@pytest.fixture
def shelf(redis_server: str) -> Callable[[Callable[[JobShelf], Awaitable[None]]], None]:
    """Puts jobs on the shelf."""

    def use(put: Callable[[JobShelf], Awaitable[None]]) -> None:
        async def run() -> None:
            store = connect(redis_server)
            await put(JobShelf(store))
            await store.close()

        asyncio.run(run())

    return use


async def some_jobs(shelf: JobShelf) -> None:
    """One of each: queued, waiting, running, done, dead."""
    for age, name in enumerate(("dead", "done", "queued", "running", "waiting")):
        await shelf.put("answer", f"{APPID}/{name}", {"words": SECRET}, now() - 200 + age)
    waiting, running_, done, dead = (f"{APPID}/{name}" for name in ("waiting", "running", "done", "dead"))
    for each in (waiting, running_, done, dead):
        await shelf.begin(each, "worker", now() + 60)
    await shelf.again(waiting, "worker", now() + 7230, State.WAITING, error="WeChatBusy", faults='{"busy":2}')
    await shelf.done(done, "worker", now())
    await shelf.dead(dead, "worker", now(), "killed its worker", "")
    await shelf.told(dead, "worker", now())


def rows(ended: Ended) -> list[str]:
    """The lines of the table, blanks made one, without its head."""
    assert (ended.code, ended.err) == (0, "")
    return [" ".join(line.split()) for line in ended.out.splitlines() if APPID in line]


def jobs(folder: Path, *arguments: str) -> Ended:
    """Run ``voucherbot jobs``."""
    return asked("jobs", *arguments, "--config", folder / "shop.toml", cwd=folder)


def test_the_list_tells_what_is_left_to_do_and_never_what_somebody_wrote(
    tmp_path: Path, config: Path, shelf: Callable[[Callable[[JobShelf], Awaitable[None]]], None]
) -> None:
    assert jobs(tmp_path, "list").out == "No job waits, runs or was given up.\n"

    shelf(some_jobs)
    assert rows(jobs(tmp_path, "list")) == [
        f"{APPID}/dead answer dead 1 3 minutes ago killed its worker",
        f"{APPID}/queued answer queued 0 3 minutes ago 3 minutes ago",
        f"{APPID}/running answer running 1 3 minutes ago",
        f"{APPID}/waiting answer waiting 1 3 minutes ago in 2 hours WeChatBusy",
    ]
    assert rows(jobs(tmp_path, "list", "--state", "done")) == [f"{APPID}/done answer done 1 3 minutes ago"]
    assert jobs(tmp_path, "list", "--account", "wx2").out == "There are no such jobs.\n"
    shown = jobs(tmp_path, "show", f"{APPID}/waiting")
    assert [line for line in shown.out.splitlines() if not line.startswith(("created:", "next:"))] == [
        f"job:        {APPID}/waiting",
        "kind:       answer",
        "state:      waiting",
        "why:        WeChatBusy",
        "attempts:   1, of which 0 ended with their worker",
        "failures:   busy 2",
        "arguments:  words",
    ]
    assert SECRET not in shown.out


def test_a_dead_job_is_retried_and_dropped(
    tmp_path: Path, config: Path, shelf: Callable[[Callable[[JobShelf], Awaitable[None]]], None]
) -> None:
    shelf(some_jobs)

    assert jobs(tmp_path, "retry", f"{APPID}/dead").out == f"{APPID}/dead is queued; a worker takes it at once.\n"
    assert rows(jobs(tmp_path, "list", "--state", "queued"))[0].startswith(f"{APPID}/dead answer queued 1")
    assert jobs(tmp_path, "drop", f"{APPID}/dead").out == f"{APPID}/dead is forgotten; it was queued.\n"
    assert len(rows(jobs(tmp_path, "list"))) == 3


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["show", "nothing"], 'there is no job "nothing", expected APPID/ID as "voucherbot jobs list" prints it'),
        (["retry", "nothing"], 'there is no job "nothing", expected APPID/ID as "voucherbot jobs list" prints it'),
        (["drop", "nothing"], 'there is no job "nothing", expected APPID/ID as "voucherbot jobs list" prints it'),
        (["retry", f"{APPID}/done"], f"{APPID}/done is done, expected a job that is waiting or dead"),
        (["retry", f"{APPID}/running"], f"{APPID}/running is running, expected a job that is waiting or dead"),
        (["drop", f"{APPID}/running"], f"{APPID}/running is running, expected one that is not"),
    ],
)
def test_a_job_that_cannot_be_shown_retried_or_dropped_is_refused_in_one_sentence(
    tmp_path: Path,
    config: Path,
    shelf: Callable[[Callable[[JobShelf], Awaitable[None]]], None],
    arguments: list[str],
    sentence: str,
) -> None:
    shelf(some_jobs)

    assert jobs(tmp_path, *arguments) == Ended(1, "", f"{sentence}\n")


def test_a_worker_says_that_it_works_and_ends_at_once_when_it_has_nothing_to_do(tmp_path: Path, config: Path) -> None:
    with running("worker", "--config", config, cwd=tmp_path) as worker:
        assert worker.line == "Voucherbot works in the background"
        ended = worker.stops()

    assert ended.code == 0
    assert "Traceback" not in ended.err


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "now"),
        (-1, "1 second ago"),
        (-59, "59 seconds ago"),
        (-60, "1 minute ago"),
        (3599, "in 59 minutes"),
        (7200, "in 2 hours"),
        (-90_000, "1 day ago"),
        (200_000, "in 2 days"),
    ],
)
def test_a_time_is_said_as_a_person_says_it(clock: time_machine.Traveller, seconds: int, words: str) -> None:
    assert ago(now() + seconds) == words
