"""A customer claimed a voucher, or took one a friend gave away: counted, nobody is told."""

from bot.routing import Context, Notice, Router
from bot.stats.counters import What

router = Router(section="numbers")


@router.event("user_get_card")
async def on_claim(ctx: Context) -> list[Notice]:
    """Count it by the channel its QR code was made for.

    A gift taken is a new code, not a new claim. A member card put back is neither.
    """
    push = ctx.push
    if push.value("IsRestoreMemberCard") == "1":
        return []
    given = push.value("IsGiveByFriend") == "1"
    await ctx.counters.count(
        What.TAKEN if given else What.CLAIMED,
        push.value("UserCardCode") or push.identity,
        push.created_at,
        push.value("CardId"),
        channel=push.value("OuterStr") or _old_mark(push.value("OuterId")),
    )
    return []


def _old_mark(outer_id: str) -> str:
    """The older channel mark, a number; 0 is none."""
    return "" if outer_id == "0" else outer_id
