"""Every call that writes may be done although its answer is lost; what it did is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tornado.simple_httpclient import HTTPStreamClosedError

from bot.simulator import Fault, Simulator
from bot.simulator.vouchers import IMAGE, base_info
from tests.simulator.conftest import CASH, NOODLES, PLAIN, WANG, Api, ShopServer
from tests.simulator.test_create import friends
from tests.simulator.test_poi import body as store

Body = Callable[[Simulator, str], dict[str, Any]]
Done = Callable[[Simulator, str], bool]
CLICK = [{"type": "click", "name": "a", "key": "k"}]


def quote(sim: Simulator, _code: str) -> dict[str, Any]:
    sim.set_coins(NOODLES, "100", "0")
    made = sim.world.orders.quote(NOODLES, CASH, 10)
    return {"card_id": CASH, "quantity": 10, "order_id": made.order_id}


def tag(sim: Simulator, _code: str) -> dict[str, Any]:
    return {"openid_list": [WANG], "tagid": sim.world.tags.create(NOODLES, "店员").id}


def personal(sim: Simulator, _code: str) -> dict[str, Any]:
    sim.world.menus.put(NOODLES, [], by="api")
    return {"button": CLICK, "matchrule": {"language": "zh_CN"}}


def stock(sim: Simulator, card_id: str) -> int:
    return int(base_info(sim.voucher(NOODLES, card_id).card)["sku"]["total_quantity"])


def is_deleted(sim: Simulator, _code: str) -> bool:
    return sim.voucher(NOODLES, PLAIN).status == "CARD_STATUS_DELETE"


CALLS: dict[str, tuple[Body, Done]] = {
    "/card/create": (lambda *_: friends(), lambda sim, _: len(sim.reviews(NOODLES)) == 1),
    "/card/delete": (lambda *_: {"card_id": PLAIN}, is_deleted),
    "/card/modifystock": (
        lambda *_: {"card_id": PLAIN, "increase_stock_value": 5},
        lambda sim, _: stock(sim, PLAIN) == 505,
    ),
    "/card/code/consume": (
        lambda _, code: {"code": code},
        lambda sim, code: sim.code(NOODLES, code).state == "CONSUMED",
    ),
    "/card/code/unavailable": (
        lambda _, code: {"code": code},
        lambda sim, code: sim.code(NOODLES, code).state == "UNAVAILABLE",
    ),
    "/card/code/mark": (
        lambda _, code: {"code": code, "card_id": CASH, "openid": WANG, "is_mark": True},
        lambda sim, code: sim.code(NOODLES, code).marked_by == WANG,
    ),
    "/card/testwhitelist/set": (
        lambda *_: {"openid": [WANG]},
        lambda sim, _: sim.world.circles.testers(NOODLES) == [WANG],
    ),
    "/card/qrcode/create": (
        lambda *_: {"action_name": "QR_CARD", "action_info": {"card": {"card_id": CASH}}},
        lambda sim, _: len(sim.world.tickets.of(NOODLES)) == 1,
    ),
    "/card/pay/confirm": (quote, lambda sim, _: stock(sim, CASH) == 510),
    "/card/pay/recharge": (lambda *_: {"coin_count": 5}, lambda sim, _: len(sim.orders(NOODLES)) == 1),
    "/cgi-bin/menu/create": (lambda *_: {"button": CLICK}, lambda sim, _: len(sim.menu(NOODLES, WANG)) == 1),
    "/cgi-bin/menu/addconditional": (personal, lambda sim, _: len(sim.menu(NOODLES, WANG)) == 1),
    "/cgi-bin/tags/create": (
        lambda *_: {"tag": {"name": "店员"}},
        lambda sim, _: len(sim.world.tags.of(NOODLES)) == 1,
    ),
    "/cgi-bin/tags/members/batchtagging": (tag, lambda sim, _: len(sim.world.tags.worn(NOODLES, WANG)) == 1),
    "/cgi-bin/poi/addpoi": (
        lambda *_: store(photo_list=[{"photo_url": IMAGE}]),
        lambda sim, _: len(sim.world.stores.of(NOODLES)) == 1,
    ),
}


@pytest.mark.parametrize("path", CALLS)
async def test_it_was_done(sim: Simulator, server: ShopServer, api: Api, path: str) -> None:
    code = await sim.claim(NOODLES, WANG, CASH)
    assert len(server.requests) == 1
    body, done = CALLS[path]
    given = body(sim, code)
    await api.stable_token()
    assert not done(sim, code)
    sim.fault(path, Fault(lose_answer=True))

    with pytest.raises(HTTPStreamClosedError):
        await api.post(path, given)
    assert done(sim, code)


async def test_activation_was_done(sim: Simulator, api: Api) -> None:
    await api.stable_token()
    sim.fault("/card/pay/activate", Fault(lose_answer=True))
    with pytest.raises(HTTPStreamClosedError):
        await api.get("/card/pay/activate")

    assert str(sim.world.coins.of(NOODLES).free) == "200"
    assert (await api.get("/card/pay/activate"))["errcode"] == 71005
