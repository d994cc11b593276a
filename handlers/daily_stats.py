"""The figures of a day or a span: what was redeemed, and how that compares."""

from typing import Annotated, Any

from bot import clock
from bot.routing import Context, Flag, Range, Reply, Role, Router, VoucherRef
from bot.stats import days
from bot.stats.days import DayRange
from bot.stats.service import Overview
from bot.stats.summary import Summary, summarize
from bot.stats.today import Today, differs, today
from bot.stats.usual import usual
from bot.vouchers.model import Voucher

router = Router(section="numbers")


def _no_values(_: Context) -> dict[str, Any]:
    """The longer help page is the same for everybody."""
    return {}


@router.command(
    "stats", "统计", role=Role.VIEWER, example="统计 7天", details=_no_values,
    also=("昨天", "昨日", "昨天统计", "yesterday", "statistics"),
)  # fmt: skip
async def daily_stats(
    ctx: Context,
    span: Range | None = None,
    voucher: VoucherRef | None = None,
    everything: Annotated[bool, Flag("all", "全部")] = False,
) -> Reply:
    """Summary of ``span`` (default yesterday), of the account or one voucher; ``all`` shows the ten counters.

    Days are WeChat's (UTC+8); where the account lives in another zone, the reply says so.
    """
    asked = span or days.yesterday(clock.wechat_today())
    own = await _own_count(ctx, asked, voucher)
    overview = await ctx.stats.overview(asked, voucher.card_id if voucher else None)
    summary = summarize(overview.now, overview.before, overview.by_voucher, overview.weeks)
    title = voucher.title if voucher else ""
    shared: dict[str, Any] = {"title": title, "summary": summary, "foreign": days.differ_from(ctx.account.zone)}
    if not summary.has_data:
        return _without_figures(overview, voucher, own, shared)
    if everything:
        return Reply("daily_stats.all_counters", **shared)
    best = await ctx.vouchers.title(str(summary.best_voucher.what)) if summary.best_voucher else ""
    more = differs(summary, own) if own else None
    return Reply("daily_stats.overview", best_title=best, own=None if more is None or more.same else more, **shared)


def _without_figures(
    overview: Overview, voucher: Voucher | None, own: Today | None, shared: dict[str, Any]
) -> Reply:
    """What the bot counted itself, of a single day; else that there is nothing, or nothing yet."""
    summary: Summary = shared["summary"]
    if voucher and not voucher.has_figures:
        return Reply("daily_stats.never_counted", title=voucher.title)
    if own:
        expected = usual(overview.weeks, summary.span.first) if overview.weeks else None
        return Reply("daily_stats.counted", own=own, usual=expected, **shared)
    return Reply(f"daily_stats.{'not_ready' if summary.not_ready and not summary.missing else 'no_data'}", **shared)


async def _own_count(ctx: Context, span: DayRange, voucher: Voucher | None) -> Today | None:
    """What the bot counted on a single day; None where it counted nothing.

    Read before WeChat is asked: should Redis be away by the time it answers, its figures are told all the same.
    """
    if len(span) > 1:
        return None
    own = today(await ctx.counters.day(span.first), voucher.card_id if voucher else "")
    return own if own.counted_any else None
