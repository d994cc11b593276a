"""Further bots for the same shop: in this process, or as processes of their own that can be killed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from bot.app import App, build
from tests.shop import KEY, PEOPLE, Shop, serving, settings_for
from tests.web.postman import Letter


def letter(shop: Shop, text: str, number: int, *, address: str = "", nonce: str = "1", who: str = "manager") -> Letter:
    """A copy of message ``number``, to be posted to one of the bots."""
    elements = {"Content": text, "MsgId": str(24_000_000_000_000_000 + number)}
    where = address or shop.address
    return Letter(where, shop.appid, "gh_0123456789ab", "lakeside", KEY, PEOPLE[who][0], nonce=nonce, elements=elements)


@contextlib.asynccontextmanager
async def another_bot(shop: Shop, redis_url: str, **sections: Any) -> AsyncIterator[tuple[App, str]]:
    """A second bot in this process, with a store and an owner's name of its own, and its address."""
    app = build(settings_for(shop.simulator, shop.wechat_side, **sections), redis_url)
    await app.load()
    try:
        async with serving(app) as address:
            yield app, address
    finally:
        await app.close()


@dataclass
class Process:
    """A bot in a process of its own."""

    address: str
    process: asyncio.subprocess.Process

    async def kill(self) -> None:
        """As ``kill -9`` does."""
        self.process.kill()
        await self.process.wait()


@contextlib.asynccontextmanager
async def bot_process(shop: Shop, redis_url: str, deadline: float = 4.0) -> AsyncIterator[Process]:
    """``voucherbot serve`` for the same shop, without a worker. It lives by the real clock."""
    account = shop.wechat_side
    settings = {
        "REDIS__URL": redis_url,
        "WECHAT__API_BASE_URL": shop.simulator.url,
        "REPLY__DEADLINE": str(deadline),
        "ACCOUNTS__0__APPID": account.appid,
        "ACCOUNTS__0__ORIGINAL_ID": account.original_id,
        "ACCOUNTS__0__NAME": account.name,
        "ACCOUNTS__0__SECRET": account.secret,
        "ACCOUNTS__0__TOKEN": account.token,
        "ACCOUNTS__0__ENCODING_AES_KEY": account.encoding_aes_key,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "serve", "--port", "0", "--no-worker",
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        env=os.environ | {f"VOUCHERBOT_{name}": value for name, value in settings.items()},
    )  # fmt: skip
    try:
        assert process.stdout is not None
        announced = (await process.stdout.readline()).decode()
        yield Process(announced.rpartition(" ")[2].partition("/wechat/")[0], process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
