"""Every address we do not have."""

from __future__ import annotations

from tornado.web import RequestHandler


class Nowhere(RequestHandler):
    """404, and nothing that tells what runs here."""

    def set_default_headers(self) -> None:
        """Say nothing about the server."""
        self.clear_header("Server")
        self.clear_header("Content-Type")

    def prepare(self) -> None:
        """Whatever the method."""
        self.set_status(404)
        self.finish()
