"""One text or tap of one person: what it asks for, who may ask it, and the answer in words."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.begun import Begun
from bot.charts.kept import Picture
from bot.dialogue import move
from bot.dispatch import answer, shaping
from bot.dispatch.answer import Answer, AnswerKind
from bot.dispatch.charting import Charting
from bot.dispatch.explaining import explained, in_doubt
from bot.dispatch.faults import described
from bot.dispatch.meaning import NUMBER, Meant
from bot.dispatch.notices import Notices
from bot.dispatch.shaping import Shaping
from bot.errors import (
    BadArgument,
    Explained,
    PictureNotDrawn,
    StoreUnavailable,
    WeChatError,
)
from bot.merchants.answers import Kept
from bot.merchants.links import Destination, Kind
from bot.merchants.pending import Question
from bot.merchants.people import Operator
from bot.pictures.poster import Poster
from bot.render import LANGUAGES, Renderer
from bot.routing import signature
from bot.routing.arguments import RANGE
from bot.routing.context import Context
from bot.routing.ranges import nearest_range
from bot.routing.reply import Notice, Reply, Sketch
from bot.routing.router import Command, Match, Routes
from bot.routing.words import plain
from bot.vouchers.finding import SeveralVouchers, VoucherNotFound
from bot.wechat.account import Account

log = logging.getLogger(__name__)

MOST_PICTURES = 3
"""Pictures one message may bring along: WeChat allows five messages, or three after a tap."""


class Conversation:
    """Answers messages of people: commands of operators, and the account's word to everybody else."""

    def __init__(self, routes: Routes, renderer: Renderer, notices: Notices, messages_per_minute: int) -> None:
        self._routes = routes
        self._renderer = renderer
        self._notices = notices
        self._per_minute = messages_per_minute
        self._meant = Meant(routes)
        self._shaping = Shaping(self.words)
        self._charting = Charting(self.words)

    async def answer(
        self, ctx: Context, count: int, kept: int, begun: Begun, refusal: Reply | None = None
    ) -> Answer:
        """The answer to ``ctx.push``; ``count`` is the sender's messages this minute, ``kept`` what waits for them.

        ``refusal`` says why it is for no shop of theirs.

        Raises :exc:`bot.errors.StoreUnavailable` when nothing was done; once something has ``begun`` it answers.
        """
        match = self._routes.match(ctx.push.text) if ctx.push.is_text and refusal is None else None
        if ctx.sender and refusal is None:
            match = await self._meant.by(ctx, match)
        if not ctx.sender and not _meant_for_us(match):
            return customers_answer(ctx.channel.account)
        if self._per_minute and count > self._per_minute:
            reply = Reply("errors.too_many", limit=self._per_minute)
        elif ctx.resumed and not refusal and not (match and match.command.looks_first):
            # Another process began this and died: whether it was done is to be looked at, not to be tried again.
            reply = in_doubt(begun, ctx.sender)
        else:
            reply = refusal or await self._reply(ctx, match, begun)
        return await self._shown(ctx, match, reply, kept, says_shop=ctx.says_shop and refusal is None)

    async def _shown(self, ctx: Context, match: Match | None, reply: Reply, kept: int, *, says_shop: bool) -> Answer:
        """``reply`` in words, with what goes along: its shop's name, its pictures, what was kept."""
        if reply.shown:  # a whole answer by itself: what waits goes on waiting
            return await self._image(ctx, reply.shown)
        words, addresses = await self._worded(ctx, reply)
        if named := says_shop and not (match and match.command.any_shop):
            words = self.words(ctx, Reply("delivery.for_shop", shop=ctx.account.name, words=words))
            await _one_preview(ctx)
        waiting = await self._kept(ctx) if ctx.sender and kept else []
        # A picture that stands alone cannot say for which shop it is.
        beside = bool(waiting) or (named and not ctx.has_links)
        if reply.graph and not beside:
            if alone := await self._charting.alone(ctx, words, reply.graph):
                return alone
            words = self._charting.not_shown(ctx, words)
        if match and match.command.previews and reply.refused and await ctx.pending.drop(ctx.operator):
            words += "\n" + self.words(ctx, Reply("answer_preview.replaced", dropped=True))
        own, link = await self._beside(ctx, reply, beside=beside)
        private = reply.private or bool(addresses or own or link)
        return await self._with_what_waits(ctx, reply, words + link, waiting, own, private=private)

    async def _with_what_waits(
        self, ctx: Context, reply: Reply, words: str, waiting: list[Kept], own: Picture | None, *, private: bool
    ) -> Answer:
        """``words`` with the picture that is their ``own``, and with all that was kept for their reader."""
        with_kept = words + self._told(ctx, waiting)
        if shaping.more_is_left(reply) and not shaping.fits(with_kept, waiting):
            waiting = []  # its rest would take the place of what is left; it comes with the last part
        words = with_kept if waiting else words
        pictures = list(dict.fromkeys([*([own] if own else []), *(each.picture for each in waiting if each.picture)]))
        left = pictures[MOST_PICTURES:]
        kept_by_it = [each.entry for each in waiting if each.picture not in left]
        return await self._shaping.shaped(ctx, words, pictures[:MOST_PICTURES], private=private, kept=kept_by_it)

    async def _worded(self, ctx: Context, reply: Reply) -> tuple[str, dict[str, str]]:
        """``reply`` in words, and the address of everything it links to, by name; who has one sees what is there."""
        links = ctx.services.links
        addresses = {name: await links.offer(each, ctx.operator) for name, each in reply.destinations.items()}
        return self.words(ctx, reply, **addresses), addresses

    async def _beside(self, ctx: Context, reply: Reply, *, beside: bool) -> tuple[Picture | None, str]:
        """The picture that follows the words of ``reply``, and what they say of it; a chart only ``beside`` them."""
        if reply.graph and beside:
            return await self._charting.beside(ctx, reply.graph)
        return await self._drawn(ctx, reply.sketch) if reply.sketch else (None, "")

    async def _drawn(self, ctx: Context, sketch: Sketch) -> tuple[Picture, str]:
        """What a reply's picture shows, and the line with its address, "" where there is none to be had."""
        poster = Poster(self.words(ctx, Reply(sketch.template, **sketch.values)), sketch.code)
        if sketch.linked is None or ctx.sender is None:
            return poster, ""
        destination = Destination(Kind.POSTER, poster.stored(), sketch.linked)
        address = await ctx.services.links.offer(destination, ctx.sender)
        return poster, "\n" + self.words(ctx, Reply("delivery.link", address=address)) if address else ""

    async def _image(self, ctx: Context, picture: Picture) -> Answer:
        """``picture`` as the answer; if that fails it is left for another ``more``, and the answer says why."""
        try:
            return await shaping.image(ctx, picture)
        except WeChatError as error:
            log.warning("picture not uploaded", extra={"path": error.path, "kind": type(error).__name__})
            reply = explained(error, Begun())
        except PictureNotDrawn as error:
            log.error("picture not drawn", extra={"fault": described(error)})
            reply = Reply("errors.internal")
        return await self._shaping.not_shown(ctx, self.words(ctx, reply), picture)

    async def _reply(self, ctx: Context, match: Match | None, begun: Begun) -> Reply:
        try:
            if match is None or not match.command.open_to(ctx.sender):
                return _not_for_you(ctx, match.command) if match and ctx.tapped else await self._unknown(ctx)
            return await self._run(ctx, match)
        except Explained as error:
            return Reply.refusal(error.template, **error.values)
        except WeChatError as error:
            log.warning("wechat call failed", extra={"path": error.path, "kind": type(error).__name__})
            return explained(error, begun)
        except StoreUnavailable:
            if not begun.what:
                raise
            return in_doubt(begun, ctx.sender)
        except Exception as error:
            command = match.command.name if match else ""
            log.error("handler failed", extra={"command": command, "fault": described(error)})
            return Reply("errors.internal")

    async def _run(self, ctx: Context, match: Match) -> Reply:
        arguments = await self._arguments(ctx, match)
        result = await match.command.handler(replace(ctx, command=match.command.name), **arguments)
        reply, notices = result if isinstance(result, tuple) else (result, list[Notice]())
        await self._describe(ctx, ctx.person, reply)
        for notice in notices:
            await self._describe(ctx, notice.openid, notice.reply)
            # What the command did is done, whoever else hears of it or not.
            try:
                await self._notices.deliver(ctx.services, notice)
            except Exception as error:
                log.error("notice not delivered", extra={"account": ctx.account.appid, "fault": described(error)})
        return reply

    async def _describe(self, ctx: Context, openid: str, reply: Reply) -> None:
        """Keep what a preview of theirs says for the second person who has to agree: all but how to say yes."""
        reader = ctx.people.operator(openid)
        if reader is None or not ctx.approvals.commands:
            return
        preview = await ctx.pending.peek(reader)
        if preview is None or preview.words or not ctx.needs_second(preview):
            return
        said = {language: self.words(replace(ctx, language=language), reply) for language in LANGUAGES}
        shown = {language: words.rpartition("\n")[0] for language, words in said.items()}
        await ctx.pending.describe(reader, preview, shown)

    def _told(self, ctx: Context, waiting: Sequence[Kept]) -> str:
        shown = [each for each in waiting if each.text]
        return "\n\n" + self.words(ctx, Reply("delivery.kept", messages=shown)) if shown else ""

    async def _kept(self, ctx: Context) -> list[Kept]:
        """What waits for the sender; if it cannot be read it goes on waiting."""
        try:
            return await ctx.channel.answers.kept(ctx.push.openid)
        except StoreUnavailable:
            return []

    async def _arguments(self, ctx: Context, match: Match) -> dict[str, Any]:
        """The bound and found arguments; a bad one is told with the command's usage and an example to copy."""
        command = match.command
        try:
            bound = signature.bind(command.grammar, match.line)
        except BadArgument as error:
            raise BadArgument(error.template, **error.values, command=command) from None
        kinds = {parameter.name: parameter.kind for parameter in command.grammar}
        try:
            return {name: value and await kinds[name].find(ctx, value) for name, value in bound.items()}
        except SeveralVouchers as error:
            words, ids = error.words, [voucher.card_id for voucher in error.vouchers]
            if ctx.sender and words in match.line:
                await ctx.pending.ask(ctx.sender, Question(command.name, match.line, words, ids))
            raise
        except VoucherNotFound as error:
            raise _perhaps_a_range(error, command, bound) from None

    async def _unknown(self, ctx: Context) -> Reply:
        if not ctx.push.is_text:
            return Reply("errors.text_only")
        sender = ctx.operator
        if NUMBER.fullmatch(number := plain(ctx.push.text).strip()):
            return Reply("errors.unknown", found=number, nearest=f"#{number.lstrip('#')}", title=True, idle=False)
        if move(ctx.push.text) and any(each.command.open_to(sender) for each in self._routes.dialogues.values()):
            return Reply("errors.no_question")
        titles = await ctx.vouchers.known_titles()
        nearest = self._routes.nearest(ctx.push.text, sender, titles)
        confirms = nearest is not None and (command := self._routes.named(nearest)) and command.name in ("yes", "no")
        idle = bool(confirms) and await ctx.pending.peek(sender) is None
        return Reply("errors.unknown", found=ctx.push.text[:20], nearest=nearest, title=nearest in titles, idle=idle)

    def words(self, ctx: Context, reply: Reply, **addresses: str) -> str:
        """``reply`` in the language of the context; a template that fails is a fault of ours, told as one."""
        try:
            return self._renderer.render(reply.template, reply.values | addresses, ctx.language, ctx.account.zone)
        except Exception as error:
            log.error("template failed", extra={"template": reply.template, "fault": described(error)})
            return self._renderer.render("errors.internal", {}, ctx.language, ctx.account.zone)


def _perhaps_a_range(error: VoucherNotFound, command: Command, bound: Mapping[str, Any]) -> Explained:
    """What is no voucher may be a slip in a span of days, where the command takes one and got none."""
    missing = any(each.kind.name == RANGE and bound[each.name] is each.default for each in command.grammar)
    nearest = nearest_range(error.words)
    if not missing or (error.nearest and not nearest):
        return error
    return BadArgument("neither_range_nor_voucher", words=error.words, nearest=nearest)


async def _one_preview(ctx: Context) -> None:
    """Of somebody's previews the one offered last waits, in whichever of their shops: a yes has one meaning."""
    if len(ctx.shops) < 2 or ctx.sender is None:
        return
    with contextlib.suppress(StoreUnavailable):  # what the command did is done, and a yes still says for which shop
        if await ctx.pending.peek(ctx.sender) is not None:
            others = [each for each in ctx.shops if each.services.account.appid != ctx.account.appid]
            await asyncio.gather(*(each.services.pending.drop(each.operator) for each in others))


def _meant_for_us(match: Match | None) -> bool:
    """Whether a customer's text is a command open to everybody: the word alone is something customers say, too."""
    if match is None or not match.command.open_to(None):
        return False
    try:
        signature.bind(match.command.grammar, match.line)
    except BadArgument:
        return False
    return True


def _not_for_you(ctx: Context, command: Command) -> Reply:
    """The operators' menu has one scan button for everybody: who may not use it has not made the command up."""
    return Reply("errors.not_for_you", command=command, role=command.role, own=ctx.operator.role)


def customers_answer(account: Account) -> Answer:
    """What the account's setting says to people who are not its operators."""
    if account.customers == "transfer":
        return Answer(AnswerKind.TRANSFER)
    return answer.text(account.customers_text) if account.customers == "text" else answer.NOTHING


def language_of(account: Account, sender: Operator | None) -> str:
    """The language ``sender`` reads: their own choice, else the account's."""
    return (sender.language if sender else "") or account.language
