"""Make a new voucher: a question at a time, a preview of all of it, and on a yes that once."""

import contextlib
import secrets
from dataclasses import replace
from typing import Annotated, Any

from bot.dialogue import Draft, Move, Said, Step, move
from bot.errors import OutcomeUnknown, TokenRejected, WeChatUnreachable
from bot.routing import Context, Flag, Reply, Role, Router
from bot.routing.signs import changes
from bot.routing.words import split
from bot.vouchers.creating.card import card
from bot.vouchers.creating.preview import forbidden, shown
from bot.vouchers.creating.readers import names_another
from bot.vouchers.creating.service import NO_FRIENDS, Outcome, State
from bot.vouchers.creating.steps import CREATE, PICTURES, field_of
from bot.vouchers.finding import VoucherNotFound
from bot.vouchers.picture_checks import Picture, shape
from bot.vouchers.remarks import Kind, Remark, Unreadable, remark

router = Router(section="vouchers")

KIND = "create_voucher"


@router.command("create", "新建", role=Role.MANAGER, example="新建", details=lambda _ctx: {}, previews=True)
async def create_voucher(ctx: Context, anew: Annotated[bool, Flag("anew", "重来", "重新")] = False) -> Reply:
    """Ask the first question, or go on where the sender's draft stands."""
    draft = await ctx.drafts.of(ctx.operator)
    if draft is None or draft.kind != KIND or anew:
        friends = not await ctx.vouchers.creation.suspended()
        return await _onward(ctx, CREATE.begin(KIND, secrets.token_hex(8), {"friends": friends}))
    return await _onward(ctx, replace(draft, paused=False), resumed=True)


@router.dialogue(KIND, CREATE, role=Role.MANAGER)
async def take_answer(ctx: Context) -> Reply:
    """Read what was sent as the answer to the draft's question, or as a move between questions."""
    draft = await ctx.drafts.of(ctx.operator)
    if draft is None:
        raise LookupError("the draft is gone")
    moved = move(ctx.push.text) if ctx.push.is_text else None
    step = CREATE.step(draft)
    if moved is Move.STOP:
        dropped = await ctx.pending.drop(ctx.operator) is not None
        await ctx.drafts.keep(ctx.operator, replace(draft, paused=True, heard=ctx.push.identity))
        return Reply("create_voucher.stopped", number=_place(draft)[0], count=_place(draft)[1], dropped=dropped)
    if draft.heard == ctx.push.identity:
        return await _onward(ctx, draft)
    if moved is Move.BACK:
        return await _onward(ctx, CREATE.back(draft) or draft)
    if step is None:
        return await _corrected(ctx, draft)
    if moved is Move.SKIP:
        skipped = CREATE.skipped(draft, step)
        return await _onward(ctx, skipped or draft, problem=None if skipped else _needed(step, ctx.push.text))
    return await _answered(ctx, draft, step)


async def _answered(ctx: Context, draft: Draft, step: Step) -> Reply:
    try:
        text, note = await _sent(ctx, step)
    except Unreadable as unreadable:
        return await _onward(ctx, draft, problem=unreadable.remark)
    except (OutcomeUnknown, WeChatUnreachable, TokenRejected):
        return Reply("create_voucher.picture_not_taken")
    text = _unquoted(text)
    around = await _around(ctx, step, text)
    try:
        values = step.read(Said(text, CREATE.values(draft, step.name), around))
    except Unreadable as unreadable:
        return await _onward(ctx, draft, problem=unreadable.remark)
    return await _onward(ctx, CREATE.answered(draft, step, values), note=note)


async def _onward(
    ctx: Context, draft: Draft, *, problem: Remark | None = None, note: Remark | None = None, resumed: bool = False
) -> Reply:
    """Keep ``draft`` and ask what it asks next; with nothing left to ask, preview.

    An earlier preview of whatever is void: the latest question gets the next yes.
    """
    dropped = await ctx.pending.drop(ctx.operator) is not None
    if not draft.at and (late := forbidden(CREATE.values(draft))):
        draft, problem = replace(draft, at=late[0]), late[1]
    await ctx.drafts.keep(ctx.operator, replace(draft, heard=ctx.push.identity))
    step = CREATE.step(draft)
    if step is None:
        return await _preview(ctx, draft, note=note)
    number, count = _place(draft)
    values = CREATE.values(draft, step.name)
    return Reply(
        "create_voucher.question", step=step.name, number=number, count=count, optional=step.optional, problem=problem,
        note=note, resumed=resumed, dropped=dropped, friends=values["friends"], suspended=await _suspended(ctx, step),
        answered=step.name in draft.answers, offers=await _offers(ctx, step),
    )  # fmt: skip


async def _preview(ctx: Context, draft: Draft, *, note: Remark | None = None) -> Reply:
    values = CREATE.values(draft)
    payload = ctx.vouchers.creation.payload(card(values)) | {"draft": draft.id}
    what = shown(values)
    gives = [await ctx.vouchers.known_title(card_id) for card_id in what["facts"].gives]
    preview = await ctx.pending.offer(ctx.operator, KIND, payload)
    return Reply("create_voucher.preview", **what, gives=gives, note=note, copied="", minutes=preview.minutes_left)


@router.confirms(KIND, looks_first=True)
async def make_voucher(ctx: Context, payload: dict[str, Any]) -> Reply:
    """Make what was previewed, for whoever may still do so. A yes that did not reach WeChat is not used up."""
    try:
        outcome = await ctx.vouchers.creation.apply(payload, ctx.operator, resumed=ctx.resumed)
    except (WeChatUnreachable, TokenRejected):
        preview = await ctx.pending.offer(ctx.operator, KIND, payload)
        return Reply("create_voucher.not_sent", minutes=preview.minutes_left)
    draft = await ctx.drafts.of(ctx.operator)
    draft = draft if draft and draft.id == payload.get("draft") else None
    if draft and outcome.state in (State.DONE, State.UNCHECKED):
        await ctx.drafts.drop(ctx.operator)
    return await _told(ctx, outcome, draft)


async def _told(ctx: Context, outcome: Outcome, draft: Draft | None) -> Reply:
    match outcome.state:
        case State.DONE if outcome.voucher:
            voucher = outcome.voucher
            name = await ctx.vouchers.call_name(voucher.card_id, voucher.title, ctx.operator)
            return Reply("create_voucher.done", title=voucher.title, name=name, friends=voucher.is_friends)
        case State.DONE | State.UNCHECKED:
            return Reply("create_voucher.unchecked", card_id=outcome.card_id)
        case State.REFUSED if draft and outcome.errcode in NO_FRIENDS and draft.given.get("friends"):
            given = {**draft.given, "friends": False, "cover": True}
            return await _onward(ctx, CREATE.onward(replace(draft, given=given)))
        case State.REFUSED:
            return Reply("create_voucher.refused", errcode=outcome.errcode, kept=draft is not None)
        case _:
            return Reply("create_voucher.in_doubt", kept=draft is not None)


async def _corrected(ctx: Context, draft: Draft) -> Reply:
    """With nothing left to ask: ``提醒=…`` gives one answer anew, ``提醒`` alone asks for it."""
    if not ctx.push.is_text:
        return await _onward(ctx, draft)
    head, pairs = changes(ctx.push.text)
    if not pairs and (step := CREATE.called(draft, ctx.push.text)):
        return await _onward(ctx, replace(draft, at=step.name))
    for pair in pairs:
        step = None if head else CREATE.called(draft, pair.key)
        if step is None:
            break
        try:
            said = Said(pair.value, CREATE.values(draft, step.name), await _around(ctx, step, pair.value))
            draft = CREATE.answered(draft, step, step.read(said))
        except Unreadable as unreadable:
            return await _onward(ctx, replace(draft, at=step.name), problem=unreadable.remark)
    else:
        if pairs:
            return await _onward(ctx, draft)
    return Reply("create_voucher.not_a_correction", found=ctx.push.text[:20])


async def _sent(ctx: Context, step: Step) -> tuple[str, Remark | None]:
    """What was typed; of a picture its address, once WeChat keeps it, and what is odd about its size."""
    if ctx.push.is_text:
        return ctx.push.text, None
    field = field_of(step.name)
    if ctx.push.type != "image" or step.name not in PICTURES:
        raise Unreadable(remark(Kind.SEND_PICTURE if step.name in PICTURES else Kind.SEND_TEXT, field))
    uploaded = await ctx.vouchers.pictures.take(ctx.push.value("MediaId"), step.name, field)
    return uploaded.url, shape(Picture("", uploaded.width, uploaded.height), PICTURES[step.name], field)


async def _around(ctx: Context, step: Step, text: str) -> dict[str, Any]:
    """What reading the answer takes besides: offers by number, the voucher that is to be given along."""
    around: dict[str, Any] = {"offered": [offer["value"] for offer in await _offers(ctx, step)]}
    if step.name == "gives" and names_another(text):
        with contextlib.suppress(VoucherNotFound):  # the reader says so, too
            around["share"] = {text: await ctx.vouchers.find(text, ctx.operator)}
    return around


async def _offers(ctx: Context, step: Step) -> list[dict[str, Any]]:
    """What may be chosen by its number: the shop's name, pictures given before."""
    if step.name == "brand_name":
        return [{"value": ctx.account.name}] if ctx.account.name else []
    if step.name not in PICTURES:
        return []
    found = await ctx.vouchers.pictures.offers(step.name)
    return [{"value": each.url, "picture": each} for each in found]


async def _suspended(ctx: Context, step: Step) -> int:
    return await ctx.vouchers.creation.suspended() if step.name in ("card_type", "title") else 0


def _place(draft: Draft) -> tuple[int, int]:
    """Which question it is, of how many as far as is known."""
    names = [step.name for step in CREATE.asked(draft)]
    return (names.index(draft.at) + 1 if draft.at in names else len(names)), len(names)


def _needed(step: Step, text: str) -> Remark:
    return remark(Kind.NEEDED, field_of(step.name), text)


def _unquoted(text: str) -> str:
    """A text that is all in quotes without them: so an answer may begin like a command."""
    found = split(text)
    return found[0].text if len(found) == 1 and found[0].quoted else text
