"""The control API's wallet, till and counter."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.simulator import Bubble, Simulator, credit
from bot.simulator.vouchers import base_info
from tests.simulator.conftest import CASH, NOODLES, PLAIN, WANG, ZHANG, Answer, ShopServer
from tests.simulator.test_control import Page
from tests.simulator.test_media import JPG
from tests.simulator.test_wallets import pushed

PERSON = {"appid": NOODLES, "openid": WANG}
SCAN = {"type": "scancode_waitmsg", "name": "扫码", "key": "scan"}


@pytest.fixture
async def page(sim: Simulator, server: ShopServer) -> AsyncIterator[Page]:
    assert server.requests == []
    own = Page(sim)
    yield own
    own.client.close()


@pytest.mark.parametrize(
    ("what", "body", "status"),
    [
        ("claim", {}, 400),
        ("claim", PERSON, 400),
        ("claim", PERSON | {"card_id": CASH, "outer_str": 7}, 400),
        ("claim", PERSON | {"openid": "oNobody", "card_id": CASH}, 404),
        ("claim", PERSON | {"card_id": "pNobody"}, 404),
        ("claim", PERSON | {"content": "http://weixin.qq.com/q/none"}, 404),
        ("give", PERSON | {"code": "1", "to": ZHANG}, 404),
        ("discard", PERSON | {"code": "1"}, 404),
        ("scan", PERSON | {"content": "1"}, 400),
        ("menu", PERSON | {"name": "扫码"}, 400),
        ("pay", PERSON | {"order_id": "1"}, 404),
        ("decide", {"appid": NOODLES, "kind": "shop", "id": 1, "approve": True}, 400),
        ("decide", {"appid": NOODLES, "kind": "store", "id": 1, "approve": True}, 404),
        ("decide", {"appid": NOODLES, "kind": "store", "id": 1, "approve": True, "reason": 7}, 400),
        ("picture", PERSON | {"data": "kein Base64!"}, 400),
        ("picture", PERSON | {"data": "AAAA"}, 400),
    ],
)
async def test_what_cannot_be_done_says_so(page: Page, what: str, body: dict[str, Any], status: int) -> None:
    code, answer = await page.post(f"/_control/{what}", body)
    assert (code, bool(answer["error"])) == (status, True)
    assert (await page.fetch("/_control/picture?address=m")).code == 404


async def test_a_claim_that_is_refused_names_the_reason(sim: Simulator, page: Page) -> None:
    base_info(sim.voucher(NOODLES, CASH).card)["sku"]["quantity"] = 0
    told = await page.post("/_control/claim", PERSON | {"card_id": CASH})
    assert told == (200, {"codes": [], "refused": "no_stock"})


async def test_claims_scans_and_gifts_are_done_and_shown(sim: Simulator, server: ShopServer, page: Page) -> None:
    ticket = sim.world.tickets.make(NOODLES, 0, cards=[{"card_id": CASH, "is_unique_code": False}])
    _, first = await page.post("/_control/claim", PERSON | {"content": ticket.url})
    _, second = await page.post("/_control/claim", PERSON | {"card_id": PLAIN, "outer_str": "a"})
    sim.set_console_menu(NOODLES, [SCAN])
    status, _ = await page.post("/_control/scan", PERSON | {"content": first["codes"][0]})
    assert (status, pushed(server)["Event"]) == (200, "scancode_waitmsg")

    (shop,) = (await page.get("/_control/state"))["shops"]
    codes = [entry["code"] for entry in shop["wallets"][WANG]]
    assert codes == second["codes"] + first["codes"]
    assert (shop["menus"][WANG], shop["tickets"][0]["used"], shop["tickets"][0]["expired"]) == ([SCAN], 1, False)

    await page.post("/_control/give", PERSON | {"code": codes[0], "to": ZHANG})
    await page.post("/_control/discard", PERSON | {"code": codes[1]})
    assert (sim.wallet(NOODLES, WANG), len(sim.wallet(NOODLES, ZHANG))) == ([], 1)


async def test_payments_and_decisions_are_done_and_shown(sim: Simulator, server: ShopServer, page: Page) -> None:
    order = credit.recharge(sim.world, NOODLES, 50)
    sim.add_store(NOODLES, 5, "湖畔面馆", approved=False)
    number = sim.world.submerchants.submit(
        NOODLES,
        {
            "brand_name": "二店",
            "logo_url": "x",
            "end_time": 2**31,
            "primary_category_id": 1,
            "secondary_category_id": 101,
        },
    ).merchant_id
    await page.post("/_control/pay", PERSON | {"order_id": order.qrcode_url})
    assert pushed(server)["Event"] == "card_pay_order"
    await page.post("/_control/decide", {"appid": NOODLES, "kind": "store", "id": 5, "approve": True})
    refused = {"appid": NOODLES, "kind": "submerchant", "id": number, "approve": False, "reason": "公章不清楚"}
    await page.post("/_control/decide", refused)

    (shop,) = (await page.get("/_control/state"))["shops"]
    assert shop["coins"] == {"free": "0", "paid": "50", "total": "50"}
    assert (shop["orders"][0]["status"], shop["orders"][0]["openid"]) == ("ORDER_STATUS_FINANCE_SUCC", WANG)
    assert (shop["stores"][0]["available_state"], shop["submerchants"][0]["status"]) == (3, "REJECTED")


async def test_the_picture_of_an_article_is_fetched_as_a_phone_would(
    sim: Simulator, server: ShopServer, page: Page
) -> None:
    address = f"{server.shop.callback_url}/p.jpg"
    article = {"title": "t", "description": "", "url": "https://b.example/r", "picture": address}
    asked = f"/_control/picture?{urlencode({'address': address})}"
    assert (await page.fetch(asked)).code == 404, "nobody fetches what no chat shows"

    sim.world.people.show(NOODLES, WANG, Bubble("account", "news", "t", 0, "custom", (article,)))
    server.answers.append(Answer(JPG))
    shown = await page.fetch(asked)
    assert (shown.body, shown.headers["Content-Type"]) == (JPG, "image/jpeg")
    for nothing in (Answer(b"<svg/>"), Answer(b"", 404), Answer(b"", 302)):
        server.answers.append(nothing)
        assert (await page.fetch(asked)).code == 404
    assert [request.method for request in server.requests] == ["GET"] * 4


async def test_a_picture_is_sent_and_shown(sim: Simulator, page: Page) -> None:
    await page.post("/_control/picture", PERSON | {"data": base64.b64encode(JPG).decode()})
    media = sim.chat(NOODLES, WANG)[-1].media
    shown = await page.fetch(f"/_control/picture?address={media}")
    assert (shown.body, shown.headers["Content-Type"]) == (JPG, "image/jpeg")
    (bubble,) = (await page.get(f"/_control/chat?appid={NOODLES}&openid={WANG}"))["bubbles"]
    assert bubble["media"] == media


async def test_a_photo_of_a_phone_is_sent_and_a_larger_one_said_to_be_so(sim: Simulator, page: Page) -> None:
    """Only uploads are held to two megabytes."""
    photo = base64.b64encode(JPG + bytes(5 << 20)).decode()
    assert (await page.post("/_control/picture", PERSON | {"data": photo}))[0] == 200
    assert len(sim.image(sim.chat(NOODLES, WANG)[-1].media)) > 5 << 20

    photo = base64.b64encode(JPG + bytes(10 << 20)).decode()
    told = await page.post("/_control/picture", PERSON | {"data": photo})
    assert told == (400, {"error": "invalid image size (40009)"})
