"""What the simulator's pages may do in a browser."""

from __future__ import annotations

from tornado.web import RequestHandler

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'none'; frame-ancestors 'none'; base-uri 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
"""Nothing from elsewhere, nothing inline, and no text ever read as markup."""


def guard(handler: RequestHandler) -> None:
    """Set the headers of a page or of a file it loads."""
    handler.set_header("Cache-Control", "no-cache")
    handler.set_header("X-Content-Type-Options", "nosniff")
    handler.set_header("Content-Security-Policy", POLICY)
    handler.set_header("Referrer-Policy", "no-referrer")
