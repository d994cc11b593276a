"""Receives pushes: repeats join, one execution in all, and every copy gets the one answer in time."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping
from dataclasses import replace

from bot.begun import Begun, watch
from bot.clock import now
from bot.dispatch import answer
from bot.dispatch.answer import Answer
from bot.dispatch.conversation import Conversation, customers_answer, in_doubt, language_of
from bot.dispatch.faults import described
from bot.dispatch.late import HEARS_WITHIN, Late
from bot.dispatch.notices import Notices
from bot.dispatch.taking_over import orphans, written
from bot.dispatch.work import Work
from bot.errors import PushRefused, StoreUnavailable
from bot.render import Renderer
from bot.routing.context import Context, Services
from bot.routing.reply import Reply
from bot.routing.router import Routes
from bot.store.inbox import Claim, Claimed, Copy, Inbox
from bot.wechat.inbound import Incoming

log = logging.getLogger(__name__)

LAST_MOMENT = 4.8
"""Seconds after which WeChat is about to hang up; an answer later than this is not read."""
LAST_COPY = 3
"""WeChat pushes a message three times; after the third the sender reads that the account is out of order."""

TAPS = frozenset(
    {
        "click", "scancode_waitmsg", "scancode_push", "pic_sysphoto", "pic_photo_or_album", "pic_weixin",
        "location_select",
    }
)  # fmt: skip
"""Taps on the account's menu: somebody waits for an answer."""
WITHOUT_HANDLER = TAPS | {
    "scan", "location", "view", "view_miniprogram",
    "templatesendjobfinish", "masssendjobfinish", "publishjobfinish", "user_get_card", "user_gifting_card",
    "user_del_card", "user_consume_card", "user_pay_from_pay_cell", "user_view_card", "user_enter_session_from_card",
    "update_member_card", "submit_membercard_user_info", "debug_demo",
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
        self._deadline = min(deadline, LAST_MOMENT - HEARS_WITHIN)
        self._notices = Notices(renderer)
        self._late = Late(services, inbox, self._notices, renderer)
        self._conversation = Conversation(routes, renderer, self._notices, messages_per_minute)
        self._running: dict[tuple[str, str], Work] = {}

    async def receive(self, copy: Copy, push: Incoming, arrived: float) -> Answer | None:
        """The answer to one copy of a push that ``arrived`` (on the loop's clock); None: let WeChat hang up.

        Raises :exc:`bot.errors.PushRefused` for a second body under a seen signature, and
        :exc:`bot.errors.StoreUnavailable` for an event that could not be recorded.
        """
        key = (push.appid, push.identity)
        copies = 1
        sealer = self._services[push.appid].answers.sealer
        copy = replace(copy, message=written(push, copy.keep, sealer))
        try:
            claimed = await self._inbox.claim(copy, now())
        except StoreUnavailable:
            # One that is worked on here was recorded: whoever asks for it again waits for it, Redis or not.
            work = self._running.get(key)
            if work is None:
                return self._without_store(push)
        else:
            if claimed.claim in (Claim.FORGED, Claim.STALE):
                raise PushRefused(claimed.claim.value)
            if claimed.claim is Claim.DONE:
                return Answer.of(claimed.answer, sealer)
            copies = claimed.copies
            work = self._join(copy, push, claimed)
        return await self._in_time(work, push, arrived, copies)

    async def keep_promises(self) -> None:
        """Carry on what processes that are no more left undone, and send late answers that nobody else will send.

        Raises :exc:`bot.errors.StoreUnavailable`.
        """
        for appid, services in self._services.items():
            for orphan in await orphans(self._inbox, appid, services.answers.sealer, now()):
                log.warning("push taken over", extra={"account": appid, "push": orphan.push.identity})
                await services.people.refresh()
                work = self._start(orphan.copy, orphan.push, orphan.claimed)
                if self._may_be_written_to(orphan.push):
                    self._late.follow(work, orphan.push)
        await self._late.look()

    def _may_be_written_to(self, push: Incoming) -> bool:
        """Whether the sender of ``push`` waits for an answer of ours: customers are left to the account's own ways."""
        known = self._services[push.appid].people.operator(push.openid) is not None
        return known and (push.kind == "message" or push.type in TAPS)

    async def close(self) -> None:
        """Let what runs come to its end, for as long as WeChat would wait; then cancel it."""
        tasks = {*(work.task for work in self._running.values()), *self._late.tasks}
        if tasks:
            _, unfinished = await asyncio.wait(tasks, timeout=LAST_MOMENT)
            for task in unfinished:
                task.cancel()
            await asyncio.gather(*unfinished, return_exceptions=True)

    def _join(self, copy: Copy, push: Incoming, claimed: Claimed) -> Work:
        """The work on ``push`` in this process, begun if need be."""
        work = self._running.get((push.appid, push.identity))
        if work is None or work.failed or (claimed.claim is Claim.NEW and not work.adopt(claimed)):
            return self._start(copy, push, claimed)
        return work

    def _start(self, copy: Copy, push: Incoming, claimed: Claimed) -> Work:
        services = self._services[push.appid]

        async def carry_out(held: Claimed, begun: Begun) -> Answer:
            return await self._carry_out(push, held, begun)

        async def shown(given: Answer) -> None:
            await services.answers.read(push.openid, given.kept)

        key = (push.appid, push.identity)
        work = self._running[key] = Work(
            self._inbox, copy, claimed, carry_out=carry_out, shown=shown, sealer=services.answers.sealer
        )
        work.task.add_done_callback(lambda done: self._forget(key, work, done))
        return work

    def _forget(self, key: tuple[str, str], work: Work, task: asyncio.Task[None]) -> None:
        if self._running.get(key) is work:
            del self._running[key]
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("push not completed", extra={"account": key[0], "push": key[1], "fault": described(error)})

    async def _in_time(self, work: Work, push: Incoming, arrived: float, copies: int) -> Answer | None:
        if not await work.known_by(arrived + self._deadline):
            meanwhile = self._meanwhile(push, copies)
            if not await (self._late.store_hears() if meanwhile is None else self._late.promise(push)):
                return self._give_up(work, push, promised=meanwhile is not None)
            if meanwhile is not None:
                self._late.follow(work, push)
                return meanwhile
            if not await work.known_by(arrived + LAST_MOMENT):
                return None
        try:
            return await work.outcome()
        except StoreUnavailable:
            return self._without_store(push, work)

    def _meanwhile(self, push: Incoming, copies: int) -> Answer | None:
        """What is answered at the deadline where the real answer may follow; None: wait on, WeChat will ask again.

        It may follow as a customer-service message. Where the account may not send those, WeChat's next copy gets it;
        after the last copy it waits for the person's next message.
        """
        services = self._services[push.appid]
        sender = services.people.operator(push.openid)
        if push.kind != "message" or sender is None:
            return None
        if services.account.customer_service:
            return answer.NOTHING
        return self._worded(push, Reply("delivery.later")) if copies >= LAST_COPY else None

    def _give_up(self, work: Work, push: Incoming, *, promised: bool) -> Answer:
        """Redis is away at the deadline: stop, unless something has begun; then the outcome follows once known."""
        if work.abandon():
            if promised:
                self._late.take_back(push)
        elif self._meanwhile(push, LAST_COPY) is not None:
            self._late.follow(work, push, failure_told=True)
        return self._without_store(push, work)

    def _without_store(self, push: Incoming, work: Work | None = None) -> Answer:
        """Redis is away: say so in time to the people we know; let WeChat repeat what nobody waits for."""
        if push.kind != "message" and push.type not in TAPS:
            raise StoreUnavailable
        services = self._services[push.appid]
        sender = services.people.operator(push.openid)
        if sender is None:
            return customers_answer(services.account)
        if work is not None and work.in_doubt:
            return self._worded(push, in_doubt(work.begun, sender))
        return self._worded(push, Reply("errors.store_away"))

    def _worded(self, push: Incoming, reply: Reply) -> Answer:
        services = self._services[push.appid]
        language = language_of(services.account, services.people.operator(push.openid))
        return answer.text(self._renderer.render(reply.template, reply.values, language, services.account.zone))

    async def _carry_out(self, push: Incoming, claimed: Claimed, begun: Begun) -> Answer:
        """The answer to ``push``; a fault of ours becomes one. Raises :exc:`bot.errors.StoreUnavailable`."""
        watch(begun)
        try:
            return await self._answer(push, claimed, begun)
        except StoreUnavailable:
            raise
        except Exception as error:
            log.error("push failed", extra={"account": push.appid, "type": push.type, "fault": described(error)})
            if push.kind == "message" and self._services[push.appid].people.operator(push.openid):
                return self._worded(push, Reply("errors.internal"))
            await self._keep(push, f"failed {push.type}")
            return answer.NOTHING

    async def _answer(self, push: Incoming, claimed: Claimed, begun: Begun) -> Answer:
        if push.kind == "unread":
            await self._keep(push, push.type)
            return answer.NOTHING
        services = self._services[push.appid]
        if claimed.people_version != services.people.version:
            await services.people.refresh(claimed.people_version)
        sender = services.people.operator(push.openid)
        ctx = Context(services, self._routes, push, sender, language_of(services.account, sender))
        if sender is not None:
            await services.windows.opened(push)
        if push.kind == "message":
            return await self._conversation.answer(ctx, claimed.count, claimed.kept, begun)
        return await self._handle_event(ctx)

    async def _handle_event(self, ctx: Context) -> Answer:
        handler = self._routes.events.get(ctx.push.type)
        if handler is not None:
            for notice in await handler(ctx):
                await self._notices.deliver(ctx.services, notice)
        elif ctx.push.type not in WITHOUT_HANDLER:
            await self._keep(ctx.push, f"event {ctx.push.type[:40]}")
        return answer.NOTHING

    async def _keep(self, push: Incoming, why: str) -> None:
        """Keep an authentic push for inspection. The log names types and elements, never what they hold."""
        log.info("push kept", extra={"account": push.appid, "why": why, "elements": sorted(push.fields)})
        content = push.text if push.kind == "unread" else json.dumps(dict(push.fields), ensure_ascii=False)
        await self._inbox.keep_unread(push.appid, content, why, now())
