"""Orders of the credit account: what came in and what went into stock."""

from bot import clock
from bot.routing import Context, LiveRange, Reply, Role, Router
from bot.stats.days import DayRange

router = Router(section="vouchers")

SHOWN = 8
WEEK = 7 * 86_400


@router.command("orders", "订单", role=Role.MANAGER, example="订单 上月")
async def list_orders(ctx: Context, days: LiveRange | None = None) -> Reply:
    """List the newest orders of ``days``, by default of the seven days until now."""
    begin, end = _span(days)
    orders, count = await ctx.vouchers.credit.orders(begin, end, SHOWN)
    return Reply("list_orders.listed", orders=orders[:SHOWN], count=count, days=days)


def _span(days: DayRange | None) -> tuple[int, int]:
    if days is None:
        return int(clock.now()) - WEEK, int(clock.now())
    return clock.day_start(days.first), clock.day_end(days.last)
