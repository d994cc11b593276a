"""Days WeChat has finished counting, kept so that nobody asks for them again.

The newest two days may still change and are never kept. Of two processes that asked for one day at once the first
answer stands, and both tell it. Redis away is no reason to tell nothing: then WeChat is asked.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Any, TypeAlias

from bot.errors import StoreUnavailable
from bot.stats.days import DayRange
from bot.stats.figures import COUNTERS, Row, Source
from bot.store import Store
from bot.store import figure_keys as keys
from bot.store.cluster import Command
from bot.wechat.account import Account

log = logging.getLogger(__name__)

PROVISIONAL_DAYS = 2
"""The newest days, which WeChat may still correct."""

KEPT_SECONDS = 430 * 86_400
"""A month lies under one key and is written day by day: its first day stays 400 days, too."""

Known: TypeAlias = dict[tuple[Source, date], tuple[Row, ...]]
"""Rows of a day of one source; an empty tuple is a day WeChat left out, which is not the same as not known."""

ACCOUNT, VOUCHERS = "account", "vouchers"


def voucher(card_id: str) -> str:
    """The subject of one voucher's figures."""
    return f"voucher:{card_id}"


def is_finished(day: date, today: date) -> bool:
    """Whether what WeChat says on ``today`` about ``day`` is its last word."""
    return day < today - timedelta(days=PROVISIONAL_DAYS)


class KeptDays:
    """What one account's finished days were like."""

    def __init__(self, store: Store, account: Account) -> None:
        self._store = store
        self._appid = account.appid

    async def read(self, subject: str, span: DayRange, today: date) -> Known:
        """The finished days of ``span`` that are known, of both sources."""
        days = [day for day in span.days() if is_finished(day, today)]
        if not days:
            return {}
        wanted = [(source, month, each) for source in Source for month, each in _by_month(days).items()]
        try:
            answers = await self._store.pipeline(
                *(("HMGET", self._key(subject, source, month), *map(str, each)) for source, month, each in wanted)
            )
        except StoreUnavailable:
            log.debug("kept figures not read: redis is away")
            return {}
        return {
            (source, day): _rows(raw, source, day)
            for (source, _, each), found in zip(wanted, answers, strict=True)
            for day, raw in zip(each, found, strict=True)
            if raw is not None
        }

    async def known(self, subject: str, span: DayRange, today: date) -> set[tuple[Source, date]]:
        """Which finished days of ``span`` are known, without their rows. Raises :exc:`bot.errors.StoreUnavailable`."""
        days = {str(day): day for day in span.days() if is_finished(day, today)}
        months = [(source, month) for source in Source for month in _by_month(days.values())]
        if not months:
            return set()
        answers = await self._store.pipeline(*(("HKEYS", self._key(subject, *each)) for each in months))
        return {
            (source, days[day])
            for (source, _), found in zip(months, answers, strict=True)
            for day in found
            if day in days
        }

    async def keep(self, subject: str, source: Source, days: Collection[date], rows: Iterable[Row]) -> Known:
        """Keep ``days``, all finished, with their ``rows``; what stands for them now, whoever was first."""
        written: dict[date, list[Any]] = {day: [] for day in days}
        for row in rows:
            if row.day in written:
                written[row.day].append(_written(row))
        try:
            found = [await self._keep(subject, source, month, written) for month in _by_month(days).items()]
        except StoreUnavailable:
            log.debug("figures not kept: redis is away")
            return {}
        return {(source, day): _rows(raw, source, day) for each in found for day, raw in each if raw is not None}

    async def _keep(
        self, subject: str, source: Source, month: tuple[str, list[date]], written: Mapping[date, list[Any]]
    ) -> list[tuple[date, str | None]]:
        key, days = self._key(subject, source, month[0]), month[1]
        commands: list[Command] = [
            ("HSETNX", key, str(day), json.dumps(written[day], ensure_ascii=False, separators=(",", ":")))
            for day in days
        ]
        answers = await self._store.pipeline(*commands, ("EXPIRE", key, KEPT_SECONDS), ("HMGET", key, *map(str, days)))
        return list(zip(days, answers[-1], strict=True))

    def _key(self, subject: str, source: Source, month: str) -> str:
        return keys.figures(self._appid, subject, int(source), month)


def _by_month(days: Iterable[date]) -> dict[str, list[date]]:
    months: dict[str, list[date]] = {}
    for day in days:
        months.setdefault(f"{day:%Y-%m}", []).append(day)
    return months


def _written(row: Row) -> list[Any]:
    others = {name: count for name, count in row.counts.items() if name not in COUNTERS}
    return [row.card_id, [row.counts[name] for name in COUNTERS], *([others] if others else [])]


def _rows(raw: str, source: Source, day: date) -> tuple[Row, ...]:
    return tuple(
        Row(day, source, card_id, dict(zip(COUNTERS, counters, strict=True)) | (others[0] if others else {}))
        for card_id, counters, *others in json.loads(raw)
    )
