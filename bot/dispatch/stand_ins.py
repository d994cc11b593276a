"""What is said when the answer cannot be: Redis is away, something is in doubt, or something of ours failed."""

from __future__ import annotations

from dataclasses import replace

from bot.begun import Begun
from bot.dispatch import answer
from bot.dispatch.answer import Answer
from bot.dispatch.conversation import customers_answer, in_doubt, language_of
from bot.dispatch.events import TAPS
from bot.dispatch.work import Work
from bot.errors import StoreUnavailable
from bot.render import Renderer
from bot.routing.accounts import Accounts
from bot.routing.reply import Reply
from bot.wechat.inbound import Incoming


class StandIns:
    """Answers from what this process knows without Redis."""

    def __init__(self, services: Accounts, renderer: Renderer) -> None:
        self._services = services
        self._renderer = renderer

    def without_store(self, push: Incoming, work: Work | None = None) -> Answer:
        """Redis is away: say so in time to the people we know.

        Raises :exc:`bot.errors.StoreUnavailable` for what nobody waits for: WeChat is to push it again.
        """
        if push.kind != "message" and push.type not in TAPS:
            raise StoreUnavailable
        services = self._services[push.appid]
        sender = services.people.operator(push.openid)
        if sender is None:
            return customers_answer(services.account)
        if work is not None and work.in_doubt:
            return replace(self.in_doubt(push.appid, push.openid, work.begun), stand_in=True)
        return replace(self.worded(push.appid, push.openid, Reply("errors.store_away")), stand_in=True)

    def in_doubt(self, appid: str, openid: str, begun: Begun) -> Answer:
        """What ``begun`` may have done, and how to look."""
        return self.worded(appid, openid, in_doubt(begun, self._services[appid].people.operator(openid)))

    def worded(self, appid: str, openid: str, reply: Reply) -> Answer:
        """``reply`` in the language of ``openid``."""
        services = self._services[appid]
        language = language_of(services.account, services.people.operator(openid))
        return answer.text(self._renderer.render(reply.template, reply.values, language, services.account.zone))
