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
from bot.routing.accounts import Accounts
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


@dataclass(frozen=True, slots=True)
class _Told:
    """A message of ``shop`` on its way: through the account ``channel``, to whoever is ``openid`` there."""

    shop: Services
    channel: Services
    openid: str
    message: Message

    @property
    def topic(self) -> str:
        """The message's, apart from that of any other shop."""
        shop, topic = self.shop.account.appid, self.message.topic
        return f"{shop}:{topic}" if topic and shop != self.channel.account.appid else topic


class Ladder:
    """Tells messages, each fact once to each person. Two must not tell the same fact at once.

    The facts are the shop's; windows, allowances and what is kept are the person's at the account they text. Raises
    :exc:`bot.errors.NotServed` where that is served no more.
    """

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    async def tell(self, services: Services, message: Message) -> None:
        """Send ``message``, or keep it. Raises what a job is to be tried again for; what was sent stays sent."""
        to = self._to(services, message)
        for piece, fact in message.pieces():
            await self._tell(to, piece, fact)
        await services.telling.told(message.openid, message.fact, *message.also, until=message.until)

    async def keep(self, services: Services, message: Message, *, again: bool = False) -> None:
        """Keep what is not told yet for the person's next message; ``again``: they may have read it."""
        to = self._to(services, message)
        untold = await services.telling.untold(message.openid, [fact for _, fact in message.pieces()])
        for piece, fact in message.pieces():
            if fact in untold:
                doubtful = again or await services.telling.state(message.openid, fact) is State.IN_DOUBT
                await self._keep(to, piece, fact, again=doubtful)
        await services.telling.told(message.openid, message.fact, *message.also, until=message.until)

    def _to(self, services: Services, message: Message) -> _Told:
        return _Told(services, *self._accounts.reached(services, message.openid), message)

    async def _tell(self, to: _Told, piece: Piece, fact: str) -> None:
        match await to.shop.telling.state(to.message.openid, fact):
            case State.TOLD:
                return
            case State.IN_DOUBT:
                log.warning("message in doubt", extra={"account": to.channel.account.appid})
                await self._keep(to, piece, fact, again=True)
            case State.NEW:
                await self._send(to, piece, fact)

    async def _send(self, to: _Told, piece: Piece, fact: str) -> None:
        channel, told, person = to.channel, to.shop.telling, to.message.openid
        able = channel.account.customer_service
        # A picture is drawn and uploaded first: until the message itself goes out nothing is in doubt.
        shown = await channel.media.id_of(piece) if able and isinstance(piece, Picture) else ""
        if not able or not await channel.windows.spend(to.openid):
            await self._keep(to, piece, fact)
            return
        await told.sending(person, fact)
        try:
            if isinstance(piece, Picture):
                await channel.wechat.send_image(to.openid, shown)
            elif isinstance(piece, Article):
                await channel.wechat.send_news(to.openid, piece)
            else:
                await channel.wechat.send_text(to.openid, piece)
        except OutcomeUnknown as error:
            log.warning("message in doubt", extra={"account": channel.account.appid, "path": error.path})
            await self._keep(to, piece, fact, again=True)
        except WeChatError as error:
            await told.not_sent(person, fact)
            if isinstance(piece, Picture) and isinstance(error, WeChatRefused) and error.errcode == FORGOTTEN:
                await channel.media.forget(piece)
            await self._step_down(to, error)
            await self._keep(to, piece, fact)
        else:
            await told.told(person, fact, until=to.message.until)

    async def _step_down(self, to: _Told, error: WeChatError) -> None:
        """Returns where a lower rung is to be taken; raises ``error`` where the same may succeed in a while."""
        windows = to.channel.windows
        if not isinstance(error, WeChatRefused) or isinstance(error, WeChatBusy | TooFast):
            await windows.give_back(to.openid)
            raise error
        log.warning("message kept", extra={"account": to.channel.account.appid, "errcode": error.errcode})
        if isinstance(error, QuotaUsedUp):
            await windows.give_back(to.openid)
        if error.errcode in WINDOW_CLOSED:
            await windows.refused(to.openid)
        elif error.errcode in NOT_FOR_THIS_ACCOUNT:
            await windows.forbid()

    async def _keep(self, to: _Told, piece: Piece, fact: str, *, again: bool = False) -> None:
        message = to.message
        kept = message.words if isinstance(piece, Article) else piece
        entries = await to.channel.answers.keep(
            to.openid, kept, topic=to.topic, answer=message.answer, again=again,
            told=[to.shop.telling.key(message.openid, fact)],
        )  # fmt: skip
        if not again:
            with contextlib.suppress(StoreUnavailable):  # what is kept reaches the person all the same
                await self._by_template(to, kept, entries)

    async def _by_template(self, to: _Told, piece: str | Picture, entries: Sequence[str]) -> None:
        """A notice goes by template and takes its kept copy along when it arrives; of an answer it only tells."""
        channel = to.channel
        if to.message.answer or not isinstance(piece, str):
            reader = to.shop.people.operator(to.message.openid)
            language = (reader.language if reader else "") or to.shop.account.language
            await channel.templates.knock(to.openid, await channel.answers.waiting(to.openid), language)
        else:
            await channel.templates.notice(to.openid, piece, *entries)
