"""The day so far, counted from WeChat's pushes as they come."""

import contextlib
from collections.abc import Sequence

from bot.clock import now, wechat_today
from bot.errors import WeChatError
from bot.routing import Context, Reply, Role, Router, VoucherRef
from bot.stats import days
from bot.stats.today import Today, VoucherToday, today

router = Router(section="numbers")

MOST_VOUCHERS = 4
MOST_TILLS = 4
MOST_STAFF = 4


@router.command("today", "今日", role=Role.VIEWER, example="今日", also=("今天",))
async def todays_numbers(ctx: Context, voucher: VoucherRef | None = None) -> Reply:
    """Claims and redemptions of the account or of one voucher, and how many the sender has redeemed.

    Managers read instead how many each person has.
    """
    day = wechat_today()
    card_id = voucher.card_id if voucher else ""
    so_far = today(await ctx.counters.day(day), card_id)
    tills = list(so_far.tills.items())[:MOST_TILLS]
    busiest = [] if voucher else so_far.vouchers[: MOST_VOUCHERS - bool(tills)]
    return Reply(
        "todays_numbers.so_far",
        day=day,
        at=now(),
        title=voucher.title if voucher else "",
        today=so_far,
        rows=await _rows(ctx, busiest),
        more=0 if voucher else len(so_far.vouchers) - len(busiest),
        tills=tills,
        staff=_staff(ctx, so_far) if ctx.operator.role >= Role.MANAGER else [],
        mine=so_far.staff.get(ctx.operator.openid, 0),
        redeems=ctx.operator.role >= Role.CLERK,
        foreign=days.differ_from(ctx.account.zone),
    )


def _staff(ctx: Context, so_far: Today) -> list[tuple[str, int]]:
    """Redemptions by person, the most first, then those of all others under no name; none where nobody is known."""
    named = {each.name: so_far.staff[each.openid] for each in ctx.people.all() if each.openid in so_far.staff}
    most = sorted(named.items(), key=lambda each: -each[1])[:MOST_STAFF]
    others = so_far.redeemed - sum(count for _, count in most)
    return [*most, *([("", others)] if others else [])] if most else []


async def _rows(ctx: Context, vouchers: Sequence[VoucherToday]) -> list[tuple[str, int, int]]:
    """Title, claims and redemptions; WeChat is asked only for titles that nobody has seen yet."""
    known = set(await ctx.vouchers.known_ids())
    if any(each.card_id not in known for each in vouchers):
        with contextlib.suppress(WeChatError):
            await ctx.vouchers.all()
    return [(await ctx.vouchers.known_title(each.card_id), each.claimed, each.redeemed) for each in vouchers]
