"""The day so far, counted from WeChat's pushes as they come."""

import contextlib

from bot.clock import now, wechat_today
from bot.errors import WeChatError
from bot.routing import Context, Reply, Role, Router, VoucherRef
from bot.stats.today import today

router = Router(section="numbers")

MOST_VOUCHERS = 5


@router.command("today", "今日", role=Role.VIEWER, example="今日", also=("今天",))
async def todays_numbers(ctx: Context, voucher: VoucherRef | None = None) -> Reply:
    """Claims and redemptions of the account or of one voucher, and how many the sender has redeemed."""
    day = wechat_today()
    card_id = voucher.card_id if voucher else ""
    with contextlib.suppress(WeChatError):
        await ctx.vouchers.all()  # for their titles
    so_far = today(await ctx.counters.day(day), card_id)
    rows = [
        (await ctx.vouchers.known_title(each.card_id), each.claimed, each.redeemed)
        for each in so_far.vouchers[:MOST_VOUCHERS]
    ]
    return Reply(
        "todays_numbers.so_far",
        day=day,
        at=now(),
        title=voucher.title if voucher else "",
        today=so_far,
        rows=[] if voucher else rows,
        more=0 if voucher else max(len(so_far.vouchers) - MOST_VOUCHERS, 0),
        mine=await ctx.vouchers.codes.redeemed_today(ctx.operator),
        redeems=ctx.operator.role >= Role.CLERK,
        foreign=ctx.account.zone.key != "Asia/Shanghai",
    )
