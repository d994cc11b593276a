"""Keys of the change log and of a second person's yes; as :mod:`bot.store.keys`, whose rules hold here, too."""

from __future__ import annotations

from bot.store.keys import VERSION


def change_records(appid: str) -> str:
    """List: what was asked of WeChat, by whom, and what came of it; only ever appended to. Stays.

    Each line holds the digest of all above it. Owner: bot.store.chain, for bot.vouchers.records.
    """
    return f"{VERSION}:{{{appid}}}:changes"


def change_head(appid: str) -> str:
    """String: how many lines of changes there are, their digest, the last number. Stays. Owner: bot.store.chain."""
    return f"{VERSION}:{{{appid}}}:changes:head"


def second_yes(appid: str) -> str:
    """Hash, preview's id to JSON: what waits for a second yes, or got it. 7 d. Owner: bot.merchants.approvals."""
    return f"{VERSION}:{{{appid}}}:second"


def second_yes_number(appid: str) -> str:
    """Counter: the number of the last request for a second yes. Stays. Owner: bot.merchants.approvals."""
    return f"{VERSION}:{{{appid}}}:second:number"
