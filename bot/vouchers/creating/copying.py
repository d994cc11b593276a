"""A new voucher from an existing one: what card/get shows as answers to ``create``'s questions, and changes to them.

What ``create`` does not ask for (links, the centre button, further pictures) is taken along as it is. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from bot import clock
from bot.dialogue import Draft, Said, Step, Values
from bot.vouchers import values
from bot.vouchers.asked import Asked
from bot.vouchers.colors import color_name
from bot.vouchers.comparing import entries, members
from bot.vouchers.creating.readers import TYPES
from bot.vouchers.creating.steps import CREATE, MOST_PICTURES, field_of
from bot.vouchers.fields import BY_NAME, Field
from bot.vouchers.model import FIXED_RANGE, FIXED_TERM, Voucher, integer
from bot.vouchers.naming import named, nearest
from bot.vouchers.remarks import Kind, Remark, Unreadable, remark

_ALONG = ("center_title", "center_sub_title", "center_url", "custom_url_name", "custom_url", "custom_url_sub_title",
          "promotion_url_name", "promotion_url", "promotion_url_sub_title")  # fmt: skip
_PROGRAMS = tuple(
    f"{cell}_app_brand_{end}" for cell in ("center", "custom", "promotion") for end in ("user_name", "pass")
)
_ALSO_ALONG = ("sub_title", "use_limit", "use_all_locations", *_PROGRAMS)
_SHORTER = {"custom_url_name": 15, "promotion_url_name": 15}
"""UTF-8 bytes that card/create takes where card/update takes more."""
_ENDS = ("date_info.begin_timestamp", "date_info.end_timestamp")


def possible(voucher: Voucher) -> bool:
    """Whether ``create`` makes vouchers of this type at all."""
    return voucher.card_type in TYPES


def draft_of(voucher: Voucher) -> Draft:
    """All answers that would make ``voucher`` again."""
    base, advanced = voucher.base_info, voucher.advanced_info
    pictures = entries(advanced.get("text_image_list"))
    given = {
        "friends": voucher.is_friends,
        "cover": bool(_abstract(voucher).get("icon_url_list")),
        "timed": True,
        "base": {name: base[name] for name in (*_ALONG, *_ALSO_ALONG) if base.get(name)} | _submerchant(base),
        "pictures": [dict(entry) for entry in pictures[MOST_PICTURES:]],
        "use_condition": {} if voucher.is_friends else dict(_condition(voucher)),
    }
    answers = {step: found for step, found in _answers(voucher, pictures).items() if found}
    return Draft("create_voucher", "", given, answers)


def _submerchant(base: Mapping[str, Any]) -> dict[str, Any]:
    """Whose it is, where it is a sub-merchant's: some card/get show a number of 0."""
    found = base.get("sub_merchant_info")
    number = integer(found.get("merchant_id")) if isinstance(found, Mapping) else 0
    return {"sub_merchant_info": {"merchant_id": number}} if number else {}


def _answers(voucher: Voucher, pictures: list[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Values by step, none for what the voucher lacks; numbers may come as text."""
    abstract, advanced = _abstract(voucher), voucher.advanced_info
    found = {name: {name: value} for name, value in _plain(voucher).items() if value not in (None, "", [], {})}
    found["gift_name"] = {name: voucher.detail[name] for name in _GIFT if voucher.detail.get(name)}
    if "gift_num" in found["gift_name"]:
        found["gift_name"]["gift_num"] = integer(found["gift_name"]["gift_num"])
    found["abstract"] = {"abstract.abstract": abstract["abstract"]} if abstract.get("abstract") else {}
    found["icon_url"] = {"icon_url": abstract["icon_url_list"][0]} if abstract.get("icon_url_list") else {}
    for number, entry in enumerate(pictures[:MOST_PICTURES], 1):
        for name, part in ((f"image_url_{number}", "image_url"), (f"text_{number}", "text")):
            found[name] = {name: entry[part]} if entry.get(part) else {}
    gives_itself = integer(advanced.get("consume_share_self_num")) > 0
    others = [{"card_id": each.get("card_id"), "num": 1} for each in entries(advanced.get("consume_share_card_list"))]
    found["gives"] = (
        {"consume_share_card_list": others} if others else {"consume_share_self_num": 1} if gives_itself else {}
    )
    return found


_GIFT = ("gift_name", "gift_num", "gift_unit")
_OF_BASE = ("logo_url", "brand_name", "notice", "description", "service_phone", "code_type", "title")
_OF_TYPE = ("deal_detail", "default_detail", "gift")
_OF_CONDITION = ("accept_category", "reject_category", "object_use_for")


def _plain(voucher: Voucher) -> dict[str, Any]:
    """What one step reads one value of."""
    base, detail, condition = voucher.base_info, voucher.detail, _condition(voucher)
    combinable = condition.get("can_use_with_other_discount")
    return {
        **{name: base.get(name) for name in _OF_BASE},
        **{name: detail.get(name) for name in _OF_TYPE},
        **{name: condition.get(name) for name in _OF_CONDITION},
        **{name: integer(detail.get(name)) or None for name in ("reduce_cost", "discount")},
        **{name: voucher.advanced_info.get(name) for name in ("time_limit", "business_service")},
        "least_cost": integer(condition.get("least_cost")) or integer(detail.get("least_cost")) or None,
        "can_use_with_other_discount": combinable if isinstance(combinable, bool) and not combinable else None,
        "get_limit": integer(base.get("get_limit")) or None,
        "location_id_list": [integer(each) for each in members(base.get("location_id_list"))],
        "card_type": voucher.card_type,
        "color": color_name(voucher.color),
        "date_info": _dates(voucher),
        "quantity": voucher.total_stock or None,
    }


def _dates(voucher: Voucher) -> dict[str, Any]:
    """As the old voucher's; what has begun begins today."""
    if voucher.date_type == FIXED_TERM:
        terms = {"fixed_term": voucher.fixed_term, "fixed_begin_term": voucher.fixed_begin_term or 0}
        return {"type": FIXED_TERM, **terms} if voucher.fixed_term else {}
    if voucher.begin is None or voucher.end is None:
        return {}
    begin = max(voucher.begin, clock.day_start(clock.wechat_today()))
    return {"type": FIXED_RANGE, "begin_timestamp": begin, "end_timestamp": voucher.end}


def _abstract(voucher: Voucher) -> Mapping[str, Any]:
    found = voucher.advanced_info.get("abstract")
    return found if isinstance(found, Mapping) else {}


def _condition(voucher: Voucher) -> Mapping[str, Any]:
    found = voucher.advanced_info.get("use_condition")
    return found if isinstance(found, Mapping) else {}


def changed(draft: Draft, pairs: Mapping[str, str], share: Mapping[str, Voucher]) -> tuple[Draft, list[Remark]]:
    """``draft`` with ``pairs`` (words as typed → values as typed) in it, and all that is wrong with them.

    ``share`` holds the vouchers found for the words of the one that is to be given along.
    """
    problems = []
    for word, raw in pairs.items():
        try:
            draft = _with(draft, word, raw, share)
        except Unreadable as unreadable:
            problems.append(unreadable.remark)
    return draft, problems or [*_missing(draft), *_too_long(draft)]


def _with(draft: Draft, word: str, raw: str, share: Mapping[str, Voucher]) -> Draft:
    known = named(word)
    name = known.field.name if known else ""
    if step := CREATE.called(draft, word) or CREATE.called(draft, name):
        said = Said(raw, CREATE.values(draft, step.name), {"share": share})
        return draft.with_answer(step.name, step.read(said))
    if known is None:
        friends = bool(draft.given["friends"])
        raise Unreadable(Remark(Kind.UNKNOWN, found=word, values={"nearest": nearest(word, friends)}))
    if name in _ENDS:
        return draft.with_answer("date_info", _end(draft, known.field, raw))
    if name not in _ALONG:
        raise Unreadable(remark(Kind.NOT_ASKED, known.field, word))
    read = values.read(Asked(known.field, raw, 0, {}, clock.wechat_today(), {}))
    return replace(draft, given={**draft.given, "base": {**draft.given["base"], **read}})


def _end(draft: Draft, field: Field, raw: str) -> Values:
    """One end of the validity; the other one stays."""
    dates = {**CREATE.values(draft).get("date_info", {}), "type": FIXED_RANGE}
    state = {f"date_info.{name}": seconds for name, seconds in dates.items()}
    read = values.read(Asked(field, raw, 0, state, clock.wechat_today(), {}))
    dates |= {name.rpartition(".")[2]: seconds for name, seconds in read.items()}
    if not 0 < dates.get("begin_timestamp", 0) < dates.get("end_timestamp", 0):
        raise Unreadable(remark(Kind.NOT_A_SPAN, BY_NAME["date_info"], raw))
    return {"date_info": {name: dates[name] for name in ("type", "begin_timestamp", "end_timestamp")}}


def _missing(draft: Draft) -> list[Remark]:
    """What has to be answered and is not: the old voucher lacks it, or its type has become another."""
    lacking: list[Step] = [
        step for step in CREATE.asked(draft) if not step.optional and not draft.answers.get(step.name)
    ]
    return [remark(Kind.NEEDED, field_of(step.name)) for step in lacking]


def _too_long(draft: Draft) -> Iterator[Remark]:
    """What card/update took and card/create would not."""
    for name, limit in _SHORTER.items():
        text = str(draft.given["base"].get(name, ""))
        if (size := len(text.encode())) > limit:
            yield remark(Kind.TOO_LONG, BY_NAME[name], text, size=size, limit=limit)
