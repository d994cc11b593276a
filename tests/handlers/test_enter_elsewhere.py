"""The index of who serves what by way of which account, put right where it was lost."""

from __future__ import annotations

from bot.merchants.people import SHELL, Role
from bot.simulator import Simulator
from bot.store import Store, keys
from tests.shops import NAMES, NOODLES, TEA, WANG, open_shops


async def test_a_lost_index_is_rebuilt(simulator: Simulator, store: Store, redis_server: str) -> None:
    async with open_shops(simulator, store, redis_server, NAMES) as shops:
        person = await shops.add(TEA, Role.CLERK, "小王")
        await store.delete(keys.elsewhere(NOODLES))
        await shops.app.people(NOODLES).refresh()
        assert await shops.says("我") == ""

        await shops.app.scheduler.look()

        assert (await shops.says("我")).startswith("【山间茶室】「山间茶室」· 店员 小王\n")
        await shops.app.people(TEA).add("oOwner", Role.OWNER, "老板", by=SHELL)
        await shops.app.people(TEA).remove(person, by=SHELL)
        assert await store.do("HGETALL", keys.elsewhere(NOODLES)) == {}
        assert await shops.says("我") == ""
        assert WANG in person
