"""Redis keys of pictures and links to them, as :mod:`bot.store.keys` has all others."""

from __future__ import annotations

from bot.store.keys import VERSION


def media(appid: str, digest: str) -> str:
    """String: the media id WeChat gave the picture with this SHA-256, and until when. 3 days. Owner: bot.wechat.media.
    """
    return f"{VERSION}:{{{appid}}}:media:{digest}"


def link(digest: str) -> str:
    """String: what the link whose token has this SHA-256 leads to. A day. Owner: bot.merchants.links.

    An address does not say whose it is, so this key belongs to no account's slot.
    """
    return f"{VERSION}:link:{digest}"
