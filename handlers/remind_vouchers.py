"""What nobody did anything about: vouchers that end soon, reviews that take long."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.clock import local, now
from bot.errors import WeChatError
from bot.merchants.people import ANYBODY
from bot.routing import Context, Notice, Operator, Reply, Role, Router
from bot.vouchers.model import Voucher
from bot.vouchers.review_notes import Waiting
from bot.vouchers.reviews import WAITING

router = Router(section="vouchers")

ENDS_WITHIN = 7 * 86_400
REVIEWED_WITHIN = 3 * 86_400
STALE = 60 * 86_400
"""Seconds after which a review is no news any more; somebody has decided to live with it."""
MORNING, EVENING = 9, 21
"""From the first to before the second hour of the account's day people may be reminded."""
SHOWN = 6


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing to remind of: its name, the line that tells it, and until when it can come up again."""

    key: str
    line: dict[str, Any]
    until: float


@router.schedule("expiring", minutes=120, where=ANYBODY)
async def remind_of_ends(ctx: Context) -> list[Notice]:
    """Once per person, voucher and end: an end that was moved and comes near again is another one."""
    readers = _awake(ctx, "expiring")
    if not readers:
        return []
    vouchers = await _all(ctx)
    ending = sorted((each for each in vouchers if _ends_soon(each)), key=lambda each: (each.end or 0, each.title))
    return await _notices(ctx, readers, "expiring", [await _end(ctx, each) for each in ending])


@router.schedule("pending", minutes=120, where=WAITING)
async def remind_of_reviews(ctx: Context) -> list[Notice]:
    """Once per person and submission. What is noted as waiting may be decided meanwhile, so WeChat is asked."""
    readers = _awake(ctx, "pending")
    if not readers:
        return []
    late = [each for each in await ctx.vouchers.reviews.waiting() if _takes_long(each)]
    waiting = [each for each in late if await _still_waits(ctx, each.card_id)]
    facts = [
        Fact(
            f"pending:{each.card_id}:{int(each.since)}", {"title": each.title, "since": each.since}, each.since + STALE
        )
        for each in waiting
    ]
    return await _notices(ctx, readers, "pending", facts)


def _awake(ctx: Context, kind: str) -> list[Operator]:
    """Whom to remind: nobody at night."""
    hour = local(now(), ctx.account.zone).hour
    return ctx.people.with_alert(kind) if MORNING <= hour < EVENING else []


async def _all(ctx: Context) -> list[Voucher]:
    try:
        return await ctx.vouchers.all()
    except WeChatError:
        return []  # nothing is lost: the next look finds the same


def _ends_soon(voucher: Voucher) -> bool:
    return voucher.approved and voucher.end is not None and 0 <= voucher.end - now() <= ENDS_WITHIN


async def _end(ctx: Context, voucher: Voucher) -> Fact:
    last_day = voucher.last_day or local(now()).date()
    line = {
        "title": voucher.title,
        "name": await ctx.vouchers.call_name(voucher.card_id, voucher.title),
        "last_day": last_day,
        "later": (last_day + timedelta(days=30)).isoformat(),  # well within the three months WeChat allows
    }
    return Fact(f"expiring:{voucher.card_id}:{voucher.end}", line, voucher.end or 0)


def _takes_long(waiting: Waiting) -> bool:
    return not waiting.decided_at and REVIEWED_WITHIN < now() - waiting.since < STALE


async def _still_waits(ctx: Context, card_id: str) -> bool:
    try:
        return (await ctx.vouchers.get(card_id)).under_review
    except WeChatError:
        return False


async def _notices(ctx: Context, readers: Sequence[Operator], outcome: str, facts: Sequence[Fact]) -> list[Notice]:
    """One notice for each reader, with everything they have not been told: WeChat allows few messages at a time."""
    by_key = {fact.key: fact for fact in facts}
    notices = []
    for reader in readers:
        untold = [by_key[key] for key in await ctx.services.telling.untold(reader.openid, list(by_key))]
        if untold:
            reply = Reply(
                f"remind_vouchers.{outcome}",
                lines=[fact.line for fact in untold[:SHOWN]],
                more=max(0, len(untold) - SHOWN),
                manages=reader.role >= Role.MANAGER,
            )
            first, *others = [fact.key for fact in untold]
            until = max(fact.until for fact in untold)
            notices.append(Notice(reader.openid, reply, first, also=tuple(others), until=until))
    return notices
