"""Yes or no to what was previewed; where the settings want it, a second person's yes to what a colleague asks for."""

from dataclasses import replace

from bot.dialogue import move
from bot.errors import Explained, WeChatError
from bot.merchants.approvals import Request
from bot.merchants.pending import Preview
from bot.routing import Context, Notice, Operator, Reply, RequestNumber, Role, Router
from bot.routing.context import NOT_SENT

router = Router(section="account")

Answer = Reply | tuple[Reply, list[Notice]]
SHOWN = "second_yes"
"""The preview of somebody who was shown a colleague's request: a yes is the answer to that."""
_YES = ("是", "是的", "好", "好的", "确定", "可以", "ok", "okay", "y")
_NO = ("否", "不", "不是", "不要", "不用", "不用了", "算了", "cancel", "n")


@router.command("yes", "确认", role=Role.VIEWER, example="确认", also=_YES, looks_first=True)
async def confirm(ctx: Context, number: RequestNumber | None = None) -> Answer:
    """Carry out what the sender's last preview promised, once, or what a colleague's request of that number asks."""
    if number is not None:
        return await _approved(ctx, number)
    preview = await ctx.pending.take(ctx.operator, ctx.push.identity)
    if preview is None:
        return await _waiting(ctx)
    if preview.action == SHOWN:
        return await _shown(ctx, preview.payload["number"])
    if preview.anew and ctx.queued and not ctx.resumed:
        await ctx.pending.put_back(ctx.operator, preview)
        return Reply("answer_preview.read_first", minutes=preview.minutes_left)
    if ctx.needs_second(preview):
        return await _asked(ctx, preview)
    return await ctx.carry_out(preview)


@router.command("no", "取消", role=Role.VIEWER, example="取消", also=_NO)
async def cancel(ctx: Context, number: RequestNumber | None = None) -> Answer:
    """Forget the sender's preview, or turn a request down; who asked takes it back so."""
    preview = await ctx.pending.take(ctx.operator, ctx.push.identity) if number is None else None
    if preview is not None and preview.action != SHOWN:
        return Reply("answer_preview.dropped")
    if preview is not None:
        number = preview.payload["number"]
    if number is None:
        own = [each for each in await ctx.approvals.all() if each.is_open and each.openid == ctx.operator.openid]
        if not own:
            return await _left(ctx)
        number = own[-1].number
    return await _turned_down(ctx, number)


async def _left(ctx: Context) -> Answer:
    """A no while nothing waits may be a move in a guided dialogue: 取消 puts it aside, 不用了 skips a question."""
    draft = await ctx.drafts.latest(ctx.operator)
    if draft is None or draft.paused or move(ctx.push.text) is None:
        return await _nothing(ctx)
    return await ctx.routes.dialogues[draft.kind].command.handler(ctx)


async def _nothing(ctx: Context) -> Reply:
    draft = await ctx.drafts.latest(ctx.operator)
    return Reply("answer_preview.nothing_waits", asks=draft is not None and not draft.paused and bool(draft.at))


# A second person --------------------------------------------------------------------------------------------------


async def _asked(ctx: Context, preview: Preview) -> Answer:
    """The sender's yes is not enough: tell everybody else who may use the command."""
    if not preview.words:
        return await _nothing(ctx)  # nobody could read what it is about
    others = [each for each in ctx.people.all() if each.openid != ctx.operator.openid and _may(ctx, each, preview)]
    if not others:
        command = ctx.routes.command_of(preview)
        return Reply("answer_preview.nobody_else", role=command.role if command else Role.OWNER)
    request = await ctx.approvals.ask(preview, ctx.operator)
    if not request.is_open:  # asked by this message before, in a process that died
        return Reply("answer_preview.answered", number=request.number)
    notices = [Notice(person.openid, _please(ctx, request), f"second:{preview.id}") for person in others]
    names = [person.name for person in others]
    told = Reply("answer_preview.asked", names=names, number=request.number, minutes=request.minutes_left)
    return told, notices


async def _waiting(ctx: Context) -> Answer:
    """A bare yes while nothing of one's own waits: a colleague's request is shown, to be answered by the next yes."""
    requests = [each for each in await ctx.approvals.all() if each.is_open]
    for request in requests:
        if request.openid != ctx.operator.openid and _may(ctx, ctx.operator, request.preview):
            await ctx.pending.offer(ctx.operator, SHOWN, {"number": request.number})
            return _please(ctx, request)
    if own := [each for each in requests if each.openid == ctx.operator.openid]:
        return Reply("answer_preview.still_waiting", number=own[-1].number, minutes=own[-1].minutes_left)
    return await _nothing(ctx)


async def _shown(ctx: Context, number: int) -> Answer:
    """A bare yes to a colleague's request; sent twice in a row it is no yes to what nobody had read between the two."""
    request = await ctx.approvals.numbered(number)
    if request is not None and request.is_open and ctx.queued and not ctx.resumed:
        return await _waiting(ctx)
    return await _approved(ctx, number)


async def _approved(ctx: Context, number: int) -> Answer:
    """Carry it out for who asked, as far as both still may. What goes wrong is told to who asked."""
    request = await _answerable(ctx, number)
    if isinstance(request, Reply):
        return request
    if request.openid == ctx.operator.openid:
        return Reply("answer_preview.own", number=number)
    asker = ctx.people.operator(request.openid)
    if asker is None or not _may(ctx, asker, request.preview):
        return Reply("answer_preview.asker_may_not", name=request.name)
    if not await ctx.approvals.answer(request, ctx.push.identity, ctx.operator):
        return Reply("answer_preview.answered", number=number)
    told = Reply("answer_preview.not_done", name=asker.name)
    try:
        reply = await replace(ctx, sender=replace(asker, second=ctx.operator)).carry_out(request.preview)
        if reply.template == NOT_SENT:
            told = Reply("answer_preview.asked_later", name=asker.name)
        elif await ctx.pending.peek(asker) is not None:
            told = Reply("answer_preview.asked_anew", name=asker.name)
        else:
            told = reply
    except WeChatError:
        # What is raised says that certainly nothing has changed: the same yes may be sent again.
        await ctx.approvals.reopen(replace(request, answered_by="", answer=""), ctx.push.identity)
        raise
    except Explained as error:
        reply = Reply(error.template, **error.values)
    return told, [Notice(asker.openid, reply, f"second:{request.preview.id}:done")]


async def _turned_down(ctx: Context, number: int) -> Answer:
    """Nobody does it; who asked hears of it, or took it back."""
    request = await _answerable(ctx, number)
    if isinstance(request, Reply):
        return request
    if not await ctx.approvals.answer(request, ctx.push.identity, ctx.operator):
        return Reply("answer_preview.answered", number=number)
    if request.openid == ctx.operator.openid:
        return Reply("answer_preview.dropped")
    told = Reply("answer_preview.not_agreed", name=ctx.operator.name, words=request.preview.words)
    notice = Notice(request.openid, told, f"second:{request.preview.id}:done")
    return Reply("answer_preview.turned_down", name=request.name), [notice]


async def _answerable(ctx: Context, number: int) -> Request | Reply:
    """The request, or why there is nothing to answer; who may not use its command does not learn what it is about."""
    request = await ctx.approvals.numbered(number)
    if request is None or not _may(ctx, ctx.operator, request.preview):
        return Reply("answer_preview.no_request", number=number)
    if request.is_open or request.answered_by == ctx.push.identity:  # perhaps by this message, whose process died
        return request
    if request.answered_by:
        return Reply("answer_preview.answered_by", number=number, name=request.answer)
    return Reply("answer_preview.lapsed", number=number, name=request.name)


def _please(ctx: Context, request: Request) -> Reply:
    return Reply(
        "answer_preview.please", name=request.name, command=ctx.routes.command_of(request.preview),
        words=request.preview.words, number=request.number, minutes=request.minutes_left,
    )  # fmt: skip


def _may(ctx: Context, person: Operator, preview: Preview) -> bool:
    """Whether the role of ``person`` counts now and reaches for what ``preview`` would do."""
    command, now = ctx.routes.command_of(preview), ctx.people.operator(person.openid)
    return command is not None and now is not None and command.open_to(now)
