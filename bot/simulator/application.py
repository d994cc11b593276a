"""The simulator's web server: WeChat's API, the control API and the chat page on one port."""

from __future__ import annotations

from pathlib import Path

from tornado.web import Application, RequestHandler, StaticFileHandler

from bot.simulator import control
from bot.simulator.api.handler import ApiHandler
from bot.simulator.simulator import Simulator

PAGE = Path(__file__).parent / "page"

POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "frame-ancestors 'none'; base-uri 'none'"
)


class PageHandler(StaticFileHandler):
    """The chat page and its files."""

    def set_extra_headers(self, path: str) -> None:
        self.set_header("Cache-Control", "no-cache")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Content-Security-Policy", POLICY)


def application(sim: Simulator) -> Application:
    """All routes; nothing is written to the access log, because tokens travel in addresses."""
    return Application(
        [
            ("/(?:cgi-bin|card|datacube)/.*", ApiHandler, {"world": sim.world}),
            *((route, handler, {"sim": sim}) for route, handler in control.ROUTES),
            ("/()", PageHandler, {"path": PAGE, "default_filename": "index.html"}),
            ("/_page/(.*)", PageHandler, {"path": PAGE}),
        ],
        log_function=_no_access_log,
    )


def _no_access_log(_handler: RequestHandler) -> None:
    """See :func:`application`."""
