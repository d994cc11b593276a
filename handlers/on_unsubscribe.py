"""An operator stopped following the account: the role rests, what waited for their yes is void, owners are told."""

from bot.clock import now
from bot.merchants.following import RETURN_SECONDS
from bot.routing import Context, Notice, Reply, Router

router = Router(section="people")


@router.event("unsubscribe")
async def on_unsubscribe(ctx: Context) -> list[Notice]:
    """Customers come and go and are nobody's news.

    The last owner is suspended for notices only, so that somebody can let the others back in.
    """
    push = ctx.push
    left = await ctx.people.unfollowed(ctx.person, push.created_at or now())
    if left is None:
        return []
    await ctx.channel.windows.refused(push.openid)
    reply = Reply(
        "on_unsubscribe.left",
        name=left.name,
        role=left.role,
        dropped=await ctx.pending.drop(left) is not None,
        days=RETURN_SECONDS // 86_400,
    )
    fact = f"left:{left.openid}:{int(left.suspended_at)}"
    return [Notice(reader.openid, reply, fact) for reader in ctx.people.with_alert("people")]
