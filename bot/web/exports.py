"""An export as somebody downloads it: its rows piece by piece, its words, and what a file of it is called."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from bot import clock
from bot.dispatch.conversation import language_of
from bot.routing.context import Services
from bot.routing.reply import Reply
from bot.sheets.cells import Line
from bot.stats import days, export
from bot.stats.days import DayRange, covering, runs
from bot.stats.export import NAMES, ExportRow
from bot.stats.figures import Figures
from bot.stats.service import Statistics
from bot.web.links import Opened
from bot.web.pages import Pages

PREVIEWED = 8
"""Rows the page shows: enough to see what is inside."""
_FORBIDDEN = frozenset('\\/:*?"<>|')
"""In names of files, on Windows."""


@dataclass(frozen=True)
class Export:
    """The export behind an open link, in the language of whose link it is."""

    opened: Opened
    pages: Pages

    @property
    def services(self) -> Services:
        """Of the account."""
        return self.opened.services

    @property
    def language(self) -> str:
        """Of the words in it."""
        return language_of(self.services.account, self.opened.operator)

    @property
    def zone(self) -> ZoneInfo:
        """In which times are told; days are WeChat's."""
        return self.services.account.zone

    @property
    def _stats(self) -> Statistics:
        return self.services.stats

    @cached_property
    def span(self) -> DayRange:
        """The days it is about."""
        return DayRange.of(self.opened.destination.content)

    @cached_property
    def columns(self) -> list[str]:
        """The header."""
        return self._lines("columns")

    async def rows(self) -> AsyncGenerator[tuple[list[ExportRow], Figures], None]:
        """All rows, in order, by spans of at most 62 days, with the figures they are made of.

        The last span comes first from WeChat: it is the one that has to be asked for anew, and a file should rather
        not begin than not end. Raises the WeChatError tree and :exc:`bot.stats.asking.DaysRefused`.
        """
        *earlier, newest = covering(self.span.days())
        last = await self._stats.by_voucher(newest)
        for piece in earlier:
            yield await self._rows_of(await self._stats.by_voucher(piece))
        yield await self._rows_of(last)

    async def preview(self) -> list[ExportRow]:
        """The first rows; raises like :meth:`rows`."""
        found: list[ExportRow] = []
        async with contextlib.aclosing(self._stats.by_piece(self.span)) as pieces:
            async for figures in pieces:
                found += (await self._rows_of(figures))[0]
                if len(found) >= PREVIEWED:
                    break
        return found[:PREVIEWED]

    async def _rows_of(self, figures: Figures) -> tuple[list[ExportRow], Figures]:
        titles = await self.services.vouchers.titles_known({row.card_id for row in figures.rows})
        return await asyncio.to_thread(export.rows, figures, titles, self._lines("sources")), figures

    def notes(self, missing: list[date], not_ready: list[date]) -> list[Line]:
        """What the sheet of notes says: where the figures come from, which days have none, what columns are called."""
        said = self.words(
            "notes", shop=self.services.account.name, span=self.span, missing=runs(missing), not_ready=runs(not_ready),
            made_at=clock.now(), zone_name=self.zone.key if days.differ_from(self.zone) else "",
        )  # fmt: skip
        named = [(column, name) for column, name in zip(self.columns, NAMES, strict=True) if name]
        return [*(line.split("\t") for line in said.splitlines()), *named]

    def words(self, macro: str, **values: Any) -> str:
        """A macro of its own template."""
        return self.pages.words(Reply(f"export_page.{macro}", **values), self.language, self.zone)

    def page(self, **values: Any) -> str:
        """Its page."""
        shop, span = self.services.account.name, self.span
        return self.pages.page(
            "export", self.language, self.zone, shop=shop, span=span, until=self.opened.until, **values
        )

    def disposition(self, form: str) -> str:
        """The Content-Disposition of a file of it; the name in plain letters is for clients that know no other.

        Source: RFC 6266 with RFC 8187.
        """
        dates = f"{self.span.first}" if len(self.span) == 1 else f"{self.span.first} {self.span.last}"
        shop = "".join("_" if each in _FORBIDDEN or not each.isprintable() else each for each in self._shop)
        plain = f"vouchers {dates}.{form}".replace(" ", "_")
        return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(f'{shop} {dates}.{form}', safe='')}"

    @property
    def _shop(self) -> str:
        return self.services.account.name[:60]

    def _lines(self, macro: str) -> list[str]:
        return self.words(macro).splitlines()
