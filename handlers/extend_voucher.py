"""Move a voucher's last day later: WeChat lets validity only widen."""

from typing import Any

from bot.clock import wechat_today
from bot.routing import Context, Reply, Role, Router, Until, VoucherRef
from bot.routing.lengths import Length
from bot.vouchers.remarks import Kind
from bot.vouchers.showing import brief, shown

router = Router(section="vouchers")


@router.command("extend", "延期", role=Role.MANAGER, example="延期 春节券 2月28日", previews=True)
async def extend_voucher(ctx: Context, voucher: VoucherRef, until: Until) -> Reply:
    """Preview a new last day; a yes sends it as ``update`` would. A length counts from the present last day.

    WeChat answers 40100 for a narrower range without saying which end it minds, so the comparison is made here, where
    both are known.
    """
    # Validity without a last day is refused below, whatever is asked for.
    last_day = until.after(voucher.last_day or wechat_today()) if isinstance(until, Length) else until
    if voucher.last_day == last_day:
        return await _refused(ctx, "extend_voucher.not_later", title=voucher.title, last_day=voucher.last_day)
    changes = {"date_info.end_timestamp": last_day.isoformat()}
    proposal = await ctx.vouchers.updates.propose(voucher, changes, ctx.operator)
    if any(problem.kind is Kind.ENDS_EARLIER for problem in proposal.problems):
        return await _refused(ctx, "extend_voucher.not_later", title=voucher.title, last_day=voucher.last_day)
    if proposal.problems:
        return await _refused(ctx, "extend_voucher.refused", title=voucher.title, problems=brief(proposal.problems))
    preview = await ctx.pending.offer(ctx.operator, "update_voucher", proposal.payload())
    return Reply(
        "extend_voucher.preview",
        title=voucher.title,
        change=shown(proposal.changes)[0],
        cautions=brief(proposal.cautions),
        minutes=preview.minutes_left,
    )


async def _refused(ctx: Context, template: str, **values: Any) -> Reply:
    """The refusal; a yes to it must not mean the preview that stood before it."""
    return Reply(template, **values, dropped=await ctx.pending.drop(ctx.operator) is not None)
