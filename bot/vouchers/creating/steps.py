"""The questions about a new voucher, in their order: the table that ``create`` walks and ``copy`` reads values with.

``friends`` is known before the first one. Where WeChat refuses to make a Friend's Voucher after all, ``cover`` keeps
the questions about cover and pictures, which an ordinary coupon may have but is not asked for.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.dialogue import Dialogue, Step, Values
from bot.vouchers.creating import readers as read
from bot.vouchers.fields import BY_NAME, Field

_TRUTH = frozenset({"是", "否", "好", "不", "可以", "yes", "no", "y", "n"})
_GIVEN = ("consume_share_self_num", "consume_share_card_list")
_LOGO, _COVER, _PICTURE = BY_NAME["logo_url"], BY_NAME["abstract.icon_url_list"], BY_NAME["text_image_list.image_url"]
_TEXT = BY_NAME["text_image_list.text"]
MOST_PICTURES = 3

PICTURES = {"logo_url": (300, 300), "icon_url": (850, 350)} | {
    f"image_url_{number}": (0, 0) for number in range(1, MOST_PICTURES + 1)
}
"""Steps that take a picture, and the pixels WeChat advises (none for those in the text)."""


def _friends(values: Values) -> bool:
    return bool(values.get("friends"))


def _ordinary(values: Values) -> bool:
    return not _friends(values)


def _covered(values: Values) -> bool:
    return _friends(values) or bool(values.get("cover"))


def _timed(values: Values) -> bool:
    return _covered(values) or bool(values.get("timed"))


def _type(*names: str) -> Callable[[Values], bool]:
    return lambda values: values.get("card_type") in names


def _both(one: Callable[[Values], bool], other: Callable[[Values], bool]) -> Callable[[Values], bool]:
    return lambda values: one(values) and other(values)


def _known(name: str, *names: str, optional: bool = False, prose: bool = False,
           applies: Callable[[Values], bool] = lambda _values: True) -> Step:  # fmt: skip
    """A field that can be changed later, too."""
    return Step(
        name, read.changeable(name), applies, optional=optional, prose=prose, names=(*BY_NAME[name].words, *names)
    )


def _pictures() -> list[Step]:
    """The first picture with its text, and further ones as long as somebody gives them."""
    steps = []
    for number in range(1, MOST_PICTURES + 1):
        first = number == 1
        wanted = _covered if first else _both(_covered, _has(f"text_{number - 1}"))
        steps += [
            Step(
                f"image_url_{number}", read.image(f"image_url_{number}", _PICTURE), wanted, optional=not first,
                names=(f"图文{number}", f"图片{number}", f"picture {number}", *(_PICTURE.words if first else ())),
            ),
            Step(
                f"text_{number}", read.caption(f"text_{number}"), _both(_covered, _has(f"image_url_{number}")),
                prose=True,
                names=(f"图文文字{number}", f"图片文字{number}", f"text {number}", *(_TEXT.words if first else ())),
            ),
        ]  # fmt: skip
    return steps


def _condition(name: str) -> read.Reader:
    return read.prose(name, 512, f"use_condition.{name}")


def _unless(name: str) -> Callable[[Values], bool]:
    """Asked where it is not known from before: name and logo of a sub-merchant's vouchers are its own."""
    return lambda values: name not in values


def _has(name: str) -> Callable[[Values], bool]:
    return lambda values: name in values


CREATE = Dialogue(
    Step("card_type", read.card_type, names=("类型", "券种", "type")),
    Step("reduce_cost", read.reduce_cost, _type("CASH"), names=("面额", "面值", "减免金额", "金额", "amount")),
    Step("gift_name", read.gift, _both(_friends, _type("GIFT")), prose=True, names=("礼品", "兑换品", "礼品名称")),
    Step("gift", read.prose("gift", 3072), _both(_ordinary, _type("GIFT")), prose=True, names=("兑换内容",)),
    Step("discount", read.discount, _type("DISCOUNT"), names=("折扣",)),
    Step("deal_detail", read.prose("deal_detail", 3072), _type("GROUPON"), prose=True, names=("团购详情",)),
    Step("default_detail", read.prose("default_detail", 3072), _type("GENERAL_COUPON"), prose=True, names=("优惠",)),
    Step("title", read.prose("title", read.TITLE_BYTES), _ordinary, prose=True, names=("标题", "券名", "名称", "name")),
    Step(
        "least_cost", read.least_cost, lambda values: _type("CASH")(values) or _both(_friends, _type("GIFT"))(values),
        optional=True, names=("门槛", "最低消费", "起用金额", "minimum"),
    ),
    Step(
        "accept_category", _condition("accept_category"), _both(_friends, _type("CASH")), optional=True, prose=True,
        names=("适用品类", "适用", "for"),
    ),
    Step(
        "reject_category", _condition("reject_category"), _both(_friends, _type("CASH")), optional=True, prose=True,
        names=("不适用品类", "不适用", "not for"),
    ),
    Step(
        "object_use_for", _condition("object_use_for"), _both(_friends, _type("GIFT")), optional=True, prose=True,
        names=("购买可用", "购买", "buy"),
    ),
    Step(
        "can_use_with_other_discount", read.combinable, _friends, optional=True, words=_TRUTH,
        names=("同享", "优惠同享", "combinable"),
    ),
    Step(
        "brand_name", read.prose("brand_name", 36), _unless("brand_name"), prose=True,
        names=BY_NAME["brand_name"].words,
    ),
    Step(
        "logo_url", read.image("logo_url", _LOGO), _unless("logo_url"),
        names=tuple(word.lower() for word in _LOGO.words),
    ),
    _known("color"),
    _known("notice", prose=True),
    _known("description", prose=True),
    Step("date_info", read.validity, names=BY_NAME["date_info"].words),
    Step("quantity", read.stock, _ordinary, names=("库存", "数量", "stock")),
    _known("get_limit", optional=True),
    _known("service_phone", optional=True),
    Step("location_id_list", read.stores, optional=True, names=BY_NAME["location_id_list"].words),
    _known("code_type", optional=True),
    Step(
        "abstract", read.changeable("abstract.abstract"), _covered, prose=True,
        names=("封面简介", "简介", "摘要", "summary"),
    ),
    Step("icon_url", read.image("icon_url", _COVER), _covered, names=("封面图", "封面", "cover")),
    *_pictures(),
    _known("time_limit", optional=True, applies=_timed),
    _known("business_service", optional=True, applies=_timed),
    Step("gives", read.gives, _friends, optional=True, words=_TRUTH,
         names=tuple(word.lower() for name in _GIVEN for word in (name, *BY_NAME[name].words))),
)  # fmt: skip

_FIELDS = {
    "abstract": "abstract.abstract",
    "icon_url": "abstract.icon_url_list",
    "quantity": "sku",
    "gives": "consume_share_card_list",
}


def field_of(name: str) -> Field:
    """The field of the table that the step ``name`` is about."""
    if name.startswith(("image_url_", "text_")):
        return BY_NAME[f"text_image_list.{name.rstrip('_0123456789')}"]
    known = BY_NAME.get(_FIELDS.get(name, name))
    return known or BY_NAME.get(f"abstract.{name}") or BY_NAME[f"use_condition.{name}"]
