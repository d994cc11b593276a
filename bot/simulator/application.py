"""The simulator's web server: WeChat's API, the control API and the chat page on one port."""

from __future__ import annotations

from pathlib import Path

from tornado.web import Application, RequestHandler, StaticFileHandler

from bot.simulator import control
from bot.simulator.api.handler import ApiHandler
from bot.simulator.simulator import Simulator

PAGE = Path(__file__).parent / "page"

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'none'; frame-ancestors 'none'; base-uri 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
"""Nothing from elsewhere, nothing inline, and no text ever read as markup."""


class PageHandler(StaticFileHandler):
    """The chat page and its files."""

    def set_extra_headers(self, path: str) -> None:
        self.set_header("Cache-Control", "no-cache")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Content-Security-Policy", POLICY)
        self.set_header("Referrer-Policy", "no-referrer")


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
