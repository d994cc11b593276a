"""One voucher, as WeChat has it this moment."""

from bot.routing import Context, Reply, Role, Router, VoucherRef
from bot.vouchers.details import details
from bot.vouchers.model import FIXED_RANGE, Status, Voucher

router = Router(section="vouchers")

MOST_CHANNELS = 3


@router.command("show", "查看", role=Role.VIEWER, example="查看 春节券")
async def show_voucher(ctx: Context, voucher: VoucherRef) -> Reply:
    """What customers are promised, how much is left, and what the sender can do next."""
    facts = details(voucher)
    manages = ctx.operator.role >= Role.MANAGER
    return Reply(
        "show_voucher.voucher",
        voucher=voucher,
        facts=facts,
        name=await ctx.vouchers.call_name(voucher.card_id, voucher.title, ctx.operator),
        since=await _waiting_since(ctx, voucher),
        reason=await _reason(ctx, voucher),
        gives=[await ctx.vouchers.known_title(card_id) for card_id in facts.gives],
        channels=[each for each in await ctx.counters.channels(voucher.card_id) if each.name][:MOST_CHANNELS],
        may_update=manages and not voucher.deleted,
        may_extend=manages and not voucher.deleted and voucher.date_type == FIXED_RANGE,
    )


async def _waiting_since(ctx: Context, voucher: Voucher) -> float | None:
    if not voucher.under_review:
        return None
    return next((each.since for each in await ctx.vouchers.reviews.waiting() if each.card_id == voucher.card_id), None)


async def _reason(ctx: Context, voucher: Voucher) -> str:
    """Why reviewers refused it, where its latest result told that."""
    if voucher.status is not Status.VERIFY_FAIL:
        return ""
    results = await ctx.vouchers.reviews.results()
    return next((result.reason for result in results if result.card_id == voucher.card_id), "")
