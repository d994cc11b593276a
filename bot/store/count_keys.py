"""Redis keys of counters, as :mod:`bot.store.keys` has all others."""

from __future__ import annotations

from bot.store.keys import VERSION


def counted(appid: str, day: str, part: int) -> str:
    """Set: digests (64 bits, as numbers) of the facts counted on one of WeChat's days, so that none is counted twice.

    ``part``: which of the day's sets. 9 days. Owner: bot.stats.counters.
    """
    return f"{VERSION}:{{{appid}}}:counted:{day}:{part}"


def tallies(appid: str, day: str) -> str:
    """Hash: one of WeChat's days, in numbers that stand for words. 400 days.

    ``=word`` to the word's number, ``#`` to how many there are; ``hour what card channel source staff`` (the hour, then
    numbers of words; of a till one more) to how often that happened. Owner: bot.stats.counters.
    """
    return f"{VERSION}:{{{appid}}}:tallies:{day}"


def channel_counts(appid: str, card_id: str) -> str:
    """Hash, JSON list (what, channel) to number: one voucher, all days. 400 days after the last.

    Owner: bot.stats.counters.
    """
    return f"{VERSION}:{{{appid}}}:counts:channels:{card_id}"
