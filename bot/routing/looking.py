"""What WeChat counted for a shop in a span of days, and what of it wants attention."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot import clock
from bot.errors import WeChatError
from bot.routing.context import Services
from bot.stats.asking import DaysRefused
from bot.stats.days import DayRange
from bot.stats.flags import LATELY_DAYS, Flag, OnShelf, flags
from bot.stats.service import Overview
from bot.stats.summary import Summary, summarize
from bot.vouchers.model import Voucher


@dataclass(frozen=True, slots=True)
class Found:
    """Figures of a span, and the flags of a single day, the most urgent first."""

    summary: Summary
    flags: tuple[Flag, ...]


async def look(services: Services, span: DayRange) -> Found | None:
    """The figures of ``span`` and what they mean; None where WeChat cannot be asked or refuses."""
    found = await overview(services, span)
    if found is None:
        return None
    summary = summarize(found.now, found.before, found.by_voucher, found.weeks)
    if found.weeks is None or not summary.has_data:
        return Found(summary, ())
    return Found(summary, tuple(flags(span.last, found.weeks, found.lately, await shelf(services))))


async def overview(services: Services, span: DayRange) -> Overview | None:
    """The figures of ``span``, of one day with all that flags need; None where WeChat cannot be asked or refuses."""
    try:
        return await services.stats.overview(span, lately=LATELY_DAYS if len(span) == 1 else 1)
    except (WeChatError, DaysRefused):
        return None


async def shelf(services: Services) -> list[OnShelf]:
    """The vouchers of the shop; none where WeChat cannot be asked."""
    try:
        return [_on_shelf(each) for each in await services.vouchers.all()]
    except WeChatError:
        return []  # what the figures say by themselves is told all the same


def _on_shelf(voucher: Voucher) -> OnShelf:
    return OnShelf(
        card_id=voucher.card_id,
        title=voucher.title,
        stock=voucher.stock,
        total=_total(voucher),
        offered=voucher.approved and not voucher.expired,
        under_review=voucher.under_review,
        counted=voucher.has_figures,
        offered_since=clock.local(max(voucher.created_at, voucher.begin or 0)).date(),
        last_day=voucher.last_day,
    )


def _total(voucher: Voucher) -> int:
    """How many there were; 0 where WeChat tells only how many are left, as older accounts do."""
    sku = voucher.base_info.get("sku")
    return voucher.total_stock if isinstance(sku, Mapping) and sku.get("total_quantity") else 0
