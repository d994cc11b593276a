"""Say once at which till one stands: what one redeems or voids from then on is remembered with it."""

from typing import Annotated

from bot.routing import Context, Flag, Reply, Role, Router, Text

router = Router(section="vouchers")

MOST_BYTES = 30


@router.command("till", "收银台", role=Role.CLERK, example="收银台 3号")
async def choose_till(
    ctx: Context, till: Text = "", none: Annotated[bool, Flag("off", "none", "无", "关", "关闭")] = False
) -> Reply:
    """Without a name: which one it is now."""
    name = " ".join(till.split())
    if not name and not none:
        return Reply("choose_till.current", till=ctx.operator.till)
    if len(name.encode()) > MOST_BYTES:
        return Reply("choose_till.too_long", length=len(name.encode()), limit=MOST_BYTES)
    await ctx.people.change(ctx.operator.openid, by=ctx.operator.openid, till=name)
    return Reply("choose_till.changed", till=name)
