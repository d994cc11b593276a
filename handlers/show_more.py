"""The next part of an answer that was too long for one message."""

from bot.routing import Context, Reply, Role, Router

router = Router(section="account")


@router.command(
    "more", "继续", role=Role.VIEWER, example="继续", also=("更多", "下一页", "下一段", "next"), any_shop=True
)
async def show_more(ctx: Context) -> Reply:
    """Show the next part; each part is shown once."""
    part = await ctx.channel.answers.next_part(ctx.push.openid, ctx.push.identity)
    if part is None:
        return Reply("show_more.nothing")
    return Reply.of_picture(part.picture) if part.picture else Reply("delivery.part", part=part)
