"""``/files/{token}``: a picture for an operator's browser, as PNG for a screen or paper, or as SVG."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from bot.charts.chart import Chart
from bot.charts.kept import picture_of
from bot.dispatch.faults import described
from bot.errors import PictureNotDrawn
from bot.merchants.links import Kind
from bot.pictures.drawing import PRINT, SCREEN, Studio
from bot.web.links import Gate, LinkEndpoint, masked

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the endpoint needs."""

    gate: Gate
    studio: Studio


class FileEndpoint(LinkEndpoint):
    """One link to a picture."""

    def initialize(self, shelf: Shelf) -> None:
        """Tornado calls this for each request."""
        self._shelf = shelf
        self.gate = shelf.gate

    async def get(self, token: str, form: str | None) -> None:
        """The picture."""
        opened = await self.opened(token, Kind.POSTER, Kind.CHART)
        if opened is None:
            return
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
