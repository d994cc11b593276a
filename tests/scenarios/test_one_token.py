"""Separate processes, one token: cold starts, tokens refused for ever, and a process killed while it fetches."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from bot.simulator import Fault, Simulator
from bot.store import Store
from bot.wechat.token import LEASE
from tests.wechat.accounts import SHOP, add_voucher, token_calls

pytestmark = pytest.mark.slow

Process = asyncio.subprocess.Process
Start = Callable[..., Awaitable[Process]]


@pytest.fixture
async def wechat() -> AsyncIterator[Simulator]:
    """WeChat on the real clock, as the processes have it."""
    simulator = Simulator()
    simulator.add_shop(SHOP)
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
def start(wechat: Simulator, store: Store, redis_server: str) -> Start:
    """Starts a process that has everything loaded and waits for its line to become so many, of so many calls each."""
    card_id = add_voucher(wechat)

    async def run(number: int, calls: int = 1) -> Process:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.scenarios.api_caller",
            wechat.url, redis_server, SHOP.appid, SHOP.secret, card_id, str(number), str(calls),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
        return process

    return run


async def outcomes(process: Process) -> list[str]:
    """Let a process go; one word for each call of each that it became."""
    said, _ = await process.communicate(b"go\n")
    return said.decode().split()


async def test_sixteen_cold_processes_fetch_one_token(wechat: Simulator, start: Start) -> None:
    assert await outcomes(await start(16)) == ["CASH"] * 16
    assert token_calls(wechat) == [False]


async def test_tokens_refused_for_ever_cost_sixteen_processes_two_fetches(wechat: Simulator, start: Start) -> None:
    wechat.break_tokens(SHOP.appid, permanent=True)
    assert await outcomes(await start(16)) == ["TokenRejected"] * 16
    assert token_calls(wechat) == [False, True]


async def test_a_token_that_ends_amidst_a_thousand_calls_costs_one_fetch(wechat: Simulator, start: Start) -> None:
    callers = await start(4, 250)
    with wechat.world.stream.watch() as happenings:
        calling = asyncio.create_task(outcomes(callers))
        while len(wechat.calls("card/get")) < 500:
            await happenings.get()
    wechat.expire_tokens(SHOP.appid)
    assert await calling == ["CASH"] * 1000
    refused = sum(call.errcode == 42001 for call in wechat.calls("card/get"))
    print(f"refused for their token {refused}, fetches after the first {len(token_calls(wechat)) - 1}")
    assert refused > 0
    assert token_calls(wechat) == [False, False]


async def test_a_process_killed_while_it_fetches_is_followed_when_its_lease_ends(
    wechat: Simulator, start: Start
) -> None:
    wechat.fault("stable_token", Fault(delay=3.0))
    doomed, heir = await asyncio.gather(start(1), start(1))
    with wechat.world.stream.watch() as happenings:
        last_words = asyncio.create_task(outcomes(doomed))
        await happenings.get()  # its fetch has reached WeChat
    loop = asyncio.get_running_loop()
    began = loop.time()
    doomed.kill()
    assert await last_words == []
    assert await outcomes(heir) == ["CASH"]
    assert loop.time() - began > LEASE / 2  # not before the lease was over
    assert token_calls(wechat) == [False, False]
