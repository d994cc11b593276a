"""An operator follows the account again: whoever was away for a short time finds their role, and owners are told."""

from bot.clock import now
from bot.routing import Context, Notice, Operator, Reply, Router

router = Router(section="people")


@router.event("subscribe")
async def on_subscribe(ctx: Context) -> list[Notice]:
    """Somebody away for longer stays suspended until an owner gives them a role again."""
    push = ctx.push
    person = await ctx.people.followed(ctx.person, push.created_at or now())
    if person is None:
        return []
    if person.suspended:
        values = {"name": person.name, "role": person.role, "since": person.suspended_at}
        return _to_owners(ctx, person, Reply("on_subscribe.stays_suspended", **values))
    # Before this the sender was nobody whose actions are noted, so following has opened no window yet.
    await ctx.channel.windows.opened(push)
    welcome = Reply("on_subscribe.welcome_back", shop=ctx.account.name, role=person.role)
    told = _to_owners(ctx, person, Reply("on_subscribe.is_back", name=person.name, role=person.role))
    return [Notice(person.openid, welcome, _fact(ctx)), *told]


def _to_owners(ctx: Context, person: Operator, reply: Reply) -> list[Notice]:
    readers = [reader for reader in ctx.people.with_alert("people") if reader.openid != person.openid]
    return [Notice(reader.openid, reply, _fact(ctx)) for reader in readers]


def _fact(ctx: Context) -> str:
    return f"followed:{ctx.push.identity}"
