"""submerchants: shops this account creates vouchers for, all of them or one."""

from __future__ import annotations

import pytest
import time_machine

from bot.simulator import Fault
from tests.shop import Shop

LIST, GET = "/card/submerchant/batchget", "/card/submerchant/get"


def has_submerchant(shop: Shop, name: str, **info: object) -> int:
    """An application that waits; its number."""
    given = {
        "brand_name": name, "logo_url": "http://mmbiz.qpic.cn/a/0", "end_time": 1_827_000_000,
        "primary_category_id": 1, "secondary_category_id": 101,
    }  # fmt: skip
    return shop.simulator.world.submerchants.submit(shop.appid, given | info).merchant_id


async def test_is_for_managers(shop: Shop) -> None:
    assert await shop.clerk.says("子商户") == "没有「子商户」这个命令。发送「帮助」看你可以做什么。"
    assert shop.calls(LIST) == []


async def test_none(shop: Shop) -> None:
    assert await shop.manager.says("子商户") == (
        "这个公众号没有子商户\n没有公众号的店家可以由本公众号代制卡券，要先提交授权材料给微信审核：「子商户 新增」"
    )
    await shop.speaks_english()
    assert await shop.manager.says("submerchants") == (
        "This account has no sub-merchants\n"
        "It may create vouchers for shops without an account, once WeChat has reviewed their authorisation: "
        '"submerchants new"'
    )


async def test_no_such_one(shop: Shop) -> None:
    assert await shop.manager.says("子商户 99") == (
        "❌ 微信没有接受：子商户编号不正确（40139）\n请用「子商户」核对编号。"
    )
    has_submerchant(shop, "湖畔分店")
    assert await shop.manager.says("子商户 没有的") == "没有名字里有「没有的」的子商户；「子商户」看全部 1 家"
    await shop.speaks_english()
    assert await shop.manager.says("submerchants nobody") == (
        'No sub-merchant has "nobody" in its name; "submerchants" shows all 1'
    )


async def test_all_of_them_newest_first(shop: Shop) -> None:
    await shop.manager.says("提醒 关 审核")
    numbers = [has_submerchant(shop, f"第{number}家") for number in range(12)]
    await shop.simulator.review_submerchant(shop.appid, numbers[-1], approve=True)
    await shop.simulator.review_submerchant(shop.appid, numbers[-2], approve=False, reason="印章不清")

    shown = (await shop.manager.says("子商户")).split("\n")
    assert shown[:4] == [
        "子商户 12 家，最新的 10 家：",
        f"{numbers[-1]} 第11家 · 已通过，授权到 2027年11月24日",
        f"{numbers[-2]} 第10家 · 未通过",
        f"{numbers[-3]} 第9家 · 审核中",
    ]
    assert (len(shown), shown[-1]) == (12, f"「子商户 {numbers[-1]}」看一家，「子商户 新增」提交一家")
    assert shop.calls(LIST)[0].body == {"begin_id": 0, "limit": 100}
    await shop.speaks_english()
    shown = (await shop.manager.says("submerchants")).split("\n")
    assert shown[:3] == [
        "12 sub-merchants, the newest 10:",
        f"{numbers[-1]} 第11家 · approved, authorised until 24 Nov 2027",
        f"{numbers[-2]} 第10家 · refused",
    ]


async def test_one_of_them(shop: Shop, clock: time_machine.Traveller) -> None:
    await shop.manager.says("提醒 关 审核")
    number = has_submerchant(shop, "湖畔分店", app_id="wx1111111111111111")
    has_submerchant(shop, "另一家")
    await shop.simulator.review_submerchant(shop.appid, number, approve=True)

    told = (
        f"「湖畔分店」（编号 {number}）· 已通过\n授权：2026年11月22日 到 2027年11月24日\n类目：美食 / 中餐\n"
        "自己的公众号：wx1111111111111111"
    )
    assert await shop.manager.says(f"子商户 {number}") == told
    assert await shop.manager.says("子商户 湖畔") == told
    assert shop.calls(GET)[0].body == {"merchant_id": number}
    clock.shift(400 * 86_400)
    await shop.speaks_english()
    shop.simulator.fault("card/getapplyprotocol", Fault(html=True), times=None)
    assert await shop.manager.says(f"submerchants #{number}") == (
        f"湖畔分店 (number {number}) · authorisation over\nAuthorised: 22 Nov 2026 to 24 Nov 2027\nCategory: 1 / 101\n"
        "Its own account: wx1111111111111111\nCorrect it and send it to review again: "
        f'"submerchants {number} again"'
    )


@pytest.mark.parametrize("answer", ["drop", "html"])
async def test_wechat_is_away(shop: Shop, answer: str) -> None:
    shop.simulator.fault(LIST, Fault(drop=answer == "drop", html=answer == "html"), times=None)

    assert await shop.manager.says("子商户") == "⚠️ 暂时连不上微信，什么都没有改。请几分钟后再发一次。"
