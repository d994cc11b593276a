"""``/files/{token}``: a picture for an operator's browser, as PNG for a screen or paper, or as SVG."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from tornado.web import RequestHandler

from bot.dispatch.faults import described
from bot.errors import PictureNotDrawn, StoreUnavailable
from bot.merchants import links
from bot.pictures.drawing import PRINT, Studio
from bot.pictures.poster import Poster
from bot.routing.context import Services
from bot.store import Store

log = logging.getLogger(__name__)

HEADERS = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
}


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the endpoint needs."""

    services: Mapping[str, Services]
    store: Store
    studio: Studio

    async def poster(self, token: str) -> tuple[str, Poster] | None:
        """The account and the picture behind ``token``; None unless its owner may still see it."""
        linked = await links.find(self.store, token)
        services = self.services.get(linked.appid) if linked else None
        if linked is None or services is None:
            return None
        await services.people.refresh()
        if not linked.open_to(services.people.operator(linked.openid)):
            return None
        poster = services.links.poster(linked)
        return (services.account.appid, poster) if poster else None


class FileEndpoint(RequestHandler):
    """One link. Everything that is not there, or not any more, is 404 and looks the same."""

    def initialize(self, shelf: Shelf) -> None:
        """Tornado calls this for each request."""
        self._shelf = shelf

    def set_default_headers(self) -> None:
        """Say nothing about the server; leave no trace in caches, search engines or the next site's log."""
        self.clear_header("Server")
        for name, value in HEADERS.items():
            self.set_header(name, value)

    def compute_etag(self) -> None:
        """No entity tags: nothing is to be kept."""

    async def get(self, token: str, form: str | None) -> None:
        """The picture."""
        try:
            found = await self._shelf.poster(token)
            if found is None:
                self._end(404)
                return
            appid, poster = found
            if form == ".svg":
                self.set_header("Content-Type", "image/svg+xml; charset=utf-8")
                drawn = poster.svg().encode()
            else:
                self.set_header("Content-Type", "image/png")
                drawn = await self._shelf.studio.png(poster, PRINT)
        except (StoreUnavailable, PictureNotDrawn) as error:
            log.warning("picture not shown", extra={"fault": described(error)})
            self._end(503)
            return
        log.info("picture shown", extra={"account": appid, "link": f"{token[:4]}…", "form": form or ".png"})
        await self.finish(drawn)

    async def head(self, token: str, form: str | None) -> None:
        """As :meth:`get`; Tornado leaves the body out."""
        await self.get(token, form)

    def write_error(self, status_code: int, **_: object) -> None:
        """Say nothing about what went wrong."""
        self.finish()

    def log_exception(self, _type: object, error: BaseException | None, _traceback: object) -> None:
        """Say where, without the address: it is a key."""
        log.error("request failed", extra={"fault": described(error) if error is not None else ""})

    def _end(self, status: int) -> None:
        self.clear_header("Content-Type")
        self.set_status(status)
        self.finish()
