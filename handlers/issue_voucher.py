"""Issue vouchers: a QR code as a picture, for a counter, a poster or another screen."""

from bot.routing import Changes, Context, Reply, Role, Router, VoucherRefs
from bot.vouchers.issuing import CHANNEL_BYTES, MOST_IN_ONE, Obstacle, claimable_from, obstacle
from bot.vouchers.model import Voucher

router = Router(section="vouchers")

MOST_CHANNELS = 3

_CHANNEL = frozenset({"outer", "outer_str", "channel", "渠道", "来源", "海报", "收银台", "名称"})


@router.command("issue", "投放", role=Role.MANAGER, example="投放 春节券 渠道=3号收银台")
async def issue_voucher(ctx: Context, vouchers: VoucherRefs, changes: Changes | None = None) -> Reply:
    """A code for ``vouchers`` that can be claimed now, or what stands in the way; with what came of it so far."""
    pairs = changes or {}
    if strange := [key for key in pairs if key.lower() not in _CHANNEL]:
        return Reply.refusal("issue_voucher.no_such_setting", found=strange[0])
    if len(pairs) > 1:
        return Reply.refusal("issue_voucher.one_channel")
    channel = next(iter(pairs.values()), "").strip()
    if (length := len(channel.encode())) > CHANNEL_BYTES:
        return Reply.refusal("issue_voucher.channel_too_long", length=length, limit=CHANNEL_BYTES)
    if len(vouchers) > MOST_IN_ONE:
        return Reply.refusal("issue_voucher.too_many", count=len(vouchers), limit=MOST_IN_ONE)
    for voucher in vouchers:
        if why := obstacle(voucher):
            return await _impossible(ctx, voucher, why)
    return await _issued(ctx, vouchers, channel)


async def _impossible(ctx: Context, voucher: Voucher, why: Obstacle) -> Reply:
    return Reply.refusal(
        "issue_voucher.impossible",
        title=voucher.title,
        name=await ctx.vouchers.call_name(voucher.card_id, voucher.title, ctx.operator),
        why=why,
        begin=voucher.begin,
        end=voucher.end,
        earliest=claimable_from(voucher),
        friends=voucher.is_friends,
    )


async def _issued(ctx: Context, vouchers: list[Voucher], channel: str) -> Reply:
    code = await ctx.vouchers.issuing.code_for(vouchers, channel)
    titles = [voucher.title for voucher in vouchers]
    friends = any(voucher.is_friends for voucher in vouchers)
    channels = [each for voucher in vouchers for each in await ctx.counters.channels(voucher.card_id)]
    reply = Reply(
        "issue_voucher.issued", titles=titles, channel=channel, until=code.until, friends=friends,
        channels=channels[:MOST_CHANNELS], claimed=sum(each.claimed for each in channels),
        redeemed=sum(each.redeemed for each in channels),
    )  # fmt: skip
    return reply.with_picture(
        "issue_voucher.poster", code=code.url, linked=Role.MANAGER, titles=titles, brand=vouchers[0].brand_name,
        channel=channel, until=code.until, friends=friends,
    )  # fmt: skip
