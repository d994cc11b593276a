"""A summary of yesterday for whoever wants one, every day at the time they chose."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from bot import clock
from bot.merchants import digest_times
from bot.merchants.digests import WISHED, Edition, Wish
from bot.routing import Context, Notice, Reply, Role, Router, Switch, TimeOfDay, looking
from bot.routing.reply import Brief
from bot.stats import days
from bot.stats.flags import Flag, OnShelf, flags
from bot.stats.service import Overview
from bot.stats.shops import line_of
from bot.stats.summary import Summary, summarize
from bot.stats.today import HAPPENED, Difference, Today, differs, today

router = Router(section="numbers")

MOST_FLAGS = 5
"""More would push the figures off a phone."""


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
        can_send=ctx.channel.account.customer_service,
    )


def _hour(at: time) -> str:
    return f"{at:%H:%M}"


@dataclass(frozen=True, slots=True)
class _Day:
    """A day as everybody is told of it.

    ``own``: the bot's own count of it; ``summary``: None where WeChat cannot be asked; ``best_title``: of the best
    voucher.
    """

    own: Today
    summary: Summary | None
    flags: Sequence[Flag] = ()
    best_title: str = ""


@router.schedule("digests", minutes=1, where=WISHED)
async def tell_due(ctx: Context) -> list[Notice]:
    """Tell those that are due; what WeChat has not counted yet waits, but not for ever."""
    editions = await ctx.digests.take_due(each for each in ctx.people.all() if not each.suspended)
    days_told = sorted({edition.told_day for edition in editions})
    return [notice for day in days_told for notice in await _tell(ctx, [e for e in editions if e.told_day == day])]


async def _tell(ctx: Context, editions: Sequence[Edition]) -> list[Notice]:
    """Those of ``editions``, all of one day, that are told now."""
    told_day = editions[0].told_day
    overview = await _overview(ctx, told_day)
    summary = summarize(overview.now, overview.before, overview.by_voucher, overview.weeks) if overview else None
    now = [each for each in editions if _complete(summary) or clock.now() >= each.patient_until]
    for edition in editions:
        if edition not in now:
            await ctx.digests.wait(edition)
    if not now:
        return []
    own = today(await ctx.counters.day(told_day))
    day = await _day(ctx, own, overview, summary) if overview and summary else _Day(own, None)
    brief = _brief(ctx, told_day, day)
    return [Notice(each.openid, _reply(ctx, each, day), each.fact, topic="digest", brief=brief) for each in now]


def _brief(ctx: Context, told_day: date, found: _Day) -> Brief:
    """The line that stands for it among the reader's other shops."""
    line = line_of(found.summary, found.flags)
    heading = Reply("list_shops.heading", day=told_day, foreign=days.differ_from(ctx.account.zone))
    return Brief(Reply("list_shops.line", shop=ctx.account.name, line=line), heading, line.rank)


async def _overview(ctx: Context, day: date) -> Overview | None:
    """What WeChat counted on ``day``; None where it cannot be asked or refuses."""
    label = "yesterday" if days.yesterday(clock.wechat_today()).last == day else "day"
    return await looking.overview(ctx.services, days.DayRange(day, day, label))


async def _day(ctx: Context, own: Today, overview: Overview, summary: Summary) -> _Day:
    """What ``overview`` means; the shelf is read once, for flags and titles of all who are told."""
    if overview.weeks is None or not summary.has_data:
        return _Day(own, summary)
    shelf, day = await looking.shelf(ctx.services), summary.span.last
    found = flags(day, overview.weeks, overview.lately, shelf)
    return _Day(own, summary, found, await _best_title(ctx, summary, shelf))


async def _best_title(ctx: Context, summary: Summary, shelf: Sequence[OnShelf]) -> str:
    if summary.best_voucher is None:
        return ""
    best = str(summary.best_voucher.what)
    return next((each.title for each in shelf if each.card_id == best), "") or await ctx.vouchers.title(best)


def _complete(summary: Summary | None) -> bool:
    """Whether everything is counted; an empty answer may only mean that it is not."""
    return summary is not None and summary.has_data and not summary.not_ready


def _reply(ctx: Context, edition: Edition, day: _Day) -> Reply:
    channel = ctx.channel_of(edition.openid)
    values: dict[str, Any] = {
        "day": edition.told_day,
        "foreign": days.differ_from(ctx.account.zone),
        "can_send": channel is not None and channel.account.customer_service,
    }
    summary, counted = day.summary, day.own if day.own.counted_any else None
    if summary is None:
        return Reply("daily_digest.unreachable", own=counted, **values)
    if not summary.has_data:
        outcome = "not_ready" if summary.not_ready and not summary.missing else "no_data"
        return Reply(f"daily_digest.{outcome}", own=counted, **values)
    told = {"best_title": day.best_title, "flags": day.flags[:MOST_FLAGS], "own": _differs(summary, day.own)}
    return Reply("daily_digest.summary", summary=summary, **told, **values)


def _differs(summary: Summary, own: Today) -> Difference | None:
    """As :func:`bot.stats.today.differs`; None where neither counted any.

    No push all day is worth a word, too: somebody may have read 0 under "today".
    """
    happened = own.counted_any or any(summary.kinds[kind].count for kind in HAPPENED)
    return differs(summary, own) if happened else None
