"""Put the last change back: previewed, reviewed and read back like any other; what cannot be undone is said plainly."""

from typing import Any

from bot.routing import Context, Reply, Role, Router, VoucherRef
from bot.vouchers.records import UNCERTAIN, Asked, What
from bot.vouchers.showing import brief, given, shown
from bot.vouchers.undoing import Undoing

router = Router(section="vouchers")


@router.command("undo", "撤销", role=Role.MANAGER, example="撤销", previews=True)
async def undo_change(ctx: Context, voucher: VoucherRef | None = None) -> Reply:
    """Preview the old values of the sender's own last change, or of the last of ``voucher``, whoever made it."""
    asked = await ctx.vouchers.undo.last(ctx.operator, voucher)
    if asked is None:
        return Reply.refusal("undo_change.nothing", title=voucher.title if voucher else "")
    if asked.what == What.UPDATE:
        return await _update(ctx, await ctx.vouchers.undo.propose(asked))
    if asked.what == What.STOCK and "price" not in asked.details:
        return await _stock(ctx, asked)
    return Reply.refusal("undo_change.for_good", asked=asked)


async def _update(ctx: Context, undoing: Undoing) -> Reply:
    proposal = undoing.proposal
    facts: dict[str, Any] = {"asked": undoing.asked, "widened": undoing.widened, "filled": undoing.filled}
    if proposal.problems:
        return Reply.refusal("undo_change.refused", title=proposal.voucher.title, problems=brief(proposal.problems))
    if not proposal.changes and (undoing.widened or undoing.filled):
        return Reply.refusal("undo_change.stays", title=proposal.voucher.title, **facts)
    if not proposal.changes:
        return Reply.refusal("undo_change.undone", asked=undoing.asked, title=proposal.voucher.title)
    titles = {card_id: await ctx.vouchers.known_title(card_id) for card_id in given(proposal.changes)}
    preview = await ctx.pending.offer(ctx.operator, "update_voucher", undoing.payload())
    return Reply(
        "undo_change.preview", **facts, title=proposal.voucher.title, changes=shown(proposal.changes, titles),
        cautions=brief(proposal.cautions), perhaps=proposal.review_possible, minutes=preview.minutes_left,
    )  # fmt: skip


async def _stock(ctx: Context, asked: Asked) -> Reply:
    """Stock of an ordinary coupon goes the other way, as far as it is not claimed; unlike an update, only once."""
    amount = -int(asked.details["amount"])
    if asked.ending in UNCERTAIN:
        return Reply.refusal("undo_change.uncertain", asked=asked, title=asked.title, amount=amount)
    if rival := await ctx.vouchers.undo.already(asked):
        return Reply.refusal("undo_change.faster", asked=asked, by=rival, title=asked.title)
    voucher = await ctx.vouchers.get(asked.card_id)
    if voucher.stock + amount < 0:
        return Reply.refusal("undo_change.claimed", asked=asked, title=voucher.title, stock=voucher.stock)
    proposal = await ctx.vouchers.stock.propose(voucher, amount, ctx.operator)
    preview = await ctx.pending.offer(ctx.operator, "buy_stock", proposal.payload(undoes=asked.number))
    return Reply(
        "undo_change.stock", asked=asked, title=voucher.title, amount=amount, stock=voucher.stock,
        minutes=preview.minutes_left,
    )  # fmt: skip
