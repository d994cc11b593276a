"""``/files/{token}``: a picture for an operator's browser, as PNG for a screen or paper, or as SVG."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from bot.dispatch.faults import described
from bot.errors import PictureNotDrawn, StoreUnavailable
from bot.merchants.links import Kind
from bot.pictures.drawing import PRINT, Studio
from bot.pictures.poster import Poster
from bot.web.links import Gate, LinkEndpoint, Opened, masked

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

    async def get(self, token: str, form: str | None) -> None:
        """The picture."""
        try:
            opened = await self._shelf.gate.open(token)
            picture = _picture(opened) if opened else None
            if opened is None or picture is None:
                self.end(404)
                return
            if form == ".svg":
                self.set_header("Content-Type", "image/svg+xml; charset=utf-8")
                drawn = picture.svg().encode()
            else:
                self.set_header("Content-Type", "image/png")
                drawn = await self._shelf.studio.png(picture, PRINT)
        except (StoreUnavailable, PictureNotDrawn) as error:
            log.warning("picture not shown", extra={"fault": described(error)})
            self.end(503)
            return
        account = opened.services.account.appid
        log.info("picture shown", extra={"account": account, "link": masked(token), "form": form or ".png"})
        await self.finish(drawn)

    async def head(self, token: str, form: str | None) -> None:
        """As :meth:`get`; Tornado leaves the body out."""
        await self.get(token, form)


def _picture(opened: Opened) -> Poster | None:
    """The picture a link leads to; None where it leads to something else."""
    destination = opened.destination
    return Poster.of(destination.content) if destination.kind is Kind.POSTER else None
