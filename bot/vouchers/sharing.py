"""What is given along after a redemption: one more of the same voucher, or one of another, never both.

WeChat answers 40144 for four different mistakes; here each is told apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.vouchers.changes import Change
from bot.vouchers.comparing import canonical, entries, held
from bot.vouchers.fields import BY_NAME
from bot.vouchers.model import Voucher
from bot.vouchers.remarks import Kind, Remark, remark

SELF, OTHERS = BY_NAME["consume_share_self_num"], BY_NAME["consume_share_card_list"]


def problems(voucher: Voucher, changes: Iterable[Change], shared: Mapping[str, Voucher]) -> Iterator[Remark]:
    """What 40142 or 40144 would be answered for. ``shared`` holds what is known of the vouchers given along."""
    after = {change.field: change.after for change in changes}
    if OTHERS in after:
        yield from _others(voucher, entries(after[OTHERS]), shared)
    if SELF in after or OTHERS in after:
        more = canonical(SELF, after.get(SELF, held(voucher.detail, SELF)))
        others = entries(after.get(OTHERS, held(voucher.detail, OTHERS)))
        if more and others:
            yield remark(Kind.SHARE_BOTH, OTHERS if OTHERS in after else SELF)


def _others(voucher: Voucher, given: list[Mapping[str, Any]], shared: Mapping[str, Voucher]) -> Iterator[Remark]:
    if len(given) > 1 or any(entry.get("num") != 1 for entry in given):
        yield remark(Kind.SHARE_ONE, OTHERS)
    for entry in given:
        target = shared.get(str(entry.get("card_id")))
        if entry.get("card_id") == voucher.card_id:
            yield remark(Kind.SHARE_SELF, OTHERS)
        elif target is not None and not target.is_friends:
            yield remark(Kind.SHARE_NOT_FRIENDS, OTHERS, target.title)
        elif target is not None and (target.expired or target.deleted):
            yield remark(Kind.SHARE_EXPIRED, OTHERS, target.title)
