"""One request, one answer: bodies as WeChat wants them, answers checked, failures typed."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.errors import AnswerUnreadable, WeChatError, WeChatRefused
from bot.wechat.errcodes import as_errcode, refusal
from bot.wechat.transport import Answer, Part, Request, Transport

Observe = Callable[[str, int | str, float], None]
"""Told after every request: path, errcode (0 = success) or the name of the failure, seconds."""

_TEXT = ("", "application/json", "text/plain", "text/json", "text/html", "text/xml", "application/octet-stream")
"""Media types an answer in JSON has been seen under; what else comes is a file."""

_TOKENS = ("access_token", "component_access_token")
_SECRETS = (
    "secret", "component_appsecret", "component_secret", "component_verify_ticket", "authorizer_refresh_token",
    "authorization_code",
)  # fmt: skip
"""What of a query and of a body WeChat's errmsg might quote, and nobody may read."""


_NO_BREAK_SPACE = "\u00a0"
_OUTSIDE_STRINGS = re.compile(rf'("(?:[^"\\]|\\.)*+")|{_NO_BREAK_SPACE}', re.DOTALL)
"""A string, which stays as it is, or a no-break space outside of one."""


@dataclass(frozen=True, slots=True)
class Call:
    """What is asked of WeChat. ``path`` has no leading slash and names the call in errors and metrics.

    ``body`` is sent as JSON in raw UTF-8 (``\\uXXXX`` is refused with 47002); bytes go out as they are. ``file``
    allows an answer that is no JSON: its bytes come back; ``most`` as in :class:`~bot.wechat.transport.Request`.
    """

    path: str
    body: Mapping[str, Any] | bytes | None = field(default=None, repr=False)
    method: str = "POST"
    params: Mapping[str, str] = field(default_factory=dict, repr=False)
    parts: Mapping[str, Part] = field(default_factory=dict, repr=False)
    file: bool = False
    most: int = 0

    def with_params(self, **params: str) -> Call:
        """The same call with more in its query."""
        return replace(self, params={**self.params, **params})

    def without_secrets(self, text: str) -> str:
        """``text`` (WeChat's errmsg) with this call's token and secret blotted out, should they be quoted in it."""
        sent = self.body if isinstance(self.body, Mapping) else {}
        for secret in (*(self.params.get(name) for name in _TOKENS), *(sent.get(name) for name in _SECRETS)):
            text = text.replace(secret, "…") if secret else text
        return text


class Exchange:
    """Sends calls to one base address; ``observers`` are told of each."""

    def __init__(self, transport: Transport, base_url: str, *observers: Observe) -> None:
        self._transport = transport
        self._base = base_url.rstrip("/")
        self._observers = observers

    @property
    def patience(self) -> float:
        """Seconds one call may take at most."""
        return self._transport.total_timeout

    async def __call__(self, call: Call, within: float | None = None) -> Any:
        """The answer as a dict (bytes for a file). Raises the WeChatError tree; ``errcode`` absent means success."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        outcome: int | str = 0
        try:
            return read(call, await self._transport.send(self._request(call), within))
        except WeChatRefused as error:
            outcome = error.errcode
            raise
        except WeChatError as error:
            outcome = type(error).__name__
            raise
        finally:
            for observe in self._observers:
                observe(call.path, outcome, loop.time() - began)

    def _request(self, call: Call) -> Request:
        body = call.body
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
        return Request(call.path, f"{self._base}/{call.path}", call.method, call.params, body, call.parts, call.most)


def read(call: Call, answer: Answer) -> Any:
    """The content of ``answer``, or the error it stands for."""
    if answer.status != 200:
        raise AnswerUnreadable(call.path, answer.status, "expected 200")
    if call.file and answer.media_type not in _TEXT:
        return answer.body
    content = _decoded(call, answer)
    if isinstance(content.get("base_resp"), dict):  # the device calls wrap their errcode
        content = {**content, **content["base_resp"]}
    errcode = as_errcode(content.get("errcode"))
    if errcode:
        raise refusal(call.path, errcode, call.without_secrets(str(content.get("errmsg", content["errcode"]))))
    return content


def _decoded(call: Call, answer: Answer) -> dict[str, Any]:
    failure = "not a JSON object"
    try:
        content = _json(answer.body.decode("utf-8-sig"))
    except UnicodeDecodeError:
        failure = "not UTF-8"
    except (ValueError, RecursionError):
        failure = "not JSON"
    else:
        if isinstance(content, dict):
            return content
    raise AnswerUnreadable(call.path, answer.status, failure)


def _json(text: str) -> Any:
    """What ``text`` says. WeChat lets control characters through, and the documents indent with no-break spaces."""
    try:
        return json.loads(text, strict=False)
    except ValueError:
        if _NO_BREAK_SPACE not in text:
            raise
    return json.loads(_OUTSIDE_STRINGS.sub(lambda found: found[1] or " ", text), strict=False)


def whole_number(value: object, otherwise: int) -> int:
    """A whole number, in whatever type it was sent."""
    try:
        return int(value) if isinstance(value, int | float | str) else otherwise
    except (ValueError, OverflowError):
        return otherwise
