"""One call with its tries: a token for each, a refused token replaced once, repeats where they can do no harm.

=================  =========================================  ===================================
failure            repeated                                   then raised
=================  =========================================  ===================================
token refused      once, with another token, any call         TokenRejected
-1, -1000          twice, calls that only read                WeChatBusy
no connection      once, any call: nothing was sent           WeChatUnreachable
sent, no answer    once, calls that only read                 OutcomeUnknown, AnswerUnreadable
other errcodes     never                                      WeChatRefused and its subclasses
=================  =========================================  ===================================
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Sequence
from typing import Any

from bot.begun import undertaking
from bot.errors import OutcomeUnknown, TokenRejected, WeChatBusy, WeChatError, WeChatRefused, WeChatUnreachable
from bot.wechat.errcodes import TOKEN_REFUSED
from bot.wechat.exchange import Call, Exchange
from bot.wechat.token import Tokens

PAUSES = (0.2, 0.6)
"""Seconds before the second and third try, give or take a quarter."""


class Attempts:
    """The tries of one call: at most one refused token replaced in all of them, one end of patience (seconds).

    ``changes`` is what begins with the call (:mod:`bot.begun`), "" for nothing that anybody would notice.
    ``token_names`` are what the query calls the token.
    """

    def __init__(
        self, exchange: Exchange, tokens: Tokens, call: Call, patience: float | None, *,
        changes: str = "", token_names: Sequence[str] = ("access_token",),
    ) -> None:  # fmt: skip
        self._exchange = exchange
        self._tokens = tokens
        self._call = call
        self._changes = changes
        self._token_names = token_names
        self._loop = asyncio.get_running_loop()
        self._until = self._loop.time() + (exchange.patience if patience is None else patience)
        self._replaced = False

    @property
    def left(self) -> float:
        """Seconds of patience left."""
        return self._until - self._loop.time()

    async def __call__(self) -> Any:
        """One try. Raises the WeChatError tree, StoreUnavailable for the token."""
        token = await self._token("")
        try:
            return await self._with(token)
        except WeChatRefused as error:
            if error.errcode not in TOKEN_REFUSED:
                raise
        if not self._replaced:
            self._replaced = True
            token = await self._token(token)
            try:
                return await self._with(token)
            except WeChatRefused as error:
                if error.errcode not in TOKEN_REFUSED:
                    raise
        raise TokenRejected(self._call.path)

    async def _with(self, token: str) -> Any:
        certainly_not = (WeChatRefused, WeChatUnreachable)
        async with undertaking(self._changes, *certainly_not) if self._changes else contextlib.nullcontext():
            call = self._call.with_params(**dict.fromkeys(self._token_names, token))
            answer = await self._exchange(call, max(self.left, 0.001))
        self._tokens.worked(token)
        return answer

    async def _token(self, rejected: str) -> str:
        """A token within our patience. Without one the call was not made, whatever became of the fetch."""
        try:
            async with asyncio.timeout(max(self.left, 0.001)):
                return await (self._tokens.replacement(rejected) if rejected else self._tokens.current())
        except TimeoutError:
            failure = "no token in time"
        except OutcomeUnknown as error:
            failure = f"no token: {error}"
        raise WeChatUnreachable(self._call.path, failure)


async def repeating(attempt: Attempts, *, reads: bool) -> Any:
    """The answer of the first try that has one; ``reads`` says that repeating does no harm."""
    for number, pause in enumerate((*PAUSES, 0.0)):
        try:
            return await attempt()
        except WeChatError as error:
            if number >= _repeats(error, reads):
                raise
            wait = pause * random.uniform(0.75, 1.25)
            if wait >= attempt.left:
                raise
        await asyncio.sleep(wait)
    raise AssertionError  # pragma: no cover - the last error is always raised above


def _repeats(error: WeChatError, reads: bool) -> int:
    match error:
        case WeChatBusy():
            return 2 if reads else 0
        case WeChatUnreachable():
            return 1
        case OutcomeUnknown():
            return 1 if reads else 0
        case _:
            return 0
