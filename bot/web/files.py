"""``/files/{token}``: a picture for an operator's browser, as PNG or SVG; or the page of an export."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from bot.charts.chart import Chart
from bot.charts.kept import picture_of
from bot.dispatch.faults import described
from bot.errors import PictureNotDrawn
from bot.merchants.links import Kind
from bot.pictures.drawing import PRINT, SCREEN, Studio
from bot.web.downloads import Office, show_page
from bot.web.links import Gate, LinkEndpoint, Opened, masked

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the endpoint needs."""

    gate: Gate
    studio: Studio
    office: Office


class FileEndpoint(LinkEndpoint):
    """One link to a picture, or to an export."""

    def initialize(self, shelf: Shelf) -> None:
        """Tornado calls this for each request."""
        self._shelf = shelf
        self.gate = shelf.gate

    async def get(self, token: str, form: str | None) -> None:
        """The picture, or the page."""
        opened = await self.opened(token, Kind.POSTER, Kind.CHART, *([] if form else [Kind.EXPORT]))
        if opened is None:
            return
        if opened.destination.kind is Kind.EXPORT:
            await show_page(self, self._shelf.office, opened, token)
        else:
            await self._show_picture(opened, token, form)

    async def _show_picture(self, opened: Opened, token: str, form: str | None) -> None:
        picture = picture_of(opened.destination.content)
        try:
            if form == ".svg":
                self.set_header("Content-Type", "image/svg+xml; charset=utf-8")
                drawn = picture.svg().encode()
            else:
                self.set_header("Content-Type", "image/png")
                drawn = await self._shelf.studio.png(picture, SCREEN if isinstance(picture, Chart) else PRINT)
        except PictureNotDrawn as error:
            log.warning("picture not shown", extra={"fault": described(error)})
            self.away()
            return
        account = opened.services.account.appid
        log.info("picture shown", extra={"account": account, "link": masked(token), "form": form or ".png"})
        await self.finish(drawn)

    async def head(self, token: str, form: str | None) -> None:
        """As :meth:`get`; Tornado leaves the body out."""
        await self.get(token, form)
