"""Redis keys of counters, as :mod:`bot.store.keys` has all others."""

from __future__ import annotations

from bot.store.keys import VERSION


def counted(appid: str, day: str) -> str:
    """Set: digests of the facts counted on one of WeChat's days, so that none is counted twice. 9 days.

    Owner: bot.stats.counters.
    """
    return f"{VERSION}:{{{appid}}}:counted:{day}"


def counts(appid: str, day: str) -> str:
    """Hash, JSON list (what, card id, hour, channel, source, staff) to number: one of WeChat's days. 400 days.

    Owner: bot.stats.counters.
    """
    return f"{VERSION}:{{{appid}}}:counts:{day}"


def channel_counts(appid: str, card_id: str) -> str:
    """Hash, JSON list (what, channel) to number: one voucher, all days. 400 days after the last. As :func:`counts`."""
    return f"{VERSION}:{{{appid}}}:counts:channels:{card_id}"
