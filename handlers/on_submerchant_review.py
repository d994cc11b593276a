"""WeChat has decided about a sub-merchant's application."""

from bot.errors import WeChatError
from bot.routing import Context, Notice, Reply, Role, Router

router = Router(section="vouchers")

PATIENCE = 2.0
"""Seconds to ask what the sub-merchant is called: WeChat waits five for the event, and the notice counts more."""


@router.event("card_merchant_check_result")
async def on_submerchant_review(ctx: Context) -> list[Notice]:
    """Tell managers and owners who hear of reviews: nobody else may see sub-merchants."""
    push = ctx.push
    readers = [reader for reader in ctx.people.with_alert("reviews") if reader.role >= Role.MANAGER]
    number = push.value("MerchantId")
    if not readers or not number:
        return []
    reply = Reply(
        "on_submerchant_review.decided", number=number, name=await _name(ctx, number),
        passed=push.value("IsPass") == "1", reason=push.value("Reason"),
    )  # fmt: skip
    return [Notice(reader.openid, reply, f"submerchant:{push.identity}") for reader in readers]


async def _name(ctx: Context, number: str) -> str:
    if not (number.isascii() and number.isdigit()):
        return ""
    try:
        return (await ctx.vouchers.submerchants.get(int(number), patience=PATIENCE)).brand_name
    except WeChatError:
        return ""
