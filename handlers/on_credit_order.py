"""The credit account changed: coins came in, or went into stock."""

from bot.errors import WeChatError
from bot.routing import Context, Notice, Reply, Router
from bot.vouchers.credit import Balance

router = Router(section="vouchers")

PATIENCE = 2.0
"""Seconds to ask for the balance: WeChat waits five for the event, and the notice counts more."""


@router.event("card_pay_order")
async def on_credit_order(ctx: Context) -> list[Notice]:
    """Tell which order moved where, and what the account holds now.

    Whether the event's coin counts are what is left or what was moved is not confirmed (text and sample of the
    document differ), so they are not shown: getcoinsinfo is asked instead. One status of one order is one fact.
    """
    push = ctx.push
    readers = ctx.people.with_alert("credit")
    if not readers:
        return []
    order, status = push.value("OrderId"), push.value("Status")
    reply = Reply(
        "on_credit_order.moved",
        kind=push.value("OrderType").removeprefix("ORDER_TYPE_"),
        status=status.removeprefix("ORDER_STATUS_"),
        order=order,
        at=_seconds(push.value("PayFinishTime")) or push.created_at,
        note=push.value("Desc"),
        balance=await _balance(ctx),
    )
    fact = f"order:{order}:{status}" if order else f"order:{push.identity}"
    return [Notice(reader.openid, reply, fact) for reader in readers]


async def _balance(ctx: Context) -> Balance | None:
    """What is left, or None while nobody can say."""
    try:
        return await ctx.vouchers.credit.balance(patience=PATIENCE)
    except WeChatError:
        return None


def _seconds(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else 0
