"""More or less stock: preview how many and at what price, and on a yes do that once."""

from typing import Any

from bot.routing import Context, Reply, Role, Router, SignedAmount, VoucherRef
from bot.vouchers.stock import Outcome, Proposal, State

router = Router(section="vouchers")


@router.command("stock", "库存", role=Role.MANAGER, example="库存 春节券 +100", previews=True)
async def buy_stock(ctx: Context, voucher: VoucherRef, amount: SignedAmount) -> Reply:
    """Preview ``amount`` more; stock of a Friend's Voucher is bought and can only grow."""
    dropped = await ctx.pending.drop(ctx.operator) is not None
    if voucher.deleted:
        return Reply("buy_stock.gone", title=voucher.title, dropped=dropped)
    if voucher.is_friends and amount < 0:
        return Reply("buy_stock.only_more", title=voucher.title, dropped=dropped)
    if voucher.stock + amount < 0:
        return Reply("buy_stock.below_zero", title=voucher.title, stock=voucher.stock, dropped=dropped)
    return await _preview(ctx, await ctx.vouchers.stock.propose(voucher, amount, ctx.operator), again=False)


@router.confirms("buy_stock", looks_first=True)
async def move_stock(ctx: Context, payload: dict[str, Any]) -> Reply:
    """Carry out a preview."""
    outcome = await ctx.vouchers.stock.apply(payload, ctx.operator, resumed=ctx.resumed)
    if outcome.proposal is not None:
        return await _preview(ctx, outcome.proposal, again=True)
    return _told(outcome)


async def _preview(ctx: Context, proposal: Proposal, *, again: bool) -> Reply:
    voucher, quote, balance = proposal.voucher, proposal.quote, proposal.balance
    what = {"title": voucher.title, "amount": proposal.amount, "again": again}
    if quote is not None and balance is not None and proposal.missing:
        return Reply(
            "buy_stock.not_enough", **what, price=quote.price, balance=balance.total, missing=proposal.missing,
            affordable=proposal.affordable,
        )  # fmt: skip
    preview = await ctx.pending.offer(ctx.operator, "buy_stock", proposal.payload())
    return Reply(
        "buy_stock.preview", **what, stock=voucher.stock, price=quote.price if quote else None,
        balance=balance.total if balance else None, minutes=preview.minutes_left,
    )  # fmt: skip


def _told(outcome: Outcome) -> Reply:
    title, stock, amount = outcome.voucher.title, outcome.voucher.stock, outcome.amount
    match outcome.state:
        case State.DONE:
            balance = outcome.balance.total if outcome.balance else None
            return Reply(
                "buy_stock.done", title=title, amount=amount, stock=stock, price=outcome.price, balance=balance
            )
        case State.NOT_VISIBLE | State.UNCHECKED:
            return Reply("buy_stock.unchecked", title=title, amount=amount)
        case State.REFUSED:
            return Reply("buy_stock.refused", title=title, errcode=outcome.errcode)
        case State.UNDONE if outcome.by:
            return Reply("undo_change.faster", asked=None, by=outcome.by, title=title)
        case State.BELOW_ZERO:
            return Reply("buy_stock.below_zero", title=title, stock=stock)
        case _:
            return Reply("buy_stock.in_doubt", title=title, stock=stock, bought=outcome.voucher.is_friends)
