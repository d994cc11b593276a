"""card/qrcode/create, card/landingpage/create, cgi-bin/qrcode/create, and scanning what they made."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest

from bot.simulator import NotClaimedError, Simulator
from bot.simulator.vouchers import IMAGE, base_info
from tests.simulator.conftest import CASH, GIFT, NOODLES, PLAIN, WANG, ZHANG, Api, ShopServer
from tests.simulator.test_wallets import pushed

CREATE, PAGE, SCENE = "/card/qrcode/create", "/card/landingpage/create", "/cgi-bin/qrcode/create"


def single(card: Any = None, **more: Any) -> dict[str, Any]:
    """The body of a code with one voucher."""
    return {"action_name": "QR_CARD", "action_info": {"card": {"card_id": CASH} if card is None else card}} | more


def several(cards: Any) -> dict[str, Any]:
    """The body of a code with several."""
    return {"action_name": "QR_MULTIPLE_CARD", "action_info": {"multiple_card": {"card_list": cards}}}


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({}, 40053),
        ({"action_name": "QR_CARD"}, 40053),
        (single() | {"action_name": "QR_SCENE"}, 40053),
        (single([]), 40053),
        (single({}), 41012),
        (single({"card_id": "pNobody"}), 40073),
        (single({"card_id": CASH, "title": "x"}), 40053),
        (single({"card_id": CASH, "code": "1"}), 40053),
        (single({"card_id": CASH, "openid": "oNobody"}), 40003),
        (single({"card_id": CASH, "is_unique_code": 1}), 47001),
        (single({"card_id": CASH, "outer_id": "1"}), 47001),
        (single({"card_id": CASH, "outer_str": "柜" * 43}), 45021),
        (single(expire_seconds=59), 40053),
        (single(expire_seconds=1801), 40053),
        (single(expire_seconds="60"), 40053),
        (several([]), 40053),
        (several([{"card_id": CASH}] * 6), 45039),
        (several([{"card_id": CASH}, {"card_id": "pNobody"}]), 40073),
    ],
)
async def test_refuses_a_bad_body(api: Api, body: dict[str, Any], errcode: int) -> None:
    assert (await api.post(CREATE, body))["errcode"] == errcode


async def test_only_an_approved_voucher_with_stock_is_issued(sim: Simulator, api: Api) -> None:
    base_info(sim.voucher(NOODLES, CASH).card)["sku"]["quantity"] = 0
    assert (await api.post(CREATE, single()))["errcode"] == 45031
    sim.set_status(NOODLES, CASH, "DELETE")
    assert (await api.post(CREATE, single()))["errcode"] == 40078

    sim.set_status(NOODLES, GIFT, "NOT_VERIFY")
    card = {"card_id": GIFT}
    assert (await api.post(CREATE, single(card)))["errcode"] == 40078
    sim.world.circles.set_testers(NOODLES, [WANG])
    assert (await api.post(CREATE, single(card)))["errcode"] == 0
    assert (await api.post(CREATE, single(card | {"is_unique_code": True})))["errcode"] == 40078


async def test_custom_codes_and_bound_persons_are_named(sim: Simulator, server: ShopServer, api: Api) -> None:
    base_info(sim.voucher(NOODLES, PLAIN).card).update(use_custom_code=True, bind_openid=True)
    card: dict[str, Any] = {"card_id": PLAIN}
    assert (await api.post(CREATE, single(card)))["errcode"] == 41013
    card["code"] = "SPRING-1"
    assert (await api.post(CREATE, single(card)))["errcode"] == 40003
    made = await api.post(CREATE, single(card | {"openid": WANG}))

    with pytest.raises(NotClaimedError, match="other_person"):
        await sim.scan_qr(NOODLES, ZHANG, made["url"])
    assert await sim.scan_qr(NOODLES, WANG, made["url"]) == ["SPRING-1"]
    with pytest.raises(NotClaimedError, match="code"):
        await sim.scan_qr(NOODLES, WANG, made["url"])
    assert (await api.post(CREATE, single(card | {"openid": WANG})))["errcode"] == 40116
    assert len(server.requests) == 1


async def test_the_answer_has_a_ticket_an_address_and_a_lifetime(sim: Simulator, api: Api) -> None:
    made = await api.post(CREATE, single(expire_seconds=1800))
    assert set(made) == {"errcode", "errmsg", "ticket", "expire_seconds", "url", "show_qrcode_url"}
    assert (made["expire_seconds"], made["url"][:24]) == (1800, "http://weixin.qq.com/q/" + made["url"][23])
    assert re.fullmatch(
        r"https://mp\.weixin\.qq\.com/cgi-bin/showqrcode\?ticket=gQ[\w-]+%3D%3D", made["show_qrcode_url"]
    )
    assert (await api.post(CREATE, single()))["expire_seconds"] == 7_776_000
    sim.readings.qr_default_seconds = 31_536_000
    assert (await api.post(CREATE, single()))["expire_seconds"] == 31_536_000


async def test_a_scan_claims_with_the_channels_marks(sim: Simulator, server: ShopServer, api: Api) -> None:
    with pytest.raises(LookupError, match="no QR code"):
        await sim.scan_qr(NOODLES, WANG, "http://weixin.qq.com/q/none")
    made = await api.post(CREATE, single({"card_id": CASH, "outer_str": "till-3", "outer_id": 7}))
    (code,) = await sim.scan_qr(NOODLES, WANG, made["ticket"])

    told = pushed(server)
    assert (told["UserCardCode"], told["OuterStr"], told["OuterId"]) == (code, "till-3", "7")
    assert await sim.scan_qr(NOODLES, ZHANG, made["url"])


async def test_several_vouchers_in_one_code(sim: Simulator, server: ShopServer, api: Api) -> None:
    cards = [{"card_id": CASH, "outer_str": "a"}, {"card_id": GIFT, "outer_str": "b"}]
    made = await api.post(CREATE, several(cards))
    codes = await sim.scan_qr(NOODLES, WANG, made["url"])

    assert [(entry.card_id, entry.outer_str) for entry in sim.wallet(NOODLES, WANG)] == [(GIFT, "b"), (CASH, "a")]
    assert len(codes) == len(server.requests) == 2


async def test_a_unique_code_works_once_and_an_old_one_never(sim: Simulator, server: ShopServer, api: Api) -> None:
    made = await api.post(CREATE, single({"card_id": CASH, "is_unique_code": True}))
    await sim.scan_qr(NOODLES, WANG, made["url"])
    with pytest.raises(NotClaimedError, match="ticket_used"):
        await sim.scan_qr(NOODLES, ZHANG, made["url"])

    old = await api.post(CREATE, single(expire_seconds=60))
    sim.world.tickets.find(NOODLES, old["url"]).expires_at = time.time() - 1
    with pytest.raises(NotClaimedError, match="ticket_expired"):
        await sim.scan_qr(NOODLES, ZHANG, old["url"])
    assert len(server.requests) == 1


def page(**changes: Any) -> dict[str, Any]:
    """The body of a landing page."""
    cards = [{"card_id": PLAIN, "thumb_url": IMAGE}]
    body = {"banner": IMAGE, "page_title": "领券", "can_share": False, "scene": "SCENE_MENU", "card_list": cards}
    return {name: value for name, value in (body | changes).items() if value is not None}


@pytest.mark.parametrize(
    ("changes", "errcode"),
    [
        ({"banner": None}, 41011),
        ({"banner": "http://example.com/a.png"}, 52000),
        ({"page_title": ""}, 41011),
        ({"can_share": None}, 41011),
        ({"can_share": 0}, 47001),
        ({"scene": "SCENE_SHOP"}, 40097),
        ({"card_list": []}, 40097),
        ({"card_list": [{"card_id": PLAIN, "thumb_url": "http://example.com/a.png"}]}, 52000),
        ({"card_list": [{"card_id": CASH, "thumb_url": IMAGE}]}, 45030),
    ],
)
async def test_refuses_a_bad_landing_page(api: Api, changes: dict[str, Any], errcode: int) -> None:
    assert (await api.post(PAGE, page(**changes)))["errcode"] == errcode


async def test_a_landing_page_has_an_address(api: Api) -> None:
    made = await api.post(PAGE, page())
    assert (made["errcode"], made["page_id"]) == (0, 1)
    assert made["url"].startswith("http://weixin.qq.com/card/page/")
    friends = page(scene="SCENE_QRCODE", card_list=[{"card_id": CASH, "thumb_url": IMAGE}])
    assert (await api.post(PAGE, friends))["errcode"] == 0


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"action_name": "QR_SCENE", "action_info": {}},
        {"action_name": "QR_SCENE", "action_info": {"scene": {"scene_id": 0}}},
        {"action_name": "QR_LIMIT_SCENE", "action_info": {"scene": {"scene_id": 100_001}}},
        {"action_name": "QR_STR_SCENE", "action_info": {"scene": {"scene_str": "x" * 65}}},
        {"action_name": "QR_CARD", "action_info": {"scene": {"scene_str": "x"}}},
        {"action_name": "QR_STR_SCENE", "expire_seconds": 2_592_001, "action_info": {"scene": {"scene_str": "x"}}},
    ],
)
async def test_refuses_a_bad_scene(api: Api, body: dict[str, Any]) -> None:
    assert (await api.post(SCENE, body))["errcode"] == 40053


async def test_a_scene_is_told_when_it_is_scanned(sim: Simulator, server: ShopServer, api: Api) -> None:
    body = {"action_name": "QR_STR_SCENE", "expire_seconds": 600, "action_info": {"scene": {"scene_str": "bind_x"}}}
    made = await api.post(SCENE, body)
    assert set(made) == {"ticket", "expire_seconds", "url"}

    assert await sim.scan_qr(NOODLES, WANG, made["url"]) == []
    assert (pushed(server)["Event"], pushed(server)["EventKey"]) == ("SCAN", "bind_x")
    await sim.unfollow(NOODLES, WANG)
    await sim.scan_qr(NOODLES, WANG, made["url"])
    assert (pushed(server)["Event"], pushed(server)["EventKey"]) == ("subscribe", "qrscene_bind_x")

    lasting = {"action_name": "QR_LIMIT_SCENE", "action_info": {"scene": {"scene_id": 5}}}
    assert set(await api.post(SCENE, lasting)) == {"ticket", "url"}
