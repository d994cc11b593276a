"""card/create: Friend's Vouchers (cash, gift) and ordinary coupons; a new voucher goes to the reviewers.

Source: vouchers.md section 3. Where a code is printed nowhere: an unknown member is 40097.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from bot.simulator import create_checks as rules
from bot.simulator import field_checks as check
from bot.simulator.errors import ApiError
from bot.simulator.model import Shop
from bot.simulator.shelf import Voucher
from bot.simulator.vouchers import Card, base_info, inside, new_card_id
from bot.simulator.world import World

FRIENDS_TYPES = {"CASH", "GIFT"}
OTHER_TYPES = {"MEMBER_CARD", "SCENIC_TICKET", "MOVIE_TICKET", "BOARDING_PASS", "MEETING_TICKET", "BUS_TICKET"}


def create_card(world: World, shop: Shop, body: Mapping[str, Any]) -> str:
    """Put a new voucher on the shelf, under review; its card_id. Raises :exc:`ApiError`, and then there is none."""
    kind, content = _kind(body)
    friends = _is_friends(content)
    if friends:
        _check_account(shop, kind)
    if kind not in rules.TYPES:
        raise ApiError(40071)
    card: Card = {"card_type": kind, kind.lower(): {"base_info": {}, "advanced_info": {"share_friends": friends}}}
    voucher = Voucher(shop.appid, card)
    base_info(card)["id"] = new_card_id()
    around = check.Around(world, shop, voucher)
    made = inside(card)
    made["base_info"] |= _base(content.get("base_info"), around)
    made["advanced_info"] |= _advanced(content.get("advanced_info"), around)
    made |= _type_fields(content, kind, around)
    _check_together(voucher)
    _finish(voucher)
    return world.shelf.add(voucher)


def _kind(body: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    card = body.get("card")
    if card is None:
        raise rules.missing("card")
    if not isinstance(card, Mapping):
        raise ApiError(47001)
    kind = card.get("card_type")
    if not isinstance(kind, str) or kind not in {*rules.TYPES, *OTHER_TYPES}:
        raise ApiError(40071)
    if set(card) - {"card_type", kind.lower()}:
        raise ApiError(40097)
    if kind.lower() not in card:
        raise rules.missing(kind.lower())
    content = card[kind.lower()]
    if not isinstance(content, Mapping):
        raise ApiError(47001)
    return kind, content


def _is_friends(content: Mapping[str, Any]) -> bool:
    extra = content.get("advanced_info", {})
    shared = extra.get("share_friends", False) if isinstance(extra, Mapping) else False
    if not isinstance(shared, bool):
        raise ApiError(47001)
    return shared


def _check_account(shop: Shop, kind: str) -> None:
    """Whether the account may have Friend's Vouchers, and of this type. Raises 40148, 45045, 73205."""
    if kind not in FRIENDS_TYPES:
        raise ApiError(40148)
    if not shop.friends_category:
        raise ApiError(45045)
    if not shop.friends_vouchers:
        raise ApiError(73205)


def _section(given: Any, checks: Mapping[str, check.Check], around: check.Around) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise ApiError(47001)
    if set(given) - set(checks):
        raise ApiError(40097)
    return {name: checks[name](value, around) for name, value in given.items()}


def _base(given: Any, around: check.Around) -> dict[str, Any]:
    friends = around.voucher.friends
    if given is None:
        raise rules.missing("base_info")
    if not isinstance(given, Mapping):
        raise ApiError(47001)
    sku = ("sku",) if around.world.readings.sku_on_create else ()
    for name in (*rules.REQUIRED, *(sku if friends else ("title", "sku"))):
        if name not in given:
            raise rules.missing(f"base_info().{name}")
    if friends and "title" in given:
        raise ApiError(40097)  # the platform builds it; what it answers to one that is sent is not confirmed
    stock = _stock(given.get("sku"), friends=friends)
    rest = {name: value for name, value in given.items() if name != "sku"}
    made = _section(rest, rules.BASE, around)
    if made.get("use_all_locations") and made.get("location_id_list"):
        raise ApiError(40150)
    return made | {"sku": {"quantity": stock, "total_quantity": stock}}


def _stock(sku: Any, *, friends: bool) -> int:
    """A Friend's Voucher starts without stock (0 may be said); a coupon with 1 to 100,000,000."""
    if friends and sku is None:
        return 0
    if not isinstance(sku, Mapping) or type(sku.get("quantity")) is not int or set(sku) - {"quantity"}:
        raise ApiError(40070)
    quantity = int(sku["quantity"])
    if friends and quantity:
        raise ApiError(40070)
    if not friends and not 1 <= quantity <= rules.MOST_STOCK:
        raise ApiError(40122)
    return quantity


def _advanced(given: Any, around: check.Around) -> dict[str, Any]:
    made = _section(given or {}, rules.ADVANCED, around)
    if around.voucher.friends and not (made.get("abstract") and made.get("text_image_list")):
        raise ApiError(45043)
    if made.get("consume_share_self_num") and made.get("consume_share_card_list"):
        raise ApiError(40144)
    empty: dict[str, Any] = {name: [] for name in ("time_limit", "text_image_list", "business_service")}
    return empty | {"consume_share_card_list": []} | made


def _type_fields(content: Mapping[str, Any], kind: str, around: check.Around) -> dict[str, Any]:
    given = {name: value for name, value in content.items() if name not in {"base_info", "advanced_info"}}
    for name in rules.TYPE_REQUIRED[kind, around.voucher.friends]:
        if name not in given:
            raise rules.missing(f"{kind.lower()}().{name}")
    made = _section(given, rules.TYPES[kind], around)
    return {"least_cost": 0} | made if kind == "CASH" else made


def _check_together(voucher: Voucher) -> None:
    """Rules about several fields. Raises 40143, 72008."""
    made = inside(voucher.card)
    if "reduce_cost" not in made:
        return
    least = made["least_cost"]
    if voucher.friends:
        if least:
            raise ApiError(40143)
        least = made["advanced_info"].get("use_condition", {}).get("least_cost", 0)
    if 0 < least <= made["reduce_cost"]:
        raise ApiError(72008)


def _finish(voucher: Voucher) -> None:
    """What the platform adds: the defaults, a Friend's Voucher's title, the status. Raises 45021."""
    base, now = base_info(voucher.card), int(time.time())
    if voucher.friends:
        base["title"] = _title(voucher.card)
    if len(base["title"].encode()) > 27:
        raise ApiError(45021)
    sharing = not voucher.friends
    defaults = {
        "get_limit": 50,
        "use_limit": 50,
        "can_share": sharing,
        "can_give_friend": sharing,
        "use_custom_code": False,
        "bind_openid": False,
        "location_id_list": [],
    }
    for name, value in defaults.items():
        base.setdefault(name, value)
    base |= {"create_time": now, "update_time": now, "status": "CARD_STATUS_NOT_VERIFY"}


def _title(card: Card) -> str:
    """What the platform calls a Friend's Voucher: amount and minimum spend, or name, number and unit."""
    made = inside(card)
    if card["card_type"] == "GIFT":
        return f"{made['gift_name']}{made['gift_num']}{made['gift_unit']}"
    least = made["advanced_info"].get("use_condition", {}).get("least_cost", 0)
    off = _yuan(made["reduce_cost"])
    return f"满{_yuan(least)}减{off}元代金券" if least else f"{off}元代金券"


def _yuan(fen: int) -> str:
    return f"{fen / 100:.2f}".rstrip("0").rstrip(".")
