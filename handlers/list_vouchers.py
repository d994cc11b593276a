"""The account's vouchers, numbered; the numbers work in every command after it."""

from typing import Final

from bot.routing import Context, Reply, Role, Router, Text
from bot.vouchers.kinds import KINDS, asked

router = Router(section="vouchers")

PAGE: Final = 10


@router.command("vouchers", "卡券", role=Role.VIEWER, example="卡券 审核中", also=("卡券列表", "voucher", "list"))
async def list_vouchers(ctx: Context, words: Text | None = None) -> Reply:
    """One page of the list; what the whole list numbers is remembered for ``#n``."""
    kind, number, unknown = asked(words or "")
    if unknown:
        return Reply("list_vouchers.unknown", words=unknown)
    everything = await ctx.vouchers.all()
    chosen = [voucher for voucher in everything if KINDS[kind](voucher)]
    if not chosen:
        return Reply("list_vouchers.nothing", kind=kind, total=len(everything))
    pages = -(-len(chosen) // PAGE)
    if number > pages:
        return Reply("list_vouchers.beyond", number=number, pages=pages, kind=kind)
    await ctx.vouchers.remember_list(ctx.operator, [voucher.card_id for voucher in chosen])
    first = (number - 1) * PAGE
    shown = list(enumerate(chosen[first : first + PAGE], first + 1))
    return Reply("list_vouchers.page", vouchers=shown, kind=kind, total=len(chosen), number=number, pages=pages)
