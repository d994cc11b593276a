"""Opens links the way a browser does: from what the chat said, over a socket."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.parser import HTMLParser

import aiohttp
from yarl import URL

from tests.shop import PUBLIC, Shop

VOID = {"meta", "link", "br", "input"}
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


class Seen(HTMLParser):
    """What a page shows as text, and how it is built; a tag that is not closed as it was opened fails."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip() and not {"style", "script", "svg", "title"} & set(self._open):
            self.text.append(" ".join(data.split()))
