"""card/create: Friend's Vouchers and ordinary coupons, all limits and thresholds, and what card/get shows then."""

from __future__ import annotations

import copy
import time
from typing import Any

import pytest
from tornado.simple_httpclient import HTTPStreamClosedError

from bot.simulator import Fault, Shop, Simulator
from bot.simulator.vouchers import IMAGE
from tests.simulator.conftest import CASH, GIFT, NOODLES, PLAIN, Api, ShopServer
from tests.simulator.test_wallets import pushed

CREATE = "/card/create"
RANGE = {"type": "DATE_TYPE_FIX_TIME_RANGE", "begin_timestamp": 1735660800, "end_timestamp": 2140000000}
BASE: dict[str, Any] = {
    "logo_url": IMAGE,
    "brand_name": "面馆",
    "code_type": "CODE_TYPE_QRCODE",
    "color": "Color010",
    "notice": "结账前出示",
    "description": "每桌一张",
    "date_info": RANGE,
}
ADVANCED: dict[str, Any] = {
    "share_friends": True,
    "abstract": {"abstract": "湖边的一碗面", "icon_url_list": [IMAGE]},
    "text_image_list": [{"image_url": IMAGE, "text": "手工拉面"}],
}


def put(body: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """``body`` with ``value`` at a dotted path; None takes it away."""
    body = copy.deepcopy(body)
    *parents, name = path.split(".")
    inner = body
    for parent in parents:
        inner = inner.setdefault(parent, {})
    if value is None:
        inner.pop(name, None)
    else:
        inner[name] = value
    return body


def friends(path: str = "", value: Any = None, *, kind: str = "CASH") -> dict[str, Any]:
    """A Friend's Voucher's body, changed at ``cash.…`` or ``gift.…``."""
    own: dict[str, Any] = (
        {"least_cost": 0, "reduce_cost": 1000}
        if kind == "CASH"
        else {"gift_name": "豆浆", "gift_num": 1, "gift_unit": "杯"}
    )
    card: dict[str, Any] = {"base_info": BASE, "advanced_info": ADVANCED} | own
    body = {"card_type": kind, kind.lower(): card}
    return {"card": put(body, path, value) if path else copy.deepcopy(body)}


OWN: dict[str, dict[str, Any]] = {
    "CASH": {"reduce_cost": 1000, "least_cost": 5000},
    "GIFT": {"gift": "豆浆一杯"},
    "DISCOUNT": {"discount": 30},
    "GROUPON": {"deal_detail": "双人餐"},
    "GENERAL_COUPON": {"default_detail": "长寿面"},
}


def ordinary(path: str = "", value: Any = None, *, kind: str = "CASH") -> dict[str, Any]:
    """An ordinary coupon's body."""
    card = {"base_info": BASE | {"title": "春节券", "sku": {"quantity": 100}}} | OWN[kind]
    body = {"card_type": kind, kind.lower(): card}
    return {"card": put(body, path, value) if path else copy.deepcopy(body)}


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({}, 41011),
        ({"card": []}, 47001),
        ({"card": {}}, 40071),
        ({"card": {"card_type": "COIN"}}, 40071),
        ({"card": {"card_type": "CASH"}}, 41011),
        ({"card": {"card_type": "CASH", "cash": []}}, 47001),
        ({"card": {"card_type": "CASH", "cash": {}, "gift": {}}}, 40097),
        ({"card": {"card_type": "CASH", "cash": {}}}, 41011),
        ({"card": {"card_type": "MEMBER_CARD", "member_card": {}}}, 40071),
        (friends("cash.colour", 1), 40097),
        (friends("cash.base_info.title", "十元"), 40097),
        (friends("cash.base_info.colour", "x"), 40097),
        *((friends(f"cash.base_info.{name}", None), 41011) for name in BASE),
        (friends("cash.base_info.logo_url", "http://example.com/a.png"), 52000),
        (friends("cash.base_info.logo_url", "logo"), 40141),
        (friends("cash.base_info.brand_name", "面" * 13), 45021),
        (friends("cash.base_info.brand_name", 7), 47001),
        (friends("cash.base_info.notice", "面" * 17), 45021),
        (friends("cash.base_info.description", "面" * 1025), 45021),
        (friends("cash.base_info.description", "刷单"), 40151),
        (friends("cash.base_info.service_phone", "1" * 25), 45021),
        (friends("cash.base_info.color", "#63b359"), 40076),
        (friends("cash.base_info.code_type", "CODE_TYPE_STAMP"), 73213),
        (friends("cash.base_info.custom_url_name", "面" * 6), 45021),
        (friends("cash.base_info.get_limit", 51), 72009),
        (friends("cash.base_info.use_limit", 51), 40097),
        (friends("cash.base_info.can_share", True), 40097),
        (friends("cash.base_info.can_give_friend", True), 40097),
        (friends("cash.base_info.use_custom_code", True), 40158),
        (friends("cash.base_info.sku", {"quantity": 5}), 40070),
        (friends("cash.base_info.sku", 5), 40070),
        (friends("cash.base_info.location_id_list", [7]), 46005),
        (friends("cash.base_info.location_id_list", ["7"]), 40072),
        (friends("cash.base_info.sub_merchant_info", {"merchant_id": 7}), 40139),
        (friends("cash.base_info.date_info", {"type": "DATE_TYPE_FIX_TERM", "fixed_term": 30}), 40079),
        (friends("cash.base_info.date_info.end_timestamp", 1735660801), 40079),
        (friends("cash.base_info.date_info.end_timestamp", 2147443201), 40079),
        (friends("cash.base_info.date_info.begin_timestamp", "1735660800"), 47001),
        (friends("cash.base_info.date_info.begin_timestamp", None), 41011),
        (friends("cash.reduce_cost", None), 41011),
        (friends("cash.reduce_cost", 99), 72007),
        (friends("cash.least_cost", 5000), 40143),
        (friends("cash.advanced_info.abstract", None), 45043),
        (friends("cash.advanced_info.abstract.abstract", "x" * 25), 45021),
        (friends("cash.advanced_info.text_image_list", [{"image_url": IMAGE, "text": "x" * 513}]), 45021),
        (friends("cash.advanced_info.text_image_list", None), 45043),
        (friends("cash.advanced_info.text_image_list", []), 45043),
        (friends("cash.advanced_info.abstract.icon_url_list", ["http://example.com/a.png"]), 45043),
        (friends("cash.advanced_info.abstract.icon_url_list", [IMAGE, IMAGE]), 45044),
        (friends("cash.advanced_info.abstract.icon_url_list", [IMAGE + "0" * 128]), 45021),
        (friends("cash.advanced_info.text_image_list", [{"image_url": IMAGE + "0" * 128, "text": "面"}]), 45021),
        (friends("cash.advanced_info.share_friends", 1), 47001),
        (friends("cash.advanced_info.use_condition", {"least_cost": 1000}), 72008),
        (friends("cash.advanced_info.use_condition", {"object_use_for": "拉面"}), 40150),
        (friends("cash.advanced_info.use_condition", {"accept_category": "面" * 171}), 45021),
        (friends("cash.advanced_info.use_condition", {"can_use_with_other_discount": "no"}), 47001),
        (friends("gift.advanced_info.use_condition", {"accept_category": "面"}, kind="GIFT"), 40150),
        (friends("cash.advanced_info.time_limit", [{"type": "FUNDAY"}]), 40149),
        (friends("cash.advanced_info.consume_share_self_num", 2), 40144),
        (friends("cash.advanced_info.consume_share_card_list", [{"card_id": PLAIN, "num": 1}]), 40142),
        (friends("gift.gift_name", None, kind="GIFT"), 41011),
        (friends("gift.gift_num", 0, kind="GIFT"), 40150),
        (friends("gift.gift_name", "面" * 9, kind="GIFT"), 45021),
    ],
)
async def test_refuses_a_bad_friends_voucher(sim: Simulator, api: Api, body: dict[str, Any], errcode: int) -> None:
    before = len(sim.world.shelf.of(NOODLES))

    assert (await api.post(CREATE, body))["errcode"] == errcode
    assert len(sim.world.shelf.of(NOODLES)) == before


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        (ordinary("cash.base_info.title", None), 41011),
        (ordinary("cash.base_info.title", " "), 72006),
        (ordinary("cash.base_info.title", "面" * 10), 45021),
        (ordinary("cash.base_info.sub_title", "面" * 19), 45021),
        (ordinary("cash.base_info.sku", None), 41011),
        (ordinary("cash.base_info.sku", {"quantity": "5"}), 40070),
        (ordinary("cash.base_info.sku", {"quantity": 0}), 40122),
        (ordinary("cash.base_info.sku", {"quantity": 100_000_001}), 40122),
        (ordinary("cash.base_info.use_custom_code", True), 43009),
        (ordinary("cash.base_info.date_info", {"type": "DATE_TYPE_FIX_TERM", "fixed_term": 0}), 40079),
        (ordinary("cash.base_info.date_info", {"type": "DATE_TYPE_FIX_TERM"}), 41011),
        (ordinary("cash.base_info.date_info", {"type": "DATE_TYPE_PERMANENT"}), 40079),
        (ordinary("cash.least_cost", 1000), 72008),
        (ordinary("cash.reduce_cost", 99), 72007),
        (ordinary("gift.gift", None, kind="GIFT"), 41011),
        (ordinary("discount.discount", 100, kind="DISCOUNT"), 40150),
        (ordinary("discount.discount", None, kind="DISCOUNT"), 41011),
        (ordinary("groupon.deal_detail", "面" * 1025, kind="GROUPON"), 45021),
        (ordinary("general_coupon.default_detail", None, kind="GENERAL_COUPON"), 41011),
        (ordinary("discount.advanced_info.share_friends", True, kind="DISCOUNT"), 40148),
    ],
)
async def test_refuses_a_bad_coupon(api: Api, body: dict[str, Any], errcode: int) -> None:
    assert (await api.post(CREATE, body))["errcode"] == errcode


async def test_a_missing_field_is_named(api: Api) -> None:
    answer = await api.post(CREATE, ordinary("cash.base_info.title", None))
    assert "base_info().title" in answer["errmsg"]


async def test_accounts_that_may_not(shop: Shop, api: Api) -> None:
    shop.friends_vouchers = False
    assert (await api.post(CREATE, friends()))["errcode"] == 73205
    assert (await api.post(CREATE, ordinary()))["errcode"] == 0
    shop.friends_category = False
    assert (await api.post(CREATE, friends()))["errcode"] == 45045
    shop.web_links = False
    assert (await api.post(CREATE, ordinary("cash.base_info.custom_url", "http://a.example")))["errcode"] == 73211


async def test_a_friends_voucher_is_reviewed_and_has_the_platforms_title(
    sim: Simulator, server: ShopServer, api: Api
) -> None:
    made = await api.post(CREATE, friends("cash.advanced_info.use_condition", {"least_cost": 5000}))
    assert set(made) == {"errcode", "errmsg", "card_id"}
    inside = await api.card(made["card_id"])

    base = inside["base_info"]
    assert (base["title"], base["status"], base["color"]) == ("满50减10元代金券", "CARD_STATUS_NOT_VERIFY", "#63b359")
    assert base["sku"] == {"quantity": 0, "total_quantity": 0}
    assert (base["can_share"], base["can_give_friend"], base["get_limit"]) == (False, False, 50)
    assert abs(base["create_time"] - time.time()) < 60
    assert (inside["least_cost"], inside["reduce_cost"]) == (0, 1000)
    assert inside["advanced_info"]["use_condition"] == {"least_cost": 5000}
    assert inside["advanced_info"]["share_friends"] is True

    (review,) = sim.reviews(NOODLES)
    assert (review.card_id, review.changed) == (made["card_id"], {})
    await sim.review(NOODLES, made["card_id"], approve=True)
    assert (pushed(server)["Event"], pushed(server)["CardId"]) == ("card_pass_check", made["card_id"])


@pytest.mark.parametrize(
    ("body", "title"),
    [
        (friends(), "10元代金券"),
        (friends("cash.reduce_cost", 1250), "12.5元代金券"),
        (friends("cash.base_info.sku", {"quantity": 0}), "10元代金券"),
        (friends(kind="GIFT"), "豆浆1杯"),
        (friends("gift.advanced_info.use_condition", {"object_use_for": "拉面"}, kind="GIFT"), "豆浆1杯"),
        (friends("cash.advanced_info.consume_share_card_list", [{"card_id": GIFT, "num": 1}]), "10元代金券"),
        *((ordinary(kind=kind), "春节券") for kind in OWN),
    ],
)
async def test_every_kind_is_made(api: Api, body: dict[str, Any], title: str) -> None:
    made = await api.post(CREATE, body)
    assert made["errcode"] == 0, made
    assert (await api.card(made["card_id"]))["base_info"]["title"] == title


async def test_an_ordinary_coupon_shows_what_was_sent(api: Api) -> None:
    term = {"type": "DATE_TYPE_FIX_TERM", "fixed_term": 30}
    made = await api.post(CREATE, ordinary("cash.base_info.date_info", term))
    inside = await api.card(made["card_id"])

    assert inside["base_info"]["date_info"] == term | {"fixed_begin_term": 0}
    assert inside["base_info"]["sku"] == {"quantity": 100, "total_quantity": 100}
    assert (inside["least_cost"], inside["advanced_info"]["share_friends"]) == (5000, False)


async def test_stores_and_sub_merchants_have_to_be_approved(sim: Simulator, api: Api) -> None:
    store = sim.world.stores.add(NOODLES, {"business_name": "湖畔店"}, poi_id=271262077)
    body = friends("cash.base_info.location_id_list", [store.poi_id])
    assert (await api.post(CREATE, body))["errcode"] == 65106
    sim.world.stores.decide(store, approve=True)
    assert (await api.post(CREATE, body))["errcode"] == 0
    body["card"]["cash"]["base_info"]["use_all_locations"] = True
    assert (await api.post(CREATE, body))["errcode"] == 40150

    merchant = sim.world.submerchants.submit(NOODLES, {"end_time": time.time() + 900})
    body = friends("cash.base_info.sub_merchant_info", {"merchant_id": merchant.merchant_id})
    assert (await api.post(CREATE, body))["errcode"] == 40140
    sim.world.submerchants.decide(merchant, approve=True, reason="")
    assert (await api.post(CREATE, body))["errcode"] == 0


async def test_a_lost_answer_has_made_it(sim: Simulator, api: Api) -> None:
    await api.stable_token()
    sim.fault(CREATE, Fault(lose_answer=True))
    with pytest.raises(HTTPStreamClosedError):
        await api.post(CREATE, friends())

    newest = await api.post("/card/batchget", {"offset": 0, "count": 1})
    assert newest["total_num"] == 4
    assert newest["card_id_list"] != [CASH]


async def test_sku_of_a_friends_voucher_by_either_reading(api: Api, sim: Simulator) -> None:
    assert (await api.post(CREATE, friends()))["errcode"] == 0
    sim.readings.sku_on_create = True
    assert (await api.post(CREATE, friends()))["errcode"] == 41011
    assert (await api.post(CREATE, friends("cash.base_info.sku", {"quantity": 0})))["errcode"] == 0


async def test_the_other_reading_of_two_limits(sim: Simulator, api: Api) -> None:
    sim.readings.create_page_limits = False
    for path, value in (
        ("abstract.abstract", "x" * 60),
        ("text_image_list", [{"image_url": IMAGE, "text": "x" * 3072}]),
    ):
        assert (await api.post(CREATE, friends(f"cash.advanced_info.{path}", value)))["errcode"] == 0
