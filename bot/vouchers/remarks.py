"""What is wrong with a request to change a voucher, or worth knowing about it, as data for the templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.vouchers.fields import Field


class Kind(StrEnum):
    """Each is a macro of ``remarks.txt.j2``; the comment names its ``values``."""

    # Problems: nothing is sent to WeChat.
    DELETED = "deleted"
    UNKNOWN = "unknown"  # nearest: fields
    GROUP = "group"
    FIXED = "fixed"
    NOT_ORDINARY = "not_ordinary"
    TWICE = "twice"
    EMPTY = "empty"
    TOO_LONG = "too_long"  # size, limit: UTF-8 bytes
    NOT_ONE_OF = "not_one_of"  # choices: WeChat's words
    NOT_A_NUMBER = "not_a_number"  # least, most
    NOT_A_DATE = "not_a_date"  # first, last: days that would be accepted
    YEAR_MISSING = "year_missing"  # the same
    ONE_END = "one_end"  # the same
    NOT_STORES = "not_stores"
    NO_SUCH_STORE = "no_such_store"
    NOT_A_PHONE = "not_a_phone"
    NOT_A_LINK = "not_a_link"
    NOT_CDN = "not_cdn"
    ONE_PICTURE = "one_picture"
    PICTURE_TEXT_MISSING = "picture_text_missing"
    NO_SUCH_PICTURE = "no_such_picture"  # count
    NOT_HOURS = "not_hours"
    FIXED_TERM = "fixed_term"
    BEGINS_LATER = "begins_later"  # before, after: WeChat's days
    ENDS_EARLIER = "ends_earlier"  # the same
    ENDS_TOO_LATE = "ends_too_late"  # latest, after: WeChat's days
    SHARE_UNKNOWN = "share_unknown"
    SHARE_SELF = "share_self"
    SHARE_ONE = "share_one"
    SHARE_BOTH = "share_both"
    SHARE_NOT_FRIENDS = "share_not_friends"
    SHARE_EXPIRED = "share_expired"
    CELL_TAKEN = "cell_taken"
    NOT_MONEY = "not_money"  # least: fen
    SPEND_TOO_LITTLE = "spend_too_little"  # reduce: fen
    NOT_A_DISCOUNT = "not_a_discount"
    NOT_A_GIFT = "not_a_gift"
    NOT_A_SPAN = "not_a_span"
    ENDED = "ended"
    SEND_PICTURE = "send_picture"  # most: megabytes
    SEND_TEXT = "send_text"
    NOT_OFFERED = "not_offered"
    NOT_A_COMING_DAY = "not_a_coming_day"  # first: a day that would be accepted
    NOT_AN_APPID = "not_an_appid"
    PICTURE_GONE = "picture_gone"
    NEEDED = "needed"
    NOT_ASKED = "not_asked"
    PICTURE_FORMAT = "picture_format"
    PICTURE_TOO_LARGE = "picture_too_large"  # size, limit: bytes
    PICTURE_TOO_BIG = "picture_too_big"  # width, height, limit: pixels
    # Cautions: shown with the preview.
    NOTICE_WIDE = "notice_wide"  # width, limit: Chinese characters
    LONGER_THAN_ADVISED = "longer_than_advised"  # size, limit: UTF-8 bytes
    PERHAPS_TOO_LATE = "perhaps_too_late"  # latest, after: WeChat's days
    CELL_WITHOUT_TITLE = "cell_without_title"  # title: the field that is empty
    NOT_CLAIMABLE = "not_claimable"
    IN_REVIEW = "in_review"
    PICTURE_SHAPE = "picture_shape"  # width, height, wide, high: pixels; smaller: only that


@dataclass(frozen=True, slots=True)
class Remark:
    """``kind`` with the field it is about, its place among the table's labels, and what was found there."""

    kind: Kind
    name: str = ""
    label: str = ""
    about: str = ""
    found: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


def remark(kind: Kind, about: Field, found: str = "", **values: Any) -> Remark:
    """A remark about a field of the table; ``about.kind`` lets the templates choose an example."""
    return Remark(kind, about.name, about.label, str(about.kind), found, values)


class Unreadable(ValueError):
    """A value that cannot be understood; ``remark`` tells why."""

    def __init__(self, found: Remark) -> None:
        super().__init__(f"{found.name}: {found.kind}")
        self.remark = found
