"""Every call of the cards API takes the members its page names and no others, and only of an account that has it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.simulator import Shop
from bot.simulator.api import ENDPOINTS
from tests.simulator.conftest import CASH, WANG, Api

CODE = "100200300400"
CDN = "http://mmbiz.qpic.cn/a/0"
MEMBERS: dict[str, tuple[str, ...]] = {
    "/card/create": ("card",),
    "/card/get": ("card_id",),
    "/card/batchget": ("offset", "count", "status_list"),
    "/card/delete": ("card_id",),
    "/card/modifystock": ("card_id", "increase_stock_value", "reduce_stock_value"),
    "/card/code/get": ("code", "card_id", "check_consume"),
    "/card/code/mark": ("code", "card_id", "openid", "is_mark"),
    "/card/code/consume": ("code", "card_id", "openid"),
    "/card/code/unavailable": ("code", "card_id", "reason"),
    "/card/code/decrypt": ("encrypt_code",),
    "/card/user/getcardlist": ("openid", "card_id"),
    "/card/testwhitelist/set": ("openid", "username"),
    "/card/pay/getpayprice": ("card_id", "quantity"),
    "/card/pay/confirm": ("card_id", "quantity", "order_id"),
    "/card/pay/recharge": ("coin_count",),
    "/card/pay/getorder": ("order_id",),
    "/card/pay/getorderlist": (
        "offset", "count", "order_type", "nor_filter", "sort_info", "begin_time", "end_time",
    ),
    "/card/submerchant/submit": ("info",),
    "/card/submerchant/update": ("info",),
    "/card/submerchant/get": ("merchant_id",),
    "/card/submerchant/batchget": ("begin_id", "limit", "status"),
    "/card/landingpage/create": ("banner", "page_title", "can_share", "scene", "card_list"),
    "/cgi-bin/poi/addpoi": ("business",),
    "/cgi-bin/poi/getpoi": ("poi_id",),
    "/cgi-bin/poi/getpoilist": ("begin", "limit"),
    "/cgi-bin/poi/updatepoi": ("business",),
    "/cgi-bin/poi/delpoi": ("poi_id",),
    "/datacube/getcardbizuininfo": ("begin_date", "end_date", "cond_source"),
    "/datacube/getcardcardinfo": ("begin_date", "end_date", "cond_source", "card_id"),
}  # fmt: skip
"""Top-level members by call, from the pages' tables."""
OTHER_ERRCODE = {"/card/qrcode/create": ("action_name", "expire_seconds", "action_info")}
"""Whatever is wrong with these is 40053."""


@pytest.mark.parametrize("path", [*MEMBERS, *OTHER_ERRCODE])
async def test_an_unknown_member_is_refused(api: Api, path: str) -> None:
    answer = await api.post(path, {"cardid": CASH})
    assert answer["errcode"] == (40053 if path in OTHER_ERRCODE else 40097)


@pytest.mark.parametrize("path", MEMBERS)
async def test_no_named_member_is_unknown(api: Api, path: str) -> None:
    """Each alone is too little, or of a wrong type, and never one too many."""
    assert set(ENDPOINTS[path].members or ()) == set(MEMBERS[path])


def test_all_calls_of_the_cards_api_are_here() -> None:
    """card/update says itself what it takes: its second member is named after the type of the card."""
    with_body = {path for path, endpoint in ENDPOINTS.items() if endpoint.method == "POST" and not endpoint.form}
    cards = {path for path in with_body if path.startswith(("/card/", "/datacube/", "/cgi-bin/poi/"))}
    assert cards == {*MEMBERS, *OTHER_ERRCODE, "/card/update"}


@pytest.mark.parametrize(
    ("path", "body", "errcode"),
    [
        ("/card/code/get", {"code": CODE, "card_id": 0}, 47001),
        ("/card/code/consume", {"code": CODE, "card_id": []}, 47001),
        ("/card/user/getcardlist", {"openid": WANG, "card_id": 0}, 47001),
        ("/card/pay/getorderlist", {"offset": 0, "count": 1, "sort_info": {"sort_by": "x"}}, 40097),
        ("/card/pay/getorderlist", {"offset": 0, "count": 1, "nor_filter": {"order_type": "x"}}, 40097),
        ("/card/qrcode/create", {"action_name": "QR_CARD", "action_info": {"card": {"card_id": CASH}, "x": 1}}, 40053),
        (
            "/card/qrcode/create",
            {
                "action_name": "QR_MULTIPLE_CARD",
                "action_info": {"multiple_card": {"card_list": [{"card_id": CASH}], "outer_str": "x"}},
            },
            40053,
        ),
        (
            "/card/qrcode/create",
            {
                "action_name": "QR_MULTIPLE_CARD",
                "action_info": {"multiple_card": {"card_list": [{"card_id": CASH, "is_unique_code": False}]}},
            },
            40053,
        ),
        (
            "/card/landingpage/create",
            {
                "banner": CDN, "page_title": "券", "can_share": True, "scene": "SCENE_H5",
                "card_list": [{"card_id": CASH, "thumb_url": CDN, "title": "x"}],
            },
            40097,
        ),
        ("/cgi-bin/poi/addpoi", {"business": {"base_info": {}, "x": 1}}, 40097),
    ],
)  # fmt: skip
async def test_a_member_further_in(api: Api, path: str, body: dict[str, Any], errcode: int) -> None:
    assert (await api.post(path, body))["errcode"] == errcode


@pytest.mark.parametrize("path", [*MEMBERS, *OTHER_ERRCODE, "/card/update"])
async def test_an_account_without_the_right_to_cards(api: Api, shop: Shop, path: str) -> None:
    shop.cards = False
    answer = await api.post(path, {})
    assert (answer["errcode"] == 48001) == (not path.startswith("/cgi-bin/poi/"))


@pytest.mark.parametrize("path", ["/card/pay/activate", "/card/pay/getcoinsinfo", "/card/getapplyprotocol"])
async def test_nor_do_calls_without_a_body(api: Api, shop: Shop, path: str) -> None:
    shop.cards = False
    assert (await api.get(path))["errcode"] == 48001
