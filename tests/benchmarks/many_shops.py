"""A simulated WeChat with many shops alike, a process of its own, so that its work does not count as the bot's.

``python -m tests.benchmarks.many_shops COUNT VOUCHERS`` prints its address and serves until SIGTERM.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta

import time_machine

from bot.clock import day_end, day_start
from bot.simulator import Fault, Person, Shop, Simulator, cash_voucher
from bot.simulator.shelf import Voucher
from config import Settings

NOW = "2026-11-22T10:00:00+08:00"
"""A Sunday, when digests are due."""
TODAY = date(2026, 11, 22)
KEY = "LakesideNoodles0test0key0for0the0simulator8"
FAR = 0.05
"""Seconds an answer is under way, as over a network."""
READER = "oBench0Reader00000000000000001"
VALID = {
    "date_info": {
        "type": "DATE_TYPE_FIX_TIME_RANGE",
        "begin_timestamp": day_start(TODAY - timedelta(days=200)),
        "end_timestamp": day_end(TODAY + timedelta(days=60)),
    },
    "sku": {"quantity": 50_000, "total_quantity": 60_000},
}


def shop(number: int) -> Shop:
    """The ``number``-th account."""
    return Shop(
        appid=f"wxbench{number:011}", original_id=f"gh_bench{number:07}", name=f"面馆{number}", secret="s" * 32,
        token="lakeside", encoding_aes_key=KEY, customer_service=True,
    )  # fmt: skip


def card_id_of(number: int, place: int) -> str:
    """The ``place``-th voucher of the ``number``-th account."""
    return f"pBench{number:012}0000{place:06}"


def settings_of(count: int, wechat: str) -> Settings:
    """Settings of a bot that serves so many accounts."""
    shops = [shop(number) for number in range(count)]
    accounts = tuple(
        {
            "appid": each.appid, "original_id": each.original_id, "name": each.name, "secret": each.secret,
            "token": each.token, "encoding_aes_key": each.encoding_aes_key,
        }
        for each in shops
    )  # fmt: skip
    return Settings.model_validate({"wechat": {"api_base_url": wechat}, "accounts": accounts})


def figures(voucher: Voucher, day: date) -> dict[str, int]:
    """An ordinary day of a voucher: the same whenever it is asked for."""
    redeemed = 20 + (day.toordinal() + int(voucher.card_id[-3:])) % 7
    return {
        "view_cnt": redeemed * 10, "view_user": redeemed * 8, "receive_cnt": redeemed * 2, "receive_user": redeemed * 2,
        "verify_cnt": redeemed, "verify_user": redeemed,
    }  # fmt: skip


async def serve(count: int, vouchers: int) -> None:
    """Until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    wechat = Simulator()
    wechat.readings.data_ready_hour = 0
    wechat.world.figures.seed = figures
    for number in range(count):
        appid = wechat.add_shop(shop(number)).appid
        wechat.add_person(appid, Person(READER, "赵敏", "viewer"))
        wechat.world.people.acted(appid, READER, "message")
        for place in range(vouchers):
            card_id = card_id_of(number, place)
            card = cash_voucher(f"面馆{number}", 1000, title=f"代金券{place}", card_id=card_id, base=VALID)
            wechat.add_voucher(appid, card, "VERIFY_OK")
    wechat.fault("", Fault(delay=FAR), times=None)
    await wechat.start()
    print(wechat.url, flush=True)  # noqa: T201
    await stop.wait()
    await wechat.stop()


@contextlib.contextmanager
def many_shops(count: int, vouchers: int) -> Iterator[str]:
    """Its address while it runs."""
    command = [sys.executable, "-m", "tests.benchmarks.many_shops", str(count), str(vouchers)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    with time_machine.travel(NOW, tick=True):
        asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2])))
