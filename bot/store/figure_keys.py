"""Redis keys of WeChat's figures, as :mod:`bot.store.keys` has all others."""

from __future__ import annotations

from bot.store.keys import VERSION


def figures(appid: str, subject: str, source: int, month: str) -> str:
    """Hash, day (``2026-11-02``) to a JSON list of rows: what WeChat finished counting in one month (``2026-11``).

    A row is ``[card id, ten counters, other counters by name]``, the last only where there are any; no row at all is a
    day WeChat left out. ``subject`` is ``account``, ``vouchers`` (all of them) or ``voucher:`` with a card id,
    ``source`` the value of cond_source. 430 days from the last day that came to it, so each day stays 400 at least.
    Owner: bot.stats.kept.
    """
    return f"{VERSION}:{{{appid}}}:figures:{subject}:{source}:{month}"


def collecting(appid: str, first: str, last: str) -> str:
    """String: some process collects the figures of these days now. 70 s from each piece. Owner: bot.stats.collecting.
    """
    return f"{VERSION}:{{{appid}}}:collecting:{first}:{last}"
