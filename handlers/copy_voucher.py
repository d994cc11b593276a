"""Make a new voucher from an existing one, but for what is said to be different."""

import contextlib

from bot.routing import Changes, Context, Reply, Role, Router, VoucherRef
from bot.vouchers.creating.card import card
from bot.vouchers.creating.copying import changed, draft_of, possible
from bot.vouchers.creating.preview import forbidden, shown
from bot.vouchers.creating.readers import names_another
from bot.vouchers.creating.steps import CREATE
from bot.vouchers.finding import VoucherNotFound
from bot.vouchers.model import Voucher
from bot.vouchers.remarks import Remark
from bot.vouchers.showing import brief

router = Router(section="vouchers")

_GIVES = CREATE.named("gives")


@router.command("copy", "复制", role=Role.MANAGER, example="复制 春节券 面额=20元", previews=True)
async def copy_voucher(ctx: Context, voucher: VoucherRef, changes: Changes | None = None) -> Reply:
    """Preview the new voucher, or refuse it with every reason at once; a yes makes it as ``create`` does."""
    if not possible(voucher):
        return Reply.refusal("copy_voucher.other_type", title=voucher.title, card_type=voucher.card_type)
    wanted = changes or {}
    draft, problems = changed(draft_of(voucher), wanted, await _shared(ctx, wanted))
    values = CREATE.values(draft)
    if not problems and (late := forbidden(values)):
        problems = [late[1]]
    if problems:
        return _refused(voucher, problems)
    await ctx.vouchers.creation.check(made := card(values), ctx.operator)
    payload = ctx.vouchers.creation.payload(made)
    what = shown(values)
    gives = [await ctx.vouchers.known_title(card_id) for card_id in what["facts"].gives]
    preview = await ctx.pending.offer(ctx.operator, "create_voucher", payload)
    return Reply(
        "create_voucher.preview", **what, gives=gives, note=None, copied=voucher.title, minutes=preview.minutes_left
    )


def _refused(voucher: Voucher, problems: list[Remark]) -> Reply:
    return Reply.refusal("copy_voucher.refused", title=voucher.title, problems=brief(problems))


async def _shared(ctx: Context, changes: Changes) -> dict[str, Voucher]:
    """The vouchers that the changes name to be given along."""
    found = {}
    for word, raw in changes.items():
        if word.strip().lower() in (_GIVES.name, *_GIVES.names) and names_another(raw):
            with contextlib.suppress(VoucherNotFound):
                found[raw] = await ctx.vouchers.find(raw, ctx.operator)
    return found
