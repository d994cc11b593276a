"""From the answer to one question to WeChat's values. Pure; raises :exc:`bot.vouchers.remarks.Unreadable`.

Fields that a change of a voucher knows, too, are read as there (:mod:`bot.vouchers.values`); here are those that only
a new voucher has. Money is in fen.
Source: "Create a Friend's Voucher", field tables of base_info, advanced_info and the types.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bot import clock
from bot.dialogue import Said, Values
from bot.vouchers import dates, values
from bot.vouchers.asked import Asked, picture, too_long
from bot.vouchers.fields import BY_NAME, Field
from bot.vouchers.model import FIXED_RANGE, FIXED_TERM
from bot.vouchers.picture_checks import MOST_BYTES
from bot.vouchers.remarks import Kind, Unreadable, remark
from bot.vouchers.vocabulary import NOTHING, TRUTHS

Reader = Callable[[Said], Values]

FRIENDS_TYPES = ("CASH", "GIFT")
TYPES = (*FRIENDS_TYPES, "DISCOUNT", "GROUPON", "GENERAL_COUPON")
TYPE_WORDS = {
    **{name.lower(): name for name in TYPES},
    **dict.fromkeys(("代金券", "代金", "现金券", "cash voucher", "money off"), "CASH"),
    **dict.fromkeys(("兑换券", "兑换", "礼品券", "exchange", "exchange voucher"), "GIFT"),
    **dict.fromkeys(("折扣券", "折扣"), "DISCOUNT"),
    **dict.fromkeys(("团购券", "团购", "group", "group deal"), "GROUPON"),
    **dict.fromkeys(("优惠券", "优惠", "general", "general coupon", "coupon"), "GENERAL_COUPON"),
}
TITLE_BYTES = 27
ADDRESS_BYTES = 128
"""Of a picture, when a voucher is created; later changes may have longer ones."""
MOST_STOCK = 100_000_000
LONGEST_TERM = 3650

_MONEY = re.compile(r"[¥$]?\s*(\d{1,7})(?:\.(\d{1,2}))?\s*(?:元|块|块钱|yuan|rmb|cny)?")
_CHINESE_DIGITS = str.maketrans("一二三四五六七八九点", "123456789.")
_DISCOUNT = re.compile(r"(?:打\s*)?(?:(\d)(?:\.(\d))?|(\d)([1-9]))\s*折?")
_PERCENT = re.compile(r"(\d{1,2})\s*%\s*(?:off)?")
_GIFT = re.compile(r"(?P<name>.*\D)\s*(?P<num>\d{1,5})\s*(?P<unit>[^\d\s]{1,9})")
_GIFT_TURNED = re.compile(r"(?P<num>\d{1,5})\s*(?P<unit>\S)\s*(?P<name>\D+)")
_DAYS = re.compile(r"(?:领取后|领券后)?\s*(\d{1,4})\s*(?:天|日|days?)\s*(?:after (?:the )?claim(?:ing)?)?")
_UNTIL = re.compile(r"^(?:到|至|截止到?|until|till|to)\s*", re.IGNORECASE)
_COUNT = re.compile(r"(\d{1,9})\s*[张份个]?")


def plain(text: str) -> str:
    """``text`` in half-width lower case with single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


def wrong(name: str, kind: Kind, said: Said, **found: Any) -> Unreadable:
    """The exception to raise about field ``name``."""
    return Unreadable(remark(kind, BY_NAME[name], said.text, **found))


def changeable(name: str) -> Reader:
    """As a change of that field reads it."""

    def reader(said: Said) -> Values:
        share = said.around.get("share", {})
        return values.read(Asked(BY_NAME[name], said.text, 0, {}, clock.wechat_today(), share))

    return reader


def prose(name: str, limit: int, about: str = "") -> Reader:
    """A text of at most ``limit`` UTF-8 bytes, not empty. ``about``: the name in the table, where it is another."""
    about = about or name

    def reader(said: Said) -> Values:
        text = offered(said).strip().replace("\\n", "\n")
        if not text:
            raise wrong(about, Kind.EMPTY, said)
        if len(text.encode()) > limit:
            raise wrong(about, Kind.TOO_LONG, said, size=len(text.encode()), limit=limit)
        return {name: text}

    return reader


def card_type(said: Said) -> Values:
    """By word or by its number in the question."""
    possible = FRIENDS_TYPES if said.values.get("friends") else TYPES
    words = plain(said.text)
    name = possible[int(words) - 1] if words.isdecimal() and 1 <= int(words) <= len(possible) else TYPE_WORDS.get(words)
    if name not in possible:
        raise wrong("card_type", Kind.NOT_ONE_OF, said, choices=possible)
    return {"card_type": name}


def reduce_cost(said: Said) -> Values:
    """At least one yuan (errcode 72007)."""
    return {"reduce_cost": _money("reduce_cost", said, least=100)}


def least_cost(said: Said) -> Values:
    """More than is taken off (72008); a word for nothing is no minimum."""
    if plain(said.text) in NOTHING:
        return {}
    fen = _money("least_cost", said, least=1)
    if fen <= (reduced := said.values.get("reduce_cost", 0)):
        raise wrong("least_cost", Kind.SPEND_TOO_LITTLE, said, reduce=reduced)
    return {"least_cost": fen}


def _money(name: str, said: Said, *, least: int) -> int:
    found = _MONEY.fullmatch(plain(said.text))
    fen = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else 0
    if fen < least:
        raise wrong(name, Kind.NOT_MONEY, said, least=least)
    return fen


def gift(said: Said) -> Values:
    """Name, number and unit, which WeChat makes the title of; their own limits are not confirmed."""
    words = " ".join(unicodedata.normalize("NFKC", said.text).split())
    found = _GIFT_TURNED.fullmatch(words) or _GIFT.fullmatch(words)
    if found is None or int(found["num"]) < 1:
        raise wrong("gift_name", Kind.NOT_A_GIFT, said)
    name, number, unit = found["name"].strip(" ,、x×*"), int(found["num"]), found["unit"]
    size = len(f"{name}{number}{unit}".encode())
    if not name or size > TITLE_BYTES:
        raise wrong("gift_name", Kind.TOO_LONG if name else Kind.NOT_A_GIFT, said, size=size, limit=TITLE_BYTES)
    return {"gift_name": name, "gift_num": number, "gift_unit": unit}


def discount(said: Said) -> Values:
    """``8折``, ``85折``, ``八五折`` (as dictation writes it), ``20% off``: WeChat wants the per cent taken off."""
    words = plain(said.text).translate(_CHINESE_DIGITS)
    if found := _PERCENT.fullmatch(words):
        percent = int(found[1])
    elif found := _DISCOUNT.fullmatch(words):
        percent = 100 - int(found[1] or found[3]) * 10 - int(found[2] or found[4] or 0)
    else:
        percent = 0
    if not 1 <= percent <= 99:
        raise wrong("discount", Kind.NOT_A_DISCOUNT, said)
    return {"discount": percent}


def combinable(said: Said) -> Values:
    """Whether other offers may be used with it."""
    truth = TRUTHS.get(plain(said.text))
    if truth is None:
        raise wrong("use_condition.can_use_with_other_discount", Kind.NOT_ONE_OF, said, choices=("yes", "no"))
    return {"can_use_with_other_discount": truth}


def validity(said: Said) -> Values:
    """First and last day; the last one alone; so many days, which for ordinary coupons count from the claim."""
    words = plain(said.text)
    if days := _DAYS.fullmatch(words):
        return {"date_info": _term(said, int(days[1]))}
    span = dates.coming_span(_UNTIL.sub("", words), clock.wechat_today())
    if span is None or not 0 < span[0] < span[1] <= dates.LATEST:
        raise wrong("date_info", Kind.NOT_A_SPAN, said)
    if span[1] <= clock.now():
        raise wrong("date_info", Kind.ENDED, said)
    return {"date_info": {"type": FIXED_RANGE, "begin_timestamp": span[0], "end_timestamp": span[1]}}


def _term(said: Said, days: int) -> dict[str, Any]:
    if not 1 <= days <= LONGEST_TERM:
        raise wrong("date_info", Kind.NOT_A_SPAN, said)
    if not said.values.get("friends"):
        return {"type": FIXED_TERM, "fixed_term": days, "fixed_begin_term": 0}
    today = clock.wechat_today()
    end = clock.day_end(today + timedelta(days=days - 1))
    return {"type": FIXED_RANGE, "begin_timestamp": clock.day_start(today), "end_timestamp": end}


_ALL_STORES = frozenset({"全部", "全部门店", "所有", "所有门店", "all", "all stores"})


def stores(said: Said) -> Values:
    """Store ids, each one of the shop's stores where it is known which there are; none are all of them."""
    if plain(said.text) in _ALL_STORES:
        return {}
    found = changeable("location_id_list")(said)
    known = said.around.get("stores")
    unknown = [each for each in found["location_id_list"] if known is not None and str(each) not in known]
    if unknown:
        raise Unreadable(remark(Kind.NO_SUCH_STORE, BY_NAME["location_id_list"], str(unknown[0])))
    return found


def stock(said: Said) -> Values:
    """Of an ordinary coupon; a Friend's Voucher's is bought later."""
    found = _COUNT.fullmatch(plain(said.text).replace(",", ""))
    if found is None or not 1 <= int(found[1]) <= MOST_STOCK:
        raise wrong("sku", Kind.NOT_A_NUMBER, said, least=1, most=MOST_STOCK)
    return {"quantity": int(found[1])}


def image(name: str, field: Field) -> Reader:
    """A picture given to WeChat: just sent, one offered by its number, or its address."""

    def reader(said: Said) -> Values:
        url = offered(said).strip()
        if not url.startswith(("http://", "https://")):
            raise Unreadable(remark(Kind.SEND_PICTURE, field, said.text, most=MOST_BYTES >> 20))
        url = picture(Asked(field, url, 0, {}, clock.wechat_today(), {}), url)
        if (size := len(url.encode())) > ADDRESS_BYTES:
            raise Unreadable(remark(Kind.TOO_LONG, field, url, size=size, limit=ADDRESS_BYTES))
        return {name: url}

    return reader


def caption(name: str) -> Reader:
    """The text beside a picture."""
    field = BY_NAME["text_image_list.text"]

    def reader(said: Said) -> Values:
        text = said.text.strip().replace("\\n", "\n")
        if found := too_long(field, text):
            raise Unreadable(found)
        if not text:
            raise Unreadable(remark(Kind.EMPTY, field, said.text))
        return {name: text}

    return reader


_NO_GIFT = NOTHING | {"否", "不送", "no"}
_ITSELF = frozenset({"1", "是", "本券", "送本券", "yes", "this", "itself", "this one"})


def names_another(text: str) -> bool:
    """Whether an answer to :func:`gives` names a voucher, to be looked up."""
    return plain(text) not in _NO_GIFT | _ITSELF


def gives(said: Said) -> Values:
    """After a redemption one more of this voucher, or one of another; its words are looked up by the caller."""
    words = plain(said.text)
    if words in _NO_GIFT:
        return {}
    if words in _ITSELF:
        return {"consume_share_self_num": 1}
    target = said.around.get("share", {}).get(said.text)
    if target is None:
        raise wrong("consume_share_card_list", Kind.SHARE_UNKNOWN, said)
    if not target.is_friends or target.expired or target.deleted:
        kind = Kind.SHARE_EXPIRED if target.is_friends else Kind.SHARE_NOT_FRIENDS
        raise wrong("consume_share_card_list", kind, said)
    return {"consume_share_card_list": [{"card_id": target.card_id, "num": 1}]}


def offered(said: Said) -> str:
    """What was offered under the number that was said; else what was said."""
    words, offers = plain(said.text).lstrip("#"), said.around.get("offered", ())
    return str(offers[int(words) - 1]) if words.isdecimal() and 1 <= int(words) <= len(offers) else said.text
