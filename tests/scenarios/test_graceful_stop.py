"""Told to stop: no new pushes, what runs is finished or handed back within ten seconds, exit 0, one answer each."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.simulator import Delivery, Fault
from tests.scenarios.answers import said_in
from tests.scenarios.processes import Program, Stopped, running, web, worker
from tests.scenarios.relay import relay
from tests.scenarios.street import Street, Writer, open_street

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

STOPS_WITHIN = 10.0
SHORT, LONG = 3.0, 14.0
"""Seconds of a command that can be finished, and of one that cannot."""
ANSWER = "「春节券0号」已通过"
LATE_WITHIN = 60.0


@pytest.fixture
async def street(tmp_path: Path, redis_server: str, store: object) -> AsyncIterator[Street]:
    """Two shops: to one WeChat is slow, to the other very slow."""
    async with open_street(tmp_path, redis_server, {"short": {}, "long": {}}) as opened:
        yield opened


async def ask_slowly(street: Street, shop: str, seconds: float) -> tuple[Writer, asyncio.Task[Delivery]]:
    """Somebody asks for a voucher, and WeChat has begun to take its time."""
    writer = street.of(shop)[0]
    await writer.writes(f"查看 {writer.card_id}")
    street.simulator.fault("card/get", Fault(delay=seconds), appid=writer.appid)
    with street.simulator.world.stream.watch() as happenings:
        asking = asyncio.create_task(writer.writes(f"查看 {writer.card_id}"))
        while (await happenings.get())[0] != "call":
            pass
    return writer, asking


async def answers(writer: Writer) -> int:
    """How often the second look at the voucher was answered, once it was."""
    seen = 1
    while sum(ANSWER in each.text for each in said_in(writer.read())) < 2:
        seen = len(writer.read())
        if not await writer.reads(seen + 1, LATE_WITHIN):
            break
    await writer.writes("我")  # whatever else might wait for it
    return sum(ANSWER in each.text for each in said_in(writer.read())) - 1


async def stops_well(street: Street, program: Program, door: str | None) -> None:
    """Tell ``program`` to stop amidst a short and a long command; ``door``: where it must not listen any more."""
    (quick, asking), (slow, waiting) = (
        await ask_slowly(street, "short", SHORT), await ask_slowly(street, "long", LONG)
    )  # fmt: skip
    stopping = asyncio.create_task(program.stop())
    if door is not None:
        await closed(door)
        assert not stopping.done(), "it finishes what runs"
    stopped = await stopping
    tries = [len((await asked).attempts) for asked in (asking, waiting)]
    counts = await answers(quick), await answers(slow)
    print(f"stopped within {stopped.seconds:.1f} s with {stopped.code}; answers {counts}, tries {tries}")
    assert stopped.code == 0
    assert stopped.seconds < STOPS_WITHIN
    assert counts == (1, 1)
    assert tries[0] == 1, "what could be finished was answered to whoever asked"


async def closed(door: str) -> None:
    """Returns when nobody listens at ``host:port`` any more."""
    host, _, port = door.rpartition(":")
    for _ in range(100):
        try:
            _, writer = await asyncio.open_connection(host, int(port))
        except ConnectionRefusedError:
            return
        writer.close()
        await asyncio.sleep(0.02)
    raise AssertionError(f"{door} is still open")


@pytest.mark.parametrize("processes", ["1", "2"])
async def test_a_web_process_ends_what_it_can_and_leaves_the_rest_to_others(street: Street, processes: str) -> None:
    leaving, first = web("leaving", street.config, "--processes", processes)
    staying, second = web("staying", street.config)
    async with running(leaving, staying), relay(first, second) as balancer:
        street.pushes_go_to(f"127.0.0.1:{balancer.port}")
        balancer.in_order = True
        await stops_well(street, leaving, first)


async def test_a_worker_ends_what_it_can_and_leaves_the_rest_to_others(street: Street) -> None:
    front, address = web("front", street.config, "--no-worker")
    leaving, staying = worker("leaving", street.config), worker("staying", street.config)
    async with running(front, leaving, staying):
        street.pushes_go_to(address)
        await stops_well(street, leaving, None)


async def test_a_job_that_runs_keeps_no_door_open(street: Street) -> None:
    """A late answer is being sent and a command runs, both for longer than there is time."""
    leaving, door = web("leaving", street.config)
    async with running(leaving):
        street.pushes_go_to(door)
        quick, asking = await ask_slowly(street, "short", 4.5)
        street.simulator.fault("custom/send", Fault(delay=LONG), appid=quick.appid)
        with street.simulator.world.stream.watch() as happenings:
            while "custom/send" not in str(await happenings.get()):
                pass
        _, waiting = await ask_slowly(street, "long", LONG)
        stopping = asyncio.create_task(leaving.stop())
        await closed(door)
        assert not stopping.done(), "it finishes what runs"
        await in_time(stopping)
        await asyncio.gather(asking, waiting)


@pytest.mark.parametrize("worker_inside", [[], ["--no-worker"]], ids=["worker", "no worker"])
async def test_what_is_begun_while_it_stops_gets_no_time_of_its_own(street: Street, worker_inside: list[str]) -> None:
    """A command ends when the process has been told to stop; sending its late answer takes too long."""
    leaving, door = web("leaving", street.config, *worker_inside)
    async with running(leaving):
        street.pushes_go_to(door)
        quick, asking = await ask_slowly(street, "short", 8.0)
        street.simulator.fault("custom/send", Fault(delay=LONG), appid=quick.appid)
        await asking  # success, at the deadline
        await in_time(asyncio.create_task(leaving.stop()))
    assert street.simulator.calls("custom/send", quick.appid)


async def in_time(stopping: asyncio.Task[Stopped]) -> None:
    """It ends well, and in time."""
    stopped = await stopping
    print(f"stopped within {stopped.seconds:.1f} s with {stopped.code}")
    assert stopped.code == 0
    assert stopped.seconds < STOPS_WITHIN
