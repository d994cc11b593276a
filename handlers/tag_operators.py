"""Operators who came or went see, or see no more, the operators' menu."""

import contextlib

from bot.errors import WeChatError
from bot.merchants.menu_members import PUT_UP
from bot.routing import Context, Notice, Router

router = Router(section="people")


@router.schedule("operators_menu", minutes=1, where=PUT_UP)
async def tag_operators(ctx: Context) -> list[Notice]:
    """Nothing where no menu was put up, or nobody came or went. What WeChat does not do now it does a minute later."""
    with contextlib.suppress(WeChatError):
        await ctx.services.menu.sync()
    return []
