"""cgi-bin/message/custom/send: customer-service messages inside their windows.

Source: customer-service message page (messaging.md A5.1).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from bot.simulator import articles
from bot.simulator.api.request import Answer, Endpoint, Request
from bot.simulator.errors import ApiError, ok
from bot.simulator.model import Bubble

TEXT_LIMIT = 2048
"""UTF-8 bytes; measured in the field, as for passive replies."""

KINDS: dict[str, tuple[str, ...]] = {
    "text": ("content",),
    "image": ("media_id",),
    "voice": ("media_id",),
    "video": ("media_id", "thumb_media_id"),
    "music": ("musicurl", "hqmusicurl", "thumb_media_id"),
    "news": ("articles",),
    "mpnewsarticle": ("article_id",),
    "msgmenu": ("list",),
    "wxcard": ("card_id",),
    "miniprogrampage": ("title", "appid", "pagepath", "thumb_media_id"),
}


def send(request: Request) -> Answer:
    """Show the message in the person's chat, if they may be written to now."""
    if not request.shop.customer_service:
        raise ApiError(48001)
    appid, openid = request.shop.appid, request.body.get("touser")
    if not isinstance(openid, str) or not request.world.people.knows(appid, openid):
        raise ApiError(40003)
    bubble = _bubble(request)
    request.world.people.spend(appid, openid)
    request.world.people.show(appid, openid, bubble)
    return ok()


def _bubble(request: Request) -> Bubble:
    kind = request.body.get("msgtype")
    if not isinstance(kind, str) or kind not in KINDS:
        raise ApiError(40008)
    content = request.body.get(kind)
    if not isinstance(content, Mapping):
        raise ApiError(47001)
    if kind == "text":
        text = content.get("content")
        _check_text(text)
        return Bubble("account", "text", str(text), time.time(), "custom")
    if any(not content.get(name) for name in KINDS[kind]):
        raise ApiError(40097)
    if kind == "msgmenu":
        return _menu(content)
    if kind == "news":
        return _news(content["articles"])
    if kind in ("image", "voice", "video"):
        media = request.world.media.find(request.shop.appid, content["media_id"], kind)
        return Bubble("account", kind, f"[{kind}]", time.time(), "custom", media=media.media_id)
    if kind == "wxcard" and request.world.shelf.find(request.shop.appid, content["card_id"]).friends:
        raise ApiError(45030)  # no channel of Friend's Vouchers; the code is not confirmed
    return Bubble("account", kind, f"[{kind}]", time.time(), "custom")


def _check_text(text: Any) -> None:
    if not isinstance(text, str) or not text.strip():
        raise ApiError(44004)
    if len(text.encode()) > TEXT_LIMIT:
        raise ApiError(45002)


def _news(found: Any) -> Bubble:
    """One article; the code for one that lacks something is not published."""
    if not isinstance(found, list):
        raise ApiError(47001)
    if len(found) != 1:
        raise ApiError(45008)
    try:
        article = articles.read(found[0], articles.CUSTOM, "title", "url")
    except articles.BadArticleError:
        raise ApiError(40097) from None
    return Bubble("account", "news", articles.words([article]), time.time(), "custom", (article,))


def _menu(content: Mapping[str, Any]) -> Bubble:
    """A message menu; its limits are published nowhere."""
    entries = content["list"]
    if not isinstance(entries, list) or not all(
        isinstance(entry, Mapping) and isinstance(entry.get("id"), str) and isinstance(entry.get("content"), str)
        for entry in entries
    ):
        raise ApiError(40097)
    items = tuple({"id": entry["id"], "content": entry["content"]} for entry in entries)
    head, tail = content.get("head_content", ""), content.get("tail_content", "")
    if not isinstance(head, str) or not isinstance(tail, str):
        raise ApiError(47001)
    text = "\n".join(part for part in (head, *(item["content"] for item in items), tail) if part)
    _check_text(text)
    return Bubble("account", "msgmenu", text, time.time(), "custom", items)


ENDPOINTS = (Endpoint("POST", "/cgi-bin/message/custom/send", send),)
