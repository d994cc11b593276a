"""A summary of yesterday for whoever wants one, every day at the time they chose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from bot import clock
from bot.errors import WeChatError
from bot.merchants import digest_times
from bot.merchants.digests import Edition, Wish
from bot.routing import Context, Notice, Reply, Role, Router, Switch, TimeOfDay
from bot.stats import days
from bot.stats.asking import DaysRefused
from bot.stats.flags import LATELY_DAYS, Flag, OnShelf, flags
from bot.stats.summary import Summary, summarize
from bot.stats.today import Today, today
from bot.vouchers.model import Voucher

router = Router(section="numbers")

MOST_FLAGS = 5
"""More would push the figures off a phone."""
COUNTED_TYPES = {"DISCOUNT", "CASH", "GIFT", "GENERAL_COUPON", "GROUPON"}
"""The types getcardcardinfo has figures of; it has none of tickets (its table, card_type)."""


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


@dataclass(frozen=True, slots=True)
class _Day:
    """A day as everybody is told of it. ``own``: the bot's own count of it."""

    summary: Summary
    flags: Sequence[Flag]
    own: Today


@router.schedule("digests", minutes=1)
async def tell_due(ctx: Context) -> list[Notice]:
    """Tell those that are due; what WeChat has not counted yet waits, but not for ever."""
    editions = await ctx.digests.take_due(each for each in ctx.people.all() if not each.suspended)
    found = {day: await _day(ctx, day) for day in sorted({edition.told_day for edition in editions})}
    notices = []
    for edition in editions:
        day = found[edition.told_day]
        if not _complete(day) and clock.now() < edition.patient_until:
            await ctx.digests.wait(edition)
        else:
            reply = await _reply(ctx, edition, day)
            notices.append(Notice(edition.openid, reply, edition.fact, topic="digest"))
    return notices


async def _day(ctx: Context, day: date) -> _Day | None:
    """What WeChat counted on ``day``, and what it means; None where it cannot be asked or refuses."""
    label = "yesterday" if days.yesterday(clock.wechat_today()).last == day else "day"
    try:
        overview = await ctx.stats.overview(days.DayRange(day, day, label), lately=LATELY_DAYS)
    except (WeChatError, DaysRefused):
        return None
    summary = summarize(overview.now, overview.before, overview.by_voucher, overview.weeks)
    if overview.weeks is None or not summary.has_data:
        found = []
    else:
        found = flags(day, overview.weeks, overview.lately, await _shelf(ctx))
    return _Day(summary, found[:MOST_FLAGS], today(await ctx.counters.day(day)))


async def _shelf(ctx: Context) -> list[OnShelf]:
    try:
        return [_on_shelf(each) for each in await ctx.vouchers.all()]
    except WeChatError:
        return []  # what the figures say by themselves is told all the same


def _on_shelf(voucher: Voucher) -> OnShelf:
    return OnShelf(
        card_id=voucher.card_id,
        title=voucher.title,
        stock=voucher.stock,
        total=_total(voucher),
        offered=voucher.approved and not voucher.expired,
        under_review=voucher.under_review,
        counted=voucher.card_type in COUNTED_TYPES,
        offered_since=clock.local(max(voucher.created_at, voucher.begin or 0)).date(),
        last_day=voucher.last_day,
    )


def _total(voucher: Voucher) -> int:
    """How many there were; 0 where WeChat tells only how many are left, as older accounts do."""
    sku = voucher.base_info.get("sku")
    return voucher.total_stock if isinstance(sku, Mapping) and sku.get("total_quantity") else 0


def _complete(day: _Day | None) -> bool:
    """Whether everything is counted; an empty answer may only mean that it is not."""
    return day is not None and day.summary.has_data and not day.summary.not_ready


async def _reply(ctx: Context, edition: Edition, day: _Day | None) -> Reply:
    values: dict[str, Any] = {
        "day": edition.told_day,
        "foreign": days.differ_from(ctx.account.zone),
        "can_send": ctx.account.customer_service,
    }
    if day is None:
        return Reply("daily_digest.unreachable", **values)
    summary = day.summary
    if not summary.has_data:
        outcome = "not_ready" if summary.not_ready and not summary.missing else "no_data"
        return Reply(f"daily_digest.{outcome}", **values)
    best = await ctx.vouchers.title(str(summary.best_voucher.what)) if summary.best_voucher else ""
    return Reply("daily_digest.summary", summary=summary, best_title=best, flags=day.flags, own=_differs(day), **values)


def _differs(day: _Day) -> tuple[int, int] | None:
    """Redemptions and claims WeChat has more than the bot counted; None where no push was heard of all day."""
    if not (day.own.redeemed or day.own.claimed) or day.summary.not_ready:
        return None
    kinds = day.summary.kinds
    return kinds["verify"].count - day.own.redeemed, kinds["receive"].count - day.own.claimed
