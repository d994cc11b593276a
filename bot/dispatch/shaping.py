"""An answer in the shape WeChat lets through: one message with each push, and what does not fit into it after it.

One passive reply is a text or a picture. Pictures that belong to a text follow it as customer-service messages, drawn
after it was given; to whom none may be sent the text says how to get them: ``more`` answers with the picture itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.charts.kept import Picture
from bot.dispatch import answer
from bot.dispatch.answer import Answer, AnswerKind
from bot.errors import StoreUnavailable
from bot.merchants.answers import Kept, Part
from bot.routing.context import Context
from bot.routing.reply import Reply
from bot.wechat import outbound


async def image(ctx: Context, picture: Picture) -> Answer:
    """``picture`` as the reply itself. Raises :exc:`bot.errors.PictureNotDrawn` and the WeChatError tree."""
    media_id = await ctx.channel.media.id_of(picture)
    return Answer(AnswerKind.IMAGE, pictures=(picture,), media_id=media_id)


def more_is_left(reply: Reply) -> bool:
    """Whether ``reply`` is a part of an earlier answer that is not the last one."""
    part = reply.values.get("part")
    return isinstance(part, Part) and part.left > 0


def fits(words: str, waiting: Sequence[Kept]) -> bool:
    """Whether ``words`` are one message, and nothing of what was ``waiting`` is left for ``more``."""
    return len(outbound.split(words)) == 1 and not any(each.picture for each in waiting)


class Shaping:
    """``words`` renders what an answer needs to say about its own length."""

    def __init__(self, words: Callable[[Context, Reply], str]) -> None:
        self._words = words

    async def not_shown(self, ctx: Context, words: str, picture: Picture) -> Answer:
        """``words`` say why ``picture`` is not the answer: it follows, or stands before what else is left for ``more``.

        Raises :exc:`bot.errors.StoreUnavailable`.
        """
        if await self.may_follow(ctx):
            return answer.text(words, pictures=[picture])
        await ctx.channel.answers.put_back(ctx.push.openid, ctx.push.identity)
        return answer.text(self._with_hint(ctx, words, texts=0, pictures=1))

    async def shaped(
        self, ctx: Context, words: str, pictures: Sequence[Picture], *, private: bool, kept: Sequence[str] = ()
    ) -> Answer:
        """``words`` if they fit one message; else their first part, the rest left for ``more``.

        ``kept`` are the entries among them; they go on waiting where the rest cannot be left.
        """
        follow = bool(pictures) and await self.may_follow(ctx)
        waiting = () if follow else tuple(pictures)
        parts = outbound.split(words)
        if len(parts) > 1 or waiting:
            parts = self._divided(ctx, words, len(waiting))
            try:
                await ctx.channel.answers.leave(ctx.push.openid, parts[1:], waiting)
            except StoreUnavailable:
                return answer.text(parts[0], private=private)
            parts[0] = self._with_hint(ctx, parts[0], len(parts) - 1, len(waiting))
        whole = answer.text(parts[0], private=private, pictures=pictures if follow else ())
        return replace(whole, kept=tuple(kept))

    async def may_follow(self, ctx: Context) -> bool:
        """Whether pictures may come after the answer by themselves."""
        try:
            return ctx.channel.account.customer_service and await ctx.channel.windows.may_send(ctx.push.openid)
        except StoreUnavailable:
            return False

    def _divided(self, ctx: Context, words: str, pictures: int) -> list[str]:
        hint = max(len(self._with_hint(ctx, "", left, pictures).encode()) for left in (0, 99))
        return outbound.split(words, outbound.LIMIT - hint - 2)

    def _with_hint(self, ctx: Context, first: str, texts: int, pictures: int) -> str:
        if texts:
            return self._words(ctx, Reply("delivery.part", part=Part(first, texts + pictures)))
        return self._words(ctx, Reply("delivery.with_picture", text=first, left=pictures))
