"""The figures of a span as a page for a browser: charts, tables, comparison."""

from typing import Any

from bot import clock
from bot.routing import Context, Destination, Kind, Range, Reply, Role, Router
from bot.stats import days
from bot.stats.summary import summarize

router = Router(section="numbers")

USUAL_DAYS = 30


@router.command("report", "报表", role=Role.VIEWER, example="报表 上月")
async def show_report(ctx: Context, span: Range | None = None) -> Reply:
    """The line that matters, and a link to the page (default the last 30 days).

    All that the page needs is asked for here, so that it opens at once.
    """
    if not ctx.has_links:
        return Reply.refusal("show_report.no_links")
    asked = span or days.last_days(USUAL_DAYS, clock.wechat_today())
    detail = await ctx.stats.in_detail(asked)
    overview = detail.overview
    summary = summarize(overview.now, overview.before, overview.by_voucher, overview.weeks)
    shared: dict[str, Any] = {"summary": summary, "foreign": days.differ_from(ctx.account.zone)}
    if not summary.has_data:
        late = summary.not_ready and not summary.missing
        return Reply(f"show_report.{'not_ready' if late else 'no_data'}", **shared)
    if overview.by_voucher is not None:
        await ctx.vouchers.titles(overview.by_voucher.by_voucher("verify"))
    page = Destination(Kind.REPORT, asked.stored(), Role.VIEWER)
    return Reply("show_report.ready", **shared).with_links(address=page)
