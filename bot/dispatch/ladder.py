"""The ways a message that is no passive reply may reach a person, from the best down: told once, or in doubt.

A customer-service message while the person's window and its allowance are open; else kept for the person's next
message. Where the account has a template, a notice that is kept goes by it as well, and a kept answer is announced by
it. WeChat's refusals move one rung down and are not repeated; a WeChat that is busy or away is tried again, since
whoever tells runs as a job.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.charts.kept import Picture
from bot.errors import OutcomeUnknown, QuotaUsedUp, StoreUnavailable, TooFast, WeChatBusy, WeChatError, WeChatRefused
from bot.merchants.telling import State
from bot.routing.context import Services
from bot.wechat import outbound
from bot.wechat.outbound import Article

log = logging.getLogger(__name__)

WINDOW_CLOSED = frozenset({45015, 45047})
"""Outside the window, or its allowance is used up."""
NOT_FOR_THIS_ACCOUNT = frozenset({48001, 40200, 45087, 45094})
"""The account may not send customer-service messages, for now or at all."""
FORGOTTEN = 40007
"""WeChat does not know a media id, or not any more."""

Piece = str | Picture | Article


@dataclass(frozen=True, slots=True)
class Message:
    """``words`` and ``pictures`` for ``openid`` about ``fact`` (telling ``also`` with it).

    Of one ``topic`` only the newest is kept. An ``article`` says what the words say, which are kept instead of it.
    ``answer``: it answers something the person asked. ``until``: how long the fact counts as told (seconds since 1970).
    """

    openid: str
    words: str = field(repr=False)
    fact: str
    also: tuple[str, ...] = ()
    topic: str = ""
    until: float = 0.0
    answer: bool = False
    pictures: tuple[Picture, ...] = ()
    article: Article | None = None

    def pieces(self) -> list[tuple[Piece, str]]:
        """What is sent one by one, each with the fact it tells: texts that fit, then pictures; or one card."""
        if self.article:
            return [(self.article, self.fact)]
        texts: list[Piece] = list(outbound.split(self.words)) if self.words else []
        pieces = [*texts, *self.pictures]
        return [(piece, self.fact if len(pieces) == 1 else f"{self.fact}#{at}") for at, piece in enumerate(pieces)]


class Ladder:
    """Tells messages, each fact once to each person. Two must not tell the same fact at once."""

    async def tell(self, services: Services, message: Message) -> None:
        """Send ``message``, or keep it. Raises what a job is to be tried again for; what was sent stays sent."""
        for piece, fact in message.pieces():
            await self._tell(services, message, piece, fact)
        await services.telling.told(message.openid, message.fact, *message.also, until=message.until)

    async def keep(self, services: Services, message: Message, *, again: bool = False) -> None:
        """Keep what is not told yet for the person's next message; ``again``: they may have read it."""
        untold = await services.telling.untold(message.openid, [fact for _, fact in message.pieces()])
        for piece, fact in message.pieces():
            if fact in untold:
                doubtful = again or await services.telling.state(message.openid, fact) is State.IN_DOUBT
                await self._keep(services, message, piece, fact, again=doubtful)
        await services.telling.told(message.openid, message.fact, *message.also, until=message.until)

    async def _tell(self, services: Services, message: Message, piece: Piece, fact: str) -> None:
        match await services.telling.state(message.openid, fact):
            case State.TOLD:
                return
            case State.IN_DOUBT:
                log.warning("message in doubt", extra={"account": services.account.appid})
                await self._keep(services, message, piece, fact, again=True)
            case State.NEW:
                await self._send(services, message, piece, fact)

    async def _send(self, services: Services, message: Message, piece: Piece, fact: str) -> None:
        able = services.account.customer_service
        # A picture is drawn and uploaded first: until the message itself goes out nothing is in doubt.
        shown = await services.media.id_of(piece) if able and isinstance(piece, Picture) else ""
        if not able or not await services.windows.spend(message.openid):
            await self._keep(services, message, piece, fact)
            return
        await services.telling.sending(message.openid, fact)
        try:
            if isinstance(piece, Picture):
                await services.wechat.send_image(message.openid, shown)
            elif isinstance(piece, Article):
                await services.wechat.send_news(message.openid, piece)
            else:
                await services.wechat.send_text(message.openid, piece)
        except OutcomeUnknown as error:
            log.warning("message in doubt", extra={"account": services.account.appid, "path": error.path})
            await self._keep(services, message, piece, fact, again=True)
        except WeChatError as error:
            await services.telling.not_sent(message.openid, fact)
            if isinstance(piece, Picture) and isinstance(error, WeChatRefused) and error.errcode == FORGOTTEN:
                await services.media.forget(piece)
            await self._step_down(services, message, error)
            await self._keep(services, message, piece, fact)
        else:
            await services.telling.told(message.openid, fact, until=message.until)

    async def _step_down(self, services: Services, message: Message, error: WeChatError) -> None:
        """Returns where a lower rung is to be taken; raises ``error`` where the same may succeed in a while."""
        if not isinstance(error, WeChatRefused) or isinstance(error, WeChatBusy | TooFast):
            await services.windows.give_back(message.openid)
            raise error
        log.warning("message kept", extra={"account": services.account.appid, "errcode": error.errcode})
        if isinstance(error, QuotaUsedUp):
            await services.windows.give_back(message.openid)
        if error.errcode in WINDOW_CLOSED:
            await services.windows.refused(message.openid)
        elif error.errcode in NOT_FOR_THIS_ACCOUNT:
            await services.windows.forbid()

    async def _keep(
        self, services: Services, message: Message, piece: Piece, fact: str, *, again: bool = False
    ) -> None:
        kept = message.words if isinstance(piece, Article) else piece
        entries = await services.answers.keep(
            message.openid, kept, topic=message.topic, answer=message.answer, again=again, facts=[fact]
        )
        if not again:
            with contextlib.suppress(StoreUnavailable):  # what is kept reaches the person all the same
                await self._by_template(services, message, kept, entries)

    async def _by_template(
        self, services: Services, message: Message, piece: str | Picture, entries: Sequence[str]
    ) -> None:
        """A notice goes by template and takes its kept copy along when it arrives; of an answer it only tells."""
        if message.answer or not isinstance(piece, str):
            reader = services.people.operator(message.openid)
            language = (reader.language if reader else "") or services.account.language
            await services.templates.knock(message.openid, await services.answers.waiting(message.openid), language)
        else:
            await services.templates.notice(message.openid, piece, *entries)
