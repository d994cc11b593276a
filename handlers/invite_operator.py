"""Invite somebody: a code that makes whoever texts it an operator, once."""

from bot.merchants.invitations import LIFETIME
from bot.routing import Context, Reply, Role, RoleWord, Router, Text

router = Router(section="people")


@router.command("invite", "邀请", role=Role.OWNER, example="邀请 店员 李四")
async def invite_operator(ctx: Context, role: RoleWord, name: Text) -> Reply:
    """The code stands in the reply alone; the store keeps a digest, so it cannot be shown again."""
    person = ctx.people.available_name(name)
    code = await ctx.people.invite(role, person, by=ctx.operator.openid)
    return Reply.in_confidence(
        "invite_operator.code", shop=ctx.account.name, name=person, role=role, code=code, hours=LIFETIME // 3600
    )
