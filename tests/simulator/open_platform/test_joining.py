"""A merchant authorises: the page's refusals, the event, the way back, changes and the end."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from time_machine import TimeMachineFixture

from bot.simulator import Component, NotShownError, Simulator
from bot.simulator.elements import read
from tests.simulator.conftest import NOODLES, ShopServer
from tests.simulator.open_platform.conftest import DOMAIN, PLATFORM, Provider

NOON = "2026-11-22 04:00:00+00:00"
BACK = f"https://{DOMAIN}/component/authorized?state=abc"


async def page(provider: Provider, **changes: str | None) -> str:
    """The address of an authorisation page, as a component makes it; None leaves a parameter out."""
    given: dict[str, str | None] = {
        "component_appid": PLATFORM,
        "pre_auth_code": (await provider.ask("api_create_preauthcode"))["pre_auth_code"],
        "redirect_uri": BACK,
        "auth_type": "1",
    }
    query = {name: value for name, value in (given | changes).items() if value is not None}
    return f"https://mp.weixin.qq.com/cgi-bin/componentloginpage?{urlencode(query)}"


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"component_appid": "wxffffffffffffffff"}, "component_appid 不正确"),
        ({"component_appid": None}, "component_appid 不正确"),
        ({"pre_auth_code": "preauthcode@@@x"}, "pre_auth_code is invalid"),
        ({"pre_auth_code": None}, "pre_auth_code is invalid"),
        ({"redirect_uri": None}, "redirect_uri 缺失或不是网址"),
        ({"redirect_uri": "/component/authorized"}, "redirect_uri 缺失或不是网址"),
        ({"redirect_uri": "https://evil.example/"}, f"redirect_uri 的域名是 evil.example，登记的是 {DOMAIN}"),
        ({"redirect_uri": f"http://{DOMAIN}/"}, "redirect_uri 不是 https"),
        ({"auth_type": None}, "auth_type 缺失或不正确"),
        ({"auth_type": "7"}, "auth_type 缺失或不正确"),
        ({"auth_type": "2"}, "这个授权链接不面向公众号（auth_type）"),
        ({"biz_appid": "wxffffffffffffffff"}, "授权链接指定了另一个公众号"),
        ({"category_id_list": "1|99"}, "category_id_list 里有第三方平台没有的权限集"),
        ({"category_id_list": "1,8"}, "category_id_list 里有第三方平台没有的权限集"),
    ],
)
async def test_the_page_refuses(
    sim: Simulator, provider: Provider, hall: ShopServer, changes: dict[str, str | None], text: str
) -> None:
    with pytest.raises(NotShownError) as refusal:
        await sim.authorise(NOODLES, page=await page(provider, **changes))

    assert str(refusal.value) == text
    assert sim.authorisation(NOODLES) is None
    assert hall.requests == []


@pytest.mark.parametrize("sets", [[], [1, 4]])
async def test_only_what_the_page_offers_can_be_granted(sim: Simulator, provider: Provider, sets: list[int]) -> None:
    with pytest.raises(NotShownError):
        await sim.authorise(NOODLES, sets, page=await page(provider))
    with pytest.raises(NotShownError):
        await sim.authorise(NOODLES, [1, 8], page=await page(provider, category_id_list="8"))


async def test_before_publication_only_testers_may_authorise(
    sim: Simulator, component: Component, provider: Provider
) -> None:
    component.published = False
    with pytest.raises(NotShownError, match="还没有全网发布"):
        await sim.authorise(NOODLES, page=await page(provider))

    component.testers = (NOODLES,)
    assert (await sim.authorise(NOODLES, page=await page(provider), order="redirect lost")).code


async def test_a_pre_auth_code_is_good_once_and_not_for_ever(
    sim: Simulator, provider: Provider, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(NOON, tick=False)
    once, late = await page(provider), await page(provider)
    await sim.authorise(NOODLES, page=once, order="redirect lost")
    with pytest.raises(NotShownError, match="has been used"):
        await sim.authorise(NOODLES, page=once)
    time_machine.shift(600)
    with pytest.raises(NotShownError, match="has expired"):
        await sim.authorise(NOODLES, page=late)


async def test_old_links_may_lack_auth_type(sim: Simulator, provider: Provider) -> None:
    sim.platform_readings.auth_type_optional = True
    assert (await sim.authorise(NOODLES, page=await page(provider, auth_type=None), order="redirect lost")).code


def back(hall: ShopServer) -> str:
    """An address of the component's own server to come back to."""
    return f"http://{hall.requests[0].host}/component/authorized?state=a%26b&empty="


class TestOrder:
    """Event and browser, in both orders, or one of them only."""

    @pytest.fixture
    async def link(self, sim: Simulator, component: Component, hall: ShopServer, provider: Provider) -> str:
        await sim.push_ticket()
        component.domain = "127.0.0.1"
        address = await page(provider, redirect_uri=back(hall))
        hall.requests.clear()
        return address

    @pytest.mark.parametrize(
        ("order", "paths"),
        [
            ("event first", ["/component/events", "/component/authorized"]),
            ("redirect first", ["/component/authorized", "/component/events"]),
            ("event lost", ["/component/authorized"]),
            ("redirect lost", ["/component/events"]),
        ],
    )
    async def test_what_arrives(
        self, sim: Simulator, hall: ShopServer, link: str, order: Any, paths: list[str]
    ) -> None:
        joined = await sim.authorise(NOODLES, page=link, order=order)

        assert [request.path for request in hall.requests] == paths
        assert (joined.event is not None, joined.visit is not None) == (
            "/component/events" in paths,
            "/component/authorized" in paths,
        )
        assert parse_qs(urlsplit(joined.location).query, keep_blank_values=True) == {
            "state": ["a&b"],
            "empty": [""],
            "auth_code": [joined.code],
            "expires_in": ["600"],
        }

    async def test_both_carry_the_same_code(self, sim: Simulator, hall: ShopServer, link: str) -> None:
        joined = await sim.authorise(NOODLES, page=link)

        event = read(hall.opened(0).encode())
        assert event | {"CreateTime": ""} == {
            "AppId": PLATFORM,
            "CreateTime": "",
            "InfoType": "authorized",
            "AuthorizerAppid": NOODLES,
            "AuthorizationCode": joined.code,
            "AuthorizationCodeExpiredTime": "600",
            "PreAuthCode": parse_qs(urlsplit(link).query)["pre_auth_code"][0],
        }
        assert hall.query(1)["auth_code"] == joined.code


async def test_the_expiry_may_be_a_moment(sim: Simulator, hall: ShopServer, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(NOON, tick=False)
    sim.platform_readings.expiry_is_moment = True
    await sim.authorise(NOODLES)

    assert read(hall.opened().encode())["AuthorizationCodeExpiredTime"] == "1795320600"


async def test_other_sets_are_an_update_and_the_same_ones_are_none(sim: Simulator, hall: ShopServer) -> None:
    await sim.authorise(NOODLES, [1, 8])
    again = await sim.authorise(NOODLES, [8, 1])
    changed = await sim.authorise(NOODLES, [8])

    assert again.event is None
    assert changed.event is not None
    assert [read(hall.opened(number).encode())["InfoType"] for number in (0, 1)] == ["authorized", "updateauthorized"]
    granted = sim.authorisation(NOODLES)
    assert granted is not None
    assert granted.sets == [8]


async def test_what_is_taken_back_is_told(sim: Simulator, hall: ShopServer) -> None:
    with pytest.raises(LookupError, match="has not authorised"):
        await sim.unauthorise(NOODLES)
    await sim.authorise(NOODLES)
    await sim.unauthorise(NOODLES)

    event = read(hall.opened().encode())
    assert event | {"CreateTime": ""} == {
        "AppId": PLATFORM,
        "CreateTime": "",
        "InfoType": "unauthorized",
        "AuthorizerAppid": NOODLES,
    }
    assert [entry["appid"] for entry in sim.pushes()] == [NOODLES, NOODLES]
    assert [entry["what"] for entry in sim.pushes()] == ["authorized", "unauthorized"]


class TestMishaps:
    """What may happen to events on their way, and events nobody expects."""

    async def test_an_event_may_come_twice(self, sim: Simulator, hall: ShopServer) -> None:
        sim.delivery_faults.duplicate()
        await sim.push_ticket()
        await sim.authorise(NOODLES)

        assert [read(hall.opened(number).encode())["InfoType"] for number in range(len(hall.requests))] == [
            "component_verify_ticket",
            "authorized",
            "authorized",
        ]
        assert read(hall.opened(1).encode()) == read(hall.opened(2).encode())

    async def test_any_event_can_be_pushed_and_pushed_again(self, sim: Simulator, hall: ShopServer) -> None:
        first = await sim.notify({"InfoType": "notify_third_fasteregister", "status": 0}, create_time=1700000000)
        await sim.notify(first.elements)

        assert read(hall.opened(0).encode()) == {
            "AppId": PLATFORM,
            "CreateTime": "1700000000",
            "InfoType": "notify_third_fasteregister",
            "status": "0",
        }
        assert read(hall.opened(1).encode()) == read(hall.opened(0).encode())

    async def test_forgers_seal_with_other_keys(self, sim: Simulator, hall: ShopServer) -> None:
        await sim.notify({"InfoType": "unauthorized", "AuthorizerAppid": NOODLES}, token="guessed", suffix=NOODLES)
        hall.shop.token, hall.shop.appid = "guessed", NOODLES

        assert read(hall.opened().encode())["InfoType"] == "unauthorized"
