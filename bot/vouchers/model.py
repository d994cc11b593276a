"""A voucher as card/get tells it.

Source: Friend's Vouchers Management APIs, "View Voucher Details". The answer has grown fields over the years and older
accounts lack some, so everything here has a value for what is missing, and nothing raises.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from bot import clock


class Status(StrEnum):
    """Where a voucher stands with WeChat. ``UNKNOWN`` is for spellings nobody has seen yet."""

    NOT_VERIFY = "CARD_STATUS_NOT_VERIFY"
    VERIFY_FAIL = "CARD_STATUS_VERIFY_FAIL"
    VERIFY_OK = "CARD_STATUS_VERIFY_OK"
    DISPATCH = "CARD_STATUS_DISPATCH"
    DELETE = "CARD_STATUS_DELETE"
    UNKNOWN = ""

    @classmethod
    def of(cls, spelling: object) -> Status:
        """The status behind any spelling WeChat and its documents have used."""
        text = str(spelling or "").strip().upper()
        return _SPELLINGS.get(text.removeprefix("CARD_STATUS_"), cls.UNKNOWN)


_SPELLINGS = {
    "NOT_VERIFY": Status.NOT_VERIFY,
    "VERIFY_FAIL": Status.VERIFY_FAIL,
    "VERIFY_FALL": Status.VERIFY_FAIL,  # printed so in several copies of the document
    "VERIFY_OK": Status.VERIFY_OK,
    "DISPATCH": Status.DISPATCH,
    "USER_DISPATCH": Status.DISPATCH,
    "DELETE": Status.DELETE,
    "USER_DELETE": Status.DELETE,
}

FIXED_RANGE = "DATE_TYPE_FIX_TIME_RANGE"
FIXED_TERM = "DATE_TYPE_FIX_TERM"
PERMANENT = "DATE_TYPE_PERMANENT"
_DATE_TYPES = {"1": FIXED_RANGE, "2": FIXED_TERM}  # the numbers of the first version are still met


COUNTED_TYPES = frozenset({"DISCOUNT", "CASH", "GIFT", "GENERAL_COUPON", "GROUPON"})


@dataclass(frozen=True, slots=True)
class Voucher:
    """One voucher, from card/get's ``card`` object.

    ``detail`` is the whole object under ``type_key`` (``{"base_info": …, "advanced_info": …, "reduce_cost": …}``).
    ``begin`` and ``end`` are seconds, ``first_day`` and ``last_day`` WeChat's days (UTC+8); all four are None where
    validity counts from the claim (``fixed_term`` days, beginning ``fixed_begin_term`` days later).
    """

    card_id: str
    card_type: str
    type_key: str
    title: str
    status: Status
    is_friends: bool
    begin: int | None = None
    end: int | None = None
    fixed_term: int | None = None
    fixed_begin_term: int | None = None
    stock: int = 0
    total_stock: int = 0
    brand_name: str = ""
    created_at: int = 0
    base_info: Mapping[str, Any] = field(default_factory=dict, repr=False)
    advanced_info: Mapping[str, Any] = field(default_factory=dict, repr=False)
    detail: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, card: Mapping[str, Any], card_id: str = "") -> Voucher:
        """Read card/get's ``card``; ``card_id`` stands in where ``base_info.id`` is missing."""
        type_key, detail = _type_object(card)
        base = _mapping(detail.get("base_info"))
        advanced = _mapping(detail.get("advanced_info"))
        dates, sku = _mapping(base.get("date_info")), _mapping(base.get("sku"))
        fixed = date_type(dates) == FIXED_TERM
        card_id = _text(base.get("id")) or card_id
        return cls(
            card_id=card_id,
            card_type=type_key.upper(),
            type_key=type_key,
            title=_text(base.get("title")) or _text(base.get("brand_name")) or f"…{card_id[-6:]}",
            status=Status.of(base.get("status")),
            is_friends=_yes(advanced.get("share_friends")),
            begin=None if fixed else integer(dates.get("begin_timestamp")) or None,
            end=None if fixed else integer(dates.get("end_timestamp")) or None,
            fixed_term=integer(dates.get("fixed_term")) if fixed else None,
            fixed_begin_term=integer(dates.get("fixed_begin_term")) if fixed else None,
            stock=integer(sku.get("quantity")),
            total_stock=max(integer(sku.get("total_quantity")), integer(sku.get("quantity"))),
            brand_name=_text(base.get("brand_name")),
            created_at=integer(base.get("create_time")),
            base_info=base,
            advanced_info=advanced,
            detail=detail,
        )

    def card(self) -> dict[str, Any]:
        """The ``card`` object this was read from: ``Voucher.of(voucher.card())`` is the same voucher."""
        return {"card_type": self.card_type, self.type_key: dict(self.detail)}

    @property
    def under_review(self) -> bool:
        """WeChat's reviewers have it now."""
        return self.status is Status.NOT_VERIFY

    @property
    def approved(self) -> bool:
        """Customers may have it, whether it is issued in WeChat's console yet or not."""
        return self.status in (Status.VERIFY_OK, Status.DISPATCH)

    @property
    def deleted(self) -> bool:
        """Gone for new customers; codes claimed before stay valid."""
        return self.status is Status.DELETE

    @property
    def has_figures(self) -> bool:
        """Whether WeChat counts its type at all: of tickets getcardcardinfo has nothing (its table, card_type)."""
        return self.card_type in COUNTED_TYPES

    @property
    def own_codes(self) -> bool:
        """Whether the shop makes its codes up itself: WeChat then finds a code only with its card_id (41012)."""
        return _yes(self.base_info.get("use_custom_code"))

    @property
    def expired(self) -> bool:
        """Its last second has passed."""
        return self.end is not None and self.end < clock.now()

    @property
    def first_day(self) -> date | None:
        """The first day it may be used."""
        return None if self.begin is None else clock.local(self.begin).date()

    @property
    def last_day(self) -> date | None:
        """The last day it may be used."""
        return None if self.end is None else clock.local(self.end).date()

    @property
    def date_type(self) -> str:
        """How validity is counted: one of the names ``DATE_TYPE_…``."""
        return date_type(_mapping(self.base_info.get("date_info")))

    @property
    def color(self) -> str:
        """The hex colour, ``#63b359``: card/get never returns the name that was sent."""
        return _text(self.base_info.get("color")).lower()


def integer(value: object) -> int:
    """A number of WeChat's, which comes as a number, as digits in a string, or not at all (0)."""
    try:
        return int(float(str(value)))
    except (ValueError, OverflowError):
        return 0


def date_type(dates: Mapping[str, Any]) -> str:
    """The type of a ``date_info``, by its name or its old number; without either, by what it holds."""
    named = _text(dates.get("type")).upper()
    if not named:
        return FIXED_TERM if "fixed_term" in dates else FIXED_RANGE
    return _DATE_TYPES.get(named, named)


def _type_object(card: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    key = _text(card.get("card_type")).lower()
    if isinstance(card.get(key), Mapping):
        return key, card[key]
    for name, value in card.items():
        if isinstance(value, Mapping) and "base_info" in value:
            return name, value
    return key, {}


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


def _yes(value: object) -> bool:
    return str(value).strip().lower() in ("true", "1")
