"""The figures of a day or a span: what was redeemed, and how that compares."""

from typing import Annotated, Any

from bot import clock
from bot.routing import Context, Flag, Range, Reply, Role, Router, VoucherRef
from bot.stats import days
from bot.stats.days import DayRange
from bot.stats.summary import summarize
from bot.stats.today import Today, differs, today
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
    foreign = days.differ_from(ctx.account.zone)
    if not summary.has_data:
        outcome = "not_ready" if summary.not_ready and not summary.missing else "no_data"
        if voucher and not voucher.has_figures:
            return Reply("daily_stats.never_counted", title=title)
        return Reply(f"daily_stats.{outcome}", title=title, summary=summary, foreign=foreign)
    if everything:
        return Reply("daily_stats.all_counters", title=title, summary=summary, foreign=foreign)
    best = await ctx.vouchers.title(str(summary.best_voucher.what)) if summary.best_voucher else ""
    more = differs(summary, own) if own else None
    told = None if more is None or more.same else more
    return Reply("daily_stats.overview", title=title, summary=summary, foreign=foreign, best_title=best, own=told)


async def _own_count(ctx: Context, span: DayRange, voucher: Voucher | None) -> Today | None:
    """What the bot counted on a single day; None where it counted nothing.

    Read before WeChat is asked: should Redis be away by the time it answers, its figures are told all the same.
    """
    if len(span) > 1:
        return None
    own = today(await ctx.counters.day(span.first), voucher.card_id if voucher else "")
    return own if own.counted_any else None
