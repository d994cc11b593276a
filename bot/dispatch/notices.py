"""Messages that answer nothing: by customer-service message while the person's window is open, else kept."""

from __future__ import annotations

import logging

from bot.errors import OutcomeUnknown, StoreUnavailable, WeChatError, WeChatRefused
from bot.render import Renderer
from bot.routing.context import Services
from bot.routing.reply import Notice
from bot.wechat import outbound

log = logging.getLogger(__name__)

WINDOW_CLOSED = frozenset({45015, 45047})
"""Outside the window, or its allowance is used up."""


class Notices:
    """Delivers notices, each fact once to each person."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer

    async def deliver(self, services: Services, notice: Notice) -> None:
        """Send ``notice`` now if WeChat lets us, else keep it for the person's next message."""
        account = services.account
        reader = services.people.operator(notice.openid)
        language = notice.language or (reader.language if reader else "") or account.language
        words = self._renderer.render(notice.reply.template, notice.reply.values, language, account.zone)
        facts = (notice.key, *notice.also)
        await self.send(services, notice.openid, words, *facts, topic=notice.topic, until=notice.until)

    async def send(
        self, services: Services, openid: str, words: str, fact: str, *also: str, topic: str = "", until: float = 0.0
    ) -> None:
        """Send ``words`` about ``fact`` (and what they tell ``also``) once; what WeChat does not take is kept.

        A customer-service message has no receipt: where the answer to the call was lost the words are kept as well,
        since reading twice is cheaper than never. Raises :exc:`bot.errors.StoreUnavailable`: try again.
        """
        if not await services.answers.begin_telling(openid, fact):
            return
        unsent = [part for part in outbound.split(words) if not await self._sent(services, openid, part)]
        if unsent:
            await services.answers.keep(openid, *unsent, topic=topic)
        try:
            await services.answers.told(openid, fact, *also, until=until)
        except StoreUnavailable:
            log.warning("notice not noted as told", extra={"account": services.account.appid})

    async def _sent(self, services: Services, openid: str, words: str) -> bool:
        if not services.account.customer_service or not await services.windows.spend(openid):
            return False
        try:
            await services.wechat.send_text(openid, words)
        except OutcomeUnknown as error:
            log.warning("notice in doubt", extra={"account": services.account.appid, "path": error.path})
            return False
        except WeChatRefused as error:
            if error.errcode in WINDOW_CLOSED:
                await services.windows.refused(openid)
            log.warning("notice kept", extra={"account": services.account.appid, "errcode": error.errcode})
            return False
        except WeChatError as error:
            log.warning("notice kept", extra={"account": services.account.appid, "why": str(error)})
            return False
        return True
