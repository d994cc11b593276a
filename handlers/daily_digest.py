"""A summary of yesterday for whoever wants one, every day at the time they chose."""

from datetime import date, time
from typing import Any

from bot import clock
from bot.errors import WeChatError
from bot.merchants import digest_times
from bot.merchants.digests import Edition, Wish
from bot.routing import Context, Notice, Reply, Role, Router, Switch, TimeOfDay
from bot.stats import days
from bot.stats.service import DaysRefused
from bot.stats.summary import Summary, summarize

router = Router(section="numbers")


@router.command("digest", "日报", role=Role.VIEWER, example="日报 开 9:30")
async def daily_digest(ctx: Context, at: TimeOfDay | None = None, switch: Switch | None = None) -> Reply:
    """Turn it on, at a time or where it was before, or off; without either, say how it stands."""
    wish = await ctx.digests.wish(ctx.operator)
    if switch is False:
        was_on = await ctx.digests.turn_off(ctx.operator)
        return Reply("daily_digest.off", was_on=was_on, at=_hour(wish.at if wish else digest_times.USUAL))
    if at is None and switch is None:
        return await _stands(ctx, wish, changed=False) if wish else Reply("daily_digest.not_on")
    chosen = at or (wish.at if wish else digest_times.USUAL)
    return await _stands(ctx, await ctx.digests.turn_on(ctx.operator, chosen), changed=True)


async def _stands(ctx: Context, wish: Wish, *, changed: bool) -> Reply:
    coming = await ctx.digests.next(ctx.operator, wish)
    return Reply(
        "daily_digest.on",
        changed=changed,
        at=_hour(wish.at),
        zone=ctx.account.zone.key,
        due=coming.due if coming.due > clock.now() else None,
        latest=_hour(clock.local(coming.patient_until, ctx.account.zone).time()),
        can_send=ctx.account.customer_service,
    )


def _hour(at: time) -> str:
    return f"{at:%H:%M}"


@router.schedule("digests", minutes=1)
async def tell_due(ctx: Context) -> list[Notice]:
    """Tell those that are due; what WeChat has not counted yet waits, but not for ever."""
    editions = await ctx.digests.take_due(each for each in ctx.people.all() if not each.suspended)
    found = {day: await _figures(ctx, day) for day in sorted({edition.told_day for edition in editions})}
    notices = []
    for edition in editions:
        summary = found[edition.told_day]
        if not _complete(summary) and clock.now() < edition.patient_until:
            await ctx.digests.wait(edition)
        else:
            reply = await _reply(ctx, edition, summary)
            notices.append(Notice(edition.openid, reply, edition.fact, topic="digest"))
    return notices


async def _figures(ctx: Context, day: date) -> Summary | None:
    """What WeChat counted on ``day``; None where it cannot be asked or refuses."""
    label = "yesterday" if days.yesterday(clock.wechat_today()).last == day else "day"
    try:
        overview = await ctx.stats.overview(days.DayRange(day, day, label))
    except (WeChatError, DaysRefused):
        return None
    return summarize(overview.now, overview.before, overview.by_voucher, overview.weeks)


def _complete(summary: Summary | None) -> bool:
    """Whether everything is counted; an empty answer may only mean that it is not."""
    return summary is not None and summary.has_data and not summary.not_ready


async def _reply(ctx: Context, edition: Edition, summary: Summary | None) -> Reply:
    values: dict[str, Any] = {
        "day": edition.told_day,
        "foreign": days.differ_from(ctx.account.zone),
        "can_send": ctx.account.customer_service,
    }
    if summary is None:
        return Reply("daily_digest.unreachable", **values)
    if not summary.has_data:
        outcome = "not_ready" if summary.not_ready and not summary.missing else "no_data"
        return Reply(f"daily_digest.{outcome}", **values)
    best = await ctx.vouchers.title(str(summary.best_voucher.what)) if summary.best_voucher else ""
    return Reply("daily_digest.summary", summary=summary, best_title=best, **values)
