"""The access token of one account: in Redis, fetched once for all processes, replaced when WeChat refuses it.

``stable_token`` hands out the same token while it is valid and a new one in its last five minutes, in which both work.
So a token is refreshed ahead, inside those five minutes and beside the calls that still use the old one. Should WeChat
refuse a token, the process that saw it asks for another than *that* one: whoever comes second finds it in Redis.
Source: developers.weixin.qq.com, "getStableAccessToken".
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot import clock
from bot.errors import (
    OutcomeUnknown,
    TokenBudgetSpent,
    TokenRejected,
    WeChatBusy,
    WeChatError,
    WeChatRefused,
    WeChatUnreachable,
)
from bot.store.tokens import Failed, MayFetch, MustWait, Token, TokenShelf
from bot.wechat.errcodes import refusal

log = logging.getLogger(__name__)

PATH = "cgi-bin/stable_token"
LEASE = 5.0
"""Seconds a process may take to fetch; longer than one fetch, shorter than the patience of those who wait."""
FETCH_TIMEOUT = 4.0
"""Seconds one fetch may take."""

DAILY_FETCHES = 500
"""Ours, far below WeChat's 500,000: a healthy account needs 12 to 20 a day, so more means something is wrong."""
DAILY_FORCED = 20
FORCED_GAP = 30.0
"""WeChat's own limits of forced fetches: 20 a day, 30 s apart."""

_REFRESH_BEFORE_END = 240.0
"""Seconds: inside WeChat's five minutes, with a minute for clocks that differ."""
_YOUNG = 30.0
"""Seconds: a token fetched so recently that never worked is the one stable_token would give again."""
_WAIT_AT_MOST = 20.0
"""Seconds a wait for other processes may last in all."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What WeChat gave: the token and the seconds it will live."""

    value: str = field(repr=False)
    lifetime: float


Fetch = Callable[[bool], Awaitable[Fetched]]
"""Asks WeChat for a token; True = force a new one. Raises the WeChatError tree."""


class Tokens:
    """The token of one account, for one process."""

    def __init__(self, appid: str, shelf: TokenShelf, fetch: Fetch, *, lease: float = LEASE) -> None:
        self._appid = appid
        self._shelf = shelf
        self._fetch = fetch
        self._lease = lease
        self._copy: Token | None = None
        self._worked = ""
        self._work: dict[tuple[str, bool], asyncio.Task[Token | None]] = {}

    def __repr__(self) -> str:
        return f"<Tokens {self._appid}>"

    async def current(self) -> str:
        """A token to call with. Raises the WeChatError tree, StoreUnavailable."""
        copy, now = self._copy, clock.now()
        if copy is None or copy.expires_at <= now:
            return (await self._together("")).value
        if copy.refresh_at <= now:
            self._start("", ahead=True)
        return copy.value

    async def replacement(self, rejected: str) -> str:
        """Another token than ``rejected``, which WeChat refused. Raises TokenRejected when there is none to be had."""
        copy = self._copy
        if copy is not None and copy.value != rejected and copy.expires_at > clock.now():
            return copy.value
        return (await self._together(rejected)).value

    def worked(self, token: str) -> None:
        """WeChat took ``token``: should it be refused later, something happened to it since."""
        self._worked = token

    async def fetched_today(self) -> int:
        """Fetches of all processes today, of :data:`DAILY_FETCHES`; raises :exc:`bot.errors.StoreUnavailable`."""
        return sum(await self._shelf.spent("normal"))

    async def close(self) -> None:
        """End what runs; a lease held here is given back."""
        tasks = list(self._work.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _together(self, rejected: str) -> Token:
        """One piece of work for everybody in this process; a caller who leaves does not end it."""
        token = await asyncio.shield(self._start(rejected))
        if token is None:  # pragma: no cover - only work begun ahead ends without a token
            raise AssertionError
        return token

    def _start(self, rejected: str, *, ahead: bool = False) -> asyncio.Task[Token | None]:
        key = (rejected, ahead)
        task = self._work.get(key)
        if task is None:
            task = self._work[key] = asyncio.create_task(self._obtain(rejected, ahead))
            task.add_done_callback(lambda done: self._finished(key, done))
        return task

    def _finished(self, key: tuple[str, bool], task: asyncio.Task[Token | None]) -> None:
        del self._work[key]
        if not task.cancelled() and task.exception() is None:
            self._copy = task.result() or self._copy

    async def _obtain(self, rejected: str, ahead: bool) -> Token | None:
        owner = uuid.uuid4().hex
        token = await self._attempt(owner, rejected, ahead)
        if not isinstance(token, MustWait):
            return token
        if ahead:
            return None  # somebody refreshes already, and the old token still works
        return await self._wait(owner, rejected)

    async def _wait(self, owner: str, rejected: str) -> Token:
        """Try again at every end of a fetch, or when the lease ends without one: its holder has died."""
        loop = asyncio.get_running_loop()
        until = loop.time() + _WAIT_AT_MOST
        async with self._shelf.news() as news:
            while loop.time() < until:
                token = await self._attempt(owner, rejected, ahead=False)
                if not isinstance(token, MustWait):
                    return token
                await news.next(token.seconds + 0.01)
        raise WeChatUnreachable(PATH, "no process came by a token in time")

    async def _attempt(self, owner: str, rejected: str, ahead: bool) -> Token | MustWait:
        match await self._shelf.claim(owner, self._lease, rejected=rejected, ahead=ahead):
            case Failed(failure):
                raise _from_failure(failure)
            case MayFetch() as claim:
                return await self._fetch_for_all(owner, rejected, claim)
            case answer:
                return answer

    async def _fetch_for_all(self, owner: str, rejected: str, claim: MayFetch) -> Token | MustWait:
        try:
            token = _dated(await self._fetch_other(owner, rejected, claim))
        except WeChatError as error:
            failure, hold = _as_failure(error)
            log.warning("token of %s was not fetched: %s", self._appid, error)
            await self._shelf.fail(owner, failure, hold)
            raise
        except BaseException:
            await self._shelf.fail(owner, "unreachable", 0.0)
            raise
        if not await self._shelf.keep(owner, token):
            return MustWait(0.0)  # paused past the lease: another process decides now
        log.info("token of %s was fetched, ends in %d s", self._appid, token.expires_at - clock.now())
        return token

    async def _fetch_other(self, owner: str, rejected: str, claim: MayFetch) -> Fetched:
        """A token that is not ``rejected``: asked for plainly, and by force if WeChat insists on that one."""
        if not self._just_insisted_on(rejected, claim):
            if not await self._shelf.spend("normal", DAILY_FETCHES):
                raise TokenBudgetSpent(PATH, f"{DAILY_FETCHES} fetches today")
            fetched = await self._fetch(False)
            if fetched.value != rejected:
                return fetched
            await self._shelf.extend(owner, self._lease)
        if not await self._shelf.spend("forced", DAILY_FORCED, gap=FORCED_GAP):
            raise TokenRejected(PATH, "no forced fetch is allowed now")
        fetched = await self._fetch(True)
        if fetched.value == rejected:
            raise TokenRejected(PATH, "a forced fetch gave the refused token again")
        return fetched

    def _just_insisted_on(self, rejected: str, claim: MayFetch) -> bool:
        """Whether stable_token gave ``rejected`` a moment ago and it never worked: it would be given again."""
        fresh = clock.now() - claim.fetched_at < _YOUNG
        return bool(rejected) and fresh and claim.stored == rejected != self._worked


def _dated(fetched: Fetched) -> Token:
    now = clock.now()
    end = now + fetched.lifetime
    return Token(fetched.value, end, max(now + min(30.0, fetched.lifetime / 2), end - _REFRESH_BEFORE_END))


def _as_failure(error: WeChatError) -> tuple[str, float]:
    """How the others hear of ``error``, and for how many seconds nobody tries again."""
    match error:
        case WeChatRefused():
            return f"errcode {error.errcode}", 0.5 if isinstance(error, WeChatBusy) else 10.0
        case TokenBudgetSpent():
            return "budget", 60.0
        case TokenRejected():
            return "rejected", 60.0
        case OutcomeUnknown():
            return "unknown", 2.0
        case _:
            return "unreachable", 2.0


def _from_failure(failure: str) -> WeChatError:
    detail = "another fetch failed just now"
    match failure.split():
        case ["errcode", errcode]:
            return refusal(PATH, int(errcode), detail)
        case ["budget"]:
            return TokenBudgetSpent(PATH, detail)
        case ["rejected"]:
            return TokenRejected(PATH, detail)
        case ["unknown"]:
            return OutcomeUnknown(PATH, detail)
        case _:
            return WeChatUnreachable(PATH, detail)
