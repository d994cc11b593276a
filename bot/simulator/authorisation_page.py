"""WeChat's authorisation pages: with a QR code for a desktop, and the one a phone opens inside WeChat.

Whether a link may be shown is decided here, from its parameters and the page it was tapped on; choosing and confirming
is the page's own script over the control API. A real phone would refuse the second page outside WeChat; here any
browser may look.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

from tornado.web import RequestHandler

from bot.simulator.open_platform import joining
from bot.simulator.policy import guard
from bot.simulator.world import World

PAGE = Path(__file__).parent / "page" / "authorise.html"
IN_WECHAT = {"action": "bindcomponent", "no_scan": "1"}
"""Parameters only the second page has."""


class AuthorisationPage(RequestHandler):
    """``variant``: ``scan`` or ``phone``."""

    def initialize(self, world: World, variant: str) -> None:
        self.world, self.variant = world, variant

    def get(self) -> None:
        refusal = self._refusal()
        guard(self)
        self.set_status(200 if not refusal else 400)
        page = PAGE.read_text("utf-8").replace('data-variant=""', f'data-variant="{self.variant}"')
        self.finish(page.replace('data-refusal=""', f'data-refusal="{escape(refusal)}"'))

    def _refusal(self) -> str:
        """What the merchant reads in place of the page, "" where it may be shown."""
        query = {name: self.get_query_argument(name) for name in self.request.query_arguments}
        if self.variant == "phone" and any(query.get(name) != value for name, value in IN_WECHAT.items()):
            return "链接不完整：需要 action=bindcomponent 和 no_scan=1"
        try:
            joining.read(self.world.platform, query, self.request.headers.get("Referer", ""))
        except joining.NotShownError as error:
            return str(error)
        return ""


ROUTES = (
    ("/cgi-bin/componentloginpage", "scan"),
    ("/wxaopen/safe/bindcomponent", "phone"),
    ("/safe/bindcomponent", "phone"),
)
