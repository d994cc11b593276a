"""Whether one account slows the others: ``python -m tests.benchmarks.fairness [SECONDS]``, by default 15 for each part.

Twenty accounts on one bot; WeChat, Redis, bot and load are processes of their own. Nineteen accounts ask for `help` and
for a voucher in turn, thirty messages a second together. Told are the 95th percentile of their answers, alone; while
the twentieth account gets a hundred messages a second; and while its API does not answer and four of its people ask all
the time; each beside the first.
"""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp

from bot.app import build
from bot.merchants.people import SHELL, Role
from tests.benchmarks.many_shops import READER, card_id_of, many_shops, settings_of, shop
from tests.redis import running_server
from tests.web.postman import Letter

SHOPS = 20
BUSY = 0
RATE, FLOOD = 30, 100
"""Messages a second: of the others together, and of the busy account."""
IMPATIENT = 4
TEXTS = ("帮助", "查看 代金券3")
ACCOUNT = """
[[accounts]]
appid = "{appid}"
original_id = "{original_id}"
name = "{name}"
secret = "{secret}"
token = "{token}"
encoding_aes_key = "{encoding_aes_key}"
"""
CONFIG = """
[redis]
url = "{redis}"
[server]
port = 0
[wechat]
api_base_url = "{wechat}"
[limits]
messages_per_minute = 0
"""
numbers = count(10**12)


async def prepare(wechat: str, redis: str) -> None:
    """One viewer at each account, four at the busy one."""
    app = build(settings_of(SHOPS, wechat), redis)
    for number, appid in enumerate(app.services):
        for place in range(IMPATIENT if number == BUSY else 1):
            await app.people(appid).add(person(place), Role.VIEWER, f"赵敏{place}", by=SHELL)
    await app.close()


def person(place: int) -> str:
    """The viewer of every account, and further ones of the busy one."""
    return READER if not place else f"{READER[:-1]}{place + 1}"


async def ask(address: str, number: int, text: str, place: int = 0) -> float:
    """Seconds from a push of the ``number``-th account to its answer."""
    account = shop(number)
    letter = Letter(
        address, account.appid, account.original_id, account.token, account.encoding_aes_key, person(place),
        elements={"Content": text, "MsgId": str(next(numbers))},
    )  # fmt: skip
    began = time.perf_counter()
    await letter.post()
    return time.perf_counter() - began


async def evenly(rate: float, seconds: float, one: Any) -> list[float]:
    """``one(number)`` so often a second, whether or not those before are answered; what they took."""
    began, running = time.perf_counter(), []
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(began + number / rate - time.perf_counter(), 0))
        running.append(asyncio.create_task(one(number)))
    return list(await asyncio.gather(*running))


async def others(address: str, seconds: float) -> float:
    """The 95th percentile of everybody but the busy account, in milliseconds."""

    def one(number: int) -> Coroutine[Any, Any, float]:
        return ask(address, 1 + number % (SHOPS - 1), TEXTS[number // (SHOPS - 1) % len(TEXTS)])

    return statistics.quantiles(await evenly(RATE, seconds, one), n=20)[-1] * 1e3


@asynccontextmanager
async def meanwhile(work: Coroutine[Any, Any, Any]) -> AsyncIterator[None]:
    """``work`` goes on inside."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def impatient(address: str) -> None:
    """Four people of the busy account who ask for a voucher again as soon as they are answered, or are not."""

    async def one(place: int) -> None:
        while True:
            await ask(address, BUSY, f"查看 {card_id_of(BUSY, place)}", place)

    await asyncio.gather(*(one(place) for place in range(IMPATIENT)))


async def measure(address: str, wechat: str, seconds: float) -> None:
    """Measure and print; the first part warms everything up."""
    await others(address, seconds / 3)
    alone = await others(address, seconds)
    async with meanwhile(evenly(FLOOD, seconds * 2, lambda _: ask(address, BUSY, "帮助"))):
        flooded = await others(address, seconds)
    async with aiohttp.ClientSession() as session:
        dead_api = {"appid": shop(BUSY).appid, "path": "", "delay": 60, "times": 1000}
        async with session.post(f"{wechat}/_control/fault", json=dead_api) as answer:
            assert answer.status == 200, await answer.text()
    async with meanwhile(impatient(address)):
        dead = await others(address, seconds)
    print(  # noqa: T201
        f"p95 of {SHOPS - 1} accounts at {RATE} messages a second: {alone:.1f} ms; one more with {FLOOD} a second "
        f"{flooded:.1f} ms, {flooded / alone:.2f} ×; one more whose API is dead {dead:.1f} ms, {dead / alone:.2f} ×"
    )


def main(seconds: float) -> None:
    """Start everything, measure, stop everything."""
    with many_shops(SHOPS, 4) as wechat, running_server() as redis, tempfile.TemporaryDirectory() as folder:
        asyncio.run(prepare(wechat, redis))
        accounts = "".join(ACCOUNT.format(**vars(shop(number))) for number in range(SHOPS))
        config = Path(folder) / "config.toml"
        config.write_text(CONFIG.format(redis=redis, wechat=wechat) + accounts)
        command = [sys.executable, "-m", "bot", "serve", "--config", str(config)]
        bot = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            assert bot.stdout is not None
            address = next(word for word in bot.stdout.readline().split() if word.startswith("http"))
            asyncio.run(measure(address.removesuffix("/wechat/APPID"), wechat, seconds))
        finally:
            bot.terminate()
            bot.wait()


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 15.0)
