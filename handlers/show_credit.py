"""The credit account: what is left in it, and opening it where nobody has."""

from typing import Any

from bot.errors import OutcomeUnknown, WeChatRefused
from bot.routing import Context, Reply, Role, Router

router = Router(section="vouchers")


@router.command("credit", "券点", role=Role.MANAGER, example="券点", previews=True)
async def show_credit(ctx: Context) -> Reply:
    """Tell the balance; an empty account the platform has never given coins to may be opened by a yes."""
    credit = ctx.vouchers.credit
    balance = await credit.balance()
    if balance.total or await credit.opened():
        return Reply("show_credit.balance", balance=balance)
    preview = await ctx.pending.offer(ctx.operator, "open_credit", {})
    return Reply("show_credit.not_opened", minutes=preview.minutes_left)


@router.confirms("open_credit", looks_first=True)
async def open_credit(ctx: Context, _payload: dict[str, Any]) -> Reply:
    """Open the account, if it still is not open: a colleague may have been faster, or a process that died."""
    try:
        return await _opened(ctx)
    except WeChatRefused as refusal:
        return Reply("show_credit.refused", errcode=refusal.errcode)
    except OutcomeUnknown:
        return Reply("show_credit.in_doubt")


async def _opened(ctx: Context) -> Reply:
    """Open it where it is not; where no answer comes, the order list decides."""
    credit = ctx.vouchers.credit
    if await credit.opened():
        return Reply("show_credit.balance", balance=await credit.balance())
    try:
        return Reply("show_credit.opened", reward=await credit.activate(ctx.operator))
    except (OutcomeUnknown, WeChatRefused):  # a colleague may have been faster
        if not await credit.opened():
            raise
    return Reply("show_credit.balance", balance=await credit.balance())
