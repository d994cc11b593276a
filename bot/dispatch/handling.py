"""What becomes of a push that is carried out: a message or a tap gets an answer, an event its handlers."""

from __future__ import annotations

import logging
from dataclasses import replace

from bot.begun import Begun, watch
from bot.dispatch import answer, taps
from bot.dispatch.answer import Answer
from bot.dispatch.conversation import Conversation, language_of
from bot.dispatch.events import FOLLOWING, TAPS, Events
from bot.dispatch.faults import described
from bot.dispatch.speaking import Speaking
from bot.dispatch.stand_ins import StandIns
from bot.errors import StoreUnavailable
from bot.merchants import persons
from bot.merchants.roster import Operator
from bot.routing.accounts import Accounts
from bot.routing.context import Context, OwnShop, Services
from bot.routing.reply import Reply
from bot.routing.router import Routes
from bot.store.inbox import Claimed
from bot.wechat.inbound import Incoming

log = logging.getLogger(__name__)


class Handling:
    """Carries out pushes of every account."""

    def __init__(
        self, services: Accounts, routes: Routes, speaking: Speaking, *,
        stand_ins: StandIns, conversation: Conversation, events: Events,
    ) -> None:  # fmt: skip
        self._services = services
        self._routes = routes
        self._speaking = speaking
        self._stand_ins = stand_ins
        self._conversation = conversation
        self._events = events

    async def answer(self, push: Incoming, claimed: Claimed, begun: Begun) -> Answer:
        """The answer to ``push``; a fault of ours becomes one. Raises :exc:`bot.errors.StoreUnavailable`."""
        watch(begun)
        try:
            return await self._answer(push, claimed, begun)
        except StoreUnavailable:
            raise
        except Exception as error:
            log.error("push failed", extra={"account": push.appid, "type": push.type, "fault": described(error)})
            if push.kind == "message" and self._services[push.appid].people.knows(push.openid):
                return self._stand_ins.worded(push.appid, push.openid, Reply("errors.internal"))
            await self._events.keep(push, f"failed {push.type}")
            return answer.NOTHING

    async def _answer(self, push: Incoming, claimed: Claimed, begun: Begun) -> Answer:
        if push.kind == "unread":
            await self._events.keep(push, push.type)
            return answer.NOTHING
        channel = self._services[push.appid]
        if claimed.people_version != channel.people.version:
            await channel.people.refresh(claimed.people_version)
        if push.kind == "message":
            return await self._spoken(channel, push, claimed, begun)
        shops = await self._speaking.shops(channel, push.openid) if push.type in TAPS else ()
        if shops and (words := taps.typed(push, _language(channel, shops[0]))):
            typed = replace(push, kind="message", type="text", text=words)
            return await self._spoken(channel, typed, claimed, begun, tapped=push.type)
        for services in self._speaking.of_event(channel, push) if push.type in FOLLOWING else [channel]:
            person = persons.named(push.appid, push.openid, services.account.appid)
            await self._events.handle(self._context(services, channel, push, services.people.operator(person), begun))
        return answer.NOTHING

    async def _spoken(
        self, channel: Services, push: Incoming, claimed: Claimed, begun: Begun, tapped: str = ""
    ) -> Answer:
        """The answer to a message, or a tap as the text it stands for, for the shop it speaks for."""
        shops = await self._speaking.shops(channel, push.openid)
        spoken = await self._speaking.spoken(channel, push, shops)
        sender = spoken.sender.operator if spoken.sender else None
        ctx = self._context(spoken.services, channel, spoken.push, sender, begun)
        ctx = replace(ctx, tapped=tapped, shops=shops, queued=bool(claimed.behind))
        return await self._conversation.answer(ctx, claimed.count, claimed.kept, begun, spoken.refusal)

    def _context(
        self, services: Services, channel: Services, push: Incoming, sender: Operator | None, begun: Begun
    ) -> Context:
        return Context(
            services, self._routes, push, sender, language_of(services.account, sender), resumed=bool(begun.what),
            texted=channel, accounts=self._services,
        )  # fmt: skip


def _language(channel: Services, first: OwnShop) -> str:
    return language_of(channel.account, first.operator)
