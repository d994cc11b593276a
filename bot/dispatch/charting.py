"""Charts in the chat: where browsers reach us a card, else the picture itself, and its figures for ``more``.

A card is a whole message, so words that wait for the reader would have to wait on: then the figures are told as a text
that shows them too, and the chart is behind a link in it, or follows as pictures do.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

from bot.charts.chart import Chart
from bot.charts.words import Words
from bot.dispatch import answer, shaping
from bot.dispatch.answer import Answer
from bot.dispatch.faults import described
from bot.errors import PictureNotDrawn, WeChatError
from bot.merchants.links import Destination, Kind
from bot.merchants.roles import Role
from bot.routing.context import Context
from bot.routing.reply import Graph, Reply
from bot.wechat import outbound

log = logging.getLogger(__name__)


class Charting:
    """``words`` renders a reply in the language of a context."""

    def __init__(self, words: Callable[[Context, Reply], str]) -> None:
        self._words = words

    async def alone(self, ctx: Context, words: str, graph: Graph) -> Answer | None:
        """``graph`` as the whole answer, which also says ``words``; None where it could not be shown.

        Raises :exc:`bot.errors.StoreUnavailable`.
        """
        if ctx.has_links:
            shown = await self._offer(ctx, replace(self._chart(ctx, graph), card=True))
            url = await self._opens(ctx, graph)
            said = f"{words}\n{self._words(ctx, Reply('delivery.opens', address=url))}"
            return answer.card(outbound.article(words, url, f"{shown}.png"), said)
        try:
            given = await shaping.image(ctx, self._chart(ctx, graph, hint=True))
        except WeChatError as error:
            log.warning("chart not uploaded", extra={"path": error.path, "kind": type(error).__name__})
            return None
        except PictureNotDrawn as error:
            log.error("chart not drawn", extra={"fault": described(error)})
            return None
        await ctx.channel.answers.leave(ctx.push.openid, outbound.split(words))
        return replace(given, text=words)  # told before the picture, should it come too late for a passive reply

    async def beside(self, ctx: Context, graph: Graph) -> tuple[Chart | None, str]:
        """What follows a text that says the figures: the chart, or a line with the address where it is to be seen."""
        if not ctx.has_links:
            return self._chart(ctx, graph), ""
        return None, "\n" + self._words(ctx, Reply("delivery.opens", address=await self._opens(ctx, graph)))

    def not_shown(self, ctx: Context, words: str) -> str:
        """``words`` with a line that says why there is no picture."""
        return f"{words}\n{self._words(ctx, Reply('delivery.no_chart'))}"

    def _chart(self, ctx: Context, graph: Graph, *, hint: bool = False) -> Chart:
        """``hint``: it says how to get the figures, since it stands alone."""
        words = Words.read(self._words(ctx, Reply(graph.template, **graph.values)))
        if hint:
            words = replace(words, notes=(*words.notes, self._words(ctx, Reply("delivery.figures_by_more"))))
        return Chart(graph.shape, words, chinese=ctx.language == "zh_CN")

    async def _opens(self, ctx: Context, graph: Graph) -> str:
        """Where a tap leads: what the reply names, else the whole chart."""
        if graph.opens:
            return await ctx.services.links.offer(graph.opens, ctx.operator)
        return await self._offer(ctx, self._chart(ctx, graph)) + ".png"

    async def _offer(self, ctx: Context, chart: Chart) -> str:
        return await ctx.services.links.offer(Destination(Kind.CHART, chart.stored(), Role.VIEWER), ctx.operator)
