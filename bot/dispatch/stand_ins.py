"""What is said when the answer cannot be: Redis is away, something is in doubt, or something of ours failed."""

from __future__ import annotations

from dataclasses import replace

from bot.begun import Begun
from bot.dispatch import answer
from bot.dispatch.answer import Answer
from bot.dispatch.conversation import customers_answer, language_of
from bot.dispatch.events import TAPS
from bot.dispatch.explaining import in_doubt
from bot.dispatch.speaking import Speaking
from bot.dispatch.work import Work
from bot.errors import StoreUnavailable
from bot.render import Renderer
from bot.routing.accounts import Accounts
from bot.routing.reply import Reply
from bot.wechat.inbound import Incoming


class StandIns:
    """Answers from what this process knows without Redis."""

    def __init__(self, services: Accounts, speaking: Speaking, renderer: Renderer) -> None:
        self._services = services
        self._speaking = speaking
        self._renderer = renderer

    def without_store(self, push: Incoming, work: Work | None = None) -> Answer:
        """Redis is away: say so in time to the people we know.

        Raises :exc:`bot.errors.StoreUnavailable` for what nobody waits for: WeChat is to push it again.
        """
        if push.kind != "message" and push.type not in TAPS:
            raise StoreUnavailable
        services = self._services[push.appid]
        if self._speaking.reader(services, push.openid) is None:
            return customers_answer(services.account)
        if work is not None and work.in_doubt:
            return replace(self.in_doubt(push.appid, push.openid, work.begun), stand_in=True)
        return replace(self.worded(push.appid, push.openid, Reply("errors.store_away")), stand_in=True)

    def in_doubt(self, appid: str, openid: str, begun: Begun) -> Answer:
        """What ``begun`` may have done, and how to look."""
        reader = self._speaking.reader(self._services[appid], openid)
        return self.worded(appid, openid, in_doubt(begun, reader.operator if reader else None))

    def worded(self, appid: str, openid: str, reply: Reply) -> Answer:
        """``reply`` in the language of ``openid``."""
        reader = self._speaking.reader(self._services[appid], openid)
        account = reader.services.account if reader else self._services[appid].account
        language = language_of(account, reader.operator if reader else None)
        return answer.text(self._renderer.render(reply.template, reply.values, language, account.zone))
