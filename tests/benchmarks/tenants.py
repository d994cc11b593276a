"""What many authorised accounts cost: ``python -m tests.benchmarks.tenants [ACCOUNTS …]``; else 100, 1,000, 10,000.

Simulated WeChat, Redis and the bot are processes of their own; the bot is a new one for each number of accounts, each
with one operator. Told are: seconds until the program answers; megabytes then and in the end; the median of a message
to accounts never heard of before and to the same ones again; a token of every account, fetched 32 at a time, beside as
many bare calls; a look at what is due and at what was left, with nothing to do; Redis's memory for an account.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from bot.app import App, build
from bot.merchants.people import SHELL, People, Role
from bot.simulator import Component, Shop, Simulator
from bot.store import connect
from bot.store.authorizers import Authorizer, State
from bot.store.copies import Copies
from bot.store.tickets import KeptTicket, Tickets
from bot.wechat.component.model import NEEDED_SETS
from config import Settings
from tests.benchmarks.counting import side_by_side, used
from tests.benchmarks.memory import resident
from tests.redis import running_server
from tests.web.postman import Letter

PLATFORM = Component(
    "wxcccccccccccccccc", "fedcba9876543210fedcba9876543210", "platform", "GFEDCBA9876543210zyxwvutsrqponmlkjihgfedcba",
    pushing=False,
)  # fmt: skip
OWNER = "oBench0Owner000000000000000001"
MESSAGES = 300
LOOKS = 5


def settings_of(wechat: str, redis: str, folder: str) -> Settings:
    """A platform and no account of its own."""
    return Settings.model_validate(
        {
            "component": {
                "appid": PLATFORM.appid, "secret": PLATFORM.secret, "token": PLATFORM.token,
                "encoding_aes_key": PLATFORM.encoding_aes_key,
            },
            "wechat": {"api_base_url": wechat},
            "redis": {"url": redis},
            "data": {"dir": folder},
            "limits": {"messages_per_minute": 0},
        }
    )  # fmt: skip


async def fill(app: App, listed: list[dict[str, str]]) -> None:
    """What Redis holds of accounts that authorised long ago, each with an owner."""
    assert app.third_party is not None
    platform = app.third_party.platform
    for each in listed:
        known = Authorizer(
            each["appid"], each["original_id"], each["name"], State.ACTIVE, NEEDED_SETS, 2, 0, cards=True,
            authorized_at=1.0, changed_at=1.0,
        )  # fmt: skip
        await platform.authorizers.put(known)
        await platform.authorizers.put_refresh_token(each["appid"], each["refresh_token"], 1.0)
        await People(app.store, platform.account(known)).add(OWNER, Role.OWNER, "王芳", by=SHELL)


async def message(address: str, each: dict[str, str], number: int) -> float:
    """Seconds from a push to its reply."""
    letter = Letter(
        address, each["appid"], each["original_id"], PLATFORM.token, PLATFORM.encoding_aes_key, OWNER,
        suffix=PLATFORM.appid, elements={"Content": "帮助", "MsgId": str(10**12 + number)},
        path=f"component/{each['appid']}/messages",
    )  # fmt: skip
    began = time.perf_counter()
    status, reply = await letter.post()
    assert "<Encrypt>" in reply, (status, reply)
    return time.perf_counter() - began


async def messages(address: str, listed: list[dict[str, str]], first: int) -> float:
    """The median, in milliseconds."""
    step = max(len(listed) // MESSAGES, 1)
    taken = [await message(address, each, first + number) for number, each in enumerate(listed[::step][:MESSAGES])]
    return statistics.median(taken) * 1e3


async def looks(look: Callable[[], Awaitable[object]]) -> float:
    """Seconds of the quickest of some."""
    taken = []
    for _ in range(LOOKS):
        began = time.perf_counter()
        await look()
        taken.append(time.perf_counter() - began)
    return min(taken)


async def measure(wechat: str, redis: str, folder: str, listed: list[dict[str, str]]) -> dict[str, float]:
    """All figures of a program that serves ``listed``."""
    empty = await used(redis)
    before = build(settings_of(wechat, redis, folder), redis)
    await fill(before, listed)
    await before.close()
    kept = await used(redis) - empty

    rest, began = resident(os.getpid()), time.perf_counter()
    app = build(settings_of(wechat, redis, folder), redis)
    await app.load()
    ready, loaded = time.perf_counter() - began, resident(os.getpid())
    assert len(app.services) == len(listed)
    sockets = bind_sockets(0, "127.0.0.1")
    server = HTTPServer(app.web())
    server.add_sockets(sockets)
    address = f"http://127.0.0.1:{sockets[0].getsockname()[1]}"
    await messages(address, listed[:1] * 20, 0)
    first, again = await messages(address, listed, 1000), await messages(address, listed, 10_000)
    await app.scheduler.look()
    due, left = await looks(app.scheduler.look), await looks(app.dispatcher.late.look)
    tokens = [app.services[each["appid"]].wechat.tokens.current for each in listed]
    fetched = await side_by_side(list(tokens))
    bare = await side_by_side([app.third_party.platform.api.pre_auth_code] * len(listed))  # type: ignore[union-attr]  # it is there
    most = resident(os.getpid())
    server.stop()
    await app.close()
    return {
        "rest": rest, "ready": ready, "loaded": loaded, "first": first, "again": again, "due": due, "left": left,
        "fetched": fetched, "bare": bare, "most": most, "kept": kept / len(listed),
    }  # fmt: skip


async def serve(count: int) -> None:
    """The simulated WeChat, until SIGTERM; prints its address and the accounts that have authorised."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    wechat = Simulator()
    await wechat.start()
    wechat.add_component(PLATFORM)
    shops: list[Shop] = wechat.authorise_many(count)
    listed = []
    for shop in shops:
        granted = wechat.authorisation(shop.appid)
        assert granted is not None
        listed.append({
            "appid": shop.appid, "original_id": shop.original_id, "name": shop.name,
            "refresh_token": granted.refresh_token,
        })  # fmt: skip
    ticket = wechat.world.platform.tickets.make(PLATFORM.appid)
    print(json.dumps({"url": wechat.url, "ticket": [ticket.made_at, ticket.value], "accounts": listed}), flush=True)  # noqa: T201
    await stop.wait()
    await wechat.stop()


@contextlib.contextmanager
def platform(count: int) -> Iterator[dict[str, Any]]:
    """What :func:`serve` told, while it runs."""
    command = [sys.executable, "-m", "tests.benchmarks.tenants", "--serve", str(count)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        told: dict[str, Any] = json.loads(process.stdout.readline())
        yield told
    finally:
        process.terminate()
        process.wait()


async def measure_in(told: dict[str, Any], redis: str) -> dict[str, float]:
    """As :func:`measure`, with the ticket WeChat pushed."""
    with tempfile.TemporaryDirectory() as folder:
        store = connect(redis)
        copies = Copies(Path(folder) / "ticket", PLATFORM.secret)
        await Tickets(store, copies, PLATFORM.appid, PLATFORM.secret).keep(KeptTicket(*told["ticket"]))
        await copies.close()
        await store.close()
        return await measure(told["url"], redis, folder, told["accounts"])


def main(counts: list[int]) -> None:
    """Measure and print each number of accounts."""
    for count in counts:
        with platform(count) as told, running_server() as redis:
            run = subprocess.run(
                [sys.executable, "-m", "tests.benchmarks.tenants", "--measure", redis], input=json.dumps(told),
                stdout=subprocess.PIPE, text=True, check=True,
            )  # fmt: skip
        found = json.loads(run.stdout)
        print(  # noqa: T201
            f"{count} authorised accounts: ready in {found['ready']:.2f} s; {found['rest']:.0f} MB before, "
            f"{found['loaded']:.0f} MB ready, {found['most']:.0f} MB in the end; a message {found['first']:.1f} ms the "
            f"first time, {found['again']:.1f} ms again; a look {found['due'] * 1e3:.0f} ms at what is due, "
            f"{found['left'] * 1e3:.1f} ms at what was left; all tokens in {found['fetched']:.1f} s, "
            f"{found['fetched'] / found['bare']:.1f} × as many bare calls; Redis {found['kept'] / 1024:.1f} KiB each"
        )


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--serve", count]:
            asyncio.run(serve(int(count)))
        case ["--measure", redis]:
            print(json.dumps(asyncio.run(measure_in(json.load(sys.stdin), redis))))  # noqa: T201
        case counts:
            main([int(each) for each in counts] or [100, 1000, 10_000])
