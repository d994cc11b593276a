"""A store was reviewed: who hears of it, once, and what to do."""

from __future__ import annotations

from bot.simulator import Fault
from tests.shop import Shop


async def test_approved(shop: Shop) -> None:
    shop.simulator.add_store(shop.appid, 271262077, "湖畔面馆", branch="西湖店", approved=False)
    await shop.everybody_texts()
    await shop.viewer.says("提醒 开 审核")
    shop.viewer.reads()
    await shop.simulator.review_store(shop.appid, 271262077, approve=True)

    told = "✅ 门店「湖畔面馆（西湖店）」（271262077）通过审核"
    assert shop.viewer.reads() == [told]
    assert shop.manager.reads() == [told + "\n可以用在卡券上：「修改 <卡券> 门店=271262077」"]
    assert shop.clerk.reads() == []
    assert shop.calls("poi/getpoi")[0].body == {"poi_id": 271262077}


async def test_refused_in_english(shop: Shop) -> None:
    shop.simulator.add_store(shop.appid, 271262077, "湖畔面馆", branch="西湖店", approved=False)
    await shop.everybody_texts()
    await shop.speaks_english()
    await shop.simulator.review_store(shop.appid, 271262077, approve=False, reason="照片模糊")

    assert shop.manager.reads() == [
        "❌ Store 湖畔面馆 西湖店 (271262077) did not pass review\nReason: 照片模糊\n"
        "Correct it under stores in the WeChat console and submit it again"
    ]


async def test_without_a_reason_or_a_name_and_once(shop: Shop) -> None:
    await shop.everybody_texts()
    shop.simulator.fault("poi/getpoi", Fault(html=True), times=None)
    for _ in range(2):
        await shop.hears("poi_check_notify", at=1_795_327_200, UniqId="1", PoiId="42", Result="fail", msg="")

    assert shop.owner.reads() == [
        "❌ 门店（42）未通过审核\n原因：微信没有给出，请到微信公众平台后台查看\n请在微信公众平台「门店」里改好再提交"
    ]


async def test_what_is_no_store(shop: Shop) -> None:
    await shop.everybody_texts()
    await shop.hears("poi_check_notify", Result="succ")
    await shop.hears("poi_check_notify", PoiId="x", Result="succ")

    assert [text.split("\n")[0] for text in shop.owner.reads()] == ["✅ 门店（x）通过审核"]
    assert shop.calls("poi/getpoi") == []


async def test_without_a_reader_nobody_asks_wechat(shop: Shop) -> None:
    await shop.everybody_texts()
    for speaker in (shop.owner, shop.manager):
        await speaker.says("提醒 关 审核")
    await shop.hears("poi_check_notify", PoiId="42", Result="succ")

    assert shop.calls("poi/getpoi") == []
