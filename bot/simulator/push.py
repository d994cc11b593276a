"""Delivers messages and events to an account's server over real HTTP, as WeChat does: signed, at most three
tries.

Five seconds a try, connecting included; silence, a broken connection, a redirect and any status but 200 are
failures and are tried again; a malformed answer is final. Source: message push page; passive reply page.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest, HTTPResponse

from bot.simulator import crypto, elements
from bot.simulator.calls import seconds_since
from bot.simulator.model import Attempt, Delivery, Line, Mode
from bot.simulator.replies import BadAnswerError, Judge, OnlySuccess, Reader, words

TRIES = 3
TIMEOUT = 5.0

CHAT_EVENTS = {"subscribe", "scan", "click", "scancode_waitmsg", "location", "user_enter_session_from_card"}
"""Events that happen in an open chat, so that a reply (or the failure line) can be shown."""


@dataclass(frozen=True)
class How:
    """How a push is made; None stands for the account's own setting or a fresh value."""

    mode: Mode | None = None
    key: str | None = None
    token: str | None = None
    suffix: str | None = None
    timestamp: str | None = None
    nonce: str | None = None
    tries: int = TRIES
    timeout: float = TIMEOUT
    fresh: bool = True
    cut: bool = False


@dataclass(frozen=True)
class Posting:
    """One HTTP request of a push, ready to be sent (or tampered with)."""

    url: str
    body: bytes
    nonce: str
    headers: Mapping[str, str]


def compose(line: Line, content: Mapping[str, Any], how: How = How()) -> Posting:  # noqa: B008 - frozen
    """The request WeChat would send for ``content``, signed and sealed by the rules of the mode."""
    mode, token, timestamp = (
        how.mode or line.mode,
        how.token or line.token,
        how.timestamp or str(int(time.time())),
    )
    nonce = how.nonce or str(secrets.randbelow(9 * 10**8) + 10**8)
    query = {"signature": crypto.sign(token, timestamp, nonce), "timestamp": timestamp, "nonce": nonce}
    if content.get("FromUserName"):
        query["openid"] = str(content["FromUserName"])
    document = elements.write(content)
    if mode != "plain":
        suffix = line.appid if how.suffix is None else how.suffix
        encrypted = crypto.seal(how.key or line.encoding_aes_key, suffix, document.encode())
        query |= {"encrypt_type": "aes", "msg_signature": crypto.sign(token, timestamp, nonce, encrypted)}
        outside = content if mode == "compatible" else {str(line.head): content.get(line.head)}
        document = elements.write({**outside, "Encrypt": encrypted})
    joint = "&" if urlsplit(line.url).query else "?"
    headers = {"Content-Type": "text/xml", "User-Agent": "Mozilla/4.0", "Accept": "*/*"}
    return Posting(f"{line.url}{joint}{urlencode(query)}", document.encode(), nonce, headers)


class Pusher:
    """Sends pushes. One HTTP connection per try, as WeChat's servers do."""

    def __init__(self) -> None:
        self._client: AsyncHTTPClient | None = None

    def open(self) -> None:
        """To be called on the loop that pushes."""
        self._client = AsyncHTTPClient(force_instance=True, max_clients=1000, max_body_size=1 << 20)

    def close(self) -> None:
        """Let go of the connections."""
        if self._client is not None:
            self._client.close()
            self._client = None

    async def deliver(self, appid: str, line: Line, content: dict[str, Any], how: How) -> Delivery:
        """Try until there is an answer or no try is left. ``appid``: the account the push is about."""
        delivery = Delivery(appid, str(content.get("FromUserName", "")), content)
        judge = _reader(line, how)
        posting = compose(line, content, how)
        for number in range(how.tries):
            if number and how.fresh:
                posting = compose(line, content, how)
            attempt = await self._cut(posting) if how.cut and not number else await self.post(posting, how.timeout)
            delivery.attempts.append(attempt)
            delivery.failure = attempt.error or ""
            if attempt.error is None:
                _judge(judge, delivery, attempt, posting.nonce)
                break
        return delivery

    async def post(self, posting: Posting, timeout: float = TIMEOUT) -> Attempt:  # noqa: ASYNC109 - WeChat's limit
        """Send one request and say what came back."""
        request = HTTPRequest(
            posting.url,
            method="POST",
            body=posting.body,
            headers=dict(posting.headers),
            follow_redirects=False,
            decompress_response=False,
            connect_timeout=timeout,
            request_timeout=timeout,
        )
        return await self._fetch(request)

    async def get(self, url: str) -> Attempt:
        """The URL verification's request."""
        return await self._fetch(
            HTTPRequest(url, follow_redirects=False, connect_timeout=TIMEOUT, request_timeout=TIMEOUT)
        )

    async def _fetch(self, request: HTTPRequest) -> Attempt:
        if self._client is None:
            return Attempt(None, b"", 0.0, "the simulator is not running")
        start, answer = time.perf_counter(), self._client.fetch(request, raise_error=False)
        answer.add_done_callback(_seen)
        try:
            # Tornado logs as an error what comes of a request nobody waits for any more; so it is never cancelled.
            response = await asyncio.shield(answer)
        except (HTTPClientError, OSError) as error:
            return Attempt(None, b"", seconds_since(start), f"no answer: {error}")
        refused = None if response.code == 200 else f"status {response.code}"
        return Attempt(response.code, response.body, seconds_since(start), refused)

    async def _cut(self, posting: Posting) -> Attempt:
        """Send the whole request, then close the connection without waiting for the answer."""
        start, url = time.perf_counter(), urlsplit(posting.url)
        try:
            _, writer = await asyncio.open_connection(url.hostname, url.port or 80)
            head = {"Host": url.netloc, "Content-Length": str(len(posting.body)), **posting.headers}
            lines = [
                f"POST {url.path}?{url.query} HTTP/1.1",
                *(f"{name}: {value}" for name, value in head.items()),
            ]
            writer.write("\r\n".join([*lines, "", ""]).encode() + posting.body)
            await writer.drain()
            writer.close()
            await writer.wait_closed()
        except OSError as error:
            return Attempt(None, b"", seconds_since(start), f"no answer: {error}")
        return Attempt(None, b"", seconds_since(start), "the connection was cut before the answer")


def _seen(answer: asyncio.Future[HTTPResponse]) -> None:
    """Take note of an error that came too late for anybody."""
    if not answer.cancelled():
        answer.exception()


def _reader(line: Line, how: How) -> Reader:
    if line.head == "AppId":
        return OnlySuccess()
    return Judge(how.mode or line.mode, how.token or line.token, how.key or line.encoding_aes_key, line.appid)


def _judge(judge: Reader, delivery: Delivery, attempt: Attempt, nonce: str) -> None:
    try:
        delivery.reply = judge.read(attempt.body, delivery.elements, nonce)
        delivery.text = words(delivery.reply)
    except BadAnswerError as error:
        delivery.failure = f"malformed answer: {error}"


def has_chat(content: Mapping[str, Any]) -> bool:
    """Whether somebody looks at the chat while this is pushed."""
    return content.get("MsgType") != "event" or str(content.get("Event", "")).lower() in CHAT_EVENTS
