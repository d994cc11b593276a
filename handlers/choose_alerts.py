"""Choose which notices reach one person: all, none, or one kind after the other."""

from typing import Any

from bot.merchants import alerts
from bot.routing import Context, Operator, Reply, Role, Router, Text

router = Router(section="account")


@router.command("alerts", "提醒", role=Role.VIEWER, example="提醒 关闭 库存")
async def choose_alerts(ctx: Context, wanted: Text | None = None) -> Reply:
    """Without a switch: which ones come now. A kind the sender's role may not see does not exist for them."""
    wish = alerts.read(wanted or "")
    kinds = alerts.offered(ctx.operator.role)
    if wish.kind is None or (wish.kind and wish.kind not in kinds):
        return Reply("choose_alerts.unknown", found=wish.words, kinds=kinds)
    if wish.on is None:
        return _current(ctx.operator, wish.kind, kinds)
    chosen = [wish.kind] if wish.kind else kinds
    me = ctx.operator.openid
    await ctx.people.change(me, by=me, alerts=dict.fromkeys(chosen, wish.on))
    # Whoever sent a change to review hears the result in any case.
    own_reviews = not wish.on and "reviews" in chosen and ctx.operator.role >= Role.MANAGER
    return Reply("choose_alerts.changed", on=wish.on, kind=wish.kind, own_reviews=own_reviews)


def _current(operator: Operator, kind: str, kinds: list[str]) -> Reply:
    if kind:
        return Reply("choose_alerts.one", kind=kind, on=operator.wants(kind))
    states: list[dict[str, Any]] = [{"kind": each, "on": operator.wants(each)} for each in kinds]
    return Reply("choose_alerts.current", states=states)
