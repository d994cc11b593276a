"""Redis keys of what an answer has left to show, as :mod:`bot.store.keys` has all others."""

from __future__ import annotations

from bot.store.keys import VERSION


def leftover(appid: str, openid: str) -> str:
    """List of strings: what one person's last long answer has left to show. 1 day. Owner: bot.merchants.answers."""
    return f"{VERSION}:{{{appid}}}:leftover:{openid}"


def taken_part(appid: str, identity: str) -> str:
    """Hash (plain fields): the part of an answer that one message has asked for, and how many were left then.

    An hour. Owner: bot.merchants.answers.
    """
    return f"{VERSION}:{{{appid}}}:leftover:taken:{identity}"
