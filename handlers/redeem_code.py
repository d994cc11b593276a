"""Redeem a customer's voucher: previewed, and on a yes done once."""

from typing import Any

from bot.errors import TokenRejected, WeChatUnreachable
from bot.routing import Context, Reply, Role, Router, VoucherCode
from bot.vouchers.code_states import Standing
from bot.vouchers.codes import Ending

router = Router(section="vouchers")


@router.command("redeem", "核销", role=Role.CLERK, example="核销 2260 0000 0001", previews=True)
async def redeem_code(ctx: Context, number: VoucherCode) -> Reply:
    """Preview, or say why not."""
    code = await ctx.vouchers.codes.look(number)
    if code.standing is not Standing.USABLE:
        return Reply.refusal("redeem_code.impossible", code=code)
    preview = await ctx.pending.offer(ctx.operator, "redeem_code", {"number": number})
    return Reply("redeem_code.preview", code=code, minutes=preview.minutes_left)


@router.confirms("redeem_code", looks_first=True)
async def apply_redemption(ctx: Context, payload: dict[str, Any]) -> Reply:
    """Redeem. A yes that did not reach WeChat is not used up."""
    try:
        outcome = await ctx.vouchers.codes.redeem(payload["number"], ctx.operator, resumed=ctx.resumed)
    except (WeChatUnreachable, TokenRejected):
        preview = await ctx.pending.offer(ctx.operator, "redeem_code", payload)
        return Reply("redeem_code.not_sent", minutes=preview.minutes_left)
    match outcome.ending:
        case Ending.DONE:
            return Reply("redeem_code.done", code=outcome.code, at=outcome.at, count=outcome.count)
        case Ending.IMPOSSIBLE:
            return Reply("redeem_code.impossible", code=outcome.code)
        case Ending.REFUSED:
            return Reply("redeem_code.refused", code=outcome.code, errcode=outcome.errcode)
        case Ending.IN_DOUBT:
            return Reply("redeem_code.in_doubt", code=outcome.code)
