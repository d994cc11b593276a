"""Redis killed, silent and slow under fifty messages a second: answers in time, nothing lost, back at once.

Half of the messages change something (when the writer gets the daily summary), half only ask. What a person was told
is done stands in Redis afterwards; only what was answered with 503 or "send it again" may be gone.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

import config
from bot.app import build
from bot.simulator import Delivery
from tests.dispatch.unruly_redis import UnrulyRedis, unruly_redis
from tests.scenarios.answers import said_in
from tests.scenarios.processes import running, web
from tests.scenarios.relay import Relay, relay
from tests.scenarios.street import Street, Writer, open_street, slowest_answer

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

A_SECOND = 50
WRITERS = 400
CALM, AFTERWARDS = 4.0, 8.0
"""Seconds of load before the trouble and after it."""
HTTP_WITHIN = 4.9
BACK_WITHIN = 2.0
LATE_WITHIN = 20.0
"""Seconds in which answers that come by themselves have come."""
SETTLED_AFTER = 25.0
"""Seconds without load. Pushes that nobody works on are carried on after twenty: none of those that were refused."""
NOT_DONE = "这条没有执行"
IN_DOUBT = "不确定"


@dataclass
class Message:
    """One message: when it was sent (seconds of the monotonic clock), what for, and how it went."""

    writer: Writer
    sent: float
    wish: str
    """``HH:MM`` for a change, "" for a question."""
    delivery: Delivery

    @property
    def kind(self) -> str:
        """What WeChat and the person were told."""
        if self.delivery.failure:
            return "refused" if any(each.status == 503 for each in self.delivery.attempts) else "no answer"
        if not self.delivery.text:
            return "later"
        words = self.delivery.text.partition("\n——")[0]
        return "send again" if NOT_DONE in words else "in doubt" if IN_DOUBT in words else "answered"


@dataclass
class Load:
    """Fifty messages a second, from whoever waits for no answer at the moment."""

    street: Street
    messages: list[Message] = field(default_factory=list)
    skipped: int = 0
    """Moments at which everybody waited for an answer."""

    async def run(self, until: asyncio.Event) -> None:
        """Send until told to end, and wait for what is on its way."""
        loop, idle = asyncio.get_running_loop(), deque(self.street.writers)
        begin, number = loop.time(), 0
        async with asyncio.TaskGroup() as sending:
            while not until.is_set():
                number += 1
                await asyncio.sleep(begin + number / A_SECOND - loop.time())
                if idle:
                    sending.create_task(self._one(idle.popleft(), number, idle))
                else:
                    self.skipped += 1

    async def _one(self, writer: Writer, number: int, idle: deque[Writer]) -> None:
        wish = f"{4 + number // 60 % 19:02}:{number % 60:02}" if number % 2 else ""
        sent = time.monotonic()
        delivery = await writer.writes(f"日报 开 {wish}" if wish else "我")
        self.messages.append(Message(writer, sent, wish, delivery))
        idle.append(writer)

    def of(self, writer: Writer) -> list[Message]:
        """What one person sent, in order."""
        return [message for message in self.messages if message.writer is writer]


@dataclass
class Scene:
    """The shop, its Redis, what stands between the two."""

    street: Street
    redis: UnrulyRedis
    between: Relay


def early() -> str:
    """A zone in which it is past one in the night: all summaries asked for here are due later today."""
    ahead = (1 - datetime.now(UTC).hour + 12) % 24 - 12
    return f"Etc/GMT{-ahead:+d}"


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    """A bot that reaches a durable Redis through a relay."""
    with unruly_redis() as redis:
        async with relay(redis.url.removeprefix("unix://")) as between:
            url = f"redis://127.0.0.1:{between.port}/0"
            shops = {"湖畔面馆": {"timezone": early()}}
            async with open_street(tmp_path, url, shops, writers=WRITERS) as street:
                program, address = web("web", street.config)
                street.pushes_go_to(address)
                async with running(program):
                    yield Scene(street, redis, between)


async def kill(scene: Scene) -> float:
    """Away for five seconds, with all connections broken."""
    scene.redis.kill()
    await asyncio.sleep(5)
    await asyncio.to_thread(scene.redis.start)
    return time.monotonic()


async def swallow(scene: Scene) -> float:
    """Nothing gets through for ten seconds, in either direction."""
    scene.between.swallow()
    await asyncio.sleep(10)
    scene.between.let_through()
    return time.monotonic()


async def slow_down(scene: Scene) -> float:
    """Every answer of Redis takes 0.3 s longer, for fifteen seconds."""
    scene.between.slow = 0.3
    await asyncio.sleep(15)
    scene.between.slow = 0.0
    return time.monotonic()


@pytest.mark.parametrize("trouble", [kill, swallow, slow_down])
async def test_answers_come_in_time_and_nothing_is_lost(
    scene: Scene, trouble: Callable[[Scene], Awaitable[float]]
) -> None:
    load, over = Load(scene.street), asyncio.Event()
    loading = asyncio.create_task(load.run(over))
    await asyncio.sleep(CALM)
    away = time.monotonic()
    back = await trouble(scene)
    await asyncio.sleep(AFTERWARDS)
    over.set()
    await loading
    await asyncio.sleep(SETTLED_AFTER)
    unanswered = await settle(load)
    stand = await wishes(scene)

    gone = [each for writer in scene.street.writers for each in lost(load.of(writer), stand.get(writer.openid, ""))]
    slow_back = Counter(each.kind for each in load.messages if each.sent > back + BACK_WITHIN)
    for name, begin, end in (("before", 0.0, away), ("during", away, back), ("after", back, back * 2)):
        print(f"{name}: {dict(Counter(each.kind for each in load.messages if begin <= each.sent < end))}")
    print(f"from {BACK_WITHIN} s after its return: {dict(slow_back)}")
    print(f"slowest HTTP answer {slowest_answer([each.delivery for each in load.messages]):.2f} s")
    print(f"messages {len(load.messages)}, nobody free {load.skipped} times, wrongly answered {len(unanswered)}")
    for each in [*unanswered[:5], *gone[:5]]:
        print(f"  {each}")
    assert slowest_answer([each.delivery for each in load.messages]) < HTTP_WITHIN
    assert unanswered == []
    assert gone == []
    assert set(slow_back) <= {"answered"}


async def settle(load: Load) -> list[str]:
    """Wait for late answers, ask for those that wait for the next message; who got fewer (or more) than they ought."""
    owing = [writer for writer in load.street.writers if missing(load.of(writer), writer) > 0]
    await asyncio.gather(*(answered(load.of(writer), writer) for writer in owing))
    wrong = []
    for writer in load.street.writers:
        sent = load.of(writer)
        if missing(sent, writer) > 0:
            sent.append(Message(writer, 0.0, "", await writer.writes("我")))
        if missing(sent, writer) > 0 or surplus(sent, writer) > 0:
            told = [f"{each.wish or '我'} {each.kind}" for each in sent]
            read = [f"{each.way}: {each.text.splitlines()[0]}" for each in said_in(writer.read())]
            wrong.append(f"{writer.name} was told {told} and read {read}")
    return wrong


async def answered(sent: Sequence[Message], writer: Writer) -> None:
    """Wait until ``writer`` has as many answers as they ought."""
    end = time.monotonic() + LATE_WITHIN
    while missing(sent, writer) > 0 and await writer.reads(len(writer.read()) + 1, end - time.monotonic()):
        pass


def missing(sent: Sequence[Message], writer: Writer) -> int:
    """Answers ``writer`` did not get to messages that were accepted."""
    return sum(not each.delivery.failure for each in sent) - len(said_in(writer.read()))


def surplus(sent: Sequence[Message], writer: Writer) -> int:
    """Answers ``writer`` got though there was no message, and that are not marked as shown again.

    Who was told that it is in doubt may read the outcome once it is known.
    """
    welcome = len(sent) + sum(each.kind == "in doubt" for each in sent)
    return sum(not each.again for each in said_in(writer.read())) - welcome


async def wishes(scene: Scene) -> dict[str, str]:
    """When everybody gets their summary, as Redis has it now."""
    shop = scene.street.writers[0].appid
    app = build(config.load(scene.street.config, {}), scene.redis.url)
    try:
        await app.load()
        found = {each.openid: await app.services[shop].digests.wish(each) for each in app.people(shop).all()}
    finally:
        await app.close()
    return {openid: f"{wish.at:%H:%M}" for openid, wish in found.items() if wish}


def lost(sent: Sequence[Message], stands: str) -> list[str]:
    """Changes that were said to be made, or about which nothing was said to the contrary, and that are gone."""
    changes = [each for each in sent if each.wish]
    done = [number for number, each in enumerate(changes) if each.kind == "answered"]
    allowed = [each.wish for each in changes[done[-1] if done else 0 :]]
    if stands in allowed or not done:
        return []
    return [f"{stands} stands after {[f'{each.wish} {each.kind}' for each in changes]}"]
