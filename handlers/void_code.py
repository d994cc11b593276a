"""Make a customer's voucher unusable for good: previewed, and on a yes done once."""

from typing import Any

from bot.routing import Context, Reply, Role, Router, Text, VoucherCodeFirst
from bot.vouchers.code_states import Standing
from bot.vouchers.codes import POSSIBLE, Ending

router = Router(section="vouchers")


@router.command("void", "作废", role=Role.MANAGER, example="作废 2260 0000 0001 已退款", previews=True)
async def void_code(ctx: Context, number: VoucherCodeFirst, reason: Text = "") -> Reply:
    """Preview, or say why not; the holder reads the reason."""
    code = await ctx.vouchers.codes.look(number)
    if code.standing not in POSSIBLE[Standing.VOIDED]:
        return Reply.refusal("void_code.impossible", code=code)
    preview = await ctx.pending.offer(ctx.operator, "void_code", {"number": number, "reason": reason})
    return Reply("void_code.preview", code=code, reason=reason, minutes=preview.minutes_left)


@router.confirms("void_code", looks_first=True)
async def apply_void(ctx: Context, payload: dict[str, Any]) -> Reply:
    """Void what was previewed."""
    number, reason = payload["number"], payload["reason"]
    outcome = await ctx.vouchers.codes.void(number, reason, ctx.operator, resumed=ctx.resumed)
    match outcome.ending:
        case Ending.DONE:
            return Reply("void_code.done", code=outcome.code, at=outcome.at)
        case Ending.IMPOSSIBLE:
            return Reply("void_code.impossible", code=outcome.code)
        case Ending.REFUSED:
            return Reply("void_code.refused", code=outcome.code, errcode=outcome.errcode)
        case Ending.IN_DOUBT:
            return Reply("void_code.in_doubt", code=outcome.code)
