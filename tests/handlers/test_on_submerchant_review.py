"""A sub-merchant's application was reviewed: managers and owners hear of it, once."""

from __future__ import annotations

from dataclasses import replace

import time_machine

from bot.merchants.people import SHELL, Role
from bot.simulator import Fault
from bot.store import Store, draft_keys
from tests.handlers.test_create_voucher import sends, walk
from tests.handlers.test_manage_submerchants import has_submerchant
from tests.handlers.test_submit_submerchant import CHINESE
from tests.shop import Shop


async def test_approved(shop: Shop) -> None:
    number = has_submerchant(shop, "湖畔分店")
    await shop.everybody_texts()
    await shop.viewer.says("提醒 开 审核")
    shop.viewer.reads()
    await shop.simulator.review_submerchant(shop.appid, number, approve=True)

    told = [f"✅ 子商户「湖畔分店」（编号 {number}）通过审核\n给它做券：「新建 子商户={number}」"]
    assert (shop.owner.reads(), shop.manager.reads()) == (told, told)
    assert shop.viewer.reads() == []


async def test_refused_in_english(shop: Shop) -> None:
    number = has_submerchant(shop, "湖畔分店")
    await shop.everybody_texts()
    await shop.speaks_english()
    await shop.simulator.review_submerchant(shop.appid, number, approve=False, reason="印章不清")

    assert shop.manager.reads() == [
        f"❌ Sub-merchant 湖畔分店 (number {number}) did not pass review\nReason: 印章不清\n"
        f'Correct it and send it again: "submerchants {number} again"'
    ]


async def applies(shop: Shop) -> None:
    """The manager applies for number 12, hears of no reviews but that, and may be reached."""
    await walk(shop.manager, CHINESE, until=len(CHINESE))
    await shop.everybody_texts()
    await shop.manager.says("提醒 关 审核")
    shop.manager.reads()


def decide(shop: Shop, *, approve: bool) -> None:
    """WeChat decides, and its event is lost."""
    book = shop.simulator.world.submerchants
    merchant = book.find(shop.appid, 12)
    assert merchant is not None
    book.decide(merchant, approve=approve, reason="印章不清")


async def test_whoever_applied_hears_of_it_in_any_case(shop: Shop, clock: time_machine.Traveller) -> None:
    await applies(shop)
    await shop.simulator.review_submerchant(shop.appid, 12, approve=False, reason="印章不清")

    told = ["❌ 子商户「湖畔分店」（编号 12）未通过审核\n原因：印章不清\n改好再送审：「子商户 12 重交」"]
    assert (shop.manager.reads(), shop.owner.reads()) == (told, told)
    for _ in range(8):
        clock.shift(600)
        await shop.app.scheduler.look()
    assert (shop.manager.reads(), shop.owner.reads()) == ([], []), "the watch has nothing to add"


async def test_a_result_nobody_pushed_is_found(shop: Shop, store: Store, clock: time_machine.Traveller) -> None:
    await applies(shop)
    clock.shift(600)
    await shop.app.scheduler.look()
    decide(shop, approve=True)
    clock.shift(600)
    await shop.app.scheduler.look()
    assert shop.manager.reads() == [], "the event may still be on its way"

    clock.shift(600)
    shop.simulator.fault("card/submerchant/get", Fault(html=True), times=2)
    await shop.app.scheduler.look()
    assert shop.manager.reads() == []
    clock.shift(600)
    await shop.app.scheduler.look()
    told = ["✅ 子商户「湖畔分店」（编号 12）通过审核\n给它做券：「新建 子商户=12」"]
    assert (shop.manager.reads(), shop.owner.reads()) == (told, told)
    for _ in range(8):
        clock.shift(600)
        await shop.app.scheduler.look()
    assert (shop.manager.reads(), shop.owner.reads()) == ([], [])
    assert await store.do("HLEN", draft_keys.applications(shop.appid)) == 0


async def test_a_refusal_nobody_pushed_says_that_its_reason_is_missing(
    shop: Shop, clock: time_machine.Traveller
) -> None:
    """The reason is in the event alone: card/submerchant/get has none."""
    await applies(shop)
    decide(shop, approve=False)
    people = shop.app.people(shop.appid)
    await people.change(shop.owner.openid, by=SHELL, language="en")
    for _ in range(3):
        clock.shift(600)
        await shop.app.scheduler.look()

    assert shop.manager.reads() == [
        "❌ 子商户「湖畔分店」（编号 12）未通过审核\n"
        "原因：没有收到，请到微信公众平台后台查看\n"
        "改好再送审：「子商户 12 重交」"
    ]
    assert shop.owner.reads() == [
        "❌ Sub-merchant 湖畔分店 (number 12) did not pass review\n"
        "Reason: not received, see WeChat's console\n"
        'Correct it and send it again: "submerchants 12 again"'
    ]


async def test_the_result_of_applying_again_is_another_one(shop: Shop, clock: time_machine.Traveller) -> None:
    await applies(shop)
    await shop.simulator.review_submerchant(shop.appid, 12, approve=False, reason="印章不清")
    clock.shift(60)
    for said in ("子商户 12 重交", (10, 20), "跳过", "跳过", "确认"):
        await sends(shop.manager, said)
    shop.manager.reads()
    await shop.simulator.review_submerchant(shop.appid, 12, approve=False, reason="印章还是不清")

    assert shop.manager.reads() == [
        "❌ 子商户「湖畔分店」（编号 12）未通过审核\n原因：印章还是不清\n改好再送审：「子商户 12 重交」"
    ]


async def test_who_may_not_see_sub_merchants_any_more_is_not_told(shop: Shop) -> None:
    await applies(shop)
    await shop.app.people(shop.appid).change(shop.manager.openid, by=SHELL, role=Role.CLERK)
    await shop.simulator.review_submerchant(shop.appid, 12, approve=True)

    assert shop.manager.reads() == []


async def test_what_waits_for_a_month_or_is_gone_is_not_asked_for_any_more(
    shop: Shop, store: Store, clock: time_machine.Traveller
) -> None:
    await applies(shop)
    following = shop.app.services[shop.appid].vouchers.applications.following
    clock.shift(31 * 86_400)
    assert await following.missed() == []
    assert await following.of(12) is None
    merchant = await shop.app.services[shop.appid].vouchers.submerchants.get(12)
    await following.note(replace(merchant, merchant_id=99), openid=shop.manager.openid, reference="x")

    assert await following.missed() == []
    assert await following.of(99) is None


async def test_without_a_reason_or_a_name_and_once(shop: Shop) -> None:
    await shop.everybody_texts()
    shop.simulator.fault("card/submerchant/get", Fault(html=True), times=None)
    for _ in range(2):
        await shop.hears("card_merchant_check_result", at=1_795_327_200, MerchantId="12", IsPass="0", Reason="")
    await shop.hears("card_merchant_check_result", MerchantId="x", IsPass="1")

    assert shop.owner.reads() == [
        "❌ 子商户（编号 12）未通过审核\n原因：微信没有给出，请到微信公众平台后台查看\n改好再送审：「子商户 12 重交」",
        "✅ 子商户（编号 x）通过审核\n给它做券：「新建 子商户=x」",
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
