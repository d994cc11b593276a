"""What a voucher promises, as plain values a template can put into words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot import clock
from bot.vouchers.model import Voucher, integer
from bot.vouchers.showing import Run
from bot.vouchers.vocabulary import WEEK

_TEXT_OF_TYPE = {"GIFT": "gift", "GROUPON": "deal_detail", "GENERAL_COUPON": "default_detail"}
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Details:
    """One voucher in plain values.

    ``reduce`` and ``least`` (minimum spend) are fen, ``percent_off`` per cent; 0 = does not apply. ``days_left`` counts
    whole WeChat days until the last one (0 = today), None where validity counts from the claim.
    """

    reduce: int
    percent_off: int
    least: int
    content: str
    only_for: str
    not_for: str
    bought_with: str
    alone: bool
    days_left: int | None
    begins_in: int
    get_limit: int
    notice: str
    description: str
    phone: str
    stores: int
    all_stores: bool
    hours: tuple[Run, ...]
    services: tuple[str, ...]
    gives_itself: bool
    gives: tuple[str, ...]


def details(voucher: Voucher) -> Details:
    """Everything ``show`` tells beside title, status, days and stock. Missing fields come out empty."""
    base, advanced, detail = voucher.base_info, voucher.advanced_info, voucher.detail
    condition = _mapping(advanced.get("use_condition"))
    today = clock.wechat_today()
    return Details(
        reduce=integer(detail.get("reduce_cost")),
        percent_off=integer(detail.get("discount")),
        least=integer(condition.get("least_cost")) or integer(detail.get("least_cost")),
        content=_content(voucher),
        only_for=_text(condition.get("accept_category")),
        not_for=_text(condition.get("reject_category")),
        bought_with=_text(condition.get("object_use_for")),
        alone=condition.get("can_use_with_other_discount") is False,
        days_left=(voucher.last_day - today).days if voucher.last_day else None,
        begins_in=max((voucher.first_day - today).days, 0) if voucher.first_day else 0,
        get_limit=integer(base.get("get_limit")),
        notice=_text(base.get("notice")),
        description=shortened(_text(base.get("description")), _SHOWN),
        phone=_text(base.get("service_phone")),
        stores=len(_items(base.get("location_id_list"))),
        all_stores=base.get("use_all_locations") is True,
        hours=hours(_items(advanced.get("time_limit"))),
        services=tuple(_text(service) for service in _items(advanced.get("business_service"))),
        gives_itself=integer(advanced.get("consume_share_self_num")) > 0,
        gives=tuple(_text(_mapping(each).get("card_id")) for each in _items(advanced.get("consume_share_card_list"))),
    )


def hours(entries: Iterable[Any]) -> tuple[Run, ...]:
    """``time_limit`` with neighbouring days of the same times joined, in the order of the week, holidays last.

    One day may stand twice, with two spans of time. An hour without its minute is a full hour.
    """
    days_of: dict[str, list[str]] = {}
    for entry in map(_mapping, entries):
        day, times = _text(entry.get("type")).upper(), _times(entry)
        if day and day not in days_of.setdefault(times, []):
            days_of[times].append(day)
    found = [Run(first, last, times) for times, days in days_of.items() for first, last in _runs(days)]
    return tuple(sorted(found, key=lambda run: (_place(run.first), run.hours)))


def shortened(text: str, characters: int) -> str:
    """``text`` on one line with `` / `` for its line breaks, cut to ``characters`` with an ellipsis."""
    line = " / ".join(" ".join(each.split()) for each in text.splitlines() if each.strip())
    return line if len(line) <= characters else line[: characters - 1].rstrip() + "…"


def _runs(days: list[str]) -> list[tuple[str, str]]:
    """Days in the order of the week, neighbours joined to (first, last)."""
    runs: list[tuple[str, str]] = []
    for day in sorted(days, key=_place):
        if runs and day in WEEK and _place(day) == _place(runs[-1][1]) + 1:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs


def _place(day: str) -> int:
    return WEEK.index(day) if day in WEEK else len(WEEK)


def _times(entry: Mapping[str, Any]) -> str:
    """``10:00–20:59``; "" for the whole day."""
    if not entry.keys() & {"begin_hour", "end_hour"}:
        return ""
    times = [(integer(entry.get(f"{end}_hour")), integer(entry.get(f"{end}_minute"))) for end in ("begin", "end")]
    return "–".join(f"{hour:02}:{minute:02}" for hour, minute in times)


def _content(voucher: Voucher) -> str:
    """What is given, unless the title says just that (platform-built titles do)."""
    detail = voucher.detail
    parts = [_text(detail.get(part)) for part in ("gift_name", "gift_num", "gift_unit")]
    named = "".join(parts) if parts[0] else ""
    written = _text(detail.get(_TEXT_OF_TYPE.get(voucher.card_type, "")))
    return shortened(next((text for text in (named, written) if text not in ("", voucher.title)), ""), _SHOWN)


def _items(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()
