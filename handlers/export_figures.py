"""The figures of a span as a file: each day, each voucher, all counters, for a spreadsheet."""

from bot import clock
from bot.routing import Context, Destination, Kind, Range, Reply, Role, Router
from bot.stats import days
from bot.stats.collecting import is_long
from bot.stats.days import DayRange
from bot.stats.service import Collected

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
    return await (_collecting(ctx, asked, collected) if is_long(collected) else _ready(ctx, asked))


async def _collecting(ctx: Context, asked: DayRange, collected: Collected) -> Reply:
    reply = Reply("export_figures.collecting", span=asked, foreign=_foreign(ctx), done=collected.days)
    return reply.with_links(address=_page(asked))


async def _ready(ctx: Context, asked: DayRange) -> Reply:
    figures = await ctx.stats.by_voucher(asked)
    late = figures.days_not_ready
    if not figures.rows:
        outcome = "not_ready" if late and len(late) == len(asked) else "no_data"
        return Reply(f"export_figures.{outcome}", span=asked, foreign=_foreign(ctx), not_ready=late)
    vouchers = figures.by_voucher("verify")
    await ctx.vouchers.titles(vouchers)  # so that the files know them without asking
    reply = Reply(
        "export_figures.ready", span=asked, foreign=_foreign(ctx), rows=len(figures.rows), vouchers=len(vouchers),
        not_ready=late,
    )  # fmt: skip
    return reply.with_links(address=_page(asked))


def _page(asked: DayRange) -> Destination:
    return Destination(Kind.EXPORT, asked.stored(), Role.MANAGER)


def _foreign(ctx: Context) -> bool:
    return days.differ_from(ctx.account.zone)
