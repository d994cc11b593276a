"""Milliseconds from a push to its passive reply: ``python -m tests.benchmarks.push_to_reply [COUNT]``.

Simulated WeChat, bot and embedded Redis are processes of their own; every message is new, encrypted, sent one after the
other over one connection, and its reply is opened. Prints the median and the 99th percentile of each command.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import aiohttp

from bot.simulator import DEMO_PERSONS, DEMO_SHOPS
from tests.web.postman import Letter

SHOP = DEMO_SHOPS[0]
MANAGER = DEMO_PERSONS[SHOP.appid][1]
COMMANDS = {"help": "帮助", "show": "查看 春节券", "stats": "统计"}


@contextlib.contextmanager
def running_demo(folder: str) -> Iterator[str]:
    """The bot's address while ``voucherbot demo`` runs."""
    environment = os.environ | {"VOUCHERBOT_LIMITS__MESSAGES_PER_MINUTE": "0"}
    command = [sys.executable, "-m", "bot", "demo", "--port", "0", "--no-browser", "--data", folder]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        ready = process.stdout.readline()
        assert re.search(r"http://", ready), ready
        yield (Path(folder) / "bot-address").read_text(encoding="utf-8").strip()
    finally:
        process.terminate()
        process.wait()


async def measure(address: str, text: str, count: int, first_id: int) -> list[float]:
    """Seconds of ``count`` messages."""
    taken = []
    async with aiohttp.ClientSession() as session:
        for number in range(count):
            letter = Letter(
                address, SHOP.appid, SHOP.original_id, SHOP.token, SHOP.encoding_aes_key, MANAGER.openid,
                elements={"Content": text, "MsgId": str(first_id + number)},
            )  # fmt: skip
            body, query = letter.body_and_query()
            started = time.perf_counter()
            url = f"{address}/wechat/{SHOP.appid}?{urlencode(query)}"
            async with session.post(url, data=body) as answer:
                reply = await answer.text()
            taken.append(time.perf_counter() - started)
            assert "<Encrypt>" in reply, (answer.status, reply)
    return taken


async def main(count: int) -> None:
    """Measure every command and print a row each."""
    with tempfile.TemporaryDirectory() as folder, running_demo(folder) as address:
        for index, (name, text) in enumerate(COMMANDS.items()):
            await measure(address, text, 20, 10**12 * (2 * index + 1))
            taken = await measure(address, text, count, 10**12 * (2 * index + 2))
            median, p99 = statistics.median(taken), statistics.quantiles(taken, n=100)[98]
            print(f"{name:6} {count} messages: median {median * 1e3:.1f} ms, p99 {p99 * 1e3:.1f} ms")  # noqa: T201


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 300))
