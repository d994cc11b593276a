"""What WeChat still allows today: messages, card calls, figures, tokens, and whom a notice can reach."""

from typing import Final

from bot.merchants import allowances
from bot.routing import Context, Reply, Role, Router

router = Router(section="account")

SHOWN: Final = 2
"""Calls that are used up, each with a line of its own."""


@router.command("quota", "额度", role=Role.MANAGER, example="额度")
async def show_quota(ctx: Context) -> Reply:
    """What is used up first; then what is left, as far as possible by WeChat's own figures."""
    kinds = ["reading", "changing", "figures"]
    if ctx.account.notice_template_id:
        kinds.insert(0, "templates")
    if ctx.account.customer_service:
        kinds.insert(0, "messages")
    found = await allowances.today(ctx.services.wechat, kinds)
    return Reply(
        "show_quota.allowances",
        ended=found.ended[:SHOWN],
        ended_count=len(found.ended),
        left=found.left,
        told=any(each.told for each in found.left),
        counted=any(not each.told for each in found.left if each.kind != "tokens"),
        can_send=ctx.channel.account.customer_service,
        windows=await ctx.channel.windows.state(ctx.push.openid),
        out_of_reach=await _out_of_reach(ctx),
    )


async def _out_of_reach(ctx: Context) -> list[str]:
    """The names of the other operators who cannot be written to now."""
    if not ctx.account.customer_service:
        return []
    others = {
        each.openid: each.name for each in ctx.people.all() if each.openid != ctx.operator.openid and not each.suspended
    }
    return [others[openid] for openid in await ctx.out_of_reach(list(others))]
