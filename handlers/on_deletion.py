"""A customer deleted a voucher from their own list: counted, nobody is told."""

from bot.routing import Context, Notice, Router
from bot.stats.counters import What

router = Router(section="numbers")


@router.event("user_del_card")
async def on_deletion(ctx: Context) -> list[Notice]:
    """Count it, once per code; where WeChat names none (it may not, for codes of its own), once per push."""
    push = ctx.push
    fact = push.value("UserCardCode") or push.identity
    await ctx.counters.count(What.DELETED, fact, push.created_at, push.value("CardId"))
    return []
