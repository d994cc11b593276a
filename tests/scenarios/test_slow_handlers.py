"""However long a command takes and whatever the account may send: one answer, by the best way that is open.

WeChat takes 0.1, 4.5, 8, 14 or 40 s over what the command asks it. Twenty-five shops at once, one for each of these
times and each thing an account may or may not do.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from bot.simulator import Delivery, Fault
from tests.scenarios.processes import running, web
from tests.scenarios.street import Street, Writer, open_street

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

HTTP_WITHIN = 4.9
"""Seconds: what comes later does not reach WeChat in time."""
TIMES = (0.1, 4.5, 8.0, 14.0, 40.0)
ACCOUNTS: dict[str, dict[str, Any]] = {
    "customer service": {},
    "template only": {"customer_service": False, "notice_template_id": "knock"},
    "neither": {"customer_service": False},
    "window closed": {},
    "used up": {},
}
REFUSED_WITH = {"window closed": 45015, "used up": 45047}
"""What WeChat says to customer-service messages, though the bot has reason to believe that they may be sent."""
WAY = {
    "customer service": ("copy 1", "custom", "custom", "custom", "custom"),
    "template only": ("copy 1", "copy 1", "copy 2", "copy 3", "next message"),
    "neither": ("copy 1", "copy 1", "copy 2", "copy 3", "next message"),
    "window closed": ("copy 1", "next message", "next message", "next message", "next message"),
    "used up": ("copy 1", "next message", "next message", "next message", "next message"),
}
"""How the answer reaches the person, in the order of :data:`TIMES`."""
ALSO = {("template only", 4.5): "copy 2", ("neither", 4.5): "copy 2"}
"""As good, where all that is not WeChat's 4.5 s took 0.2 s: twenty-five shops ask at the same moment."""
ANSWER = "「春节券0号」已通过"
ASKS_UP_TO = 10
"""How many times somebody writes again, two seconds apart, for an answer that waits for their next message."""


@dataclass(frozen=True)
class Outcome:
    """What one command came to: every way an answer went, each try's status and seconds, calls it made."""

    ways: tuple[str, ...]
    tries: tuple[tuple[int | None, float], ...]
    reads: int
    sends: int


@pytest.fixture
async def street(tmp_path: Path, redis_server: str, store: object) -> AsyncIterator[Street]:
    """The shops, called by what they may do and how slow WeChat is to them, and one bot for all."""
    shops = {f"{account} {seconds}": given for (account, given), seconds in product(ACCOUNTS.items(), TIMES)}
    async with open_street(tmp_path, redis_server, shops) as opened:
        program, address = web("web", opened.config)
        opened.pushes_go_to(address)
        async with running(program):
            yield opened


async def outcome(street: Street, account: str, seconds: float) -> Outcome:
    """Ask for a voucher that WeChat is slow to tell about, and look what reaches the person."""
    writer = street.of(f"{account} {seconds}")[0]
    await writer.writes(f"查看 {writer.card_id}")  # from now on a look at the voucher is one call
    simulator, before = street.simulator, len(writer.read())
    reads = len(simulator.calls("card/get", writer.appid))
    if account in REFUSED_WITH:
        simulator.fault("custom/send", Fault(errcode=REFUSED_WITH[account]), times=None, appid=writer.appid)
    simulator.fault("card/get", Fault(delay=seconds), times=None, appid=writer.appid)
    delivery = await writer.writes(f"查看 {writer.card_id}")
    if not is_answer(delivery.text) and account == "customer service":
        await writer.reads(before + 1, seconds + 10)
    elif not is_answer(delivery.text):
        await next_message(writer, seconds + 1)
    await next_message(writer, 0)  # whatever else might wait for it
    return Outcome(
        ways(writer, before, delivery),
        tuple((each.status, each.seconds) for each in delivery.attempts),
        len(simulator.calls("card/get", writer.appid)) - reads,
        len(simulator.calls("custom/send", writer.appid)),
    )


async def next_message(writer: Writer, after: float) -> None:
    """Write again once the answer should be there, until it has come."""
    await asyncio.sleep(max(after - sum(each.seconds for each in writer.deliveries[-1].attempts), 0))
    for _ in range(ASKS_UP_TO):
        if is_answer((await writer.writes("我")).text) or not after:
            return
        await asyncio.sleep(2)


def ways(writer: Writer, before: int, delivery: Delivery) -> tuple[str, ...]:
    """How each answer to the command in question came; the same one twice is two."""
    found = []
    for bubble in writer.read()[before:]:
        passive = f"copy {len(delivery.attempts)}" if bubble.text == delivery.text else "next message"
        found += [passive if bubble.via == "passive" else bubble.via] * bubble.text.count(ANSWER)
    return tuple(found)


def is_answer(text: str) -> bool:
    """Whether the voucher is in it."""
    return ANSWER in text


async def test_one_answer_each_by_the_best_way_that_is_open(street: Street) -> None:
    cases = list(product(ACCOUNTS, TIMES))
    outcomes = dict(zip(cases, await asyncio.gather(*(outcome(street, *case) for case in cases)), strict=True))

    for (account, seconds), found in outcomes.items():
        tries = " ".join(f"{status or 'none'}@{took:.2f}" for status, took in found.tries)
        print(f"{account:>16} {seconds:>4} s: {', '.join(found.ways) or 'NOTHING':<14} tries {tries}")
    answered = [took for found in outcomes.values() for status, took in found.tries if status is not None]
    print(f"slowest HTTP answer {max(answered):.2f} s")

    for (account, seconds), found in outcomes.items():
        way = WAY[account][TIMES.index(seconds)]
        assert found.ways in {(way,), (ALSO.get((account, seconds), way),)}, (account, seconds)
    assert max(answered) < HTTP_WITHIN
    for (account, _), found in outcomes.items():
        *earlier, last = [status for status, _ in found.tries]
        assert last == 200, "only copies after which another comes are left to run out"
        assert not earlier or not ACCOUNTS[account].get("customer_service", True)
        assert all(status is None for status in earlier)
        assert found.reads == 1, "the command ran once"
        assert found.sends <= 1, "what WeChat refuses is not repeated"
