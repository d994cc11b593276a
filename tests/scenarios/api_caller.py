"""Processes that call WeChat once: load everything, say ``ready``, wait for a line, ask for a voucher, say the outcome.

Run as ``python -m tests.scenarios.api_caller API_ADDRESS REDIS_ADDRESS APPID SECRET CARD_ID NUMBER``. The processes
after the first are forked from it when the line comes, so that sixteen of them load the program once.
"""

import asyncio
import os
import sys
from dataclasses import dataclass

from bot.errors import WeChatError
from bot.store import connect
from bot.wechat.account import Account
from bot.wechat.client import WeChat


@dataclass(frozen=True)
class Settings:
    """The part of the ``[wechat]`` section the client reads."""

    api_base_url: str
    connect_timeout: float = 3.0
    total_timeout: float = 60.0


async def _outcome(api_address: str, redis_address: str, appid: str, secret: str, card_id: str) -> str:
    store = connect(redis_address)
    wechat = WeChat(Settings(api_address), store)
    try:
        card = await wechat.of(Account(appid, "", "", secret, ())).card_get(card_id)
    except WeChatError as error:
        return type(error).__name__
    else:
        return str(card["card_type"])
    finally:
        await wechat.close()
        await store.close()


def _say(word: str) -> None:
    os.write(sys.stdout.fileno(), f"{word}\n".encode())


def main(*arguments: str) -> None:
    """Be ``NUMBER`` processes."""
    *what, number = arguments
    _say("ready")
    sys.stdin.readline()
    first = os.getpid()
    children = [pid for _ in range(int(number) - 1) if os.getpid() == first and (pid := os.fork())]
    _say(asyncio.run(_outcome(*what)))
    if os.getpid() == first:
        for child in children:
            os.waitpid(child, 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
