"""shops: a line for each of somebody's shops, the worst first."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest

from bot.merchants.people import SHELL, Role
from bot.simulator import Simulator
from bot.store import Store
from tests.shops import CAKES, MALL, NAMES, NOODLES, TEA, Shops, open_shops

API = 1


def count(shops: Shops, shop: str, **redeemed: int) -> None:
    """Redemptions of days of November 2026, as ``d21=54``."""
    for day, number in redeemed.items():
        figures = {"verify_cnt": number, "view_cnt": 100}
        shops.simulator.set_figures(shop, None, f"2026-11-{day[1:]}", API, figures)


def weeks(shops: Shops, shop: str, usual: int, last: int) -> None:
    """Four weeks of Saturdays and the 21st."""
    for before in range(1, 5):
        day = date(2026, 11, 21) - timedelta(weeks=before)
        shops.simulator.set_figures(shop, None, day.isoformat(), API, {"verify_cnt": usual, "view_cnt": 100})
    count(shops, shop, d21=last)


@pytest.fixture
async def shops(simulator: Simulator, store: Store, redis_server: str) -> AsyncIterator[Shops]:
    """王芳 serves three of the four shops by way of the noodle shop's account."""
    async with open_shops(simulator, store, redis_server, NAMES) as opened:
        for shop in (NOODLES, TEA, CAKES):
            await opened.add(shop, Role.VIEWER, "王芳")
        yield opened


async def test_strange_words_and_pages(shops: Shops) -> None:
    assert await shops.says("门店汇总 第2页") == "没有第 2 页，一共 1 页\n「门店汇总」看全部"
    assert await shops.says("门店汇总 山间") == (
        "没看懂「山间」。写法：门店汇总 [范围] [页]\n例：门店汇总 本周"
    )


async def test_the_worst_comes_first_and_no_other_shop_is_asked(shops: Shops) -> None:
    weeks(shops, NOODLES, usual=42, last=54)
    weeks(shops, TEA, usual=50, last=12)
    weeks(shops, CAKES, usual=30, last=28)
    weeks(shops, MALL, usual=900, last=1)
    assert await shops.says("门店汇总") == (
        "昨日 11月21日（周六） · 3 家店，最差的在前\n"
        "⚠️ 山间茶室：核销 12，比平常少 38 ▼ · 核销太少\n"
        "湖畔饼屋：核销 28，比平常少 2 ▼\n"
        "湖畔面馆：核销 54，比平常多 12 ▲\n"
        "「@店名 统计」看一家"
    )
    assert shops.calls(MALL) == []
    await shops.says("账号 饼屋")
    assert (await shops.says("门店汇总")).startswith("昨日 11月21日（周六） · 3 家店")


async def test_what_is_not_there_yet_says_so(shops: Shops) -> None:
    count(shops, NOODLES, d13=5, d14=5, d20=12, d21=20)
    assert await shops.says("门店汇总 2天") == (
        "最近 2 天 11月20日–11月21日 · 3 家店，最差的在前\n"
        "湖畔面馆：核销 32，比之前多 22 ▲\n山间茶室：没有数据\n湖畔饼屋：没有数据\n「@店名 统计」看一家"
    )
    shops.simulator.readings.data_ready_hour = 15
    assert await shops.says("门店汇总") == (
        "昨日 11月21日（周六） · 3 家店，最差的在前\n"
        "⏳ 山间茶室：数字还没好\n⏳ 湖畔面馆：数字还没好\n⏳ 湖畔饼屋：数字还没好\n「@店名 统计」看一家"
    )


async def test_a_page_at_a_time(shops: Shops, simulator: Simulator, store: Store, redis_server: str) -> None:
    names = {f"wx{number:016d}": f"第{number:02d}店" for number in range(1, 13)}
    async with open_shops(simulator, store, redis_server, names) as many:
        home = next(iter(names))
        for number, shop in enumerate(names, 1):
            await many.add(shop, Role.VIEWER, "王芳", at=home)
            count(many, shop, d19=100, d20=100, d21=number)
        first = await many.says("门店汇总", at=home)
        assert first.splitlines()[0] == "昨日 11月21日（周六） · 12 家店，最差的在前"
        assert [line[:4] for line in first.splitlines()[1:10]] == [f"第{number:02d}店" for number in range(1, 10)]
        assert first.splitlines()[10:] == ["「门店汇总 昨天 第2页」下一页 · 「@店名 统计」看一家"]
        second = await many.says("门店汇总 昨天 第2页", at=home)
        assert [line[:4] for line in second.splitlines()[1:4]] == ["第10店", "第11店", "第12店"]
        assert len(second.splitlines()) == 5
        assert await many.says("门店汇总 3", at=home) == "没有第 3 页，一共 2 页\n「门店汇总 第2页」看最后一页"
        many.simulator.clear_calls()
        assert (await many.says("@第03店 统计", at=home)).startswith("【第03店】昨日 11月21日（周六）\n核销 3 张")
        assert {call.appid for call in many.simulator.calls("getcardbizuininfo")} == {"wx0000000000000003"}


async def test_in_english(shops: Shops) -> None:
    for shop in (NOODLES, TEA, CAKES):
        people = shops.app.people(shop)
        await people.refresh()
        for operator in people.all():
            await people.change(operator.openid, by=SHELL, language="en")
    weeks(shops, NOODLES, usual=42, last=54)
    weeks(shops, TEA, usual=50, last=12)
    assert await shops.says("shops") == (
        "Yesterday, Sat 21 Nov · 3 shops, worst first\n"
        "⚠️ 山间茶室: 12 redeemed, 38 fewer than usual ▼ · few redeemed\n"
        "湖畔面馆: 54 redeemed, 12 more than usual ▲\n"
        "湖畔饼屋: no data\n"
        '"@shop stats" for one of them'
    )
    shops.simulator.readings.data_ready_hour = 15
    assert await shops.says("shops") == (
        "Yesterday, Sat 21 Nov · 3 shops, worst first\n"
        "⏳ 山间茶室: no figures yet\n⏳ 湖畔面馆: no figures yet\n⏳ 湖畔饼屋: no figures yet\n"
        '"@shop stats" for one of them'
    )
    assert await shops.says("shops page 2") == 'There is no page 2; there is one\n"shops" for all'


async def test_of_one_shop(shops: Shops) -> None:
    await shops.add(MALL, Role.VIEWER, "赵敏", at=MALL)
    count(shops, MALL, d20=5, d21=5)
    assert await shops.says("门店汇总", at=MALL) == (
        "昨日 11月21日（周六） · 1 家店\n城东商场：核销 5，和之前一样\n「@店名 统计」看一家"
    )
