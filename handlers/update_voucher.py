"""Change a voucher: preview what would change, and on a yes do that and nothing else."""

from typing import Any

from bot.routing import Changes, Context, Reply, Role, Router, VoucherRef
from bot.vouchers.changes import Proposal
from bot.vouchers.fields import Kind, changeable
from bot.vouchers.showing import brief, given, shown
from bot.vouchers.updates import Outcome, State

router = Router(section="vouchers")

PASSING = frozenset({-1, -1000, 45011})
"""Refusals that are over in a few minutes: the same yes is worth another try then."""


def fields(_ctx: Context) -> dict[str, Any]:
    """What help lists: every field that can be changed (not the parts of one), those that go back to review apart."""
    rows = [row for row in changeable(is_friends=True) if not row.whole and row.kind is not Kind.VALIDITY_TYPE]
    return {"reviewed": [row for row in rows if row.review], "others": [row for row in rows if not row.review]}


@router.command(
    "update", "修改", role=Role.MANAGER, example="修改 春节券 客服电话=0571-7654321", details=fields, previews=True
)
async def update_voucher(ctx: Context, voucher: VoucherRef, changes: Changes) -> Reply:
    """Preview ``changes``, or refuse all of them with every reason at once."""
    proposal = await ctx.vouchers.updates.propose(voucher, changes, ctx.operator)
    return await _preview(ctx, proposal, again=False)


@router.confirms("update_voucher", looks_first=True)
async def apply_update(ctx: Context, payload: dict[str, Any]) -> Reply:
    """Carry out a previewed difference. Where WeChat holds something else by now, preview anew."""
    outcome = await ctx.vouchers.updates.apply(payload, ctx.operator, resumed=ctx.resumed)
    if outcome.state is State.CHANGED_MEANWHILE:
        return await _preview(ctx, outcome.proposal, again=True)
    if outcome.state is State.REFUSED:
        return await _refused(ctx, outcome, payload)
    return _told(outcome)


async def _refused(ctx: Context, outcome: Outcome, payload: dict[str, Any]) -> Reply:
    passing = outcome.errcode in PASSING
    preview = await ctx.pending.offer(ctx.operator, "update_voucher", payload) if passing else None
    return Reply(
        "update_voucher.refused_by_wechat", title=outcome.proposal.voucher.title, errcode=outcome.errcode,
        minutes=preview.minutes_left if preview else 0,
    )  # fmt: skip


async def _preview(ctx: Context, proposal: Proposal, *, again: bool) -> Reply:
    title = proposal.voucher.title
    dropped = await ctx.pending.drop(ctx.operator) is not None  # a yes to a refusal must not mean what stood before it
    if proposal.problems:
        return Reply(
            "update_voucher.refused", title=title, problems=brief(proposal.problems), again=again,
            able=changeable(proposal.voucher.is_friends)[:6], dropped=dropped,
        )  # fmt: skip
    if not proposal.changes:
        return Reply(
            "update_voucher.nothing_to_change", title=title, unchanged=proposal.unchanged, again=again, dropped=dropped
        )
    titles = {card_id: await ctx.vouchers.known_title(card_id) for card_id in given(proposal.changes)}
    preview = await ctx.pending.offer(ctx.operator, "update_voucher", proposal.payload())
    return Reply(
        "update_voucher.preview",
        title=title,
        changes=shown(proposal.changes, titles),
        cautions=brief(proposal.cautions),
        unchanged=proposal.unchanged,
        perhaps=proposal.review_possible,
        minutes=preview.minutes_left,
        again=again,
    )


def _told(outcome: Outcome) -> Reply:
    title, number = outcome.proposal.voucher.title, outcome.number
    changed = [change.field for change in outcome.proposal.changes]
    missing = [change.field for change in outcome.missing]
    match outcome.state:
        case State.APPLIED if outcome.reviewed:
            return Reply("update_voucher.under_review", title=title, changed=changed, number=number)
        case State.APPLIED:
            return Reply("update_voucher.applied", title=title, changed=changed, number=number)
        case State.NOT_VISIBLE:
            return Reply(
                "update_voucher.not_visible", title=title, changed=changed, missing=missing, number=number,
                reviewed=outcome.reviewed,
            )  # fmt: skip
        case State.UNCHECKED:
            return Reply("update_voucher.unchecked", title=title, reviewed=outcome.reviewed, number=number)
        case _:
            return Reply("update_voucher.in_doubt", title=title, number=number)
