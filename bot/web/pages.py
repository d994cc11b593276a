"""Pages for a browser: laid out by templates, with a policy that lets nothing in from elsewhere."""

from __future__ import annotations

import base64
import hashlib
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from bot.begun import Begun
from bot.clock import WECHAT_ZONE
from bot.dispatch.explaining import explained
from bot.errors import Explained, TokenRejected, WeChatError, WeChatRefused
from bot.render import LANGUAGES, Renderer
from bot.routing.reply import Reply

_POLICY = (
    "default-src 'none'; style-src {style}; script-src {script}; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


class Pages:
    """Renders pages and says what a browser may do with them."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer

    def page(self, name: str, language: str, zone: ZoneInfo, **values: Any) -> str:
        """``templates/pages/<name>.html.j2`` as HTML."""
        return self._renderer.page(f"{name}.html", {**values, "style": self._style}, language, zone)

    def words(self, reply: Reply, language: str, zone: ZoneInfo) -> str:
        """The words of ``reply`` as plain text."""
        return self._renderer.render(reply.template, reply.values, language, zone)

    def message(self, reply: Reply, language: str, zone: ZoneInfo) -> str:
        """A page that says nothing but ``reply``."""
        return self.page("message", language, zone, messages=[self.words(reply, language, zone)])

    def to_anybody(self, reply: Reply) -> str:
        """As :meth:`message`, in every language: whose browser it is is not known."""
        messages = [self.words(reply, language, WECHAT_ZONE) for language in LANGUAGES]
        return self.page("message", LANGUAGES[0], WECHAT_ZONE, messages=messages)

    def script(self, name: str) -> str:
        """``templates/pages/<name>.js``."""
        return self._renderer.page(f"{name}.js", {}, LANGUAGES[0], WECHAT_ZONE)

    def policy(self, script: str = "") -> str:
        """The Content-Security-Policy of a page that runs ``script`` and no other."""
        return _POLICY.format(style=_source(self._style), script=_source(script) if script else "'none'")

    @cached_property
    def _style(self) -> str:
        return self._renderer.page("page.css", {}, LANGUAGES[0], WECHAT_ZONE)


def figures_withheld(error: WeChatError | Explained) -> Reply:
    """Why there are no figures, for a page. Unlike a chat's, its reader reloads and need not be told what to send."""
    if isinstance(error, Explained):
        return Reply(error.template, **error.values)
    if isinstance(error, WeChatRefused | TokenRejected):
        return explained(error, Begun())
    return Reply("link_page.wechat_away")


def _source(text: str) -> str:
    """How a policy names the one text that may stand in a page."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
