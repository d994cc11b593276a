"""Opens links the way a browser does: from what the chat said, over a socket."""

from __future__ import annotations

import re
from collections.abc import Mapping

import aiohttp
from yarl import URL

from tests.shop import PUBLIC, Shop

GONE = "这个链接已经失效", "This link does not work any more"


def path_in(said: str) -> str:
    """The path of the one link in ``said``."""
    (path,) = re.findall(rf"{re.escape(PUBLIC)}(/\S+)", said)
    return str(path)


async def ask(shop: Shop, path: str, method: str = "GET") -> tuple[int, Mapping[str, str], bytes]:
    """Status, headers and body of an answer."""
    url = URL(f"{shop.address}{path}", encoded=True)
    async with aiohttp.ClientSession() as session, session.request(method, url, allow_redirects=False) as answer:
        return answer.status, answer.headers, await answer.read()
