"""Receives pushes: repeats join, one execution in all, and every copy gets the one answer in time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from bot.clock import now
from bot.dispatch import answer
from bot.dispatch.answer import Answer
from bot.dispatch.conversation import Conversation, customers_answer, language_of
from bot.dispatch.notices import Notices
from bot.errors import PushRefused, StoreUnavailable
from bot.render import Renderer
from bot.routing.context import Context, Services
from bot.routing.router import Routes
from bot.store.inbox import LEASE, Claim, Claimed, Copy, Inbox
from bot.store.sealing import Sealer
from bot.wechat.inbound import Incoming

log = logging.getLogger(__name__)

LAST_MOMENT = 4.9
"""Seconds after which WeChat is about to hang up; an answer later than this is not read."""

TAPS = frozenset({"click", "scancode_waitmsg", "scancode_push", "pic_sysphoto", "pic_photo_or_album", "pic_weixin"})
WITHOUT_HANDLER = TAPS | {
    "subscribe", "unsubscribe", "scan", "location", "view", "view_miniprogram", "location_select",
    "templatesendjobfinish", "masssendjobfinish", "publishjobfinish", "user_get_card", "user_gifting_card",
    "user_del_card", "user_consume_card", "user_pay_from_pay_cell", "user_view_card", "user_enter_session_from_card",
    "update_member_card", "card_sku_remind", "card_pay_order", "submit_membercard_user_info", "debug_demo",
    "kf_create_session", "kf_close_session", "kf_switch_session",
}  # fmt: skip
"""Events that are understood and ask nothing of us yet; every other one without a handler is kept for inspection."""


class Dispatcher:
    """The one door for pushes of every account."""

    def __init__(
        self,
        services: Mapping[str, Services],
        routes: Routes,
        inbox: Inbox,
        renderer: Renderer,
        *,
        deadline: float,
        messages_per_minute: int,
    ) -> None:
        self._services = services
        self._routes = routes
        self._inbox = inbox
        self._renderer = renderer
        self._deadline = deadline
        self._notices = Notices(renderer)
        self._conversation = Conversation(routes, renderer, self._notices, messages_per_minute)
        self._running: dict[tuple[str, str], asyncio.Task[Answer]] = {}
        self._late: set[asyncio.Task[None]] = set()

    async def receive(self, copy: Copy, push: Incoming) -> Answer | None:
        """The answer to one copy of a push; None when there is none before WeChat hangs up.

        Raises :exc:`bot.errors.PushRefused` for a second body under a seen signature, and
        :exc:`bot.errors.StoreUnavailable` for an event that could not be recorded.
        """
        running = self._running.get((push.appid, push.identity))
        try:
            claimed = await self._inbox.claim(copy, now())
        except StoreUnavailable:
            return self._without_store(push)
        if claimed.claim in (Claim.FORGED, Claim.STALE):
            raise PushRefused(claimed.claim.value)
        if claimed.claim is Claim.DONE:
            return Answer.of(claimed.answer, self._sealer(push))
        if claimed.claim is Claim.NEW or running is None:
            running = self._start(copy, push, claimed)
        return await self._in_time(running, push)

    def _without_store(self, push: Incoming) -> Answer:
        """Redis is away: say so in time to the people we know; let WeChat repeat what nobody waits for."""
        if push.kind == "event" and push.type not in TAPS:
            raise StoreUnavailable
        services = self._services[push.appid]
        sender = services.people.operator(push.openid)
        if sender is None:
            return customers_answer(services.account)
        language = language_of(services.account, sender)
        return answer.text(self._renderer.render("errors.store_away", {}, language, services.account.zone))

    def _start(self, copy: Copy, push: Incoming, claimed: Claimed) -> asyncio.Task[Answer]:
        key = (push.appid, push.identity)
        task = asyncio.create_task(self._complete(copy, push, claimed))
        self._running[key] = task
        task.add_done_callback(lambda done: self._forget(key, done))
        return task

    def _forget(self, key: tuple[str, str], task: asyncio.Task[Answer]) -> None:
        if self._running.get(key) is task:
            del self._running[key]
        if not task.cancelled() and (error := task.exception()) is not None:
            log.warning("push not completed", extra={"account": key[0], "push": key[1], "kind": type(error).__name__})

    async def _in_time(self, task: asyncio.Task[Answer], push: Incoming) -> Answer | None:
        done, _ = await asyncio.wait({task}, timeout=self._deadline)
        if not done and await self._may_follow(push):
            self._follow_up(task, push)
            return answer.NOTHING
        if not done:
            done, _ = await asyncio.wait({task}, timeout=LAST_MOMENT - self._deadline)
        return task.result() if done else None

    async def _may_follow(self, push: Incoming) -> bool:
        """Whether the answer may come later, as a customer-service message, so that WeChat need not ask again."""
        services = self._services[push.appid]
        knows = services.people.operator(push.openid) is not None
        return push.kind == "message" and knows and services.account.customer_service

    def _follow_up(self, task: asyncio.Task[Answer], push: Incoming) -> None:
        async def send() -> None:
            late = await task
            await self._notices.send(self._services[push.appid], push.openid, late.text, f"answer:{push.identity}")

        following = asyncio.create_task(send())
        self._late.add(following)
        following.add_done_callback(self._late.discard)

    async def _complete(self, copy: Copy, push: Incoming, claimed: Claimed) -> Answer:
        """Carry the push out, or wait for whoever does; the stored answer."""
        if claimed.claim is Claim.RUNNING:
            claimed = await self._inbox.wait(copy, now)
            if claimed.claim is Claim.DONE:
                return Answer.of(claimed.answer, self._sealer(push))
        result = await self._holding(asyncio.create_task(self._carry_out(push, claimed)), push)
        try:
            await self._inbox.finish(push.appid, push.identity, result.stored(self._sealer(push)), copy.keep)
        except StoreUnavailable:
            log.warning("answer not stored", extra={"account": push.appid, "push": push.identity})
        return result

    async def _holding(self, work: asyncio.Task[Answer], push: Incoming) -> Answer:
        """The result of ``work``, the claim being renewed while it lasts and let go of if it fails."""
        while not (await asyncio.wait({work}, timeout=LEASE / 2))[0]:
            try:
                await self._inbox.renew(push.appid, push.identity, now())
            except StoreUnavailable:
                log.warning("claim not renewed", extra={"account": push.appid, "push": push.identity})
        if work.exception() is not None:
            await self._inbox.release(push.appid, push.identity)
        return work.result()

    async def _carry_out(self, push: Incoming, claimed: Claimed) -> Answer:
        services = self._services[push.appid]
        if claimed.people_version != services.people.version:
            await services.people.refresh(claimed.people_version)
        sender = services.people.operator(push.openid)
        ctx = Context(services, self._routes, push, sender, language_of(services.account, sender))
        if sender is not None:
            await services.windows.opened(push)
        if push.kind == "message":
            return await self._conversation.answer(ctx, claimed.count, claimed.kept)
        return await self._handle_event(ctx)

    async def _handle_event(self, ctx: Context) -> Answer:
        push = ctx.push
        handler = self._routes.events.get(push.type)
        if handler is None:
            if push.type not in WITHOUT_HANDLER:
                await self._inbox.keep_unread(push.appid, str(dict(push.fields)), f"event {push.type}", now())
            return answer.NOTHING
        try:
            for notice in await handler(ctx):
                await self._notices.deliver(ctx.services, notice)
        except StoreUnavailable:
            raise
        except Exception:
            log.exception("event handler failed", extra={"account": push.appid, "event": push.type})
            await self._inbox.keep_unread(push.appid, str(dict(push.fields)), f"failed {push.type}", now())
        return answer.NOTHING

    def _sealer(self, push: Incoming) -> Sealer:
        return self._services[push.appid].answers.sealer

    async def keep(self, appid: str, content: str, why: str) -> None:
        """Keep an authentic push that nobody understood."""
        log.info("push not understood", extra={"account": appid, "why": why})
        await self._inbox.keep_unread(appid, content, why, now())

    async def close(self) -> None:
        """Let what runs come to its end, for as long as WeChat would wait; then cancel it."""
        tasks = {*self._running.values(), *self._late}
        if tasks:
            _, unfinished = await asyncio.wait(tasks, timeout=LAST_MOMENT)
            for task in unfinished:
                task.cancel()
            await asyncio.gather(*unfinished, return_exceptions=True)
