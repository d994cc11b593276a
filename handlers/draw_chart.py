"""Figures as a picture: days as lines, one day by the hour, from the bot's own count."""

from typing import Annotated, Any

from bot import clock
from bot.routing import Context, Destination, Flag, Kind, Range, Reply, Role, Router, VoucherRef
from bot.stats import days
from bot.stats.charted import bars, daily, hourly, ranked
from bot.stats.days import DayRange
from bot.stats.service import Overview
from bot.stats.summary import Summary, summarize
from bot.stats.today import Today, today
from bot.vouchers.model import Voucher

router = Router(section="numbers")

USUAL_DAYS = 30


@router.command("chart", "走势", role=Role.VIEWER, example="走势 7天", also=("趋势", "走势图", "trend"))
async def draw_chart(
    ctx: Context,
    span: Range | None = None,
    voucher: VoucherRef | None = None,
    running: Annotated[bool, Flag("today", "今天", "今日")] = False,
) -> Reply:
    """Redemptions, claims and views per day (default the last 30 days), of the account or one voucher.

    A single day is drawn by the hour, as the bot counted it; one it did not count by voucher.
    """
    if running and span:
        return Reply.refusal("draw_chart.either")
    if running:
        return await _counted(ctx, DayRange(clock.wechat_today(), clock.wechat_today()), voucher, running=True)
    asked = span or days.last_days(USUAL_DAYS, clock.wechat_today())
    # Vouchers are drawn of a single day only: of more days WeChat is not asked for them.
    overview = await ctx.stats.overview(asked, voucher.card_id if voucher else None, lately=int(len(asked) == 1))
    summary = summarize(overview.now, overview.before, weeks=overview.weeks)
    if not summary.has_data:
        return await _without_figures(ctx, summary, voucher)
    reply = Reply("draw_chart.figures", title=_title(voucher), summary=summary, foreign=_foreign(ctx))
    if len(asked) == 1:
        return await _of_one_day(ctx, reply, overview, voucher)
    lines = daily(overview.now)
    shop = ctx.account.name
    return reply.with_chart("draw_chart.lines", lines, opens=_report(asked), lines=lines, shop=shop, **reply.values)


async def _without_figures(ctx: Context, summary: Summary, voucher: Voucher | None) -> Reply:
    """What the bot itself counted, of a single day; else that there is nothing, or nothing yet."""
    if len(summary.span) == 1 and (await _so_far(ctx, summary.span, voucher)).hours:
        return await _counted(ctx, summary.span, voucher, running=False)
    outcome = "not_ready" if summary.not_ready and not summary.missing else "no_data"
    return Reply(f"draw_chart.{outcome}", title=_title(voucher), summary=summary, foreign=_foreign(ctx))


async def _of_one_day(ctx: Context, reply: Reply, overview: Overview, voucher: Voucher | None) -> Reply:
    """The hours the bot counted; else the vouchers, where WeChat told of them."""
    span, shop = overview.now.span, ctx.account.name
    so_far = await _so_far(ctx, span, voucher)
    if so_far.hours:
        return reply.with_chart(
            "draw_chart.hours", hourly(so_far.hours), opens=_report(span),
            shop=shop, title=_title(voucher), span=span, running=False, foreign=_foreign(ctx), today=so_far,
        )  # fmt: skip
    if overview.by_voucher and (best := ranked(overview.by_voucher)):
        shape = bars(overview.by_voucher, await ctx.vouchers.titles(best))
        return reply.with_chart("draw_chart.ranking", shape, opens=_report(span), shop=shop, **reply.values)
    return reply


async def _counted(ctx: Context, span: DayRange, voucher: Voucher | None, *, running: bool) -> Reply:
    """One day as the bot counted it; ``running``: it is today."""
    shared: dict[str, Any] = {
        "title": _title(voucher), "span": span, "running": running, "foreign": _foreign(ctx),
        "today": (so_far := await _so_far(ctx, span, voucher)),
    }  # fmt: skip
    reply = Reply("draw_chart.counted", at=clock.now(), **shared)
    if not so_far.hours:
        return reply
    shape = hourly(so_far.hours, clock.local(clock.now()).hour if running else None)
    return reply.with_chart("draw_chart.hours", shape, shop=ctx.account.name, **shared)


async def _so_far(ctx: Context, span: DayRange, voucher: Voucher | None) -> Today:
    return today(await ctx.counters.day(span.first), voucher.card_id if voucher else "")


def _title(voucher: Voucher | None) -> str:
    return voucher.title if voucher else ""


def _foreign(ctx: Context) -> bool:
    return days.differ_from(ctx.account.zone)


def _report(span: DayRange) -> Destination:
    return Destination(Kind.REPORT, span.stored(), Role.VIEWER)
