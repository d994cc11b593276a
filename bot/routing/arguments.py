"""Kinds of arguments: an annotated signature is the grammar of its command.

Each kind says how many words it may take and how it reads them; :mod:`bot.routing.signature` decides which words are
whose. Reading is pure but for vouchers and people, which are looked up for the sender.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time
from typing import TYPE_CHECKING, Annotated, Any

from bot.clock import wechat_today
from bot.dates import parse_day
from bot.merchants.invitations import looks_like_code
from bot.merchants.people import Operator, Role
from bot.routing import ranges
from bot.routing.lengths import Length, parse_length
from bot.routing.signed import parse_signed
from bot.routing.times import parse_time
from bot.routing.words import plain
from bot.stats.days import DayRange
from bot.vouchers.finding import VoucherNotFound
from bot.vouchers.model import Voucher

if TYPE_CHECKING:
    from bot.routing.context import Context


_UNTIL = re.compile(r"^(?:延长|延期|延)?[到至]\s*")
_DASHES = re.compile(r"[\s\-‐‑–—−]+")
_GROUPS = re.compile(r"\d{1,6}(?:[\s\-‐‑–—−]+\d{1,6})+")
_OWN_CODE = re.compile(r"(?=.*\d)[A-Za-z0-9_-]{6,20}")
_FACE_DIGITS = 12
_COINS = re.compile(r"[¥￥]?(\d{1,9}|\d{1,3}(?:,\d{3}){1,2})(?:个|点|券点|个券点|元|块|块钱|coins?|yuan)?")
_BETWEEN_VOUCHERS = re.compile(r"[、,，;；+＋]|\s+(?=[#＃])")
_MOST_PIECES = 20
_SWITCH = dict.fromkeys(("on", "开", "打开", "开启"), True) | dict.fromkeys(("off", "关", "关闭", "关掉"), False)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of argument.

    ``widest`` is the most words it takes from an end of the line; 0 means all that the others leave.
    """

    name: str
    widest: int = 0

    @property
    def ends_words(self) -> bool:
        """Whether it may be the end of a word, typed without a space before it."""
        return False

    @property
    def least_before(self) -> int:
        """Characters that must stand before it in one word for it to be the end of it."""
        return 1

    @property
    def begins_words(self) -> bool:
        """Whether it may be the beginning of one (店长小王): never where titles begin so (12月优惠券)."""
        return False

    def read(self, text: str) -> Any:
        """The value of ``text``, or None when it is nothing of this kind."""
        return text

    async def find(self, ctx: Context, value: Any) -> Any:
        """What ``value`` stands for to this sender; raises :exc:`bot.errors.Explained`."""
        return value


class _VoucherKind(Kind):
    async def find(self, ctx: Context, value: Any) -> Voucher:
        return await ctx.vouchers.find(value, ctx.operator)


class _VouchersKind(Kind):
    """One voucher or several: 春节券、豆浆券, or #1 #2. A title may hold a comma, so the whole is tried first."""

    async def find(self, ctx: Context, value: Any) -> list[Voucher]:
        try:
            return [await ctx.vouchers.find(value, ctx.operator)]
        except VoucherNotFound:
            pieces = [piece for piece in map(str.strip, _BETWEEN_VOUCHERS.split(value)) if piece]
            if not 2 <= len(pieces) <= _MOST_PIECES:
                raise
        found = [await ctx.vouchers.find(piece, ctx.operator) for piece in pieces]
        return list({voucher.card_id: voucher for voucher in found}.values())


class _PersonKind(Kind):
    async def find(self, ctx: Context, value: Any) -> Operator:
        return ctx.people.find(value)


RANGE = "range"


class _RangeKind(Kind):
    @property
    def ends_words(self) -> bool:
        return True

    @property
    def least_before(self) -> int:
        """No title has one letter: 上上周 is a slip, not the voucher 上."""
        return 2

    def read(self, text: str) -> DayRange | None:
        return ranges.parse_range(text, wechat_today())


class _LiveRangeKind(_RangeKind):
    def read(self, text: str) -> DayRange | None:
        return ranges.parse_range_until_now(text, wechat_today())


class _UntilKind(Kind):
    @property
    def ends_words(self) -> bool:
        return True

    def read(self, text: str) -> date | Length | None:
        return parse_length(text) or parse_day(_UNTIL.sub("", text), wechat_today(), future=True)


class _TimeKind(Kind):
    @property
    def ends_words(self) -> bool:
        return True

    def read(self, text: str) -> time | None:
        return parse_time(text)


class _SignedKind(Kind):
    @property
    def ends_words(self) -> bool:
        return True

    def read(self, text: str) -> int | None:
        return parse_signed(text)


class _CoinsKind(Kind):
    """A number of coins from 1 up, as it is said: 50, 1,000, 50券点, 50元."""

    def read(self, text: str) -> int | None:
        typed = _COINS.fullmatch(plain(text).strip().lower().replace(" ", ""))
        return (int(typed[1].replace(",", "")) or None) if typed else None


class _RequestKind(Kind):
    """The number of a request for a second person's yes."""

    def read(self, text: str) -> int | None:
        typed = plain(text).strip().lstrip("#").strip()
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None


class _PageKind(Kind):
    """The number of a page: 2, 第2页, page 2."""

    def read(self, text: str) -> int | None:
        typed = plain(text).strip().lower().removeprefix("page").removeprefix("第").removesuffix("页").strip()
        return int(typed) or None if typed.isascii() and typed.isdigit() and len(typed) < 5 else None


class _SwitchKind(Kind):
    def read(self, text: str) -> bool | None:
        return _SWITCH.get(text.lower())


class _RoleKind(Kind):
    @property
    def ends_words(self) -> bool:
        return True

    @property
    def begins_words(self) -> bool:
        return True

    def read(self, text: str) -> Role | None:
        return Role.from_word(text)


class _CodeKind(Kind):
    def read(self, text: str) -> str | None:
        return text if looks_like_code(text) else None


class _NumberKind(Kind):
    """The code of a claimed voucher. In groups it has WeChat's twelve digits or groups of one size: what follows it
    (作废 2260 0000 0001 2人退款) may begin with a digit, too.
    """

    def read(self, text: str) -> str | None:
        typed = plain(text).strip().lstrip("#: ")
        digits = _DASHES.sub("", typed)
        if _GROUPS.fullmatch(typed):
            sizes = {len(group) for group in _DASHES.split(typed)}
            return digits if len(digits) == _FACE_DIGITS or (len(sizes) == 1 and 6 <= len(digits) <= 20) else None
        if digits.isdecimal() and not any(sign.isspace() for sign in typed):
            return digits if 6 <= len(digits) <= 20 else None
        return typed if _OWN_CODE.fullmatch(typed) else None


class _ChangesKind(Kind):
    pass


class Flag(Kind):
    """A word that is there or is not: ``Annotated[bool, Flag("all", "全部")] = False``."""

    words: tuple[str, ...]

    def __init__(self, *words: str) -> None:
        super().__init__(words[0], widest=1)
        object.__setattr__(self, "words", words)

    @property
    def ends_words(self) -> bool:
        """A flag may."""
        return True

    def read(self, text: str) -> bool | None:
        return True if text.lower() in self.words else None


VoucherRef = Annotated[Voucher, _VoucherKind("voucher")]
VoucherRefs = Annotated[list[Voucher], _VouchersKind("voucher")]
Changes = Annotated[dict[str, str], _ChangesKind("changes")]
Until = Annotated[date | Length, _UntilKind("day", widest=4)]
Range = Annotated[DayRange, _RangeKind(RANGE, widest=8)]
LiveRange = Annotated[DayRange, _LiveRangeKind(RANGE, widest=8)]
InvitationCode = Annotated[str, _CodeKind("code")]
VoucherCode = Annotated[str, _NumberKind("number")]
VoucherCodeFirst = Annotated[str, _NumberKind("number", widest=12)]
TimeOfDay = Annotated[time, _TimeKind("time", widest=3)]
SignedAmount = Annotated[int, _SignedKind("amount", widest=2)]
Coins = Annotated[int, _CoinsKind("coins")]
RequestNumber = Annotated[int, _RequestKind("request")]
Page = Annotated[int, _PageKind("page", widest=2)]
Switch = Annotated[bool, _SwitchKind("switch", widest=1)]
RoleWord = Annotated[Role, _RoleKind("role", widest=1)]
Person = Annotated[Operator, _PersonKind("person")]
Word = Annotated[str, Kind("word", widest=1)]
Text = Annotated[str, Kind("text")]
