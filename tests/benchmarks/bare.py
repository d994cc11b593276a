"""The baseline of what talks to WeChat: the same calls, with nothing around them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp

from tests.benchmarks.many_shops import shop

Call = tuple[str, Mapping[str, Any]]
"""Path and body."""


async def bare(wechat: str, calls: Sequence[Call], at_once: int) -> float:
    """Seconds of ``calls`` for the first account, so many side by side."""
    account = shop(0)
    asked = {"grant_type": "client_credential", "appid": account.appid, "secret": account.secret}
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{wechat}/cgi-bin/stable_token", json=asked) as answer:
            token = (await answer.json(content_type=None))["access_token"]
        waiting = iter(calls)

        async def caller() -> None:
            for path, body in waiting:
                async with session.post(f"{wechat}/{path}?access_token={token}", json=body) as answer:
                    assert "errcode\":4" not in await answer.text()

        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for _ in range(at_once):
                group.create_task(caller())
        return time.perf_counter() - began
