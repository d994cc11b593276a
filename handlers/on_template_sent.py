"""A template message has arrived, or not: only what arrived need not be shown again."""

from bot.routing import Context, Notice, Router

router = Router(section="account")


@router.event("templatesendjobfinish")
async def on_template_sent(ctx: Context) -> list[Notice]:
    """WeChat's only word on whether somebody got a message; nobody is told of it."""
    await ctx.services.templates.finished(ctx.push.value("MsgID") or ctx.push.value("MsgId"), ctx.push.value("Status"))
    return []
