"""Buy coins for the credit account: previewed, and on a yes a code to pay with WeChat Pay."""

from typing import Any

from bot.errors import OutcomeUnknown, WeChatError, WeChatRefused
from bot.routing import Coins, Context, Reply, Role, Router
from bot.vouchers.credit import MOST_COINS, Balance

router = Router(section="vouchers")

PATIENCE = 2.0
"""Seconds to ask for the balance: it is said along the way."""


@router.command("topup", "充值", role=Role.MANAGER, example="充值 50", previews=True)
async def top_up(ctx: Context, coins: Coins) -> Reply:
    """Preview; nothing is charged before somebody pays."""
    if coins > MOST_COINS:
        return Reply.refusal("top_up.too_many", coins=coins, most=MOST_COINS)
    preview = await ctx.pending.offer(ctx.operator, "top_up", {"coins": coins})
    return Reply("top_up.preview", coins=coins, balance=await _balance(ctx), minutes=preview.minutes_left)


@router.confirms("top_up", looks_first=True)
async def begin_top_up(ctx: Context, payload: dict[str, Any]) -> Reply:
    """Show where to pay. A code that was lost on the way is asked for anew: one that nobody pays costs nothing."""
    coins = payload["coins"]
    try:
        begun = await ctx.vouchers.credit.recharge(coins, ctx.operator)
    except WeChatRefused as refusal:
        return Reply("top_up.refused", errcode=refusal.errcode)
    except OutcomeUnknown:
        return Reply("top_up.no_code", coins=coins)
    return Reply("top_up.to_pay", top_up=begun).with_picture("top_up.poster", code=begun.code_url, top_up=begun)


async def _balance(ctx: Context) -> Balance | None:
    """What is left, or None while nobody can say."""
    try:
        return await ctx.vouchers.credit.balance(patience=PATIENCE)
    except WeChatError:
        return None
