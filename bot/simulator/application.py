"""The simulator's web server: WeChat's API, the control API and the chat page on one port."""

from __future__ import annotations

from pathlib import Path

from tornado.web import Application, RequestHandler, StaticFileHandler

from bot.simulator import control
from bot.simulator.api.handler import ApiHandler
from bot.simulator.authorisation_page import ROUTES as AUTHORISATION
from bot.simulator.authorisation_page import AuthorisationPage
from bot.simulator.policy import guard
from bot.simulator.simulator import Simulator

PAGE = Path(__file__).parent / "page"


class PageHandler(StaticFileHandler):
    """The chat page and its files."""

    def set_extra_headers(self, path: str) -> None:
        guard(self)


def application(sim: Simulator) -> Application:
    """All routes; nothing is written to the access log, because tokens travel in addresses."""
    return Application(
        [
            *((route, AuthorisationPage, {"world": sim.world, "variant": name}) for route, name in AUTHORISATION),
            ("/(?:cgi-bin|card|datacube)/.*", ApiHandler, {"world": sim.world}),
            *((route, handler, {"sim": sim}) for route, handler in control.ROUTES),
            ("/()", PageHandler, {"path": PAGE, "default_filename": "index.html"}),
            ("/_page/(.*)", PageHandler, {"path": PAGE}),
        ],
        log_function=_no_access_log,
    )


def _no_access_log(_handler: RequestHandler) -> None:
    """See :func:`application`."""
