"""What all control routes share."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from tornado.web import HTTPError, RequestHandler

from bot.simulator.model import Delivery
from bot.simulator.simulator import Simulator

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class ControlHandler(RequestHandler):
    """What all control routes share: who may come in, JSON in and out."""

    def initialize(self, sim: Simulator) -> None:
        self.sim = sim

    def prepare(self) -> None:
        """Refuse whoever is not this page or a program on this machine."""
        if _hostname(self.request.host) not in LOOPBACK | {self.sim.host}:
            raise HTTPError(403, "Host is not this machine")
        if self.request.headers.get("Origin", f"http://{self.request.host}") != f"http://{self.request.host}":
            raise HTTPError(403, "Origin is another site")
        if self.request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
            raise HTTPError(403, "the request comes from another site")
        content_type = self.request.headers.get("Content-Type", "").partition(";")[0].strip()
        if self.request.method == "POST" and content_type != "application/json":
            raise HTTPError(415, "Content-Type is not application/json")

    def check_xsrf_cookie(self) -> None:
        """There are no cookies; :meth:`prepare` keeps other sites out."""

    def set_default_headers(self) -> None:
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Content-Type-Options", "nosniff")

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        error = kwargs.get("exc_info", (None, None))[1]
        self.answer(error=getattr(error, "log_message", None) or self._reason)

    def answer(self, **values: Any) -> None:
        """Send JSON."""
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.finish(json.dumps(values, ensure_ascii=False))

    def body(self) -> dict[str, Any]:
        """The JSON object that was posted."""
        try:
            value = json.loads(self.request.body)
        except ValueError:
            raise HTTPError(400, "the body is not JSON") from None
        if not isinstance(value, dict):
            raise HTTPError(400, "the body is not a JSON object")
        return value

    def member(self, body: dict[str, Any], name: str, kind: type = str) -> Any:
        """A required member of the body."""
        if not isinstance(body.get(name), kind):
            raise HTTPError(400, f"{name} is missing or not {kind.__name__}")
        return body[name]

    def who(self, body: dict[str, Any]) -> tuple[str, str]:
        """The appid and openid of a body, both known."""
        appid, openid = self.member(body, "appid"), self.member(body, "openid")
        if not self.sim.world.people.knows(appid, openid):
            raise HTTPError(404, "there is no such person")
        return appid, openid

    async def spoken(self, appid: str, openid: str, text: str, **extra: str) -> None:
        """Let a person text, and answer with what came of it."""
        if not self.sim.world.people.follows(appid, openid):
            raise HTTPError(400, "this person does not follow the account")
        self.delivered(await self.sim.text(appid, openid, text, **extra))

    def delivered(self, delivery: Delivery) -> None:
        """Answer with what came of a push."""
        self.answer(**outcome(delivery))


def outcome(delivery: Delivery) -> dict[str, Any]:
    """``{text, reply, failure, attempts}`` of a push."""
    return {
        "text": delivery.text,
        "reply": delivery.reply and delivery.reply["MsgType"],
        "failure": delivery.failure,
        "attempts": [{**asdict(attempt), "body": len(attempt.body)} for attempt in delivery.attempts],
    }


def _hostname(host: str) -> str | None:
    """The name in a Host header, None when it is malformed."""
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None
