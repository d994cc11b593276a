"""Answers that come after WeChat has been told that nothing will: promised first, then sent, once.

The promise outlives the process: one that nobody works on any more is kept by whoever looks next.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Mapping

from bot.begun import VOUCHERS, Begun
from bot.clock import now
from bot.dispatch import answer
from bot.dispatch.answer import Answer
from bot.dispatch.conversation import in_doubt, language_of
from bot.dispatch.notices import Notices
from bot.dispatch.work import Work
from bot.errors import StoreUnavailable
from bot.render import Renderer
from bot.routing.context import Services
from bot.routing.reply import Reply
from bot.store.inbox import Inbox, Promise
from bot.wechat.inbound import Incoming

log = logging.getLogger(__name__)

TRIES = 600
"""How often (a second apart) a late answer is tried while Redis is away."""
ORPHANED_AFTER = 60.0
"""Seconds after which a promise nobody works on is taken over."""
HEARS_WITHIN = 0.4
"""Seconds Redis has to take a promise: what is left before WeChat hangs up."""


class Late:
    """Late answers of every account."""

    def __init__(self, services: Mapping[str, Services], inbox: Inbox, notices: Notices, renderer: Renderer) -> None:
        self._services = services
        self._inbox = inbox
        self._notices = notices
        self._renderer = renderer
        self._tasks: dict[tuple[str, str], asyncio.Task[None]] = {}

    @property
    def tasks(self) -> set[asyncio.Task[None]]:
        """Those on their way."""
        return set(self._tasks.values())

    async def promise(self, push: Incoming) -> bool:
        """Promise the sender of ``push`` an answer; False when Redis does not take the promise in time."""
        try:
            async with asyncio.timeout(HEARS_WITHIN):
                await self._inbox.promise(push.appid, Promise(push.identity, push.openid, now()))
        except (TimeoutError, StoreUnavailable):
            return False
        return True

    async def store_hears(self) -> bool:
        """Whether Redis answers in time."""
        try:
            async with asyncio.timeout(HEARS_WITHIN):
                await self._inbox.hears()
        except (TimeoutError, StoreUnavailable):
            return False
        return True

    def follow(self, work: Work, push: Incoming, *, failure_told: bool = False) -> None:
        """Send the outcome of ``work`` when it is there; once, whatever number of copies ask.

        With ``failure_told`` the sender knows already that it may have failed.
        """
        self._begin(push, self._follow(work, push, failure_told))

    def take_back(self, push: Incoming) -> None:
        """Nothing will follow after all: Redis may have heard a promise that we gave up waiting for."""
        self._begin(push, self._insist(push, answer.NOTHING))

    def _begin(self, push: Incoming, what: Coroutine[None, None, None]) -> None:
        key = (push.appid, push.identity)
        if key in self._tasks:
            what.close()
            return
        task = self._tasks[key] = asyncio.create_task(what)
        task.add_done_callback(lambda _: self._tasks.pop(key, None))

    async def _follow(self, work: Work, push: Incoming, failure_told: bool) -> None:
        try:
            outcome = await work.outcome()
        except StoreUnavailable:
            reply = in_doubt(work.begun, None) if work.in_doubt else Reply("errors.store_away")
            outcome = answer.NOTHING if failure_told else self._worded(push.appid, push.openid, reply)
        await self._insist(push, outcome)

    async def _insist(self, push: Incoming, outcome: Answer) -> None:
        """Send ``outcome`` as soon as Redis lets us."""
        for _ in range(TRIES):
            try:
                await self._send(push.appid, push.openid, push.identity, outcome)
            except StoreUnavailable:
                await asyncio.sleep(1)
            else:
                return
        log.error("late answer not sent", extra={"account": push.appid, "push": push.identity})

    async def _send(self, appid: str, openid: str, identity: str, late: Answer) -> None:
        if late.text:
            await self._notices.send(self._services[appid], openid, late.text, f"answer:{identity}")
        await self._inbox.promise_kept(appid, identity)

    async def look(self) -> None:
        """Keep the promises of processes that are no more; raises :exc:`bot.errors.StoreUnavailable`."""
        for appid in self._services:
            for promise in await self._inbox.promises(appid):
                if promise.at < now() - ORPHANED_AFTER and (appid, promise.identity) not in self._tasks:
                    await self._take_over(appid, promise)

    async def _take_over(self, appid: str, promise: Promise) -> None:
        """What was stored is sent; where nothing was, the work ended somewhere in between."""
        abandoned, stored = await self._inbox.abandoned(appid, promise.identity, now())
        if not abandoned:
            return
        if stored is not None:
            late = Answer.of(stored, self._services[appid].answers.sealer)
        else:
            late = self._worded(appid, promise.openid, in_doubt(Begun(VOUCHERS), None))
        await self._send(appid, promise.openid, promise.identity, late)

    def _worded(self, appid: str, openid: str, reply: Reply) -> Answer:
        services = self._services[appid]
        language = language_of(services.account, services.people.operator(openid))
        return answer.text(self._renderer.render(reply.template, reply.values, language, services.account.zone))
