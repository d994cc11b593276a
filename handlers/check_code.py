"""Whether a customer's voucher can be used."""

from bot.routing import Context, Reply, Role, Router, VoucherCode

router = Router(section="vouchers")


@router.command("check", "查码", role=Role.CLERK, example="查码 2260 0000 0001")
async def check_code(ctx: Context, number: VoucherCode) -> Reply:
    """The state of a code as WeChat has it this moment; what waits for a yes goes on waiting."""
    return Reply("check_code.shown", code=await ctx.vouchers.codes.look(number))
