"""What the clock brings of several shops for one person: one message, each fact once, and where it travels."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
import time_machine

from bot.clock import now
from bot.merchants.people import SHELL, Role
from bot.simulator import Simulator, cash_voucher
from bot.store import Store, keys
from tests.handlers.test_list_shops import weeks
from tests.shops import CAKES, MALL, NAMES, NOODLES, TEA, WANG, Shops, open_shops

OTHER = "oTest0Other00000000000000010"


@pytest.fixture
async def shops(simulator: Simulator, store: Store, redis_server: str) -> AsyncIterator[Shops]:
    """王芳 serves three shops by way of the noodle shop's account; everybody else is at home."""
    async with open_shops(simulator, store, redis_server, NAMES, (WANG, OTHER)) as opened:
        for shop in (NOODLES, TEA, CAKES):
            await opened.add(shop, Role.MANAGER, "王芳")
            weeks(opened, shop, usual=50, last={NOODLES: 54, TEA: 12, CAKES: 40}[shop])
        yield opened


async def wants_digests(shops: Shops, *names: str) -> None:
    """王芳 has asked for one of each of these shops, at 10:00."""
    for name in names:
        assert "日报每天 10:00 发给你" in await shops.says(f"@{name} 日报 开")


@contextlib.asynccontextmanager
async def worker(shops: Shops) -> AsyncIterator[None]:
    """Somebody works in the background."""
    running = asyncio.create_task(shops.app.jobs.run())
    try:
        yield
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


async def written(shops: Shops, at: str = NOODLES, openid: str = WANG, *, messages: int = 1) -> list[str]:
    """What is written to them, once so many messages have come."""
    with shops.simulator.world.stream.watch() as happenings:
        async with worker(shops), asyncio.timeout(10):
            while len(shops.reads(at, openid)) < messages:
                await happenings.get()
    return shops.reads(at, openid)


TOGETHER = (
    "11月21日（周六）日报：3 家店，最差的在前\n"
    "⚠️ 山间茶室：核销 12，比平常少 38 ▼ · 核销太少\n"
    "湖畔饼屋：核销 40，比平常少 10 ▼\n"
    "湖畔面馆：核销 54，比平常多 4 ▲\n"
    "「@店名 统计」看一家"
)


async def test_the_digests_of_several_shops_are_one_message(shops: Shops, clock: time_machine.Traveller) -> None:
    clock.move_to("2026-11-22T09:00:00+08:00")
    await wants_digests(shops, "面馆", "茶室", "饼屋")

    clock.move_to("2026-11-22T10:00:00+08:00")
    await shops.store.do("SET", keys.schedule(TEA, "digests"), now() + 10)  # another process looks after it
    await shops.app.scheduler.look()
    clock.move_to("2026-11-22T10:01:10+08:00")
    await shops.app.scheduler.look()
    assert shops.reads() == []
    clock.move_to("2026-11-22T10:01:41+08:00")

    assert await written(shops) == [TOGETHER]
    for moment in ("10:05:00", "10:30:00", "12:00:00"):
        clock.move_to(f"2026-11-22T{moment}+08:00")
        await shops.app.scheduler.look()
        async with worker(shops):
            await shops.app.jobs.sweep()
    assert shops.reads() == [TOGETHER]
    assert {call.appid for call in shops.simulator.calls("message/custom/send")} == {NOODLES}


async def test_in_english(shops: Shops, clock: time_machine.Traveller) -> None:
    for shop in (TEA, CAKES):
        await shops.app.people(shop).change(f"{NOODLES}/{WANG}", by=SHELL, language="en")
    clock.move_to("2026-11-22T09:00:00+08:00")
    for name in ("茶室", "饼屋"):
        assert "every day at 10:00" in await shops.says(f"@{name} digest on")
    clock.move_to("2026-11-22T10:00:00+08:00")
    await shops.app.scheduler.look()
    clock.move_to("2026-11-22T10:01:41+08:00")

    assert await written(shops) == [
        "Digest of Sat 21 Nov: 2 shops, worst first\n"
        "⚠️ 山间茶室: 12 redeemed, 38 fewer than usual ▼ · few redeemed\n"
        "湖畔饼屋: 40 redeemed, 10 fewer than usual ▼\n"
        '"@shop stats" for one of them'
    ]


async def test_one_alone_is_told_in_full_and_names_its_shop(shops: Shops, clock: time_machine.Traveller) -> None:
    clock.move_to("2026-11-22T09:00:00+08:00")
    await wants_digests(shops, "茶室")
    clock.move_to("2026-11-22T10:00:00+08:00")
    await shops.app.scheduler.look()
    clock.move_to("2026-11-22T10:01:41+08:00")

    (words,) = await written(shops)
    assert words.startswith("【山间茶室】昨日 11月21日（周六）\n核销 12 张，比周六平常少 38 张 ▼\n")


async def test_removed_before_it_is_told(shops: Shops, clock: time_machine.Traveller) -> None:
    clock.move_to("2026-11-22T09:00:00+08:00")
    await wants_digests(shops, "面馆", "茶室", "饼屋")
    clock.move_to("2026-11-22T10:00:00+08:00")
    await shops.app.scheduler.look()
    await shops.app.people(TEA).remove(f"{NOODLES}/{WANG}", by=SHELL)
    clock.move_to("2026-11-22T10:01:41+08:00")

    (words,) = await written(shops)
    assert words.startswith("11月21日（周六）日报：2 家店，最差的在前\n湖畔饼屋：")
    assert "茶室" not in words


async def test_who_cannot_be_reached_reads_it_once_with_the_next_answer(
    shops: Shops, clock: time_machine.Traveller
) -> None:
    clock.move_to("2026-11-19T09:00:00+08:00")
    await wants_digests(shops, "面馆", "茶室", "饼屋")
    clock.move_to("2026-11-22T10:00:00+08:00")
    await shops.app.scheduler.look()
    clock.move_to("2026-11-22T10:01:41+08:00")
    async with worker(shops), asyncio.timeout(10):
        while not await shops.store.do("EXISTS", f"v1:{{{NOODLES}}}:kept:{WANG}"):
            await asyncio.sleep(0.05)

    assert (await shops.says("@茶室 我")).endswith(f"—— 之前没能送达的 1 条 ——\n{TOGETHER}")
    assert "没能送达" not in await shops.says("我")


async def test_alerts_come_along_in_full(shops: Shops, clock: time_machine.Traveller) -> None:
    await shops.says("我")
    for shop in (TEA, CAKES):
        dates = {"type": "DATE_TYPE_FIX_TIME_RANGE", "begin_timestamp": 1767196800, "end_timestamp": 1795622399}
        card = cash_voucher("店", 1000, title=f"{NAMES[shop]}券", base={"date_info": dates})
        shops.simulator.add_voucher(shop, card, "VERIFY_OK")

    await shops.app.scheduler.look()
    clock.shift(101)

    (words,) = await written(shops)
    first, second = words.split("\n\n")
    assert first.startswith("【山间茶室】") and "山间茶室券" in first
    assert second.startswith("【湖畔饼屋】") and "湖畔饼屋券" in second
    clock.shift(7300)
    await shops.app.scheduler.look()
    clock.shift(101)
    async with worker(shops):
        await shops.app.jobs.sweep()
    assert len(shops.reads()) == 1


async def test_an_event_is_told_at_once_through_the_account_they_text(shops: Shops) -> None:
    await shops.says("我")
    await shops.app.people(TEA).change(f"{NOODLES}/{WANG}", by=SHELL, role=Role.OWNER)
    code = await shops.invited(TEA, Role.CLERK, "小陈")

    await shops.says(f"绑定 {code}", at=MALL, openid=OTHER)

    assert shops.reads() == ["【山间茶室】小陈已成为店员\n不认识的话，请老板发送「移除 小陈」"]
    assert shops.reads(TEA) == []


async def test_at_home_it_names_the_shop_to_whoever_serves_others_too(shops: Shops) -> None:
    await shops.says("我")
    await shops.app.people(NOODLES).change(WANG, by=SHELL, role=Role.OWNER)
    await shops.add(NOODLES, Role.OWNER, "老面", openid=OTHER)
    await shops.says("我", openid=OTHER)
    code = await shops.invited(NOODLES, Role.CLERK, "小陈")
    await shops.says(f"绑定 {code}", at=MALL, openid=OTHER)

    told = "小陈已成为店员\n不认识的话，请老板发送「移除 小陈」"
    assert shops.reads() == [f"【湖畔面馆】{told}"]
    assert shops.reads(NOODLES, OTHER) == [told]


async def test_whose_account_is_served_no_more_is_told_nothing(shops: Shops) -> None:
    await shops.add(TEA, Role.OWNER, "老茶", openid=OTHER, at=TEA)
    await shops.app.people(TEA).change(f"{NOODLES}/{WANG}", by=SHELL, role=Role.OWNER)
    await shops.says("我", at=TEA, openid=OTHER)
    await shops.says("我")
    shops.app.services.leave(NOODLES)
    code = await shops.invited(TEA, Role.CLERK, "小陈")
    assert (await shops.says(f"绑定 {code}", at=MALL, openid=OTHER)).startswith("✅")
    assert len(shops.reads(TEA, OTHER)) == 1
    assert shops.reads() == []


async def test_who_stops_following_rests_in_every_shop_served_by_way_of_it(shops: Shops) -> None:
    await shops.add(TEA, Role.OWNER, "老茶", openid=OTHER, at=TEA)
    await shops.says("我", at=TEA, openid=OTHER)
    await shops.add(NOODLES, Role.OWNER, "老面", openid=OTHER)
    await shops.simulator.push(NOODLES, {"FromUserName": WANG, "MsgType": "event", "Event": "unsubscribe"})

    assert shops.reads(TEA, OTHER) == [
        "⚠️ 店长王芳取消关注了，角色已暂停，也不再收到通知\n"
        "7 天内重新关注会自动恢复；之后要恢复：「授权 王芳 店长」\n不想恢复：「移除 王芳」"
    ]
    assert [shops.app.people(shop).find("王芳").suspended for shop in (NOODLES, TEA, CAKES)] == [True] * 3
    assert await shops.says("我") == ""

    await shops.simulator.push(NOODLES, {"FromUserName": WANG, "MsgType": "event", "Event": "subscribe"})
    assert (await shops.says("@茶室 我")).startswith("【山间茶室】")


async def test_testers_have_to_follow_the_shop_itself(shops: Shops) -> None:
    shops.simulator.add_voucher(TEA, cash_voucher("店", 1000, title="茶券"), "VERIFY_OK")
    assert await shops.says("@茶室 试领 茶券") == (
        "【山间茶室】没有加：你不是在「山间茶室」自己的公众号里说话，微信只认关注了它的测试人\n"
        "请用它的公众号的邀请码，在那里发「试领」"
    )
    assert shops.calls(TEA, "testwhitelist/set") == []


async def test_a_preview_is_answered_where_it_was_offered(shops: Shops) -> None:
    for shop in (NOODLES, TEA):
        shops.simulator.add_voucher(shop, cash_voucher("店", 1000, title="春节券"), "VERIFY_OK")
    assert (await shops.says("@茶室 修改 春节券 提醒=出示本券")).startswith("【山间茶室】")
    assert (await shops.says("统计 2014-01-01")).startswith("【湖畔面馆】")
    assert (await shops.says("确认")).startswith("【山间茶室】")
    assert {call.appid for call in shops.simulator.calls("card/update")} == {TEA}

    await shops.says("@茶室 修改 春节券 提醒=请出示")
    await shops.says("修改 春节券 提醒=请先出示")
    assert (await shops.says("确认")).startswith("【湖畔面馆】")
    assert (await shops.says("确认")).startswith("【湖畔面馆】")
    assert [call.appid for call in shops.simulator.calls("card/update")] == [TEA, NOODLES]
