"""Which vouchers did best in a span of days."""

from collections.abc import Iterable

from bot import clock
from bot.routing import Context, Range, Reply, Role, Router
from bot.stats import days
from bot.stats.ranking import LEAST_CLAIMED, Ranking, Standing, rank

router = Router(section="numbers")

MOST_REDEEMED, OTHERS = 3, 2
"""So many of each fit a phone."""
USUAL_DAYS = 7


@router.command("top", "排行", role=Role.VIEWER, example="排行 本月")
async def top_vouchers(ctx: Context, span: Range | None = None) -> Reply:
    """The best by redemptions, by redemptions per claim and by growth against the span before (default 7 days)."""
    asked = span or days.last_days(USUAL_DAYS, clock.wechat_today())
    now, before = await ctx.stats.vouchers_over_time(asked)
    shared = {"span": asked, "not_ready": now.days_not_ready, "foreign": days.differ_from(ctx.account.zone)}
    if not now.rows:
        late = len(now.days_not_ready) == len(asked)
        return Reply(f"top_vouchers.{'not_ready' if late else 'no_data'}", **shared)
    ranking = rank(now, before)
    if not ranking.redeemed:
        return Reply("top_vouchers.none_redeemed", **shared)
    return await _ranked(ctx, ranking, shared)


async def _ranked(ctx: Context, ranking: Ranking, shared: dict[str, object]) -> Reply:
    redeemed, rated, grown = ranking.redeemed[:MOST_REDEEMED], ranking.rated[:OTHERS], ranking.grown[:OTHERS]
    titles = await _titles(ctx, (*redeemed, *rated, *grown))
    best = redeemed[0].card_id
    return Reply(
        "top_vouchers.ranked",
        redeemed=redeemed,
        rated=rated,
        grown=grown,
        titles=titles,
        best=await ctx.vouchers.call_name(best, titles[best], ctx.operator),
        least=LEAST_CLAIMED,
        **shared,
    )


async def _titles(ctx: Context, standings: Iterable[Standing]) -> dict[str, str]:
    return {card_id: await ctx.vouchers.title(card_id) for card_id in {each.card_id: None for each in standings}}
