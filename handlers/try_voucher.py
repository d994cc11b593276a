"""Let the sender claim vouchers that are not approved yet, to see what customers will see."""

from bot.routing import Context, Reply, Role, Router, Switch, VoucherRef
from bot.vouchers.testers import MOST

router = Router(section="vouchers")


@router.command("try", "试领", role=Role.MANAGER, example="试领 春节券", looks_first=True)
async def try_voucher(ctx: Context, voucher: VoucherRef, wanted: Switch = True) -> Reply:
    """Put the sender on the account's list of testers (it is one for all vouchers), or take them off it."""
    if ctx.away:
        return Reply("try_voucher.away", shop=ctx.account.name)
    testers, own = ctx.vouchers.testers, ctx.operator.openid
    if not wanted:
        listed = await testers.remove(own)
        return Reply("try_voucher.off", count=len(listed.openids), most=MOST, was=listed.changed)
    names = {person.openid: person.name for person in ctx.people.all()}
    if voucher.deleted or voucher.expired:
        return Reply("try_voucher.over", title=voucher.title)
    listed = await testers.add(own, names)
    if listed.full:
        full = [names[openid] for openid in listed.openids if openid in names]
        return Reply("try_voucher.full", most=MOST, names=full)
    name = await ctx.vouchers.call_name(voucher.card_id, voucher.title, ctx.operator)
    return Reply(
        "try_voucher.on", title=voucher.title, name=name, count=len(listed.openids), most=MOST, stock=voucher.stock,
        reviewed=not voucher.approved, first=listed.changed and len(listed.openids) == 1,
    )  # fmt: skip
