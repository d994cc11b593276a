"""A customer set out to give a voucher away: counted, nobody is told."""

from bot.routing import Context, Notice, Router
from bot.stats.counters import What

router = Router(section="numbers")


@router.event("user_gifting_card")
async def on_gift(ctx: Context) -> list[Notice]:
    """Count it, once per code and day. A gift that came back is none.

    Whether WeChat pushes again when the friend takes it is not confirmed; one gift counts once either way.
    """
    push = ctx.push
    if push.value("IsReturnBack") != "1":
        fact = push.value("UserCardCode") or push.identity
        await ctx.counters.count(What.GIVEN, fact, push.created_at, push.value("CardId"))
    return []
