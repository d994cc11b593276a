"""A voucher runs out: the people of the shop hear it while there is time to add stock."""

from bot.clock import now
from bot.errors import WeChatError, WeChatRefused
from bot.routing import Context, Notice, Reply, Role, Router
from bot.vouchers.catalogue import INVALID_CARD_ID
from bot.vouchers.model import Voucher

router = Router(section="vouchers")

REMEMBERED = 90 * 86_400
"""Seconds until one stocking that still runs low is worth another word."""
UNREAD = 43_200
"""Seconds between two words about a voucher that could not be read: WeChat's own distance."""


@router.event("card_sku_remind")
async def on_low_stock(ctx: Context) -> list[Notice]:
    """Tell what is left as card/get shows it: the event's Detail is a hint in English, and old when it comes late.

    WeChat repeats itself every 12 hours, and every five minutes once nothing is left, so one stocking of a voucher
    makes two facts at most: it runs low, it has run out.
    """
    card_id = ctx.push.value("CardId")
    if not card_id:
        return []
    try:
        voucher = await ctx.vouchers.get(card_id)
    except WeChatRefused as refusal:
        return [] if refusal.errcode == INVALID_CARD_ID else await _unread(ctx, card_id)
    except WeChatError:
        return await _unread(ctx, card_id)
    return [] if voucher.deleted else await _left(ctx, voucher)


async def _left(ctx: Context, voucher: Voucher) -> list[Notice]:
    # Older accounts tell no total; then "low" is one fact whatever is left.
    total = voucher.total_stock if voucher.total_stock > voucher.stock else 0
    name = await ctx.vouchers.call_name(voucher.card_id, voucher.title)
    fact = f"stock:{voucher.card_id}:{total}:{'low' if voucher.stock else 'out'}"
    values = {"title": voucher.title, "name": name, "stock": voucher.stock, "total": total}
    return [
        Notice(
            reader.openid,
            Reply("on_low_stock.left", manages=reader.role >= Role.MANAGER, **values),
            fact,
            until=now() + REMEMBERED,
        )
        for reader in ctx.people.with_alert("stock")
    ]


async def _unread(ctx: Context, card_id: str) -> list[Notice]:
    """Low, but how low nobody can say now. Within half a day the same."""
    title = await ctx.vouchers.known_title(card_id)
    reply = Reply("on_low_stock.unread", title=title, name=await ctx.vouchers.call_name(card_id, title))
    fact = f"stock:{card_id}:unread:{int(ctx.push.created_at or now()) // UNREAD}"
    return [Notice(reader.openid, reply, fact) for reader in ctx.people.with_alert("stock")]
