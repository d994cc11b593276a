"""For which of their shops somebody speaks who serves several by way of one account."""

from collections.abc import Sequence

from bot.routing import Context, Reply, Role, Router, Text
from bot.routing.shop_names import fitting

router = Router(section="account")


@router.command(
    "account", "账号", role=Role.VIEWER, example="账号 湖畔面馆", also=("accounts", "换店", "切换账号"), any_shop=True,
    several=True, looks_first=True,
)  # fmt: skip
async def choose_shop(ctx: Context, name: Text | None = None) -> Reply:
    """List the sender's shops, or speak for the one that ``name`` or a number of the list means from now on."""
    names = {each.services.account.appid: each.services.account.name for each in ctx.shops}
    choices, openid = ctx.channel.choices, ctx.push.openid
    standing = await choices.standing(openid)
    if name is None and len(names) == 1:
        return Reply("choose_shop.only", shop=ctx.account.name)
    if name is None:
        return await _listed(ctx, "of_all", list(names), current=standing.usual(list(names), ctx.channel.account.appid))
    found = fitting(name.lstrip("@＠"), names, standing.listed or tuple(names))
    if not found:
        return await _listed(ctx, "not_mine", list(names), found=name[:20])
    if len(found) > 1:
        return await _listed(ctx, "which", found, found=name[:20])
    await choices.choose(openid, found[0])
    return Reply("choose_shop.chosen", shop=names[found[0]])


async def _listed(ctx: Context, outcome: str, appids: Sequence[str], *, current: str = "", found: str = "") -> Reply:
    """A list to which a number is an answer."""
    await ctx.channel.choices.list_shops(ctx.push.openid, appids, "")
    names = {each.services.account.appid: each.services.account.name for each in ctx.shops}
    shops = [names[appid] for appid in appids]
    if outcome == "of_all":
        place = list(appids).index(current) + 1 if current else 0
        return Reply("choose_shop.of_all", shops=shops, current=place)
    return Reply(f"choose_shop.{outcome}", shops=shops, found=found)
