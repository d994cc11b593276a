"""``/wechat/{appid}``: where WeChat verifies the address and posts its pushes."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from tornado.iostream import StreamClosedError
from tornado.web import HTTPError, RequestHandler, stream_request_body

from bot import clock
from bot.dispatch.answer import Answer, AnswerKind
from bot.dispatch.faults import described
from bot.errors import NotUnderstood, PushRefused, StoreUnavailable
from bot.store.inbox import Copy
from bot.wechat import envelope, inbound, outbound
from bot.wechat.account import Account
from bot.wechat.envelope import Opened
from bot.wechat.inbound import STOCK_OR_MONEY, Incoming

log = logging.getLogger(__name__)

LARGEST_BODY = 64 * 1024
DAY_AND_AN_HOUR = 25 * 3600
"""Seconds an identity is remembered, and how old an encrypted event may be: WeChat repeats some for a day."""
WEEK = 7 * 86_400
A_MOMENT = 5
"""Seconds Redis's clock and ours may run apart within ten minutes."""
MOST_READ = 16 * 1024 * 1024
"""Bytes of a body that are read at all; a longer one loses its connection."""
HANGS_UP_WITHIN = 15.0
"""Seconds after which we end a connection that WeChat should have ended at five."""
SIGNED = ("signature", "msg_signature", "timestamp", "nonce")


class Receiver(Protocol):
    """What answers pushes: :class:`bot.dispatch.dispatcher.Dispatcher`, or what stands in for it."""

    async def receive(self, copy: Copy, push: Incoming, arrived: float) -> Answer | None: ...
    def delivered(self, push: Incoming, given: Answer) -> None: ...
    def attending(self) -> AbstractContextManager[None]: ...


@dataclass(frozen=True, slots=True)
class Door:
    """What the endpoint needs: which accounts it serves, where their pushes go, and how old a push may be (seconds).

    ``find`` raises :exc:`bot.errors.StoreUnavailable` where only Redis could tell whether an account is served.
    """

    find: Callable[[str], Awaitable[Account | None]]
    receiver: Receiver
    max_age: int

    def copy(self, push: Incoming, opened: Opened, body: bytes) -> Copy:
        """This copy of ``push`` for the inbox; raises :exc:`bot.errors.PushRefused` when it is too old or from ahead.

        The address's timestamp is asked, never CreateTime. An encrypted event may be a day old, if it is new to us.
        """
        age = clock.now() - opened.timestamp
        stale = abs(age) > self.max_age
        if stale and not (opened.sealed and push.kind == "event" and 0 < age <= DAY_AND_AN_HOUR):
            raise PushRefused("age")
        # Counted from now, a push from ahead is allowed in for as much longer as its timestamp is ahead.
        keep = (WEEK if push.type in STOCK_OR_MONEY else DAY_AND_AN_HOUR) + self.max_age
        signature_keep = DAY_AND_AN_HOUR if stale else 2 * self.max_age + A_MOMENT
        return Copy(
            push.appid,
            push.openid,
            push.identity,
            opened.signature,
            body,
            keep,
            signature_keep,
            stale=stale,
            counted=push.kind == "message",
        )

    def fresh(self, timestamp: int) -> None:
        """Raise :exc:`bot.errors.PushRefused` unless ``timestamp`` is within ``max_age`` of now."""
        if abs(clock.now() - timestamp) > self.max_age:
            raise PushRefused("age")


@stream_request_body
class PushEndpoint(RequestHandler):
    """One account's address."""

    def initialize(self, door: Door) -> None:
        """Tornado calls this for each request."""
        self._door = door
        self._body = bytearray()
        self._hung_up = asyncio.Event()
        self._arrived = asyncio.get_running_loop().time()

    def data_received(self, chunk: bytes) -> None:
        """Collect the body, one byte beyond its limit at most; the rest is read and forgotten, so that 413 arrives."""
        self._body += chunk[: LARGEST_BODY + 1 - len(self._body)]

    def on_connection_close(self) -> None:
        """WeChat hung up."""
        self._hung_up.set()

    def compute_etag(self) -> None:
        """No entity tags: every answer is new."""

    def set_default_headers(self) -> None:
        """Say nothing about the server."""
        self.clear_header("Server")
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.set_header("X-Content-Type-Options", "nosniff")

    async def get(self, appid: str) -> None:
        """URL verification: the ``echostr`` back, exactly, if somebody who knows the token asks."""
        account = await self._found(appid)
        if account is None:
            return
        try:
            self._door.fresh(envelope.verify_address(account, self._query()))
        except PushRefused as error:
            self._refuse(appid, error)
            return
        self._end(200, self.request.query_arguments.get("echostr", [b""])[-1])

    async def post(self, appid: str) -> None:
        """A push: the answer of the dispatcher, in the account's mode."""
        account = await self._found(appid)
        if account is None:
            return
        if len(self._body) > LARGEST_BODY:
            self._end(413)
        else:
            await self._receive(account, bytes(self._body))

    async def _found(self, appid: str) -> Account | None:
        """The account; None where the request has its answer already."""
        try:
            account = await self._door.find(appid)
        except StoreUnavailable:
            self._end(503)
            return None
        if account is None:
            self._end(404)
        return account

    async def _receive(self, account: Account, body: bytes) -> None:
        try:
            opened = envelope.open_push(account, self._query(), body)
            push = _read(account, opened)
            copy = self._door.copy(push, opened, body)
            with self._door.receiver.attending():
                answer = await self._door.receiver.receive(copy, push, self._arrived)
                if answer is not None:
                    await self._answer(account, opened, push, answer)
        except PushRefused as error:
            self._refuse(account.appid, error)
        except StoreUnavailable:
            log.warning("push not recorded", extra={"account": account.appid})
            self._end(503)
        else:
            if answer is None:
                await self._leave_unanswered()

    async def _answer(self, account: Account, opened: Opened, push: Incoming, answer: Answer) -> None:
        at = int(clock.now())
        if answer.kind is AnswerKind.NOTHING:
            self._end(200, "success")
            return
        if answer.kind is AnswerKind.EMPTY:
            self._end(200)
            return
        if answer.kind is AnswerKind.TEXT:
            reply = outbound.text_reply(push.openid, push.original_id, answer.text, at)
        elif answer.kind is AnswerKind.IMAGE:
            reply = outbound.image_reply(push.openid, push.original_id, answer.media_id, at)
        elif answer.article is not None:
            reply = outbound.news_reply(push.openid, push.original_id, answer.article, at)
        else:
            reply = outbound.transfer_reply(push.openid, push.original_id, at)
        if opened.sealed:
            reply = envelope.seal(opened.key, reply, account.suffix, timestamp=at, nonce=opened.nonce)
        self.set_header("Content-Type", "text/xml; charset=utf-8")
        self.set_status(200)
        try:
            await self.finish(reply)
        except StreamClosedError:
            return  # WeChat had hung up: its next copy gets the answer, or somebody looks after it
        self._door.receiver.delivered(push, answer)

    async def _leave_unanswered(self) -> None:
        """Let WeChat hang up: only then does it push again, and the next copy may find the answer."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._hung_up.wait(), HANGS_UP_WITHIN)
        if not self._hung_up.is_set():
            self.detach().close()

    def _query(self) -> dict[str, str]:
        given = self.request.query_arguments
        return {name: given.get(name, [b""])[-1].decode(errors="replace") for name in SIGNED}

    def _refuse(self, appid: str, error: PushRefused) -> None:
        log.warning("push refused", extra={"account": appid, "why": error.reason})
        self._end(403)

    def write_error(self, status_code: int, **_: object) -> None:
        """Say nothing about what went wrong."""
        self.finish()

    def log_exception(self, _type: object, error: BaseException | None, _traceback: object) -> None:
        """Say where, without the address, which names the sender and what signs the push."""
        if isinstance(error, HTTPError) and error.status_code < 500:  # PUT, HEAD: somebody else's mistake
            log.info("request refused", extra={"method": self.request.method, "status": error.status_code})
            return
        fault = described(error) if error is not None else ""
        log.error("request failed", extra={"method": self.request.method, "fault": fault})

    def _end(self, status: int, body: str | bytes = "") -> None:
        self.set_status(status)
        self.finish(body)


def _read(account: Account, opened: Opened) -> Incoming:
    """The push inside ``opened``; JSON is authentic but not spoken by official accounts: kept, not dispatched."""
    if opened.is_json:
        return inbound.unread(account.appid, opened.content, "JSON")
    try:
        return inbound.parse(account.appid, opened.content)
    except NotUnderstood as error:
        return inbound.unread(account.appid, opened.content, error.reason)
