"""stores: the account's stores with their ids, by page and by name."""

from __future__ import annotations

import pytest

from bot.simulator import Fault
from bot.vouchers.stores import State, Store
from tests.shop import Shop

LIST = "/cgi-bin/poi/getpoilist"


@pytest.mark.parametrize(
    "business", [None, {}, {"base_info": None}, {"base_info": {"available_state": "x", "poi_id": None}}]
)
def test_what_says_nothing(business: object) -> None:
    assert Store.of(business) == Store("", "", "", State.UNKNOWN)


async def test_customers_have_no_such_command(shop: Shop) -> None:
    assert await shop.customer.says("门店") == ""
    assert shop.calls(LIST) == []


async def test_no_stores(shop: Shop) -> None:
    assert await shop.viewer.says("门店") == (
        "这个公众号还没有门店\n在微信公众平台「门店」里添加，通过审核后就能用在卡券上"
    )
    await shop.speaks_english()
    assert await shop.viewer.says("stores") == (
        "This account has no stores yet\nAdd them in the WeChat console; once approved they can be used for vouchers"
    )


async def test_not_allowed_by_wechat(shop: Shop) -> None:
    shop.simulator.fault(LIST, Fault(errcode=48001))

    assert await shop.viewer.says("门店") == (
        "❌ 微信没有接受：本公众号没有这个接口的权限（48001）\n请让管理员在公众平台申请开通「卡券功能」。"
    )


async def test_ids_names_and_states(shop: Shop) -> None:
    shop.simulator.add_store(shop.appid, 271262077, "湖畔面馆", branch="西湖店")
    shop.simulator.add_store(shop.appid, 271262078, "湖畔茶馆", approved=False)

    assert await shop.viewer.says("门店") == ("门店 2 家：\n271262077 湖畔面馆（西湖店）\n271262078 湖畔茶馆 · 审核中")
    assert (await shop.manager.says("门店")).endswith("\n用在卡券上：「修改 <卡券> 门店=271262077」，多家用顿号隔开")
    assert [call.body for call in shop.calls(LIST)] == [{"begin": 0, "limit": 50}] * 2
    await shop.speaks_english()
    assert await shop.manager.says("stores") == (
        "2 stores:\n271262077 湖畔面馆 (西湖店)\n271262078 湖畔茶馆 · under review\n"
        'For a voucher: "update <voucher> stores=271262077", several with commas between'
    )


async def test_a_change_under_review_and_one_refused(shop: Shop) -> None:
    for poi_id, name in ((1001, "一店"), (1002, "二店")):
        shop.simulator.add_store(shop.appid, poi_id, name, approved=False)
    await shop.simulator.review_store(shop.appid, 1001, approve=False, reason="照片模糊")
    await shop.simulator.review_store(shop.appid, 1002, approve=True)
    store = shop.simulator.world.stores.find(shop.appid, 1002)
    assert store is not None
    store.pending = {"telephone": "0571-1"}

    assert await shop.viewer.says("门店") == "门店 2 家：\n1001 一店 · 未通过\n1002 二店 · 修改审核中"
    await shop.speaks_english()
    assert await shop.viewer.says("stores") == "2 stores:\n1001 一店 · refused\n1002 二店 · change under review"


async def test_pages_and_pieces_of_a_name(shop: Shop) -> None:
    for number in range(60):
        shop.simulator.add_store(
            shop.appid, 2000 + number, "湖畔面馆" if number % 4 else "湖畔茶馆", branch=f"{number}号"
        )

    first = (await shop.viewer.says("门店")).split("\n")
    assert (first[0], len(first), first[-1]) == ("门店 60 家，第 1/7 页：", 11, "「门店 2」看下一页")
    assert [call.body for call in shop.calls(LIST)] == [{"begin": 0, "limit": 50}, {"begin": 50, "limit": 50}]
    last = (await shop.viewer.says("门店 99")).split("\n")
    assert (last[0], len(last)) == ("门店 60 家，第 7/7 页：", 7)
    named = (await shop.viewer.says("门店 茶馆 2")).split("\n")
    assert (named[0], len(named)) == ("名字里有「茶馆」的门店 15 家，第 2/2 页：", 7)
    assert await shop.viewer.says("门店 没有的") == "没有名字里有「没有的」的门店；「门店」看全部 60 家"
    await shop.speaks_english()
    named = (await shop.viewer.says("stores 茶馆")).split("\n")
    assert named[0] == '15 stores with "茶馆" in the name, page 1 of 2:'
    assert named[-1] == '"stores 茶馆 2" shows the next page'
    assert await shop.viewer.says("stores nowhere") == 'No store has "nowhere" in its name; "stores" shows all 60'
