"""List who may command the account."""

from bot.routing import Context, Reply, Role, Router

router = Router(section="people")


@router.command("operators", "成员", role=Role.OWNER, example="成员")
async def list_operators(ctx: Context) -> Reply:
    """Numbered, longest here first; the numbers are what 授权 and 移除 take."""
    return Reply("list_operators.people", shop=ctx.account.name, people=ctx.people.all(), reader=ctx.operator.openid)
