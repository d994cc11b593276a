"""Events by what they ask of us, and what becomes of those that ask something."""

from __future__ import annotations

import json
import logging

from bot.clock import now
from bot.dispatch.notices import Notices
from bot.routing.context import Context
from bot.routing.router import Routes
from bot.store.inbox import Inbox
from bot.wechat.inbound import Incoming

log = logging.getLogger(__name__)

TAPS = frozenset(
    {
        "click", "scancode_waitmsg", "scancode_push", "pic_sysphoto", "pic_photo_or_album", "pic_weixin",
        "location_select",
    }
)  # fmt: skip
"""Taps on the account's menu: somebody waits for an answer."""
FOLLOWING = frozenset({"subscribe", "unsubscribe"})
"""Of somebody's following the account: for all shops that they serve by way of it."""
WITHOUT_HANDLER = TAPS | {
    "scan", "location", "view", "view_miniprogram",
    "masssendjobfinish", "publishjobfinish",
    "user_pay_from_pay_cell", "user_view_card", "user_enter_session_from_card",
    "update_member_card", "submit_membercard_user_info", "debug_demo",
    "kf_create_session", "kf_close_session", "kf_switch_session",
}  # fmt: skip
"""Events that are understood and ask nothing of us yet; every other one without a handler is kept for inspection."""


class Events:
    """Hands events to their handlers, and keeps for inspection what nobody understands."""

    def __init__(self, routes: Routes, notices: Notices, inbox: Inbox) -> None:
        self._routes = routes
        self._notices = notices
        self._inbox = inbox

    async def handle(self, ctx: Context) -> None:
        """Run the handler of ``ctx.push`` and deliver what it has to tell."""
        handler = self._routes.events.get(ctx.push.type)
        if handler is not None:
            for notice in await handler(ctx):
                await self._notices.deliver(ctx.services, notice)
        elif ctx.push.type not in WITHOUT_HANDLER:
            await self.keep(ctx.push, f"event {ctx.push.type[:40]}")

    async def keep(self, push: Incoming, why: str) -> None:
        """Keep an authentic push for inspection. The log names types and elements, never what they hold."""
        log.info("push kept", extra={"account": push.appid, "why": why, "elements": sorted(push.fields)})
        content = push.text if push.kind == "unread" else json.dumps(dict(push.fields), ensure_ascii=False)
        await self._inbox.keep_unread(push.appid, content, why, now())
