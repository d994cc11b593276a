"""Take an operator's rights away, at once: an invitation brings them back."""

from bot.routing import Context, Notice, Person, Reply, Role, Router

router = Router(section="people")


@router.command("remove", "移除", role=Role.OWNER, example="移除 李四")
async def remove_operator(ctx: Context, person: Person) -> Reply | tuple[Reply, list[Notice]]:
    """Remove somebody, with whatever waited for their yes, and tell them; oneself too, unless the last owner."""
    removed = await ctx.people.remove(person.openid, by=ctx.operator.openid)
    dropped = await ctx.pending.drop(removed) is not None
    if removed.openid == ctx.operator.openid:
        return Reply("remove_operator.left", shop=ctx.account.name, dropped=dropped)
    reply = Reply("remove_operator.removed", name=removed.name, role=removed.role, dropped=dropped)
    told = Reply("remove_operator.told", shop=ctx.account.name, role=removed.role, by=ctx.operator.name)
    return reply, [Notice(removed.openid, told, f"removed:{ctx.push.identity}", removed.language)]
