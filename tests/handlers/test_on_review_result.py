"""Review results: who reads what, once each, whatever order and however often the pushes come, or if none comes."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import time_machine

from bot.clock import now
from bot.merchants.people import SHELL
from bot.simulator import Fault, cash_voucher
from tests.shop import Shop

REFUSED = (
    "❌「春节券」未通过审核\n"
    "原因：LOGO 模糊\n"
    "这次送审的修改：LOGO（张三，14:02）\n"
    "换一张 300×300 的图片再送审：「修改 春节券 LOGO=…」，或「撤销 春节券」恢复原来的"
)
NOT_CHANGED_HERE = "✅「春节券」通过审核\n送审的内容不是在这里改的\n「查看 春节券」看现在的内容"


async def everybody_listens(shop: Shop) -> None:
    """Everybody has texted, so that notices may reach them."""
    for person in (shop.owner, shop.manager, shop.clerk, shop.viewer):
        await person.says("我")
        person.reads()


async def nobody_asks_about_ends(shop: Shop) -> None:
    """The other schedule that reads vouchers has nobody to read for."""
    for person in (shop.owner, shop.manager):
        await person.says("提醒 关闭 到期")


def under_review(shop: Shop, title: str = "春节券") -> str:
    """A voucher that was sent to review in the console."""
    return shop.simulator.add_voucher(shop.appid, cash_voucher("湖畔面馆", 1000, title=title), "NOT_VERIFY")


async def sends_a_logo(shop: Shop, title: str = "春节券") -> str:
    """The manager sends a new logo to review."""
    card_id = shop.has_voucher(title)
    await shop.manager.says(f"修改 {title} logo_url=http://mmbiz.qpic.cn/mmbiz/new/0")
    assert (await shop.manager.says("确认")).startswith("⏳")
    return card_id


def decide(shop: Shop, card_id: str, *, approve: bool) -> None:
    """WeChat decides, and its event never sets out."""
    shop.simulator.world.shelf.decide(shop.simulator.voucher(shop.appid, card_id), approve=approve, reason="LOGO 模糊")


async def push(shop: Shop, event: str, at: int | None = None, **elements: Any) -> None:
    """An event as WeChat words it, from nobody in particular."""
    content = {"FromUserName": "oNobody", "MsgType": "event", "Event": event, **elements}
    delivery = await shop.simulator.push(shop.appid, content, create_time=at)
    assert all(attempt.error is None for attempt in delivery.attempts)


async def test_an_event_without_a_voucher_tells_nobody(shop: Shop) -> None:
    await everybody_listens(shop)

    await push(shop, "card_pass_check")
    await push(shop, "card_not_pass_check", CardId="", RefuseReason="LOGO 模糊")

    assert shop.owner.reads() == shop.manager.reads() == []
    assert await shop.owner.says("审核") == "没有审核中的券，最近 30 天也没有结果。"


async def test_a_refusal_reaches_author_managers_and_owners(shop: Shop) -> None:
    card_id = await sends_a_logo(shop)
    await everybody_listens(shop)

    delivery = await shop.simulator.review(shop.appid, card_id, False, "LOGO 模糊")

    assert delivery.text == "", "the sender of such an event is nobody"
    assert shop.manager.reads() == [REFUSED]
    assert shop.owner.reads() == [REFUSED]
    assert shop.clerk.reads() == shop.viewer.reads() == shop.customer.reads() == []


async def test_a_refusal_in_english(shop: Shop) -> None:
    card_id = await sends_a_logo(shop)
    await everybody_listens(shop)
    await shop.speaks_english()

    await shop.simulator.review(shop.appid, card_id, False, "LOGO 模糊")

    assert shop.owner.reads() == [
        "❌ 春节券 did not pass review\n"
        "Reason: LOGO 模糊\n"
        "Under review was: logo_url (张三, 14:02)\n"
        'Send another picture, 300×300, to review: "update 春节券 logo_url=…", or "undo 春节券"'
    ]


async def test_an_approval_with_two_changes(shop: Shop, clock: time_machine.Traveller) -> None:
    card_id = await sends_a_logo(shop)
    clock.shift(3600)
    await shop.owner.says("修改 春节券 使用须知=每人一张 客服电话=0571-1111111")
    await shop.owner.says("确认")
    await everybody_listens(shop)

    await shop.simulator.review(shop.appid, card_id, True)
    await shop.speaks_english()

    assert shop.owner.reads() == shop.manager.reads()
    assert await shop.viewer.says("审核") == (
        "Nothing is under review\nResults of the last 30 days:\n✅ 春节券 · approved · 22 Nov"
    )


async def test_changes_of_one_minute_are_one_line_and_the_reason_says_what_to_correct(shop: Shop) -> None:
    card_id = await sends_a_logo(shop)
    await shop.manager.says("修改 春节券 使用须知=每人一张")
    await shop.manager.says("确认")
    await everybody_listens(shop)

    await shop.simulator.review(shop.appid, card_id, False, "使用须知含违规内容")

    assert shop.owner.reads() == [
        "❌「春节券」未通过审核\n"
        "原因：使用须知含违规内容\n"
        "这次送审的修改：LOGO、使用须知（张三，14:02）\n"
        "改好再送审：「修改 春节券 使用须知=…」，或「撤销 春节券」恢复原来的"
    ]


async def test_the_words_of_an_approval(shop: Shop, clock: time_machine.Traveller) -> None:
    card_id = await sends_a_logo(shop)
    clock.shift(3600)
    await shop.owner.says("修改 春节券 使用须知=每人一张 客服电话=0571-1111111")
    await shop.owner.says("确认")
    await everybody_listens(shop)

    await shop.simulator.review(shop.appid, card_id, True)

    assert shop.manager.reads() == [
        "✅「春节券」通过审核\n"
        "这次送审的修改：LOGO（张三，14:02）\n"
        "这次送审的修改：使用须知（王芳，15:02）\n"
        "「查看 春节券」看现在的内容"
    ]


async def test_a_voucher_changed_in_the_console_is_told_too(shop: Shop) -> None:
    await everybody_listens(shop)
    await shop.simulator.review(shop.appid, under_review(shop), True)
    assert shop.manager.reads() == shop.owner.reads() == [NOT_CHANGED_HERE]

    await shop.speaks_english()
    await shop.simulator.review(shop.appid, under_review(shop, "端午券"), False, "")
    assert shop.manager.reads() == [
        "❌ 端午券 did not pass review\n"
        "Reason: WeChat gave none, see WeChat's console\n"
        "What was under review was not changed here\n"
        'Correct it to send it again: "update 端午券 field=…"'
    ]
    await shop.simulator.review(shop.appid, under_review(shop, "中秋券"), True)
    assert shop.owner.reads()[-1] == (
        '✅ 中秋券 passed review\nWhat was under review was not changed here\n"show 中秋券" for what it says now'
    )


async def test_an_older_packet_without_a_reason(shop: Shop) -> None:
    card_id = under_review(shop)
    await everybody_listens(shop)

    await push(shop, "card_not_pass_check", CardId=card_id)

    assert shop.owner.reads() == [
        "❌「春节券」未通过审核\n"
        "原因：微信没有给出，请到微信公众平台后台查看\n"
        "送审的内容不是在这里改的\n"
        "改好再送审：「修改 春节券 字段=…」"
    ]


async def test_alerts_decide_and_authors_always_hear(shop: Shop) -> None:
    card_id = await sends_a_logo(shop)
    people = shop.app.people(shop.appid)
    await people.change(shop.manager.openid, by=SHELL, alerts={"reviews": False})
    await people.change(shop.owner.openid, by=SHELL, alerts={"reviews": False})
    await people.change(shop.viewer.openid, by=SHELL, alerts={"reviews": True})
    await everybody_listens(shop)

    await shop.simulator.review(shop.appid, card_id, False, "LOGO 模糊")

    assert shop.manager.reads() == [REFUSED]
    assert shop.owner.reads() == []
    assert shop.viewer.reads() == [
        "❌「春节券」未通过审核\n原因：LOGO 模糊\n这次送审的修改：LOGO（14:02）\n「查看 春节券」看现在的内容"
    ], "who did it and how to change it is not a viewer's matter"


async def test_an_author_who_left_is_not_told(shop: Shop) -> None:
    card_id = await sends_a_logo(shop)
    await everybody_listens(shop)
    await shop.app.people(shop.appid).remove(shop.manager.openid, by=SHELL)

    await shop.simulator.review(shop.appid, card_id, False, "LOGO 模糊")

    assert shop.manager.reads() == []
    assert len(shop.owner.reads()) == 1


async def test_outside_the_window_it_comes_with_the_next_message(shop: Shop, clock: time_machine.Traveller) -> None:
    card_id = await sends_a_logo(shop)
    clock.shift(3 * 86_400)

    await shop.simulator.review(shop.appid, card_id, False, "LOGO 模糊")

    assert shop.manager.reads() == []
    assert REFUSED.replace("14:02", "11月22日 14:02") in await shop.manager.says("我")


async def test_two_results_in_one_second_are_two_notices(shop: Shop) -> None:
    first, second = under_review(shop, "春节券"), under_review(shop, "端午券")
    await everybody_listens(shop)

    await asyncio.gather(
        shop.simulator.review(shop.appid, first, True),
        shop.simulator.review(shop.appid, second, False, "LOGO 模糊"),
    )

    assert sorted(text.split("\n")[0] for text in shop.owner.reads()) == [
        "✅「春节券」通过审核",
        "❌「端午券」未通过审核",
    ]


async def test_one_result_pushed_three_times_at_once_is_one_notice(shop: Shop) -> None:
    card_id = under_review(shop)
    await everybody_listens(shop)
    shop.simulator.delivery_faults.duplicate(copies=3)

    await shop.simulator.review(shop.appid, card_id, True)

    assert shop.owner.reads() == [NOT_CHANGED_HERE]


async def test_one_result_pushed_again_hours_later_is_one_notice(shop: Shop, clock: time_machine.Traveller) -> None:
    card_id = under_review(shop)
    await everybody_listens(shop)
    delivery = await shop.simulator.review(shop.appid, card_id, True)
    clock.shift(5 * 3600)
    await shop.simulator.push(shop.appid, delivery.elements)

    assert shop.owner.reads() == [NOT_CHANGED_HERE]


async def test_the_same_voucher_refused_twice_is_two_notices(shop: Shop, clock: time_machine.Traveller) -> None:
    card_id = await sends_a_logo(shop)
    await everybody_listens(shop)
    await shop.simulator.review(shop.appid, card_id, False, "LOGO 模糊")
    clock.shift(600)
    await shop.manager.says("修改 春节券 提醒=周末不可用")
    await shop.manager.says("确认")
    clock.shift(600)
    await shop.simulator.review(shop.appid, card_id, False, "文字不清")

    assert shop.owner.reads() == [
        REFUSED,
        "❌「春节券」未通过审核\n"
        "原因：文字不清\n"
        "这次送审的修改：提醒（张三，14:12）\n"
        "改好再送审：「修改 春节券 提醒=…」，或「撤销 春节券」恢复原来的",
    ]


async def test_an_event_before_the_answer_to_the_update(shop: Shop) -> None:
    shop.has_voucher("春节券")
    await shop.manager.says("修改 春节券 logo_url=http://mmbiz.qpic.cn/mmbiz/new/0")
    await everybody_listens(shop)
    shop.simulator.fault("card/update", Fault(delay=0.5))
    yes = asyncio.create_task(shop.manager.says("确认"))
    await shop.until(lambda: shop.simulator.reviews(shop.appid))
    await shop.simulator.review(shop.appid, shop.simulator.reviews(shop.appid)[0].card_id, True)
    await yes

    told = "✅「春节券」通过审核\n这次送审的修改：LOGO（张三，14:02）\n「查看 春节券」看现在的内容"
    assert shop.manager.reads() == [told]
    assert shop.owner.reads() == [told]


@pytest.mark.parametrize("known", [True, False])
async def test_wechat_away_does_not_lose_the_notice(shop: Shop, known: bool) -> None:
    card_id = under_review(shop)
    await everybody_listens(shop)
    if known:
        await shop.viewer.says("卡券")
    shop.simulator.fault("card/get", Fault(http_status=502, html=True), times=None)

    await shop.simulator.review(shop.appid, card_id, True)

    title, name = ("春节券", "春节券") if known else (f"…{card_id[-6:]}", card_id)
    assert shop.owner.reads() == [f"✅「{title}」通过审核\n送审的内容不是在这里改的\n「查看 {name}」看现在的内容"]


async def test_a_voucher_that_is_gone_is_told_by_its_id(shop: Shop) -> None:
    await everybody_listens(shop)

    await push(shop, "card_not_pass_check", CardId="pGone0000000000000000abcdef", RefuseReason="LOGO 模糊")

    assert shop.owner.reads()[0].startswith("❌「…abcdef」未通过审核\n原因：LOGO 模糊\n")


async def test_a_result_nobody_pushed_is_found(shop: Shop, clock: time_machine.Traveller) -> None:
    card_id = await sends_a_logo(shop)
    await everybody_listens(shop)
    decide(shop, card_id, approve=False)
    clock.shift(600)
    await shop.app.scheduler.look()
    assert shop.owner.reads() == [], "the event may still be on its way"

    clock.shift(600)
    await shop.app.scheduler.look()
    found = (
        "❌「春节券」未通过审核\n"
        "原因：没有收到，请到微信公众平台后台查看\n"
        "这次送审的修改：LOGO（张三，14:02）\n"
        "换一张 300×300 的图片再送审：「修改 春节券 LOGO=…」，或「撤销 春节券」恢复原来的"
    )
    assert shop.owner.reads() == shop.manager.reads() == [found]
    assert "❌ 春节券 · 未通过 · 11月22日：原因请看公众平台后台" in await shop.owner.says("审核")

    clock.shift(600)
    await shop.app.scheduler.look()
    assert shop.owner.reads() == []


async def test_the_late_event_of_a_found_result_only_adds_its_reason(shop: Shop, clock: time_machine.Traveller) -> None:
    card_id = await sends_a_logo(shop)
    await everybody_listens(shop)
    decided_at = int(now())
    decide(shop, card_id, approve=False)
    for _ in range(2):
        clock.shift(600)
        await shop.app.scheduler.look()
    assert len(shop.owner.reads()) == len(shop.manager.reads()) == 1

    await push(shop, "card_not_pass_check", decided_at, CardId=card_id, RefuseReason="LOGO 模糊")

    assert shop.owner.reads() == shop.manager.reads() == []
    assert "❌ 春节券 · 未通过 · 11月22日：LOGO 模糊" in await shop.owner.says("审核")


async def test_found_results_in_english(shop: Shop, clock: time_machine.Traveller) -> None:
    first, second = await sends_a_logo(shop, "春节券"), await sends_a_logo(shop, "端午券")
    await everybody_listens(shop)
    await shop.speaks_english()
    decide(shop, first, approve=True)
    decide(shop, second, approve=False)
    for _ in range(2):
        clock.shift(600)
        await shop.app.scheduler.look()

    assert shop.owner.reads() == [
        "✅ 春节券 passed review\n"
        "WeChat's notice did not arrive; this was looked up\n"
        "Under review was: logo_url (张三, 14:02)\n"
        '"show 春节券" for what it says now',
        "❌ 端午券 did not pass review\n"
        "Reason: not received, see WeChat's console\n"
        "Under review was: logo_url (张三, 14:02)\n"
        'Send another picture, 300×300, to review: "update 端午券 logo_url=…", or "undo 端午券"',
    ]


async def test_the_watch_forgets_what_is_gone_and_goes_on(shop: Shop, clock: time_machine.Traveller) -> None:
    await nobody_asks_about_ends(shop)
    gone = await sends_a_logo(shop, "春节券")
    clock.shift(60)
    still_there = await sends_a_logo(shop, "端午券")
    await everybody_listens(shop)
    decide(shop, still_there, approve=True)
    shop.simulator.fault("card/get", Fault(errcode=40073))
    for _ in range(2):
        clock.shift(600)
        await shop.app.scheduler.look()

    assert [text.split("\n")[0] for text in shop.owner.reads()] == ["✅「端午券」通过审核"]
    waiting = await shop.app.services[shop.appid].vouchers.reviews.waiting()
    assert gone not in {each.card_id for each in waiting}


async def test_the_watch_waits_while_wechat_is_away(shop: Shop, clock: time_machine.Traveller) -> None:
    card_id = await sends_a_logo(shop)
    await everybody_listens(shop)
    decide(shop, card_id, approve=True)
    shop.simulator.fault("card/get", Fault(http_status=502, html=True), times=None)
    for _ in range(3):
        clock.shift(600)
        await shop.app.scheduler.look()
    assert shop.owner.reads() == []

    shop.simulator.clear_faults()
    for _ in range(2):
        clock.shift(600)
        await shop.app.scheduler.look()
    assert len(shop.owner.reads()) == 1


async def test_the_watch_asks_only_for_what_waits(shop: Shop, clock: time_machine.Traveller) -> None:
    await nobody_asks_about_ends(shop)
    shop.has_voucher("豆浆券")
    shop.simulator.clear_calls()
    await shop.app.scheduler.look()
    assert shop.calls("card/get") == []

    await sends_a_logo(shop)
    shop.simulator.clear_calls()
    clock.shift(600)
    await shop.app.scheduler.look()
    assert len(shop.calls("card/get")) == 1
