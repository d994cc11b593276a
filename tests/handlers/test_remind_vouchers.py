"""Vouchers that end soon and reviews that take long: told by day, once per person and fact, whatever restarts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from zoneinfo import ZoneInfo

import pytest
import time_machine

from bot.app import build
from bot.clock import day_end
from bot.simulator import Fault, Simulator, cash_voucher
from bot.store import Store
from tests.shop import Shop, open_shop

ENDS = "⚠️「春节券」11月28日到期\n往后延：「延期 春节券 2026-12-28」"
DAY = 86_400


@pytest.fixture
async def shop_in_new_york(simulator: Simulator, store: Store, redis_server: str) -> AsyncIterator[Shop]:
    """A shop whose people live in New York."""
    async with open_shop(simulator, redis_server, account={"timezone": "America/New_York"}) as opened:
        yield opened


async def look(shop: Shop) -> None:
    """What a process does every half minute."""
    await shop.app.scheduler.look()


async def sends_a_logo(shop: Shop, title: str = "春节券") -> str:
    """The manager sends a new logo to review."""
    card_id = shop.has_voucher(title)
    await shop.manager.says(f"修改 {title} logo_url=http://mmbiz.qpic.cn/mmbiz/new/0")
    assert (await shop.manager.says("确认")).startswith("⏳")
    return card_id


def moved(shop: Shop, card_id: str, last_day: str) -> None:
    """Somebody moved the end in WeChat's console."""
    voucher = shop.simulator.voucher(shop.appid, card_id)
    voucher.card["cash"]["base_info"]["date_info"]["end_timestamp"] = day_end(date.fromisoformat(last_day))
    shop.simulator.world.shelf.save(voucher)


async def test_what_does_not_end_soon_or_ended_or_is_not_approved_is_nobodys_matter(shop: Shop) -> None:
    shop.has_voucher("以后的券", last_day="2026-11-30")
    shop.has_voucher("过期的券", last_day="2026-11-21")
    for status in ("NOT_VERIFY", "VERIFY_FAIL", "DELETE"):
        shop.simulator.set_status(shop.appid, shop.has_voucher("春节券", last_day="2026-11-28"), status)
    await shop.everybody_texts()

    await look(shop)

    assert shop.owner.reads() == shop.manager.reads() == []


@pytest.mark.parametrize("status", ["VERIFY_OK", "DISPATCH"])
async def test_an_end_within_seven_days_is_told_once(shop: Shop, clock: time_machine.Traveller, status: str) -> None:
    shop.simulator.set_status(shop.appid, shop.has_voucher("春节券", last_day="2026-11-28"), status)
    await shop.everybody_texts()
    for _ in range(6):
        await look(shop)
        clock.shift(DAY)

    assert shop.owner.reads() == shop.manager.reads() == [ENDS]
    assert shop.clerk.reads() == shop.viewer.reads() == shop.customer.reads() == []


async def test_it_comes_near_by_itself(shop: Shop, clock: time_machine.Traveller) -> None:
    shop.has_voucher("春节券", last_day="2026-11-30")
    read = []
    for day in range(22, 31):
        clock.move_to(f"2026-11-{day}T14:00:00+08:00", tick=False)
        await shop.everybody_texts()
        await look(shop)
        read += [(day, text) for text in shop.owner.reads()]

    assert read == [(24, "⚠️「春节券」11月30日到期\n往后延：「延期 春节券 2026-12-30」")]


async def test_an_end_moved_and_near_again_is_told_again(shop: Shop, clock: time_machine.Traveller) -> None:
    card_id = shop.has_voucher("春节券", last_day="2026-11-28")
    await shop.everybody_texts()
    await look(shop)
    assert shop.owner.reads() == [ENDS]

    assert (await shop.owner.says("延期 春节券 2026-12-28")).startswith("「春节券」有效期：")
    assert (await shop.owner.says("确认")).startswith("✅")
    clock.shift(DAY)
    await look(shop)
    assert shop.owner.reads() == []

    clock.move_to("2026-12-22T10:00:00+08:00", tick=False)
    await shop.everybody_texts()
    await look(shop)
    assert shop.owner.reads() == ["⚠️「春节券」12月28日到期\n往后延：「延期 春节券 2027-01-27」"]

    moved(shop, card_id, "2026-12-27")
    clock.shift(DAY)
    await look(shop)
    assert len(shop.owner.reads()) == 1, "another end is another fact"


@pytest.mark.parametrize(
    ("at", "told"), [("08:59", False), ("09:00", True), ("20:59", True), ("21:00", False), ("03:00", False)]
)
async def test_nobody_is_woken(shop: Shop, clock: time_machine.Traveller, at: str, told: bool) -> None:
    shop.has_voucher("春节券", last_day="2026-11-28")
    await shop.everybody_texts()
    clock.move_to(f"2026-11-23T{at}:00+08:00", tick=False)
    await look(shop)
    assert bool(shop.owner.reads()) is told


async def test_the_day_is_that_of_the_account(shop_in_new_york: Shop, clock: time_machine.Traveller) -> None:
    shop = shop_in_new_york
    assert shop.app.services[shop.appid].account.zone == ZoneInfo("America/New_York")
    shop.has_voucher("春节券", last_day="2026-11-28")
    await shop.everybody_texts()
    clock.move_to("2026-11-23T10:00:00+08:00", tick=False)
    await look(shop)
    assert shop.owner.reads() == [], "21:00 of the day before"

    clock.move_to("2026-11-23T22:00:00+08:00", tick=False)
    await look(shop)
    assert shop.owner.reads() == [ENDS], "9:00 there, and the last day is WeChat's"


async def test_each_person_chooses_and_is_told_what_they_may_do(shop: Shop, clock: time_machine.Traveller) -> None:
    shop.has_voucher("春节券", last_day="2026-11-28")
    await shop.everybody_texts()
    await shop.owner.says("提醒 关闭 到期")
    await shop.viewer.says("提醒 开启 到期")
    await look(shop)
    assert shop.owner.reads() == []
    assert shop.viewer.reads() == ["⚠️「春节券」11月28日到期\n「查看 春节券」看详情"]

    await shop.owner.says("提醒 开启 到期")
    clock.shift(DAY)
    await look(shop)
    assert shop.owner.reads() == [ENDS], "not told yet, and it is true still"
    assert shop.viewer.reads() == []


async def test_several_are_one_message_and_only_what_is_new_comes_again(
    shop: Shop, clock: time_machine.Traveller
) -> None:
    for number in range(1, 9):
        shop.has_voucher(f"券{number}", last_day="2026-11-28" if number > 1 else "2026-11-27")
    await shop.everybody_texts()
    await look(shop)
    assert shop.owner.reads() == [
        "⚠️ 8 种券 7 天内到期\n"
        "「券1」11月27日\n"
        "「券2」11月28日\n"
        "「券3」11月28日\n"
        "「券4」11月28日\n"
        "「券5」11月28日\n"
        "「券6」11月28日\n"
        "还有 2 种，发送「卡券」看全部\n"
        "往后延：「延期 券1 2026-12-27」"
    ]
    shop.has_voucher("春节券", last_day="2026-11-28")
    clock.shift(DAY)
    await look(shop)
    assert shop.owner.reads() == [ENDS]


async def test_two_processes_and_a_restart_tell_it_once(
    shop: Shop, simulator: Simulator, redis_server: str, clock: time_machine.Traveller
) -> None:
    shop.has_voucher("春节券", last_day="2026-11-28")
    await shop.everybody_texts()
    second = build(shop.app.settings, redis_server)
    await look(shop)
    await second.scheduler.look()
    clock.shift(DAY)
    await second.scheduler.look()
    await second.close()
    assert shop.owner.reads() == [ENDS]


async def test_outside_the_window_it_waits_and_is_not_told_again(shop: Shop, clock: time_machine.Traveller) -> None:
    shop.has_voucher("春节券", last_day="2026-11-28")
    await look(shop)
    clock.shift(DAY)
    await look(shop)
    assert shop.owner.reads() == []
    assert await shop.owner.says("提醒 到期") == (
        f"到期提醒现在会发给你：券 7 天内到期\n「提醒 关闭 到期」可以改\n\n—— 之前没能送达的 1 条 ——\n{ENDS}"
    )


async def test_nothing_is_lost_while_wechat_is_away(shop: Shop, clock: time_machine.Traveller) -> None:
    shop.has_voucher("春节券", last_day="2026-11-28")
    await shop.everybody_texts()
    shop.simulator.fault("card/batchget", Fault(http_status=502, html=True), times=None)
    await look(shop)
    assert shop.owner.reads() == []
    shop.simulator.clear_faults()
    clock.shift(2 * 3600)
    await look(shop)
    assert shop.owner.reads() == [ENDS]


async def test_without_readers_nobody_asks_wechat(shop: Shop) -> None:
    shop.has_voucher("春节券", last_day="2026-11-28")
    await shop.owner.says("提醒 关闭")
    await shop.manager.says("提醒 关闭")
    shop.simulator.clear_calls()
    await look(shop)
    assert shop.calls("card/batchget") == []


async def test_a_review_of_over_three_days_is_told_once(shop: Shop, clock: time_machine.Traveller) -> None:
    await sends_a_logo(shop)
    clock.shift(3 * DAY)
    await shop.everybody_texts()
    await look(shop)
    assert shop.owner.reads() == [], "three days, not more"
    read = []
    for _ in range(10):
        clock.shift(DAY)
        await shop.everybody_texts()
        await look(shop)
        read += [*shop.owner.reads(), *shop.manager.reads(), *shop.viewer.reads()]
    assert read == ["⏳「春节券」送审超过 3 天，还没有结果\n11月22日起在审核\n「审核」看现在的情况"] * 2


async def test_the_next_submission_is_another_fact(shop: Shop, clock: time_machine.Traveller) -> None:
    card_id = await sends_a_logo(shop)
    clock.shift(4 * DAY)
    await shop.everybody_texts()
    await look(shop)
    assert len(shop.owner.reads()) == 1
    await shop.simulator.review(shop.appid, card_id, False, "LOGO 模糊")
    await shop.manager.says("修改 春节券 提醒=周末不可用")
    await shop.manager.says("确认")
    clock.shift(4 * DAY)
    await shop.everybody_texts()
    await look(shop)
    assert shop.owner.reads()[-1] == "⏳「春节券」送审超过 3 天，还没有结果\n11月26日起在审核\n「审核」看现在的情况"


async def test_a_decided_review_or_one_that_cannot_be_read_is_not_pending(
    shop: Shop, clock: time_machine.Traveller
) -> None:
    card_id = await sends_a_logo(shop)
    clock.shift(4 * DAY)
    await shop.everybody_texts()
    shop.simulator.fault("card/get", Fault(http_status=502, html=True), times=None)
    await look(shop)
    assert shop.owner.reads() == []
    shop.simulator.clear_faults()
    shop.simulator.world.shelf.decide(shop.simulator.voucher(shop.appid, card_id), approve=True, reason="")
    clock.shift(2 * 3600)
    await look(shop)
    assert all("送审超过" not in text for text in shop.owner.reads())


async def test_several_reviews_are_one_message(shop: Shop, clock: time_machine.Traveller) -> None:
    for title in ("春节券", "端午券"):
        shop.simulator.add_voucher(shop.appid, cash_voucher("湖畔面馆", 1000, title=title), "NOT_VERIFY")
    await shop.viewer.says("卡券")
    clock.shift(4 * DAY)
    await shop.everybody_texts()
    await shop.manager.says("language en")
    await look(shop)
    assert shop.owner.reads() == [
        "⏳ 2 种券送审超过 3 天，还没有结果\n「春节券」11月22日起\n「端午券」11月22日起\n「审核」看现在的情况"
    ]
    assert shop.manager.reads() == [
        "⏳ 2 vouchers have been under review for over 3 days\n"
        "春节券: since 22 Nov\n"
        "端午券: since 22 Nov\n"
        '"reviews" shows how it stands now'
    ]


async def test_everything_in_english(shop: Shop, clock: time_machine.Traveller) -> None:
    shop.has_voucher("春节券", last_day="2026-11-28")
    await shop.speaks_english()
    await shop.everybody_texts()
    await shop.viewer.says("alerts on")
    await look(shop)
    assert shop.owner.reads() == ['⚠️ 春节券 ends on 28 Nov\nTo make it later: "extend 春节券 2026-12-28"']
    assert shop.viewer.reads() == ['⚠️ 春节券 ends on 28 Nov\n"show 春节券" for details']
    for number in range(1, 8):
        shop.has_voucher(f"券{number}", last_day="2026-11-28")
    clock.shift(DAY)
    await look(shop)
    assert shop.owner.reads() == [
        "⚠️ 7 vouchers end within 7 days\n"
        "券1: 28 Nov\n券2: 28 Nov\n券3: 28 Nov\n券4: 28 Nov\n券5: 28 Nov\n券6: 28 Nov\n"
        '1 more: send "vouchers" to see all\n'
        'To make it later: "extend 券1 2026-12-28"'
    ]
    await sends_a_logo_in_english(shop)
    clock.shift(4 * DAY)
    await shop.everybody_texts()
    await look(shop)
    assert shop.owner.reads()[-1] == (
        '⏳ 中秋券 has been under review for over 3 days\nSince 23 Nov\n"reviews" shows how it stands now'
    )


async def sends_a_logo_in_english(shop: Shop) -> None:
    shop.has_voucher("中秋券")
    await shop.manager.says("update 中秋券 logo_url=http://mmbiz.qpic.cn/mmbiz/new/0")
    await shop.manager.says("yes")
