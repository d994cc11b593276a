"""HTTP to WeChat: the only module that knows aiohttp.

What leaves here is an :class:`Answer` or one of two errors. Whether a failed request may have happened is not guessed
from the kind of failure: a trace notes the moment the request's head goes out. Exceptions of aiohttp carry addresses,
and addresses carry the access token, so only the *name* of the failure goes on, raised outside the ``except`` block:
the new exception has neither cause nor context.

aiohttp repeats a GET by itself when a kept-alive connection breaks under it. Some of WeChat's GETs act
(``card/pay/activate``), so it is kept from that: who may repeat a call decides :mod:`bot.wechat.client`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from types import SimpleNamespace

import aiohttp

from bot.errors import OutcomeUnknown, WeChatUnreachable

_CONNECTIONS = 200
_PIECE = 1 << 16
_IDLE = 15.0
"""Seconds an idle connection is kept; WeChat's side closes them later, so we rarely write into a closed one."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a multipart body."""

    filename: str
    content: bytes = field(repr=False)
    content_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request. ``path`` names it in errors; ``url`` and ``params`` may hold secrets and show in no repr.

    ``most``: of a longer answer a little more than so many bytes are read, and no more; 0 = all of it.
    """

    path: str
    url: str = field(repr=False)
    method: str = "POST"
    params: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)
    parts: Mapping[str, Part] = field(default_factory=dict, repr=False)
    most: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, media type (lower case, without parameters) and the bytes as they came."""

    status: int
    media_type: str
    body: bytes = field(repr=False)


class Transport:
    """One session of kept-alive connections for the whole process; opened with the first request."""

    def __init__(self, connect_timeout: float, total_timeout: float) -> None:
        self.connect_timeout = connect_timeout
        self.total_timeout = total_timeout
        self._session: aiohttp.ClientSession | None = None

    async def send(self, request: Request, within: float | None = None) -> Answer:
        """The answer to ``request``, whatever its status; redirects are not followed.

        ``within`` (seconds) may shorten the total timeout. Raises WeChatUnreachable when nothing was sent,
        OutcomeUnknown when the request went out and no whole answer came back.
        """
        total = self.total_timeout if within is None else min(within, self.total_timeout)
        progress = SimpleNamespace(sent=False)
        try:
            return await self._exchange(request, total, progress)
        except _Broken as broken:
            failure = broken.failure
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            failure = type(error).__name__
        raise (OutcomeUnknown if progress.sent else WeChatUnreachable)(request.path, failure)

    async def close(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _exchange(self, request: Request, total: float, progress: SimpleNamespace) -> Answer:
        data = _form(request.parts) if request.parts else request.body
        headers = {"Content-Type": "application/json"} if request.body is not None else None
        async with self._open().request(
            request.method, request.url, params=request.params, data=data, headers=headers,
            timeout=aiohttp.ClientTimeout(total, connect=self.connect_timeout), allow_redirects=False,
            trace_request_ctx=progress,
        ) as response:  # fmt: skip
            return Answer(response.status, response.content_type.lower(), await _body(response, request.most))

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            trace = aiohttp.TraceConfig()
            trace.on_request_headers_sent.append(_note_sent)
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=_CONNECTIONS, keepalive_timeout=_IDLE),
                cookie_jar=aiohttp.DummyCookieJar(), trace_configs=[trace], middlewares=(_once,),
            )  # fmt: skip
        return self._session


class _Broken(aiohttp.ClientError):
    """A connection broke; ``failure`` is what aiohttp calls it."""

    def __init__(self, failure: str) -> None:
        super().__init__(failure)
        self.failure = failure


async def _once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Let a broken connection be no reason for aiohttp to send a request again: it does so for two errors only."""
    try:
        return await handler(request)
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        failure = type(error).__name__
    raise _Broken(failure)


async def _body(response: aiohttp.ClientResponse, most: int) -> bytes:
    if not most:
        return await response.read()
    read = bytearray()
    async for piece in response.content.iter_chunked(_PIECE):
        read += piece
        if len(read) > most:
            break  # the connection, not read to its end, is closed
    return bytes(read)


async def _note_sent(_session: aiohttp.ClientSession, context: SimpleNamespace, _params: object) -> None:
    context.trace_request_ctx.sent = True


def _form(parts: Mapping[str, Part]) -> aiohttp.FormData:
    form = aiohttp.FormData(quote_fields=False)  # names go out in UTF-8, not percent-encoded
    for name, part in parts.items():
        # In pieces: of a megabyte and more in one, aiohttp warns that writing it holds everybody up.
        form.add_field(name, BytesIO(part.content), filename=part.filename, content_type=part.content_type)
    return form
