"""What a list of vouchers can be narrowed to, and the words for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.vouchers.finding import fold
from bot.vouchers.model import Status, Voucher

KINDS: Mapping[str, Callable[[Voucher], bool]] = {
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

WORDS: Mapping[str, str] = {
    **dict.fromkeys(("all", "全部", "所有"), "all"),
    **dict.fromkeys(("review", "reviewing", "pending", "审核中", "待审核", "审核"), "waiting"),
    **dict.fromkeys(("approved", "已通过", "通过"), "approved"),
    **dict.fromkeys(("issued", "live", "投放中", "已投放", "投放"), "issued"),
    **dict.fromkeys(("refused", "rejected", "failed", "未通过", "不通过", "被拒"), "refused"),
    **dict.fromkeys(("deleted", "已删除", "删除"), "deleted"),
    **dict.fromkeys(("expired", "已过期", "过期", "已到期"), "expired"),
}


def asked(words: str) -> tuple[str, int, str]:
    """Which kind, which page, and what is neither."""
    kind, number, unknown = "present", 1, []
    for word in words.lower().replace("under review", "review").split():
        plain = fold(word).removeprefix("第").removesuffix("页").removeprefix("page")
        if plain in WORDS:
            kind = WORDS[plain]
        elif plain.isdecimal() and 0 < int(plain) < 10_000:
            number = int(plain)
        elif plain:
            unknown.append(word)
    return kind, number, " ".join(unknown)
