"""Sub-merchants of the entrusted mode: all of them, or one."""

from bot.errors import WeChatError
from bot.routing import Context, Reply, Role, Router, Text
from bot.vouchers.finding import fold
from bot.vouchers.submerchants import SubMerchant

router = Router(section="vouchers")

SHOWN = 10


@router.command("submerchants", "子商户", role=Role.MANAGER, example="子商户 12")
async def list_submerchants(ctx: Context, words: Text = "") -> Reply:
    """A number is that of one, anything else a piece of a brand's name."""
    wanted = words.strip().lstrip("#").strip()
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 10:
        return await _shown(ctx, await ctx.vouchers.submerchants.get(int(wanted)))
    everything = await ctx.vouchers.submerchants.all()
    chosen = [each for each in everything if fold(wanted) in fold(each.brand_name)]
    if not chosen:
        return Reply("list_submerchants.nothing", words=wanted[:20], total=len(everything))
    if wanted and len(chosen) == 1:
        return await _shown(ctx, chosen[0])
    return Reply("list_submerchants.listed", merchants=chosen[-SHOWN:][::-1], total=len(chosen))


async def _shown(ctx: Context, merchant: SubMerchant) -> Reply:
    try:
        category = await ctx.vouchers.submerchants.category(merchant.category)
    except WeChatError:
        category = ""
    return Reply("list_submerchants.one", merchant=merchant, category=category)
