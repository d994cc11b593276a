"""Yes or no to what was previewed."""

from bot.routing import Context, Reply, Role, Router

router = Router(section="account")

_YES = ("是", "是的", "好", "好的", "确定", "可以", "ok", "okay", "y")
_NO = ("否", "不", "不是", "不要", "不用", "不用了", "算了", "cancel", "n")


@router.command("yes", "确认", role=Role.VIEWER, example="确认", also=_YES, looks_first=True)
async def confirm(ctx: Context) -> Reply:
    """Carry out what the sender's last preview promised, once."""
    preview = await ctx.pending.take(ctx.operator, ctx.push.identity)
    return await ctx.carry_out(preview) if preview else Reply("answer_preview.nothing_waits")


@router.command("no", "取消", role=Role.VIEWER, example="取消", also=_NO)
async def cancel(ctx: Context) -> Reply:
    """Forget the sender's preview."""
    preview = await ctx.pending.drop(ctx.operator)
    return Reply("answer_preview.dropped") if preview else Reply("answer_preview.nothing_waits")
