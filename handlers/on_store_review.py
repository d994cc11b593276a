"""WeChat has decided about a store, or about a change of one."""

from bot.errors import WeChatError
from bot.routing import Context, Notice, Reply, Role, Router

router = Router(section="vouchers")

PATIENCE = 2.0
"""Seconds to ask what the store is called: WeChat waits five for the event, and the notice counts more."""


@router.event("poi_check_notify")
async def on_store_review(ctx: Context) -> list[Notice]:
    """Tell who hears of reviews; the reason is in ``msg``, with a small letter."""
    push = ctx.push
    readers = ctx.people.with_alert("reviews")
    poi_id = push.value("PoiId")
    if not readers or not poi_id:
        return []
    name, branch = await _name(ctx, poi_id)
    values = {
        "poi_id": poi_id,
        "name": name,
        "branch": branch,
        "passed": push.value("Result").lower() == "succ",
        "reason": push.value("msg") or push.value("Msg"),
    }
    return [
        Notice(
            reader.openid,
            Reply("on_store_review.decided", manages=reader.role >= Role.MANAGER, **values),
            f"store:{push.identity}",
        )
        for reader in readers
    ]


async def _name(ctx: Context, poi_id: str) -> tuple[str, str]:
    """Name and branch, both "" where nobody can say."""
    if not (poi_id.isascii() and poi_id.isdigit()):
        return "", ""
    try:
        store = await ctx.vouchers.stores.get(int(poi_id), patience=PATIENCE)
    except WeChatError:
        return "", ""
    return store.name, store.branch
