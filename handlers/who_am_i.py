"""Tell people what they are here, and when notices can reach them."""

from bot.routing import Context, Reply, Role, Router

router = Router(section="account")


@router.command("whoami", "我", role=Role.VIEWER, example="我", also=("我是谁", "who am i"))
async def who_am_i(ctx: Context) -> Reply:
    """Role, name, language and, since WeChat limits it, how many notices may still come and until when."""
    operator = ctx.operator
    return Reply(
        "who_am_i.card",
        shop=ctx.account.name,
        name=operator.name,
        role=operator.role,
        language=operator.language or ctx.account.language,
        can_send=ctx.channel.account.customer_service,
        windows=await ctx.channel.windows.state(ctx.push.openid),
    )
