"""``/component/events``: where WeChat posts tickets, and who has authorised the component or taken that back."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from tornado.web import RequestHandler, stream_request_body

from bot import clock
from bot.dispatch.faults import described
from bot.dispatch.platform_events import PlatformEvents
from bot.errors import NotUnderstood, PushRefused, StoreUnavailable
from bot.web.push import DAY_AND_AN_HOUR, LARGEST_BODY, SIGNED
from bot.wechat import envelope
from bot.wechat.component import events
from bot.wechat.component.model import Component

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EventsDoor:
    """What the endpoint needs: whose pushes they are, where they go, and how old one may be (seconds)."""

    component: Component
    events: PlatformEvents
    max_age: int

    def fresh(self, timestamp: int) -> None:
        """Raise :exc:`bot.errors.PushRefused` for an address from ahead, or over a day old.

        What a ticket or an authorisation says is told apart by its own time, so that an old one does no harm.
        """
        age = clock.now() - timestamp
        if not -self.max_age <= age <= DAY_AND_AN_HOUR:
            raise PushRefused("age")


@stream_request_body
class ComponentEventsEndpoint(RequestHandler):
    """One address, always in safe mode."""

    def initialize(self, door: EventsDoor) -> None:
        """Tornado calls this for each request."""
        self._door = door
        self._body = bytearray()

    def data_received(self, chunk: bytes) -> None:
        """Collect the body, one byte beyond its limit at most."""
        self._body += chunk[: LARGEST_BODY + 1 - len(self._body)]

    def compute_etag(self) -> None:
        """No entity tags."""

    def set_default_headers(self) -> None:
        """Say nothing about the server."""
        self.clear_header("Server")
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.set_header("X-Content-Type-Options", "nosniff")

    def get(self) -> None:
        """URL verification: no document names one for this address, and it does no harm."""
        try:
            self._door.fresh(envelope.verify_address(self._door.component, self._query()))
        except PushRefused as error:
            self._refuse(error)
            return
        self._end(200, self.request.query_arguments.get("echostr", [b""])[-1])

    async def post(self) -> None:
        """An event: ``success`` once it is recorded."""
        if len(self._body) > LARGEST_BODY:
            self._end(413)
            return
        try:
            opened = envelope.open_push(self._door.component, self._query(), bytes(self._body))
            self._door.fresh(opened.timestamp)
            await self._door.events.take(events.read(opened.content))
        except PushRefused as error:
            self._refuse(error)
        except NotUnderstood as error:
            log.warning("component event not understood", extra={"why": error.reason})
            self._end(200, "success")
        except StoreUnavailable:
            log.warning("component event not recorded")
            self._end(503)
        else:
            self._end(200, "success")

    def _query(self) -> dict[str, str]:
        given = self.request.query_arguments
        return {name: given.get(name, [b""])[-1].decode(errors="replace") for name in SIGNED}

    def _refuse(self, error: PushRefused) -> None:
        log.warning("component event refused", extra={"why": error.reason})
        self._end(403)

    def write_error(self, status_code: int, **_: object) -> None:
        """Say nothing about what went wrong."""
        self.finish()

    def log_exception(self, _type: object, error: BaseException | None, _traceback: object) -> None:
        """Say where, without the address, which holds what signs the push."""
        log.error("request failed", extra={"fault": described(error) if error is not None else ""})

    def _end(self, status: int, body: str | bytes = "") -> None:
        self.set_status(status)
        self.finish(body)
