"""``/files/{token}`` of an export: its page, and at ``.csv`` and ``.xlsx`` the files, sent as they are made.

Neither a year's rows nor a whole file are in memory at once. What takes long to compute is computed in a thread.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import IO

from tornado.iostream import StreamClosedError

from bot.dispatch.faults import described
from bot.errors import Explained, StoreUnavailable, WeChatError
from bot.merchants.links import Kind
from bot.sheets import csv_file
from bot.sheets.workbook import Workbook
from bot.stats.asking import DaysRefused
from bot.stats.collecting import Collecting
from bot.web.exports import Export
from bot.web.links import Gate, LinkEndpoint, Opened, masked
from bot.web.pages import figures_withheld

log = logging.getLogger(__name__)

CHUNK = 64 * 1024
"""Bytes."""
AT_ONCE = 2
"""Files that are made in a process; others wait."""
WIDTHS = (12, 26, 32, 12)
"""Of the columns before the counters, in characters; those have the last."""
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class Office:
    """What both endpoints need."""

    gate: Gate
    collecting: Collecting
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def page(self, opened: Opened, token: str) -> tuple[str, str]:
        """The page of an export and the script it runs. Raises the WeChatError tree and DaysRefused."""
        export, services = Export(opened, self.gate.pages), opened.services
        appid = services.account.appid
        missing = await self.collecting.missing(appid, export.span, services.stats, services.vouchers.titles)
        if missing is not None:
            return await asyncio.to_thread(partial(export.page, done=missing.days)), ""
        script = self.gate.pages.script("copy")
        address = services.links.address(Kind.EXPORT, token)
        shown = {"rows": await export.preview(), "columns": export.columns, "script": script}
        page = partial(export.page, done=None, token=token, address=address, **shown)
        return await asyncio.to_thread(page), script


async def show_page(endpoint: LinkEndpoint, office: Office, opened: Opened, token: str) -> None:
    """Answer with the page of an export, or with one that says why there is none."""
    try:
        page, script = await office.page(opened, token)
    except StoreUnavailable:
        endpoint.away()
    except (WeChatError, DaysRefused) as error:
        refuse(endpoint, opened, token, error)
    else:
        log.info("export shown", extra={"account": opened.services.account.appid, "link": masked(token)})
        endpoint.show(page, script=script)


def refuse(endpoint: LinkEndpoint, opened: Opened, token: str, error: WeChatError | Explained) -> None:
    """Say why there are no figures."""
    log.warning("export not made", extra={"link": masked(token), "fault": described(error)})
    endpoint.withheld(opened, figures_withheld(error))


class DownloadEndpoint(LinkEndpoint):
    """The files of an export."""

    def initialize(self, office: Office) -> None:
        """Tornado calls this for each request."""
        self._office = office
        self.gate = office.gate
        self._begun = False

    async def get(self, token: str, form: str) -> None:
        """The file. One that cannot be finished loses its connection: a part must not look like the whole."""
        opened = await self.opened(token, Kind.EXPORT)
        if opened is None:
            return
        export = Export(opened, self.gate.pages)
        try:
            await (self._send_csv(export) if form == "csv" else self._send_xlsx(export))
        except StreamClosedError:
            return  # whoever downloaded it has gone
        except (WeChatError, DaysRefused, StoreUnavailable) as error:
            self._fail(opened, token, error)
        except BaseException:
            self._break_off(token)
            raise
        else:
            log.info(
                "export sent", extra={"account": opened.services.account.appid, "link": masked(token), "form": form}
            )

    async def head(self, token: str, form: str) -> None:
        """What would come, without making it."""
        opened = await self.opened(token, Kind.EXPORT)
        if opened is not None:
            self._begin(Export(opened, self.gate.pages), form)
            await self.finish()

    async def _send_csv(self, export: Export) -> None:
        async with contextlib.aclosing(export.rows()) as pieces:
            async for rows, _ in pieces:
                written = await asyncio.to_thread(csv_file.written, rows)
                if not self._begun:
                    self._begin(export, "csv")
                    self.write(csv_file.begin(export.columns))
                self.write(written)
                await self.flush()
        await self.finish()

    async def _send_xlsx(self, export: Export) -> None:
        widths = (*WIDTHS, *[WIDTHS[-1]] * (len(export.columns) - len(WIDTHS)))
        with Workbook(export.words("sheet"), export.columns, widths) as book:
            async with self._office.turns:
                file = await _written(book, export)
            await self._send(export, file)

    async def _send(self, export: Export, file: IO[bytes]) -> None:
        self._begin(export, "xlsx")
        self.set_header("Content-Length", file.seek(0, os.SEEK_END))
        file.seek(0)
        while chunk := await asyncio.to_thread(file.read, CHUNK):
            self.write(chunk)
            await self.flush()
        await self.finish()

    def _begin(self, export: Export, form: str) -> None:
        self._begun = True
        self.set_header("Content-Type", TYPES[form])
        self.set_header("Content-Disposition", export.disposition(form))

    def _fail(self, opened: Opened, token: str, error: WeChatError | DaysRefused | StoreUnavailable) -> None:
        if self._begun:
            log.warning("export not made to its end", extra={"link": masked(token), "fault": described(error)})
            self._break_off(token)
        elif isinstance(error, StoreUnavailable):
            self.away()
        else:
            refuse(self, opened, token, error)

    def _break_off(self, token: str) -> None:
        """Cut the connection of a file that has begun: ended properly, it would look whole."""
        if self._begun:
            log.warning("export broken off", extra={"link": masked(token)})
            self.detach().close()


async def _written(book: Workbook, export: Export) -> IO[bytes]:
    """The whole book, from its beginning."""
    missing, not_ready = list[date](), list[date]()
    async with contextlib.aclosing(export.rows()) as pieces:
        async for rows, figures in pieces:
            await asyncio.to_thread(book.add, rows)
            missing += figures.days_missing
            not_ready += figures.days_not_ready
    return await asyncio.to_thread(book.close, export.words("notes_sheet"), export.notes(missing, not_ready))
