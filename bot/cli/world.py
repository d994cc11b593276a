"""The simulated WeChat as demo and simulator run it."""

from __future__ import annotations

import errno
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.errors import SettingsError
from bot.simulator import Simulator, demo_world


@asynccontextmanager
async def simulated(data: Path | None, port: int, bot_address: str) -> AsyncIterator[Simulator]:
    """WeChat with the two demo shops on ``port``, pushing to ``bot_address``; raises :exc:`SettingsError`."""
    try:
        wechat = Simulator(data)
    except RuntimeError as error:
        raise SettingsError(f"{data} is in use by another demo or simulator, expected a folder of its own") from error
    except OSError as error:
        raise SettingsError(f"{data} cannot be used ({error.strerror}), expected a folder of this user") from error
    try:
        demo_world(wechat, bot_address)
        await _start(wechat, port)
        yield wechat
    finally:
        await wechat.stop()


async def _start(wechat: Simulator, port: int) -> None:
    try:
        await wechat.start(port)
    except OSError as error:
        reason = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be listened on ({error.strerror})"
        raise SettingsError(f"port {port} {reason}, expected a free one: choose it with --port") from error
