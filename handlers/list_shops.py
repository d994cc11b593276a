"""A line for each of the sender's shops, the worst first."""

import asyncio
from typing import Final

from bot import clock
from bot.routing import Context, Page, Range, Reply, Role, Router
from bot.routing.context import OwnShop
from bot.routing.looking import look
from bot.stats import days
from bot.stats.days import DayRange
from bot.stats.shops import Line, line_of

router = Router(section="numbers")

PAGE: Final = 9
"""Lines of a page, with a heading and what to send next."""
AT_ONCE: Final = 4
"""Shops WeChat is asked for at the same time."""


@router.command("shops", "门店汇总", role=Role.VIEWER, example="门店汇总 本周", any_shop=True, several=True)
async def list_shops(ctx: Context, span: Range | None = None, page: Page = 1) -> Reply:
    """Redemptions in ``span`` (default yesterday) against what is usual or came before; flags of a single day."""
    asked = span or days.yesterday(clock.wechat_today())
    turns = asyncio.Semaphore(AT_ONCE)
    found = await asyncio.gather(*(_line(own, asked, turns) for own in ctx.shops))
    lines = sorted(
        ((own.services.account.name, line) for own, line in zip(ctx.shops, found, strict=True)),
        key=lambda each: (each[1].rank, each[0]),
    )
    pages = -(-len(lines) // PAGE)
    if page > pages:
        return Reply("list_shops.beyond", number=page, pages=pages)
    first = (page - 1) * PAGE
    return Reply(
        "list_shops.page", span=asked, foreign=days.differ_from(ctx.account.zone), lines=lines[first : first + PAGE],
        total=len(lines), number=page, pages=pages,
    )  # fmt: skip


async def _line(own: OwnShop, span: DayRange, turns: asyncio.Semaphore) -> Line:
    async with turns:
        found = await look(own.services, span)
    return line_of(found.summary if found else None, found.flags if found else ())
