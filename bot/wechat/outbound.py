"""Replies on the wire: clean text, cut where a reader would cut it, as passive-reply XML."""

from __future__ import annotations

import re

LIMIT = 2_000
"""UTF-8 bytes of one text. WeChat gives no figure; 2,048 was measured, so we stay below."""

_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]")
_BORDERS = ("\n\n", "\n", "。", "；", ". ", "；", "，", ", ", " ", "、")


def clean(text: str) -> str:
    """``text`` without what XML forbids; line ends as ``\\n``."""
    return _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def split(text: str, limit: int = LIMIT) -> list[str]:
    """``text`` in parts of at most ``limit`` UTF-8 bytes, cut at a paragraph, line, sentence or word where possible."""
    parts = []
    rest = clean(text).strip()
    while len(rest.encode()) > limit:
        end = _cut(rest, limit)
        parts.append(rest[:end].rstrip())
        rest = rest[end:].lstrip("\n ")
    return [*parts, rest] if rest or not parts else parts


def _cut(text: str, limit: int) -> int:
    window = text.encode()[:limit].decode(errors="ignore")
    for border in _BORDERS:
        end = window.rfind(border)
        if end > len(window) // 2:
            return end + len(border)
    return len(window)


def text_reply(push_from: str, push_to: str, content: str, at: int) -> str:
    """The XML of a passive text reply to ``push_from`` (openid), who wrote to ``push_to`` (original id)."""
    return _reply(push_from, push_to, at, "text", f"<Content>{cdata(clean(content))}</Content>")


def transfer_reply(push_from: str, push_to: str, at: int) -> str:
    """The XML that hands the message to the account's human agents."""
    return _reply(push_from, push_to, at, "transfer_customer_service", "")


def _reply(push_from: str, push_to: str, at: int, kind: str, inside: str) -> str:
    return (
        f"<xml><ToUserName>{cdata(push_from)}</ToUserName><FromUserName>{cdata(push_to)}</FromUserName>"
        f"<CreateTime>{at}</CreateTime><MsgType>{cdata(kind)}</MsgType>{inside}</xml>"
    )


def cdata(text: str) -> str:
    """``text`` as CDATA; ``]]>`` is divided between two sections so that nothing breaks out and nothing is lost."""
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"
