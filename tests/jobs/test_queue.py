"""What docket is told, and that nobody pays for it before it is needed."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
import time

import pytest

from bot.jobs import Jobs, State, queue
from bot.jobs.queue import with_timeouts
from bot.jobs.work import STOPS_TAKING
from bot.store import Store, keys
from tests.jobs.conftest import at_work

APPID = "wx0123456789abcdef"


def test_docket_is_not_imported_before_something_is_queued_or_worked_on() -> None:
    code = "import sys, bot.app, bot.jobs, bot.cli; print([name for name in sys.modules if name.startswith('docket')])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("unix:///run/redis.sock", "unix:///run/redis.sock?socket_timeout=2.0&socket_connect_timeout=2.0"),
        ("rediss://u:p@h:1/2?a=b", "rediss://u:p@h:1/2?a=b&socket_timeout=2.0&socket_connect_timeout=2.0"),
        ("redis://h?socket_timeout=9", "redis://h?socket_timeout=9&socket_connect_timeout=2.0"),
        (
            "redis+sentinel://a:1,b:2/master/0",
            "redis+sentinel://a:1,b:2/master/0?socket_timeout=2.0&socket_connect_timeout=2.0",
        ),
        ("redis+cluster://a:1,b:2", "redis+cluster://a:1,b:2?socket_timeout=2.0&socket_connect_timeout=2.0"),
    ],
)
def test_every_address_of_a_redis_gets_timeouts(given: str, used: str) -> None:
    assert with_timeouts(given) == used


def test_lines_of_docket_say_what_happened_and_to_nobody_in_particular(caplog: pytest.LogCaptureFixture) -> None:
    queue.quieten()
    docket = logging.getLogger("docket.worker")
    docket.info("↩ [%s] %s", "1ms", "run_job(...){wx/openid}")
    error = ValueError("words of a merchant")
    docket.error("[%s] %5.2f", "{wx/openid}", 1.0, exc_info=error, extra={"docket.key": "wx/openid"})

    (line,) = caplog.records
    assert (line.getMessage(), line.__dict__["error"]) == ("[…] …", "ValueError")
    assert "wx/openid" not in str(line.__dict__)
    assert "merchant" not in logging.Formatter().format(line)


async def test_a_consumer_not_heard_of_for_a_day_is_forgotten(
    jobs: Jobs, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = f"{keys.docket()}:stream"

    async def consumers() -> int:
        return len(await store.do("XINFO", "CONSUMERS", stream, "docket-workers"))

    for number in ("1", "2", "3"):
        async with at_work(jobs):
            await jobs.enqueue("nothing", number, APPID, {})
            async with asyncio.timeout(10):
                while (job := await jobs.shelf.get(f"{APPID}/{number}")) is None or job.state is not State.WAITING:
                    await asyncio.sleep(0.01)
    assert await consumers() == 3
    monkeypatch.setattr(queue, "FORGOTTEN_AFTER", -1)
    async with at_work(jobs), asyncio.timeout(10):
        while await consumers() > 1:
            await asyncio.sleep(0.01)


async def test_a_queue_that_is_closed_opens_again_when_needed(jobs: Jobs) -> None:
    await jobs.enqueue("greet", "1", APPID, {})
    await jobs.close()
    await jobs.close()

    assert await jobs.enqueue("greet", "2", APPID, {})


@pytest.mark.parametrize("steps", [0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377])
async def test_a_worker_ends_when_it_is_told_to_whatever_it_is_about(jobs: Jobs, steps: int) -> None:
    """The moment is counted in steps of the event loop."""
    await jobs.prepare()
    running = asyncio.create_task(jobs.run())
    for _ in range(steps):
        await asyncio.sleep(0)
    told = time.monotonic()
    running.cancel()
    await asyncio.wait({running})

    assert running.cancelled()
    assert time.monotonic() - told < STOPS_TAKING
