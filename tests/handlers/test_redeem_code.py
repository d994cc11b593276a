"""redeem: previewed, done once by a yes, and never asked of WeChat twice where the first may have been heard."""

from __future__ import annotations

import asyncio
import json
import logging

import pytest
import time_machine

from bot import begun
from bot.merchants.people import SHELL, Operator, Role
from bot.simulator import Fault
from bot.store import Store
from bot.vouchers.code_deeds import Deeds
from bot.vouchers.code_states import Standing
from bot.vouchers.codes import Codes, Ending
from bot.vouchers.records import What
from tests.dispatch.test_repeats import asked_by, carried_on, left_undone
from tests.handlers.test_check_code import TITLE, grouped
from tests.shop import Shop

CONSUME = "/card/code/consume"
MARK = "/card/code/mark"
GET = "/card/code/get"
PREVIEW = "「10元代金券」可用，有效期到 12月20日\n{}\n回复「确认」核销，不可恢复；「取消」放弃（10 分钟内有效）"


async def claimed(shop: Shop) -> str:
    card_id = shop.has_voucher(TITLE, last_day="2026-12-20", get_limit=50)
    return await shop.simulator.claim(shop.appid, shop.customer.openid, card_id)


@pytest.fixture
async def code(shop: Shop) -> str:
    """A code the customer has claimed."""
    return await claimed(shop)


def state(shop: Shop, code: str) -> str:
    return shop.simulator.code(shop.appid, code).state


def clerk(shop: Shop) -> Operator:
    return shop.app.people(shop.appid).find("李四")


def codes(shop: Shop) -> Codes:
    return shop.app.services[shop.appid].vouchers.codes


async def test_what_cannot_be_redeemed_is_not_previewed(shop: Shop, code: str) -> None:
    assert await shop.clerk.says("核销") == "还缺券码：核销 券码\n例：核销 2260 0000 0001"
    shop.simulator.redeem_elsewhere(shop.appid, code)
    await shop.simulator.settled()
    assert await shop.clerk.says(f"核销 {code}") == "这张券 14:02 已在微信后台核销，不能再用"
    assert (await shop.clerk.says("确认")).startswith("现在没有等待确认的操作。")
    assert shop.calls(CONSUME) == []


async def test_a_yes_after_a_wrong_code_means_no_earlier_one(shop: Shop, code: str) -> None:
    await shop.clerk.says(f"核销 {code}")
    assert await shop.clerk.says("核销 226000000001") == (
        "没有 2260 0000 0001 这个券码\n请对一下数字；已转赠的券要用朋友手里的新券码\n之前的预览已作废"
    )
    assert (await shop.clerk.says("确认")).startswith("现在没有等待确认的操作。")
    assert state(shop, code) == "NORMAL"


async def test_viewers_do_not_redeem(shop: Shop, code: str) -> None:
    assert (await shop.viewer.says(f"核销 {code}")).startswith(f"没有「核销 {code}」这个命令。")
    assert shop.calls(GET) == []


async def test_a_role_lowered_since_the_preview_redeems_nothing(shop: Shop, code: str) -> None:
    await shop.clerk.says(f"核销 {code}")
    await shop.app.people(shop.appid).change(shop.clerk.openid, by=SHELL, role=Role.VIEWER)
    assert await shop.clerk.says("确认") == "没有执行：你现在的角色不能再用「核销」。发送「我」看你的角色"
    assert shop.calls(CONSUME) == []


async def test_redeems_after_a_yes(shop: Shop, code: str) -> None:
    assert await shop.clerk.says(f"核销 {grouped(code)}") == PREVIEW.format(grouped(code))
    assert shop.calls(CONSUME) == []
    assert await shop.clerk.says("确认") == f"✅ 已核销 {grouped(code)}\n10元代金券 · 14:02 · 今日第 1 张"

    (call,) = shop.calls(CONSUME)
    assert call.body == {"code": code, "card_id": shop.simulator.code(shop.appid, code).card_id}
    assert shop.calls(MARK) == []
    assert state(shop, code) == "CONSUMED"


async def test_redeems_in_english(shop: Shop, code: str) -> None:
    await shop.speaks_english()
    assert await shop.clerk.says(f"redeem {grouped(code)}") == (
        f"10元代金券 is good until 20 Dec\n{grouped(code)}\n"
        'Send "yes" to redeem it for good, "no" to drop it (within 10 minutes)'
    )
    assert await shop.clerk.says("yes") == f"✅ Redeemed {grouped(code)}\n10元代金券 · 14:02 · your no. 1 today"
    assert await shop.manager.says(f"redeem {code}") == (
        "This voucher was redeemed at 14:02 by 李四 and cannot be used again"
    )


async def test_counts_by_clerk_and_day(shop: Shop, code: str, clock: time_machine.Traveller) -> None:
    async def redeemed() -> str:
        await shop.clerk.says(f"核销 {await claimed(shop)}")
        return (await shop.clerk.says("确认")).splitlines()[1]

    assert await redeemed() == "10元代金券 · 14:02 · 今日第 1 张"
    await shop.manager.says(f"核销 {code}")
    assert (await shop.manager.says("确认")).endswith("今日第 1 张")
    assert await redeemed() == "10元代金券 · 14:02 · 今日第 2 张"
    clock.move_to("2026-11-23T09:00:00+08:00", tick=False)
    assert await redeemed() == "10元代金券 · 09:00 · 今日第 1 张"


async def test_a_colleague_was_faster(shop: Shop, code: str, clock: time_machine.Traveller) -> None:
    await shop.clerk.says(f"核销 {code}")
    await shop.manager.says(f"核销 {code}")
    await shop.clerk.says("确认")
    clock.shift(120)

    assert await shop.manager.says("确认") == "这张券 14:02 已由李四核销，不能再用"
    assert await shop.manager.says(f"查码 {code}") == "这张券 14:02 已由李四核销，不能再用"
    clock.shift(86_400)
    assert await shop.manager.says(f"核销 {code}") == "这张券 11月22日 14:02 已由李四核销，不能再用"
    assert len(shop.calls(CONSUME)) == 1


async def test_of_two_at_once_one_redeems(shop: Shop, code: str) -> None:
    await shop.clerk.says(f"核销 {code}")
    await shop.manager.says(f"核销 {code}")
    answers = await asyncio.gather(shop.clerk.says("确认"), shop.manager.says("确认"))

    (loser,) = [answer for answer in answers if not answer.startswith("✅")]
    winner = "李四" if answers[0].startswith("✅") else "张三"
    assert loser == f"这张券 14:02 已由{winner}核销，不能再用"
    assert await shop.owner.says(f"查码 {code}") == f"这张券 14:02 已由{winner}核销，不能再用"


async def test_who_is_beaten_gives_way_to_who_was_second(shop: Shop, code: str, store: Store) -> None:
    """The first to note it is refused by WeChat: the other one's name is there to be told, done or not."""
    deeds = Deeds(shop.app.services[shop.appid].account, store)
    manager = shop.app.people(shop.appid).find("张三")
    await deeds.begin(code, Standing.REDEEMED, manager)
    await deeds.begin(code, Standing.REDEEMED, clerk(shop))
    await deeds.withdraw(code, manager)

    known = await deeds.last(code)
    assert known is not None
    assert (known.name, known.done) == ("李四", False)
    await deeds.withdraw(code, clerk(shop))
    assert await deeds.last(code) is None


async def test_whoever_gave_up_is_nobody_s_second(shop: Shop, code: str, store: Store) -> None:
    deeds = Deeds(shop.app.services[shop.appid].account, store)
    manager = shop.app.people(shop.appid).find("张三")
    for person in (manager, clerk(shop)):
        await deeds.begin(code, Standing.REDEEMED, person)
    await deeds.withdraw(code, clerk(shop))
    await deeds.withdraw(code, manager)

    assert await deeds.last(code) is None


async def test_who_may_both_have_done_it_are_told_the_same_name(shop: Shop, code: str, store: Store) -> None:
    deeds = Deeds(shop.app.services[shop.appid].account, store)
    manager = shop.app.people(shop.appid).find("张三")
    await deeds.begin(code, Standing.REDEEMED, clerk(shop))
    await deeds.begin(code, Standing.REDEEMED, manager)
    assert (await deeds.settle(code, Standing.REDEEMED, manager)).name == "张三"
    assert (await deeds.settle(code, Standing.REDEEMED, clerk(shop))).name == "张三"


async def test_marks_once_where_wechat_asks_for_it(shop: Shop, code: str) -> None:
    shop.simulator.readings.mark_before_consume = True
    await shop.clerk.says(f"核销 {code}")

    assert (await shop.clerk.says("确认")).startswith("✅ 已核销")
    body = {"code": code, "card_id": shop.simulator.code(shop.appid, code).card_id}
    marked = body | {"openid": shop.customer.openid}
    assert [call.body for call in shop.calls(CONSUME)] == [body, marked]
    assert [call.body for call in shop.calls(MARK)] == [marked | {"is_mark": True}]


async def test_a_mark_is_released_where_wechat_refuses_after_all(shop: Shop, code: str) -> None:
    await shop.clerk.says(f"核销 {code}")
    shop.simulator.fault(CONSUME, Fault(errcode=43018))
    shop.simulator.fault(CONSUME, Fault(errcode=43018))

    assert await shop.clerk.says("确认") == (f"❌ 没有核销 {grouped(code)}：券码还没有标记（43018）\n请再试一次。")
    assert [call.body["is_mark"] for call in shop.calls(MARK)] == [True, False]
    assert len(shop.calls(CONSUME)) == 2
    assert shop.simulator.code(shop.appid, code).marked_by == ""


async def test_a_mark_is_released_where_the_second_call_never_reached_wechat(shop: Shop, code: str) -> None:
    """Else a friend who sees the same voucher could not use it."""
    await shop.clerk.says(f"核销 {code}")
    shop.simulator.fault(CONSUME, Fault(errcode=43018))
    shop.simulator.fault(CONSUME, Fault(errcode=40001), times=2)

    assert await shop.clerk.says("确认") == (
        "⚠️ 暂时连不上微信，没有执行\n过一会儿再回复「确认」就行（10 分钟内有效）"
    )
    assert [call.body["is_mark"] for call in shop.calls(MARK)] == [True, False]
    assert shop.simulator.code(shop.appid, code).marked_by == ""
    assert (await shop.clerk.says("确认")).startswith("✅ 已核销")


async def test_refused_in_english(shop: Shop, code: str) -> None:
    await shop.speaks_english()
    await shop.clerk.says(f"redeem {code}")
    shop.simulator.fault(CONSUME, Fault(errcode=72020))
    assert await shop.clerk.says("yes") == (
        f"❌ {grouped(code)} was not redeemed: It has been used as often as it may be (72020)\nIt cannot be used again."
    )


async def test_deleted_between_the_look_and_the_call(shop: Shop, code: str) -> None:
    await shop.clerk.says(f"核销 {code}")
    await shop.simulator.delete_code(shop.appid, shop.customer.openid, code)
    assert await shop.clerk.says("确认") == "这张券已被持券人删除，不能用"
    assert shop.calls(CONSUME) == []


@pytest.mark.parametrize("fault", [Fault(lose_answer=True), Fault()])
async def test_no_answer_is_looked_up_and_not_repeated(shop: Shop, code: str, fault: Fault) -> None:
    await shop.clerk.says(f"核销 {code}")
    shop.simulator.fault(CONSUME, fault)
    answer = await shop.clerk.says("确认")

    assert len(shop.calls(CONSUME)) == 1
    if fault.lose_answer:
        assert answer == f"✅ 已核销 {grouped(code)}\n10元代金券 · 14:02 · 今日第 1 张"
    else:
        assert answer.startswith(f"⚠️ 微信没有回应，不确定 {grouped(code)} 有没有核销\n")


async def test_in_doubt_where_nothing_is_seen(shop: Shop, code: str) -> None:
    await shop.clerk.says(f"核销 {code}")
    shop.simulator.fault(CONSUME, Fault(drop=True))

    assert await shop.clerk.says("确认") == (
        f"⚠️ 微信没有回应，不确定 {grouped(code)} 有没有核销\n请过一两分钟用「查码 {grouped(code)}」核对，再决定是否重发"
    )
    assert len(shop.calls(CONSUME)) == 1
    assert await shop.clerk.says(f"核销 {code}") == PREVIEW.format(grouped(code))
    assert (await shop.clerk.says("确认")).endswith("今日第 1 张")


async def test_in_doubt_in_english_where_nothing_can_be_read(shop: Shop, code: str) -> None:
    await shop.speaks_english()
    await shop.clerk.says(f"redeem {code}")
    shop.simulator.fault(CONSUME, Fault(lose_answer=True))
    shop.simulator.set_quota(shop.appid, GET, len(shop.calls(GET)) + 1)

    assert await shop.clerk.says("yes") == (
        f"⚠️ WeChat did not answer, so it is not certain whether {grouped(code)} was redeemed\n"
        f'Check with "check {grouped(code)}" in a minute or two before you send it again'
    )


async def test_a_yes_that_never_reached_wechat_is_not_used_up(shop: Shop, code: str) -> None:
    await shop.clerk.says(f"核销 {code}")
    shop.simulator.break_tokens(shop.appid, permanent=True)
    assert await shop.clerk.says("确认") == ("⚠️ 暂时连不上微信，没有执行\n过一会儿再回复「确认」就行（10 分钟内有效）")
    await shop.speaks_english()
    assert await shop.clerk.says("yes") == (
        '⚠️ WeChat cannot be reached, so this was not done\nSend "yes" again in a moment (within 10 minutes)'
    )
    shop.simulator.heal_tokens(shop.appid)
    assert (await shop.clerk.says("yes")).startswith("✅ Redeemed")


async def test_a_process_that_died_after_wechat_did_it(shop: Shop, code: str, store: Store) -> None:
    await Deeds(shop.app.services[shop.appid].account, store).begin(code, Standing.REDEEMED, clerk(shop))
    records = shop.app.services[shop.appid].vouchers.records
    await records.begin(None, (), clerk(shop), What.REDEEM, code=f"…{code[-4:]}")
    shop.simulator.redeem_elsewhere(shop.appid, code, source="FROM_API")

    outcome = await codes(shop).redeem(code, clerk(shop), resumed=True)
    assert (outcome.ending, outcome.count) == (Ending.DONE, 1)
    assert [(asked.number, asked.ending) for asked in await records.newest(9)] == [(1, "done")]
    again = await codes(shop).redeem(code, clerk(shop), resumed=True)
    assert (again.ending, again.count) == (Ending.DONE, 1)
    assert shop.calls(CONSUME) == []


async def test_a_process_that_died_before_wechat_was_asked(shop: Shop, code: str, store: Store) -> None:
    await Deeds(shop.app.services[shop.appid].account, store).begin(code, Standing.REDEEMED, clerk(shop))

    assert (await codes(shop).redeem(code, clerk(shop), resumed=True)).ending is Ending.DONE
    assert len(shop.calls(CONSUME)) == 1
    records = shop.app.services[shop.appid].vouchers.records
    assert [(asked.number, asked.ending) for asked in await records.newest(9)] == [(1, "done")]


async def test_a_process_that_died_while_a_colleague_redeemed(shop: Shop, code: str) -> None:
    await codes(shop).redeem(code, shop.app.people(shop.appid).find("张三"))
    outcome = await codes(shop).redeem(code, clerk(shop), resumed=True)

    assert outcome.ending is Ending.IMPOSSIBLE
    assert outcome.code.deed is not None
    assert outcome.code.deed.name == "张三"


async def test_a_process_that_died_and_wechat_cannot_be_asked(shop: Shop, code: str) -> None:
    shop.simulator.break_tokens(shop.appid, permanent=True)
    assert (await codes(shop).redeem(code, clerk(shop), resumed=True)).ending is Ending.IN_DOUBT


async def test_the_code_is_in_no_log(shop: Shop, code: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="bot"):
        await shop.clerk.says(f"查码 {code}")
        await shop.clerk.says(f"核销 {code}")
        shop.simulator.fault(CONSUME, Fault(errcode=72020))
        await shop.clerk.says("确认")
    written = json.dumps([record.__dict__ for record in caplog.records], default=str)
    assert code not in written


async def test_a_yes_whose_process_died_is_carried_on(
    shop: Shop, code: str, store: Store, clock: time_machine.Traveller
) -> None:
    """WeChat had done it: told once, by whoever carries the message on, and not asked for again."""
    await shop.clerk.says(f"核销 {code}")
    shop.clerk.reads()
    await Deeds(shop.app.services[shop.appid].account, store).begin(code, Standing.REDEEMED, clerk(shop))
    shop.simulator.redeem_elsewhere(shop.appid, code, source="FROM_API")
    await left_undone(shop, store, asked_by("clerk", "确认"), has_begun=begun.VOUCHERS)
    clock.shift(5)
    await carried_on(shop)

    assert shop.clerk.reads() == [f"✅ 已核销 {grouped(code)}\n10元代金券 · 14:02 · 今日第 1 张"]
    assert shop.calls(CONSUME) == []


@pytest.mark.parametrize("apart", ["", " ", "-", " – "])
async def test_a_code_alone_is_one_to_redeem(shop: Shop, apart: str) -> None:
    card_id = shop.has_voucher(TITLE, last_day="2026-12-20")
    code = await shop.simulator.claim(shop.appid, shop.customer.openid, card_id)
    said = apart.join((code[:4], code[4:8], code[8:]))

    assert await shop.clerk.says(said) == PREVIEW.format(grouped(code))
    assert (await shop.viewer.says(said)).startswith(f"没有「{said}」这个命令")
    assert await shop.customer.says(said) == ""
    assert (await shop.clerk.says("1380 571 1234")).startswith("没有「1380 571 1234」这个命令")
