"""Pushes of an account that granted message management: the component's address, keys and appid, both ways."""

from __future__ import annotations

import pytest
from wechatpy.exceptions import InvalidAppIdException

from bot.simulator import Component, Person, Simulator
from bot.simulator.elements import read
from tests.simulator.conftest import NOODLES, WANG, ShopServer
from tests.simulator.open_platform.conftest import PLATFORM
from tests.simulator.test_control import Page

REPLY = (
    f"<xml><ToUserName>{WANG}</ToUserName><FromUserName>gh_0000000000a1</FromUserName>"
    "<CreateTime>1700000000</CreateTime><MsgType>text</MsgType><Content>好</Content></xml>"
)


async def test_a_message_goes_to_the_component(sim: Simulator, hall: ShopServer, server: ShopServer) -> None:
    await sim.authorise(NOODLES)
    hall.requests.clear()
    hall.will_reply(REPLY)
    delivery = await sim.text(NOODLES, WANG, "统计")

    assert (delivery.text, delivery.failure) == ("好", "")
    assert hall.requests[0].path == f"/component/{NOODLES}/messages"
    assert set(read(hall.requests[0].body)) == {"ToUserName", "Encrypt"}
    inside = read(hall.opened().encode())
    assert (inside["ToUserName"], inside["FromUserName"], inside["Content"]) == ("gh_0000000000a1", WANG, "统计")
    assert server.requests == []
    assert sim.chat(NOODLES, WANG)[-1].text == "好"


async def test_the_accounts_own_keys_open_nothing(sim: Simulator, hall: ShopServer) -> None:
    await sim.authorise(NOODLES)
    await sim.text(NOODLES, WANG, "统计")
    hall.shop.appid = NOODLES

    with pytest.raises(InvalidAppIdException):
        hall.opened()


@pytest.mark.parametrize(
    ("other", "failure"),
    [
        ({"appid": NOODLES}, f"the appid at the end is b'{NOODLES}', expected {PLATFORM}"),
        ({"token": "noodles"}, "MsgSignature is wrong"),
    ],
)
async def test_a_reply_sealed_as_the_account_is_none(
    sim: Simulator, hall: ShopServer, other: dict[str, str], failure: str
) -> None:
    await sim.authorise(NOODLES)
    hall.will_reply(REPLY, **other)

    assert (await sim.text(NOODLES, WANG, "统计")).failure == f"malformed answer: {failure}"


async def test_without_message_management_the_account_keeps_its_pushes(
    sim: Simulator, hall: ShopServer, server: ShopServer
) -> None:
    await sim.authorise(NOODLES, [8])
    hall.requests.clear()
    await sim.text(NOODLES, WANG, "统计")

    assert (len(hall.requests), len(server.requests)) == (0, 1)


async def test_the_account_may_hear_its_pushes_too(sim: Simulator, hall: ShopServer, server: ShopServer) -> None:
    sim.platform_readings.account_hears_too = True
    await sim.authorise(NOODLES)
    hall.will_reply(REPLY)
    delivery = await sim.text(NOODLES, WANG, "统计")

    assert delivery.text == "好"
    assert len(server.requests) == 1
    assert len(delivery.attempts) == 2


async def test_what_is_taken_back_goes_to_the_account_again(
    sim: Simulator, hall: ShopServer, server: ShopServer
) -> None:
    await sim.authorise(NOODLES)
    await sim.unauthorise(NOODLES)
    await sim.text(NOODLES, WANG, "统计")

    assert len(server.requests) == 1


async def test_an_account_without_a_server_has_one_in_the_component(sim: Simulator, hall: ShopServer) -> None:
    [shop] = sim.authorise_many(1)
    sim.add_person(shop.appid, Person(WANG, "王芳", "owner"))
    await sim.text(shop.appid, WANG, "统计")

    assert hall.requests[0].path == f"/component/{shop.appid}/messages"


async def test_the_page_tells_where_pushes_go(sim: Simulator, hall: ShopServer, server: ShopServer) -> None:
    page = Page(sim)
    [before] = (await page.get("/_control/state"))["shops"]
    await sim.authorise(NOODLES)
    [after] = (await page.get("/_control/state"))["shops"]
    page.client.close()

    assert before["callback_url"] == sim.shop(NOODLES).callback_url
    assert after["callback_url"] == sim.component.messages(NOODLES).url


def test_the_address_needs_a_place_for_the_appid(sim: Simulator) -> None:
    key = "GFEDCBA9876543210zyxwvutsrqponmlkjihgfedcba"
    with pytest.raises(ValueError, match=r"expected \$APPID\$"):
        sim.add_component(Component(PLATFORM, "s", "t", key, messages_url="http://127.0.0.1/messages"))
    with pytest.raises(ValueError, match="43 of A-Z"):
        sim.add_component(Component(PLATFORM, "s", "t", "short"))
    sim.add_component(Component(PLATFORM, "s", "t", key))
    with pytest.raises(ValueError, match="a component"):
        sim.add_component(Component(PLATFORM, "s", "t", key))
