"""Verify tickets: sealed for the component, every ten minutes, stopped, repeated, asked for."""

from __future__ import annotations

import asyncio

import pytest
from time_machine import TimeMachineFixture

from bot.simulator import Component, Simulator
from bot.simulator.elements import read
from tests.simulator.conftest import Answer, ShopServer
from tests.simulator.open_platform.conftest import PLATFORM, Provider

NOON = "2026-11-22 04:00:00+00:00"
NOON_SECONDS = 1795320000


def opened(hall: ShopServer, number: int = -1) -> dict[str, str]:
    """The elements of an event, opened by wechatpy with the component's keys."""
    return read(hall.opened(number).encode())


async def test_a_ticket_is_sealed_for_the_component(
    sim: Simulator, hall: ShopServer, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(NOON, tick=False)
    delivery = await sim.push_ticket()

    assert delivery.failure == ""
    outside = read(hall.requests[0].body)
    assert set(outside) == {"AppId", "Encrypt"}
    assert outside["AppId"] == PLATFORM
    assert hall.requests[0].path == "/component/events"
    assert set(hall.query()) == {"signature", "timestamp", "nonce", "encrypt_type", "msg_signature"}
    inside = opened(hall)
    assert inside.pop("ComponentVerifyTicket").startswith("ticket@@@")
    assert inside == {"AppId": PLATFORM, "CreateTime": str(NOON_SECONDS), "InfoType": "component_verify_ticket"}


@pytest.mark.parametrize("body", [b"", b"SUCCESS", b"success\n", b'"success"', b"<xml></xml>"])
async def test_any_answer_but_success_is_a_failure(sim: Simulator, hall: ShopServer, body: bytes) -> None:
    hall.answers.append(Answer(body))
    delivery = await sim.push_ticket()

    assert delivery.failure == f"malformed answer: the answer has {len(body)} bytes, expected success"
    assert [entry["outcome"] for entry in sim.pushes()] == ["failed"]


async def test_a_server_that_fails_is_asked_three_times(sim: Simulator, hall: ShopServer) -> None:
    hall.answers.extend([Answer(status=500), Answer(status=502)])
    delivery = await sim.push_ticket()

    assert [attempt.status for attempt in delivery.attempts] == [500, 502, 200]
    assert delivery.failure == ""
    assert [opened(hall, number)["ComponentVerifyTicket"] for number in (0, 1)] == [
        opened(hall)["ComponentVerifyTicket"]
    ] * 2


async def test_tickets_come_every_ten_minutes(
    sim: Simulator, component: Component, hall: ShopServer, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(NOON, tick=False)
    component.pushing = True
    assert await sim.tickets_due() is not None
    time_machine.shift(599)
    assert await sim.tickets_due() is None
    time_machine.shift(1)
    assert await sim.tickets_due() is not None

    assert len({opened(hall, number)["ComponentVerifyTicket"] for number in (0, 1)}) == 2
    sim.stop_tickets()
    time_machine.shift(600)
    assert await sim.tickets_due() is None


async def test_the_first_one_comes_by_itself(sim: Simulator, hall: ShopServer) -> None:
    arrived = asyncio.Event()

    def answer(_request: object) -> Answer:
        arrived.set()
        return Answer()

    hall.answers.append(answer)
    sim.resume_tickets()

    await arrived.wait()
    assert opened(hall)["InfoType"] == "component_verify_ticket"


async def test_an_older_one_may_come_again_out_of_order(
    sim: Simulator, hall: ShopServer, provider: Provider, time_machine: TimeMachineFixture
) -> None:
    with pytest.raises(LookupError, match="there are 0 tickets"):
        await sim.repeat_ticket()
    time_machine.move_to(NOON, tick=False)
    await sim.push_ticket()
    time_machine.shift(600)
    await sim.push_ticket()
    time_machine.shift(1)
    await sim.repeat_ticket()

    first, second, again = (opened(hall, number) for number in range(3))
    assert again == first
    assert again["CreateTime"] == str(NOON_SECONDS)
    assert "component_access_token" in await provider.fetch_token(ticket=first["ComponentVerifyTicket"])
    assert "component_access_token" in await provider.fetch_token(ticket=second["ComponentVerifyTicket"])


class TestStartPushTicket:
    """api_start_push_ticket."""

    async def start(self, provider: Provider, **changes: str) -> dict[str, object]:
        """The answer."""
        body = {"component_appid": PLATFORM, "component_secret": provider.component.secret} | changes
        return await provider.post("/cgi-bin/component/api_start_push_ticket", body)

    async def test_refuses(self, provider: Provider, hall: ShopServer) -> None:
        assert (await self.start(provider, component_appid="wxffffffffffffffff"))["errcode"] == 40013
        assert (await self.start(provider, component_appid=""))["errcode"] == 41018
        assert (await self.start(provider, component_secret=""))["errcode"] == 41004
        assert (await self.start(provider, component_secret="x"))["errcode"] == 40001
        assert hall.requests == []

    async def test_brings_a_ticket_and_lets_them_go_on(
        self, sim: Simulator, component: Component, hall: ShopServer, provider: Provider
    ) -> None:
        assert await self.start(provider) == {"errcode": 0, "errmsg": "ok"}
        await sim.settled()

        assert component.pushing
        assert opened(hall)["InfoType"] == "component_verify_ticket"

    async def test_may_say_that_all_is_normal(self, sim: Simulator, hall: ShopServer, provider: Provider) -> None:
        sim.platform_readings.start_pushes_always = False
        assert (await self.start(provider))["errmsg"] == "ok"
        assert (await self.start(provider))["errmsg"] == "in a normal state"
        await sim.settled()

        assert len(hall.requests) == 1


async def test_without_an_address_nothing_is_pushed(sim: Simulator, component: Component) -> None:
    component.pushing = True
    assert await sim.tickets_due() is None
    assert (await sim.push_ticket()).failure == "the component has no address for events"


async def test_tickets_outlive_a_restart(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("wechat")
    first = Simulator(folder)
    ticket = first.world.platform.tickets.make(PLATFORM)
    first.world.store.close()
    again = Simulator(folder)

    again.world.platform.tickets.check(ticket.value)
    assert again.world.platform.tickets.newest == ticket.made_at
    again.world.store.close()
