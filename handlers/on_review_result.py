"""WeChat's reviewers decided about a voucher: the people of the shop hear it before their customers do."""

from collections.abc import Iterable
from typing import Any

from bot.errors import WeChatError
from bot.routing import Context, Incoming, Notice, Operator, Reply, Role, Router
from bot.vouchers.model import Voucher
from bot.vouchers.review_notes import Result, Submission, labels, to_correct, together
from bot.vouchers.reviews import WAITING

router = Router(section="vouchers")


@router.event("card_pass_check", "card_not_pass_check")
async def on_review_result(ctx: Context) -> list[Notice]:
    """Tell whoever made the change and everybody who wants to hear of reviews.

    The sender of such an event is nobody in particular, so it is neither answered nor counted. The event may come
    before our own note of the change, and for vouchers changed in WeChat's console.
    """
    card_id = _element(ctx.push, "CardId")
    if not card_id:
        return []
    await ctx.vouchers.changed()
    voucher = await _read(ctx, card_id)
    result = await ctx.vouchers.reviews.decided(
        card_id,
        voucher.title if voucher else await ctx.vouchers.known_title(card_id),
        passed=ctx.push.type == "card_pass_check",
        at=ctx.push.created_at,
        reason=_element(ctx.push, "RefuseReason"),
    )
    key = f"{card_id}:{ctx.push.created_at}:{ctx.push.type}"
    return [] if result is None else await _notices(ctx, result, key, voucher)


@router.schedule("reviews", minutes=5, where=WAITING)
async def find_missed(ctx: Context) -> list[Notice]:
    """Tell results whose event never reached us; without the reason, which only the event has."""
    notices = []
    for result in await ctx.vouchers.missed_results():
        voucher = await _read(ctx, result.card_id) if result.passed else None
        notices += await _notices(ctx, result, f"{result.card_id}:{result.at}:missed", voucher)
    return notices


async def _read(ctx: Context, card_id: str) -> Voucher | None:
    try:
        return await ctx.vouchers.get(card_id)
    except WeChatError:
        return None


async def _notices(ctx: Context, result: Result, key: str, voucher: Voucher | None) -> list[Notice]:
    name = await ctx.vouchers.call_name(result.card_id, result.title)
    empty = voucher is not None and voucher.stock == 0
    undoable = not result.passed and bool(result.submissions) and await ctx.vouchers.undo.updated(result.card_id)
    return [
        Notice(person.openid, _reply(result, name, person, undoable=undoable, empty=empty), key)
        for person in _readers(ctx, result.submissions)
    ]


def _readers(ctx: Context, submissions: Iterable[Submission]) -> list[Operator]:
    """Each once; who has left the shop since is not told."""
    authors = [author for each in submissions if (author := ctx.people.operator(each.openid))]
    return list({person.openid: person for person in (*authors, *ctx.people.with_alert("reviews"))}.values())


def _reply(result: Result, name: str, reader: Operator, *, undoable: bool, empty: bool) -> Reply:
    manages = reader.role >= Role.MANAGER
    values: dict[str, Any] = {
        "title": result.title,
        "name": name,
        "changes": [_change(each, manages) for each in together(result.submissions)],
        "missed": result.missed,
        "may_update": manages,
    }
    if result.passed:
        return Reply("on_review_result.passed", empty=empty, **values)
    return Reply(
        "on_review_result.refused", reason=result.reason, again=to_correct(result.submissions, result.reason),
        undoable=undoable, **values,
    )  # fmt: skip


def _change(submission: Submission, named: bool) -> dict[str, Any]:
    """One change that was under review; who made it is for managers to know."""
    return {"fields": labels([submission]), "who": submission.name if named else "", "at": submission.at}


def _element(push: Incoming, name: str) -> str:
    """An element's text; older packets lack some, a broken one may repeat it."""
    value = push.fields.get(name)
    first = value[0] if isinstance(value, list) and value else value
    return first.strip() if isinstance(first, str) else ""
