"""A voucher was redeemed, here or elsewhere: counted, and remembered by whom, so that the next till can be told."""

from bot.routing import Context, Notice, Router
from bot.stats.counters import What
from bot.vouchers.code_states import Deed, Standing

router = Router(section="numbers")


@router.event("user_consume_card")
async def on_redemption(ctx: Context) -> list[Notice]:
    """What was redeemed here is known already: then the push only counts.

    The redeemer may be another person than the claimer: of a Friend's Voucher any friend may be.
    """
    push = ctx.push
    number, source, staff = push.value("UserCardCode"), push.value("ConsumeSource"), push.value("StaffOpenId")
    till = ""
    if number:
        known = ctx.people.operator(staff) if staff else None
        name = known.name if known else push.value("LocationName")
        heard = Deed(Standing.REDEEMED, staff, name, push.created_at, done=True, source=source or "UNKNOWN")
        deed = await ctx.vouchers.codes.heard(number, heard)
        staff, till = deed.openid or staff, deed.till
    await ctx.counters.count(
        What.REDEEMED, number or push.identity, push.created_at, push.value("CardId"),
        channel=push.value("OuterStr"), source=source, staff=staff, till=till,
    )  # fmt: skip
    return []
