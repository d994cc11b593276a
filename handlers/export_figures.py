"""The figures of a span as a file: each day, each voucher, all counters, for a spreadsheet."""

import contextlib
from datetime import date
from typing import Any

from bot import clock
from bot.routing import Context, Destination, Kind, Range, Reply, Role, Router
from bot.stats import days
from bot.stats.collecting import is_counted, is_long
from bot.stats.days import DayRange

router = Router(section="numbers")

USUAL_DAYS = 30


@router.command("export", "导出", role=Role.MANAGER, example="导出 上月")
async def export_figures(ctx: Context, span: Range | None = None) -> Reply:
    """A link to a page with the files (default the last 30 days).

    What costs few calls is asked for here, so that the files are ready; a long span is collected while its page is
    open, and the reply says how far it has come.
    """
    if not ctx.has_links:
        return Reply.refusal("export_figures.no_links")
    asked = span or days.last_days(USUAL_DAYS, clock.wechat_today())
    collected = await ctx.stats.collected(asked)
    if is_long(collected):
        reply = Reply("export_figures.collecting", span=asked, foreign=_foreign(ctx), done=collected.days)
        return reply.with_links(address=_page(asked))
    if not is_counted(asked):
        return Reply("export_figures.known", span=asked, foreign=_foreign(ctx)).with_links(address=_page(asked))
    return await _counted(ctx, asked)


async def _counted(ctx: Context, asked: DayRange) -> Reply:
    rows, vouchers, late = 0, set[str](), list[date]()
    async with contextlib.aclosing(ctx.stats.by_piece(asked)) as pieces:
        async for figures in pieces:
            rows += len(figures.rows)
            vouchers |= {row.card_id for row in figures.rows}
            late += figures.days_not_ready
    shared: dict[str, Any] = {"span": asked, "foreign": _foreign(ctx), "not_ready": late}
    if not rows:
        return Reply(f"export_figures.{'not_ready' if len(late) == len(asked) else 'no_data'}", **shared)
    await ctx.vouchers.titles(vouchers)  # so that the files know them without asking
    reply = Reply("export_figures.ready", rows=rows, vouchers=len(vouchers), **shared)
    return reply.with_links(address=_page(asked))


def _page(asked: DayRange) -> Destination:
    return Destination(Kind.EXPORT, asked.stored(), Role.MANAGER)


def _foreign(ctx: Context) -> bool:
    return days.differ_from(ctx.account.zone)
