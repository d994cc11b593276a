"""What is due by the clock: many accounts, of which one may be slow."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, time

import pytest
import time_machine

from bot.app import App, build
from bot.clock import now
from bot.dispatch.schedule import ACCOUNTS_AT_ONCE
from bot.merchants.people import SHELL
from bot.merchants.roles import Role
from bot.merchants.windows import Action
from bot.simulator import Fault, Person, Simulator
from bot.simulator import Shop as SimulatedShop
from bot.store import Store
from tests.shop import KEY, settings_for

READER = "oTest0ZhaoMin0viewer00000004"


def shop(number: int) -> SimulatedShop:
    """The ``number``-th account; accounts are looked at in this order."""
    return SimulatedShop(
        appid=f"wx{number:016}", original_id=f"gh_{number:012}", name=f"面馆{number}", secret="s" * 32,
        token="lakeside", encoding_aes_key=KEY, customer_service=True,
    )  # fmt: skip


@asynccontextmanager
async def shops(simulator: Simulator, redis: str, clock: time_machine.Traveller, count: int) -> AsyncIterator[App]:
    """A bot for so many accounts; at each somebody wants a summary at 10:00, which it is."""
    clock.move_to("2026-11-22T09:59:00+08:00")
    app = build(settings_for(simulator, *(simulator.add_shop(shop(number)) for number in range(count))), redis)
    for appid, services in app.services.items():
        simulator.add_person(appid, Person(READER, "赵敏", "viewer"))
        simulator.world.people.acted(appid, READER, "message")
        reader = await services.people.add(READER, Role.VIEWER, "赵敏", by=SHELL)
        await services.windows.record(READER, Action.MESSAGE, now())
        await services.digests.turn_on(reader, time(10))
        simulator.set_figures(appid, None, str(date(2026, 11, 21)), 1, {"verify_cnt": 5})
    clock.move_to("2026-11-22T10:00:00+08:00")
    try:
        yield app
    finally:
        await app.close()


@pytest.mark.usefixtures("store")
async def test_an_account_wechat_does_not_answer_keeps_no_other_waiting(
    simulator: Simulator, redis_server: str, clock: time_machine.Traveller
) -> None:
    async with shops(simulator, redis_server, clock, 3) as app:
        silent, *others = app.services
        simulator.fault("getcardbizuininfo", Fault(delay=60), times=None, appid=silent)
        with simulator.world.stream.watch() as happenings:
            look = asyncio.create_task(app.scheduler.look())
            while not all(simulator.chat(appid, READER) for appid in others):
                assert not look.done()
                await asyncio.wait_for(happenings.get(), 10)
        look.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await look

        assert simulator.chat(silent, READER) == []


async def test_no_more_than_so_many_accounts_are_looked_at_at_a_time(
    simulator: Simulator, store: Store, redis_server: str, clock: time_machine.Traveller
) -> None:
    async with shops(simulator, redis_server, clock, 2 * ACCOUNTS_AT_ONCE) as app:
        simulator.fault("getcardbizuininfo", Fault(delay=60), times=None)
        with simulator.world.stream.watch() as happenings:
            look = asyncio.create_task(app.scheduler.look())
            while len(_asked(simulator)) < 2 * ACCOUNTS_AT_ONCE:
                await asyncio.wait_for(happenings.get(), 10)
        taken = len(await store.do("KEYS", "*:digests:2026-11-22"))
        look.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await look

        assert taken == ACCOUNTS_AT_ONCE


def _asked(simulator: Simulator) -> list[str]:
    return [call.appid for call in simulator.calls("getcardbizuininfo")]


@pytest.mark.usefixtures("store")
async def test_everybody_of_many_accounts_is_told_once(
    simulator: Simulator, redis_server: str, clock: time_machine.Traveller
) -> None:
    async with shops(simulator, redis_server, clock, 3 * ACCOUNTS_AT_ONCE) as app:
        await app.scheduler.look()
        clock.shift(60)
        await app.scheduler.look()

        assert [len(simulator.chat(appid, READER)) for appid in app.services] == [1] * 3 * ACCOUNTS_AT_ONCE
