"""Runs the simulated WeChat with the two demo shops until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

from bot.simulator.demo import demo_world
from bot.simulator.simulator import Simulator

CALLBACK_BASE = "http://127.0.0.1:8888"


def serve(port: int, data_dir: Path | None, *, host: str = "127.0.0.1", callback_base: str = CALLBACK_BASE) -> None:
    """Listen on ``port`` until SIGINT or SIGTERM; pushes go to ``callback_base``/wechat/APPID."""
    asyncio.run(_serve(port, data_dir, host, callback_base))


async def _serve(port: int, data_dir: Path | None, host: str, callback_base: str) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    sim = Simulator(data_dir, host)
    demo_world(sim, callback_base)
    try:
        await sim.start(port)
        await stop.wait()
    finally:
        await sim.stop()
