"""Become an operator with an invitation: the one command that is open to everybody."""

from bot.merchants.people import Joined, NameTaken
from bot.routing import Context, InvitationCode, Notice, Reply, Router

router = Router(section="people")


@router.command("join", "绑定", role=None, example="绑定 K7QM-3RXD-9WVF-T2HB", any_shop=True)
async def join_shop(ctx: Context, code: InvitationCode) -> Reply | tuple[Reply, list[Notice]]:
    """Redeem an invitation; whoever invited, and everybody who follows such changes, is told."""
    try:
        joined = await ctx.people.join(code, ctx.person)
    except NameTaken as taken:
        return Reply("join_shop.name_taken", **taken.values)
    shop, operator = ctx.account.name, joined.operator
    if not joined.changed:
        return Reply(
            "join_shop.unchanged",
            shop=shop,
            name=operator.name,
            role=operator.role,
            offered=joined.offered,
            good=joined.good,
        )
    if ctx.away:
        await ctx.channel.people.refresh()  # from now on it is known there who they are
    # Before this the sender was nobody whose actions are noted, so this message has opened no window yet.
    await ctx.channel.windows.opened(ctx.push)
    values = {"shop": shop, "name": operator.name, "role": operator.role}
    if joined.before is None:
        others = any(each.services.account.appid != ctx.account.appid for each in ctx.shops)
        return Reply("join_shop.welcome", several=others, **values), _notices(ctx, joined)
    return Reply("join_shop.raised", **values), _notices(ctx, joined)


def _notices(ctx: Context, joined: Joined) -> list[Notice]:
    inviter = ctx.people.operator(joined.by)
    told = {operator.openid for operator in ctx.people.with_alert("people")}
    told |= {inviter.openid} if inviter else set()
    reply = Reply(
        "join_shop.somebody_joined",
        name=joined.operator.name,
        role=joined.operator.role,
        before=joined.before,
        inviter=inviter.name if inviter else None,
    )
    return [Notice(openid, reply, f"joined:{ctx.push.identity}") for openid in sorted(told - {joined.operator.openid})]
