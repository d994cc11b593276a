"""Whoever serves this shop by way of another account is found there, also after the index there was lost."""

from bot.merchants.people import ANYBODY
from bot.routing import Context, Notice, Router

router = Router(section="people")


@router.schedule("elsewhere", minutes=10, where=ANYBODY)
async def enter_elsewhere(ctx: Context) -> list[Notice]:
    """Nothing where everybody texts the shop's own account."""
    await ctx.people.enter_elsewhere()
    return []
