"""Give an operator another role, at once: the old one is a message away."""

from bot.routing import Context, Notice, Operator, Person, Reply, Role, RoleWord, Router

router = Router(section="people")


@router.command("role", "授权", role=Role.OWNER, example="授权 李四 店长")
async def change_role(ctx: Context, person: Person, role: RoleWord) -> Reply | tuple[Reply, list[Notice]]:
    """Change a role and tell its bearer.

    A preview that waits for the yes of somebody who is less now must not be carried out any more.
    """
    if person.role is role and not person.suspended:
        return Reply("change_role.same", name=person.name, role=role)
    changed = await ctx.people.change(person.openid, by=ctx.operator.openid, role=role)
    dropped = role < person.role and await ctx.pending.drop(changed) is not None
    if person.suspended:
        return _restored(ctx, person, role)
    reply = Reply("change_role.changed", name=changed.name, before=person.role, role=role, dropped=dropped)
    if person.openid == ctx.operator.openid:
        return reply
    told = Reply("change_role.told", shop=ctx.account.name, before=person.role, role=role, by=ctx.operator.name)
    return reply, [Notice(person.openid, told, f"role:{ctx.push.identity}")]


def _restored(ctx: Context, person: Operator, role: Role) -> tuple[Reply, list[Notice]]:
    """A role for somebody who unfollowed: it counts again, whatever it was before."""
    told = Reply("change_role.told_restored", shop=ctx.account.name, role=role, by=ctx.operator.name)
    reply = Reply("change_role.restored", name=person.name, role=role)
    return reply, [Notice(person.openid, told, f"role:{ctx.push.identity}")]
