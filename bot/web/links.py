"""What all endpoints behind signed links share: whose link it is, and that it leaves no trace."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from tornado.web import HTTPError, RequestHandler

from bot.dispatch.conversation import language_of
from bot.dispatch.faults import described
from bot.errors import StoreUnavailable
from bot.merchants import links
from bot.merchants.links import Destination, Kind
from bot.merchants.people import Operator
from bot.routing.context import Services
from bot.routing.reply import Reply
from bot.store import Store
from bot.web.pages import Pages

log = logging.getLogger(__name__)

HEADERS = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
}
RETRY_AFTER = "60"
"""Seconds."""


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
    pages: Pages

    async def open(self, token: str) -> Opened | None:
        """What is behind ``token``; None unless its owner may still see it.

        Raises :exc:`bot.errors.StoreUnavailable`.
        """
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

    gate: Gate

    def set_default_headers(self) -> None:
        """Say nothing about the server; leave no trace in caches, search engines or the next site's log."""
        self.clear_header("Server")
        for name, value in HEADERS.items():
            self.set_header(name, value)

    def compute_etag(self) -> None:
        """No entity tags: nothing is to be kept."""

    def write_error(self, status_code: int, **_: object) -> None:
        """Say nothing about what went wrong, but where it was ours, that it did."""
        if status_code >= 500:
            self.show(self.gate.pages.to_anybody(Reply("link_page.away")), status_code)
        else:
            self.finish()

    def log_exception(self, _type: object, error: BaseException | None, _traceback: object) -> None:
        """Say where, without the address: it is a key."""
        if isinstance(error, HTTPError) and error.status_code < 500:  # PUT, POST: somebody else's mistake
            log.info("request refused", extra={"method": self.request.method, "status": error.status_code})
            return
        log.error("request failed", extra={"fault": described(error) if error is not None else ""})

    async def opened(self, token: str, *kinds: Kind) -> Opened | None:
        """What is behind ``token``, if it is of ``kinds``; None once the browser was told that there is nothing."""
        try:
            opened = await self.gate.open(token)
        except StoreUnavailable as error:
            log.warning("link not opened", extra={"link": masked(token), "fault": described(error)})
            self.away()
            return None
        if opened is None or opened.destination.kind not in kinds:
            self.gone()
            return None
        return opened

    def show(self, page: str, status: int = 200, script: str = "") -> None:
        """A page, and what a browser may do with it; the only script it may run is ``script``."""
        self.set_status(status)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Content-Security-Policy", self.gate.pages.policy(script))
        self.finish(page)

    def gone(self) -> None:
        """The one page for everything that is not there: it does not tell whether it ever was."""
        self.show(self.gate.pages.to_anybody(Reply("link_page.gone")), 404)

    def away(self) -> None:
        """Redis is away, or something of ours failed: it may work in a minute."""
        self.set_header("Retry-After", RETRY_AFTER)
        self.show(self.gate.pages.to_anybody(Reply("link_page.away")), 503)

    def withheld(self, opened: Opened, why: Reply) -> None:
        """A page that says ``why`` what was asked for cannot be shown now."""
        account = opened.services.account
        self.set_header("Retry-After", RETRY_AFTER)
        self.show(self.gate.pages.message(why, language_of(account, opened.operator), account.zone), 503)
