"""Validity may only widen, and its end by three months at most.

WeChat answers 40100 for anything else without saying which end it minds; here both are known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from bot import clock
from bot.vouchers.changes import Change
from bot.vouchers.dates import three_months_after
from bot.vouchers.fields import BY_NAME
from bot.vouchers.model import FIXED_RANGE, Voucher
from bot.vouchers.remarks import Kind, Remark, remark

TYPE, BEGIN, END = (BY_NAME[f"date_info.{part}"] for part in ("type", "begin_timestamp", "end_timestamp"))


def problems(voucher: Voucher, wanted: Mapping[str, Any]) -> Iterator[Remark]:
    """What 40100 would be answered for."""
    asked = [field for field in (TYPE, BEGIN, END) if field.name in wanted]
    if asked and voucher.date_type != FIXED_RANGE:
        yield remark(Kind.FIXED_TERM, asked[0])
        return
    begin, end = wanted.get(BEGIN.name), wanted.get(END.name)
    if begin is not None and voucher.begin is not None and begin > voucher.begin:
        yield remark(Kind.BEGINS_LATER, BEGIN, before=_day(voucher.begin), after=_day(begin))
    if end is not None and voucher.end is not None:
        if end < voucher.end:
            yield remark(Kind.ENDS_EARLIER, END, before=_day(voucher.end), after=_day(end))
        elif end > voucher.end and end > max(_latest_ends(voucher.end)):
            yield remark(Kind.ENDS_TOO_LATE, END, latest=_day(max(_latest_ends(voucher.end))), after=_day(end))


def cautions(voucher: Voucher, changes: Iterable[Change]) -> Iterator[Remark]:
    """An end that only one reading of "three months" allows.

    Where the old end is later than three months from today already, counting from today would forbid every extension;
    such a voucher is no reason for doubt.
    """
    for change in changes:
        if change.field is END and voucher.end is not None:
            earlier, later = sorted(_latest_ends(voucher.end))
            if voucher.end < earlier < change.after <= later:
                yield remark(Kind.PERHAPS_TOO_LATE, END, latest=_day(earlier), after=_day(change.after))


def _day(seconds: int) -> date:
    """WeChat's day."""
    return clock.local(seconds).date()


def _latest_ends(end: int) -> tuple[int, int]:
    """The document does not say whether three months count from the old end or from today (not confirmed)."""
    return three_months_after(end), three_months_after(clock.now())
