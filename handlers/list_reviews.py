"""What WeChat's reviewers have now, and what they decided lately."""

from typing import Final

from bot.errors import WeChatError
from bot.routing import Context, Reply, Role, Router
from bot.vouchers.review_notes import Submission, labels

router = Router(section="vouchers")

SHOWN: Final = 4


@router.command("reviews", "审核", role=Role.VIEWER, example="审核")
async def list_reviews(ctx: Context) -> Reply:
    """Pending reviews, the longest first, then recent results; who changed what is for managers to know."""
    asked = await _look(ctx)
    waiting = await ctx.vouchers.reviews.waiting()
    results = await ctx.vouchers.reviews.results()
    if not waiting and not results:
        return Reply("list_reviews.nothing", asked=asked)
    manages = ctx.operator.role >= Role.MANAGER
    return Reply(
        "list_reviews.reviews",
        waiting=[
            {
                "title": each.title,
                "since": each.since,
                "decided": bool(each.decided_at),
                "fields": labels(each.submissions),
                "people": _people(each.submissions) if manages else [],
            }
            for each in waiting[:SHOWN]
        ],
        results=results[:SHOWN],
        waiting_count=len(waiting),
        results_count=len(results),
        asked=asked,
    )


async def _look(ctx: Context) -> bool:
    """Read the vouchers, which notes those under review; False when WeChat cannot be asked: what is noted stands."""
    try:
        await ctx.vouchers.all()
    except WeChatError:
        return False
    return True


def _people(submissions: tuple[Submission, ...]) -> list[str]:
    return list(dict.fromkeys(each.name for each in submissions))
