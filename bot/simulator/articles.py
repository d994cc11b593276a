"""Articles (`news`): what one must have to be shown, how a chat shows it, and the picture a phone fetches for it.

Source: passive reply page (all four elements of an item are required), customer-service message page (title and address
are; a description and a picture may be left out). Lengths are published for neither.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest

from bot.simulator.media import format_of

PASSIVE = {"title": "Title", "description": "Description", "url": "Url", "picture": "PicUrl"}
CUSTOM = {"title": "title", "description": "description", "url": "url", "picture": "picurl"}
FORMATS = {"png", "jpg"}
PATIENCE = 10.0
"""Seconds a phone waits for a picture."""


class BadArticleError(Exception):
    """What is wrong with an article."""


def read(item: Any, names: Mapping[str, str], *needed: str) -> dict[str, str]:
    """``title``, ``description``, ``url`` and ``picture`` of one article, whose members are called by ``names``."""
    if not isinstance(item, Mapping):
        raise BadArticleError("an article has no members")
    found = {}
    for name, member in names.items():
        value = item.get(member, "")
        if not isinstance(value, str) or (name in needed and not value.strip()):
            raise BadArticleError(f"{member} is missing, empty or repeated")
        if name in ("url", "picture") and value and not _is_address(value):
            raise BadArticleError(f"{member} is no http address")
        found[name] = value
    return found


def words(articles: Sequence[Mapping[str, str]]) -> str:
    """What the person reads of them."""
    return "\n".join(part for each in articles for part in (each["title"], each["description"]) if part)


async def picture(address: str) -> bytes:
    """What a phone shows for an article's picture. Raises :exc:`LookupError` for what is none."""
    client = AsyncHTTPClient()
    try:
        answer = await client.fetch(HTTPRequest(address, request_timeout=PATIENCE, follow_redirects=False))
    except (HTTPClientError, OSError, ValueError) as error:
        raise LookupError(f"not fetched: {type(error).__name__}") from error
    if format_of(answer.body) not in FORMATS:
        raise LookupError("neither PNG nor JPG")
    return answer.body


def _is_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)
