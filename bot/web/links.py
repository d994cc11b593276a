"""What all endpoints behind signed links share: whose link it is, and that it leaves no trace."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from tornado.web import RequestHandler

from bot.dispatch.faults import described
from bot.merchants import links
from bot.merchants.links import Destination
from bot.merchants.people import Operator
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
class Opened:
    """A link that leads somewhere: the account it is of, whose it is, where it leads and until when."""

    services: Services
    operator: Operator
    destination: Destination
    until: float


@dataclass(frozen=True, slots=True)
class Gate:
    """Opens links."""

    services: Mapping[str, Services]
    store: Store

    async def open(self, token: str) -> Opened | None:
        """What is behind ``token``; None unless its owner may still see it. StoreUnavailable with Redis away."""
        linked = await links.find(self.store, token)
        services = self.services.get(linked.appid) if linked else None
        if linked is None or services is None:
            return None
        await services.people.refresh()
        operator = services.people.operator(linked.openid)
        destination = services.links.destination(linked)
        if operator is None or destination is None or not linked.open_to(operator):
            return None
        return Opened(services, operator, destination, linked.until)


def masked(token: str) -> str:
    """As much of a token as a log may tell: enough to see that two requests had the same."""
    return f"{token[:4]}…"


class LinkEndpoint(RequestHandler):
    """One link. Everything that is not there, or not any more, is 404 and looks the same."""

    def set_default_headers(self) -> None:
        """Say nothing about the server; leave no trace in caches, search engines or the next site's log."""
        self.clear_header("Server")
        for name, value in HEADERS.items():
            self.set_header(name, value)

    def compute_etag(self) -> None:
        """No entity tags: nothing is to be kept."""

    def write_error(self, status_code: int, **_: object) -> None:
        """Say nothing about what went wrong."""
        self.finish()

    def log_exception(self, _type: object, error: BaseException | None, _traceback: object) -> None:
        """Say where, without the address: it is a key."""
        log.error("request failed", extra={"fault": described(error) if error is not None else ""})

    def end(self, status: int) -> None:
        """Nothing but a status."""
        self.clear_header("Content-Type")
        self.set_status(status)
        self.finish()
