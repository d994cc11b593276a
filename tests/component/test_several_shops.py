"""Somebody serves an authorised shop by way of another one: both come and go, and Redis may be emptied."""

from __future__ import annotations

from pathlib import Path

from bot.merchants.people import SHELL, Role
from bot.store import Store
from tests.component.conftest import NOODLES, TEA, Hall, open_app, settings_of
from tests.shop import PEOPLE

OWNER = PEOPLE["owner"][0]


async def both(hall: Hall) -> None:
    """Both shops have joined; the noodle shop's owner manages the tea room by way of the noodle shop's account."""
    await hall.joins(NOODLES)
    await hall.joins(TEA)
    code = await hall.app.people(TEA).invite(Role.MANAGER, "小王", SHELL)
    assert (await hall.says(f"绑定 {code}")).startswith("✅ 你现在是「山间茶室」的店长，名字：小王\n")


async def test_each_call_is_made_for_the_shop_spoken_for(hall: Hall) -> None:
    await both(hall)
    hall.simulator.clear_calls()

    assert (await hall.says("@茶室 卡券")).startswith("【山间茶室】这个公众号还没有卡券")
    assert {call.appid for call in hall.simulator.calls("card/batchget")} == {TEA}
    assert (await hall.says("卡券")).startswith("【湖畔面馆】")
    assert (await hall.says("卡券", TEA)).startswith("这个公众号还没有卡券")


async def test_a_shop_that_takes_its_authorisation_back_is_spoken_for_no_more(hall: Hall) -> None:
    await both(hall)
    await hall.says("账号 茶室")
    await hall.leaves(TEA)

    assert await hall.says("卡券") == (
        "没有执行：之前选的店现在不能用，或者不再由你负责\n#1 湖畔面馆\n回复编号选一家，再发一次"
    )
    assert (await hall.says("我")).startswith("「湖畔面馆」· 老板 王芳\n")
    await hall.authorises(TEA)
    assert (await hall.says("@茶室 我")).startswith("【山间茶室】「山间茶室」· 店长 小王\n")


async def test_another_process_knows_at_once(hall: Hall, redis_server: str, tmp_path: Path) -> None:
    await hall.joins(NOODLES)
    await hall.joins(TEA)
    async with open_app(settings_of(hall.simulator, hall.component, tmp_path), redis_server) as (app, address):
        here = hall.component.messages_url
        hall.component.messages_url = f"{address}/component/$APPID$/messages"
        assert (await hall.says("我")).startswith("「湖畔面馆」· 老板 王芳\n")
        await app.people(TEA).refresh()
        hall.component.messages_url = here
        code = await hall.app.people(TEA).invite(Role.MANAGER, "小王", SHELL)
        await hall.says(f"绑定 {code}")

        hall.component.messages_url = f"{address}/component/$APPID$/messages"
        assert (await hall.says("@茶室 我")).startswith("【山间茶室】「山间茶室」· 店长 小王\n")
        await hall.app.people(TEA).change(f"{NOODLES}/{OWNER}", by=SHELL, role=Role.VIEWER)
        assert (await hall.says("@茶室 我")).startswith("【山间茶室】「山间茶室」· 查看者 小王\n")
        await hall.app.people(TEA).remove(f"{NOODLES}/{OWNER}", by=SHELL)
        assert "你没有叫「茶室」的店" in await hall.says("@茶室 我")


async def test_redis_wiped_and_nobody_has_to_join_again(
    hall: Hall, store: Store, redis_server: str, tmp_path: Path
) -> None:
    await both(hall)
    await store.do("FLUSHALL")

    async with open_app(settings_of(hall.simulator, hall.component, tmp_path), redis_server) as (app, address):
        hall.component.messages_url = f"{address}/component/$APPID$/messages"
        await app.scheduler.look()
        assert (await hall.says("@茶室 我")).startswith("【山间茶室】「山间茶室」· 店长 小王\n")
