"""The account's vouchers, numbered; the numbers work in every command after it."""

from collections.abc import Callable
from typing import Final

from bot.routing import Context, Reply, Role, Router, Text
from bot.vouchers.finding import fold
from bot.vouchers.model import Status, Voucher

router = Router(section="vouchers")

PAGE: Final = 10

KINDS: Final[dict[str, Callable[[Voucher], bool]]] = {
    "present": lambda voucher: not voucher.deleted,
    "all": lambda voucher: True,
    "waiting": lambda voucher: voucher.under_review,
    "approved": lambda voucher: voucher.approved,
    "issued": lambda voucher: voucher.status is Status.DISPATCH,
    "refused": lambda voucher: voucher.status is Status.VERIFY_FAIL,
    "deleted": lambda voucher: voucher.deleted,
    "expired": lambda voucher: voucher.expired and not voucher.deleted,
}
"""What a list can be narrowed to. ``present``, what stands without a word, leaves out deleted ones."""

WORDS: Final = {
    **dict.fromkeys(("all", "全部", "所有"), "all"),
    **dict.fromkeys(("review", "reviewing", "pending", "审核中", "待审核", "审核"), "waiting"),
    **dict.fromkeys(("approved", "已通过", "通过"), "approved"),
    **dict.fromkeys(("issued", "live", "投放中", "已投放", "投放"), "issued"),
    **dict.fromkeys(("refused", "rejected", "failed", "未通过", "不通过", "被拒"), "refused"),
    **dict.fromkeys(("deleted", "已删除", "删除"), "deleted"),
    **dict.fromkeys(("expired", "已过期", "过期", "已到期"), "expired"),
}


@router.command("vouchers", "卡券", role=Role.VIEWER, example="卡券 审核中")
async def list_vouchers(ctx: Context, words: Text | None = None) -> Reply:
    """One page of the list; what the whole list numbers is remembered for ``#n``."""
    kind, number, unknown = _asked(words or "")
    if unknown:
        return Reply("list_vouchers.unknown", words=unknown)
    everything = await ctx.vouchers.all()
    chosen = [voucher for voucher in everything if KINDS[kind](voucher)]
    if not chosen:
        return Reply("list_vouchers.nothing", kind=kind, total=len(everything))
    pages = -(-len(chosen) // PAGE)
    if number > pages:
        return Reply("list_vouchers.beyond", number=number, pages=pages, kind=kind)
    await ctx.vouchers.remember_list(ctx.operator, [voucher.card_id for voucher in chosen])
    first = (number - 1) * PAGE
    shown = list(enumerate(chosen[first : first + PAGE], first + 1))
    return Reply("list_vouchers.page", vouchers=shown, kind=kind, total=len(chosen), number=number, pages=pages)


def _asked(words: str) -> tuple[str, int, str]:
    """Which kind, which page, and what is neither."""
    kind, number, unknown = "present", 1, []
    for word in words.split():
        plain = fold(word).removeprefix("第").removesuffix("页").removeprefix("page")
        if plain in WORDS:
            kind = WORDS[plain]
        elif plain.isdecimal() and 0 < int(plain) < 10_000:
            number = int(plain)
        elif plain:
            unknown.append(word)
    return kind, number, " ".join(unknown)
