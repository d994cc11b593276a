"""A sub-merchant's application was reviewed: managers and owners hear of it, once."""

from __future__ import annotations

from bot.simulator import Fault
from tests.handlers.test_manage_submerchants import has_submerchant
from tests.shop import Shop


async def test_approved(shop: Shop) -> None:
    number = has_submerchant(shop, "湖畔分店")
    await shop.everybody_texts()
    await shop.viewer.says("提醒 开 审核")
    shop.viewer.reads()
    await shop.simulator.review_submerchant(shop.appid, number, approve=True)

    told = [f"✅ 子商户「湖畔分店」（编号 {number}）通过审核\n「子商户 {number}」看现在的状态"]
    assert (shop.owner.reads(), shop.manager.reads()) == (told, told)
    assert shop.viewer.reads() == []


async def test_refused_in_english(shop: Shop) -> None:
    number = has_submerchant(shop, "湖畔分店")
    await shop.everybody_texts()
    await shop.speaks_english()
    await shop.simulator.review_submerchant(shop.appid, number, approve=False, reason="印章不清")

    assert shop.manager.reads() == [
        f"❌ Sub-merchant 湖畔分店 (number {number}) did not pass review\nReason: 印章不清\n"
        f'"submerchants {number}" shows its present state'
    ]


async def test_without_a_reason_or_a_name_and_once(shop: Shop) -> None:
    await shop.everybody_texts()
    shop.simulator.fault("card/submerchant/get", Fault(html=True), times=None)
    for _ in range(2):
        await shop.hears("card_merchant_check_result", at=1_795_327_200, MerchantId="12", IsPass="0", Reason="")
    await shop.hears("card_merchant_check_result", MerchantId="x", IsPass="1")

    assert shop.owner.reads() == [
        "❌ 子商户（编号 12）未通过审核\n原因：微信没有给出，请到微信公众平台后台查看\n「子商户 12」看现在的状态",
        "✅ 子商户（编号 x）通过审核\n「子商户 x」看现在的状态",
    ]


async def test_what_is_no_submerchant(shop: Shop) -> None:
    await shop.everybody_texts()
    await shop.hears("card_merchant_check_result", IsPass="1")

    assert shop.owner.reads() == []


async def test_without_a_reader_nobody_asks_wechat(shop: Shop) -> None:
    await shop.everybody_texts()
    for speaker in (shop.owner, shop.manager):
        await speaker.says("提醒 关 审核")
    await shop.hears("card_merchant_check_result", MerchantId="12", IsPass="1")

    assert shop.calls("card/submerchant/get") == []
