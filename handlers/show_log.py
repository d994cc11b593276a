"""Who changed what, when, old and new, and what came of it: the newest changes that fit a phone."""

from bot.routing import Context, Reply, Role, Router, VoucherRef
from bot.vouchers.logged import fitting
from bot.vouchers.showing import given

router = Router(section="vouchers")

NEWEST = 11


@router.command("log", "日志", role=Role.MANAGER, example="日志 春节券")
async def show_log(ctx: Context, voucher: VoucherRef | None = None) -> Reply:
    """Of one voucher, or of all that is changed here; one more is asked for than shown, to say that there are."""
    card_id, title = (voucher.card_id, voucher.title) if voucher else ("", "")
    found = await ctx.vouchers.records.newest(NEWEST + 1, card_id=card_id)
    if not found:
        return Reply("show_log.nothing", title=title)
    ids = {card_id for asked in found for card_id in given(asked.differences())}
    entries = fitting(found[:NEWEST], {card_id: await ctx.vouchers.known_title(card_id) for card_id in ids})
    return Reply("show_log.listed", entries=entries, title=title, older=len(found) > len(entries))
