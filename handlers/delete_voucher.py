"""Delete a voucher for good: previewed, and on a yes done once."""

from typing import Any

from bot.routing import Context, Reply, Role, Router, VoucherRef
from bot.vouchers.deletion import Ending

router = Router(section="vouchers")


@router.command("delete", "删除", role=Role.OWNER, example="删除 春节券", previews=True)
async def delete_voucher(ctx: Context, voucher: VoucherRef) -> Reply:
    """Preview what is lost, and what stays."""
    if voucher.deleted:
        return Reply.refusal("delete_voucher.gone", title=voucher.title, by=None)
    preview = await ctx.pending.offer(
        ctx.operator, "delete_voucher", {"card_id": voucher.card_id, "title": voucher.title}
    )
    return Reply("delete_voucher.preview", voucher=voucher, minutes=preview.minutes_left)


@router.confirms("delete_voucher", looks_first=True)
async def apply_deletion(ctx: Context, payload: dict[str, Any]) -> Reply:
    """Delete what was previewed."""
    title = payload["title"]
    outcome = await ctx.vouchers.deletion.delete(payload["card_id"], ctx.operator, resumed=ctx.resumed)
    match outcome.ending:
        case Ending.DONE:
            return Reply("delete_voucher.done", title=title, number=outcome.number)
        case Ending.GONE:
            return Reply("delete_voucher.gone", title=title, by=outcome.by)
        case Ending.REFUSED:
            return Reply("delete_voucher.refused", title=title, errcode=outcome.errcode)
        case Ending.IN_DOUBT:
            return Reply("delete_voucher.in_doubt", title=title, number=outcome.number)
