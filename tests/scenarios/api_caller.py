"""Processes that call WeChat: load everything, say ``ready``, wait for a line, ask for a voucher, say the outcomes.

Run as ``python -m tests.scenarios.api_caller API_ADDRESS REDIS_ADDRESS APPID SECRET CARD_ID NUMBER CALLS``. The
processes after the first are forked from it when the line comes, so that sixteen of them load the program once; each
makes CALLS calls at once.
"""

import asyncio
import os
import sys
from dataclasses import dataclass

from bot.errors import WeChatError
from bot.store import connect
from bot.wechat.account import Account
from bot.wechat.client import AccountAPI, WeChat


@dataclass(frozen=True)
class Settings:
    """The part of the ``[wechat]`` section the client reads."""

    api_base_url: str
    connect_timeout: float = 3.0
    total_timeout: float = 60.0


async def _outcomes(
    calls: int, api_address: str, redis_address: str, appid: str, secret: str, card_id: str
) -> list[str]:
    store = connect(redis_address)
    wechat = WeChat(Settings(api_address), store)
    api = wechat.of(Account(appid, "", "", secret, ()))
    try:
        return await asyncio.gather(*(_outcome(api, card_id) for _ in range(calls)))
    finally:
        await wechat.close()
        await store.close()


async def _outcome(api: AccountAPI, card_id: str) -> str:
    try:
        return str((await api.card_get(card_id))["card_type"])
    except WeChatError as error:
        return type(error).__name__


def _say(word: str) -> None:
    os.write(sys.stdout.fileno(), f"{word}\n".encode())


def main(*arguments: str) -> None:
    """Be ``NUMBER`` processes."""
    *what, number, calls = arguments
    _say("ready")
    sys.stdin.readline()
    first = os.getpid()
    children = [pid for _ in range(int(number) - 1) if os.getpid() == first and (pid := os.fork())]
    _say("\n".join(asyncio.run(_outcomes(int(calls), *what))))
    if os.getpid() == first:
        for child in children:
            os.waitpid(child, 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
