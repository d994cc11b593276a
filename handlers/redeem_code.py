"""Redeem a customer's voucher: previewed, and on a yes done once."""

from typing import Annotated, Any

from bot.routing import Context, Flag, Notice, Reply, Role, Router, VoucherCode
from bot.vouchers.code_states import Standing
from bot.vouchers.codes import Ending

router = Router(section="vouchers")


AtOnce = Annotated[bool, Flag("now", "马上")]
SCAN = "scancode_waitmsg"


@router.command("redeem", "核销", role=Role.CLERK, example="核销 2260 0000 0001", previews=True, looks_first=True)
async def redeem_code(ctx: Context, number: VoucherCode, at_once: AtOnce = False) -> Reply | tuple[Reply, list[Notice]]:
    """Preview, or say why not. ``at_once`` is the tap under a preview, and a yes to that one and no other.

    What was scanned is never a yes, whatever words a customer's code holds.
    """
    if at_once and not ctx.tapped and await _previewed(ctx, number):
        return await ctx.say_yes()
    code = await ctx.vouchers.codes.look(number)
    if code.standing is not Standing.USABLE:
        return Reply.refusal("redeem_code.impossible", code=code)
    preview = await ctx.pending.offer(ctx.operator, "redeem_code", {"number": number, "asked": ctx.push.identity})
    link = ctx.tapped == SCAN and ctx.account.menu_links
    return Reply("redeem_code.preview", code=code, minutes=preview.minutes_left, link=link)


async def _previewed(ctx: Context, number: str) -> bool:
    """Whether redeeming ``number`` is what waits for a yes; where a process died at this one, it took what waited.

    What the same message has previewed before its process died nobody has seen.
    """
    waiting = await ctx.pending.peek(ctx.operator)
    if waiting is None:
        return ctx.resumed
    seen = waiting.payload.get("asked") != ctx.push.identity
    return waiting.action == "redeem_code" and waiting.payload["number"] == number and seen


@router.confirms("redeem_code", looks_first=True)
async def apply_redemption(ctx: Context, payload: dict[str, Any]) -> Reply:
    """Redeem what was previewed."""
    outcome = await ctx.vouchers.codes.redeem(payload["number"], ctx.operator, resumed=ctx.resumed)
    match outcome.ending:
        case Ending.DONE:
            till = ctx.operator.till
            return Reply("redeem_code.done", code=outcome.code, at=outcome.at, till=till, count=outcome.count)
        case Ending.IMPOSSIBLE:
            return Reply("redeem_code.impossible", code=outcome.code)
        case Ending.REFUSED:
            return Reply("redeem_code.refused", code=outcome.code, errcode=outcome.errcode)
        case Ending.IN_DOUBT:
            return Reply("redeem_code.in_doubt", code=outcome.code)
