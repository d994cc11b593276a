"""WeChat pushes up to three times, and to any of our processes: one execution in all, one answer on every copy."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
import time_machine

from bot import begun
from bot.app import App
from bot.dispatch.late import written
from bot.routing import Notice, Reply
from bot.simulator import Fault, Simulator
from bot.simulator.replies import Judge
from bot.store import Store, keys
from bot.store.inbox import Copy, Inbox, TakenOver
from bot.wechat.inbound import Incoming
from tests.dispatch.bots import another_bot, bot_process, letter
from tests.dispatch.stopwatch import in_time
from tests.shop import KEY, PEOPLE, Shop, open_shop
from tests.web.postman import Letter, post

CHANGE = "修改 春节券 客服电话=0571-7654321"
DONE = "✅「春节券」已修改：客服电话\n已在微信核对，立即生效\n记录号 1 ·「撤销」可改回"
NOTHING_WAITS = "现在没有等待确认的操作。预览 10 分钟内有效，过期请重新发送原来的命令。"
IN_DOUBT = "⚠️ 系统暂时忙，不确定这条有没有执行。请一分钟后用「查看」核对，再决定是否重发。"
IN_DOUBT_EN = (
    '⚠️ The bot is busy, and it is not certain whether this was done. In a minute check with "show" before you send it '
    "again."
)
APPID = "wx0123456789abcdef"
MANAGER = PEOPLE["manager"][0]


async def previewed(shop: Shop) -> None:
    """A preview waits for the manager's yes."""
    shop.has_voucher("春节券")
    assert "客服电话" in await shop.manager.says(CHANGE)


@pytest.fixture
async def real_shop(store: Store, redis_server: str) -> AsyncIterator[Shop]:
    """A shop that lives by the real clock, as other processes do."""
    wechat = Simulator()
    await wechat.start()
    async with open_shop(wechat, redis_server) as opened:
        yield opened
    await wechat.stop()


# copies at the same time ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fresh", [True, False], ids=["signed anew", "the same bytes"])
async def test_copies_of_what_is_being_done_wait_for_it_and_say_the_same(shop: Shop, fresh: bool) -> None:
    await previewed(shop)
    shop.simulator.fault("card/update", Fault(delay=0.5))
    copies = [letter(shop, "确认", 7, nonce=f"10{n if fresh else 0}") for n in range(3)]
    bodies = [copies[0].body_and_query()] * 3 if not fresh else [copy.body_and_query() for copy in copies]
    answers = await asyncio.gather(*(said(copy, *body) for copy, body in zip(copies, bodies, strict=True)))
    assert answers[0] == DONE
    assert set(answers) == {answers[0]}
    assert len(shop.calls("card/update")) == 1


async def said(copy: Letter, body: bytes, query: dict[str, str]) -> str:
    """What is read of the answer to these very bytes."""
    status, answer = await post(f"{copy.address}/wechat/{copy.appid}", query, body)
    assert status == 200
    reply = Judge("safe", copy.token, KEY, copy.appid).read(answer.encode(), copy.message(), copy.nonce)
    assert reply is not None
    return str(reply["Content"])


async def test_a_later_copy_gets_the_stored_answer_sealed_anew(shop: Shop) -> None:
    await previewed(shop)
    first, second = (letter(shop, "确认", 7, nonce=nonce) for nonce in ("111", "222"))
    bodies = [(await copy.post())[1] for copy in (first, first, second)]
    assert len(set(bodies)) == 3, "each has its own random prefix"
    assert ("<Nonce><![CDATA[111]]>" in bodies[1], "<Nonce><![CDATA[222]]>" in bodies[2]) == (True, True)
    assert (await first.says()) == DONE
    assert await first.says() == await second.says()
    assert len(shop.calls("card/update")) == 1


async def test_a_message_typed_twice_is_two_messages(shop: Shop) -> None:
    await previewed(shop)
    assert (await letter(shop, "确认", 7).says()) == DONE
    assert await letter(shop, "确认", 8).says() == NOTHING_WAITS


async def test_the_connection_lost_before_the_answer_does_not_lose_it(shop: Shop) -> None:
    await previewed(shop)
    shop.simulator.delivery_faults.cut()
    assert (await shop.manager.says("确认")) == DONE
    assert len(shop.calls("card/update")) == 1


async def test_two_bots_of_one_shop_do_it_once(shop: Shop, redis_server: str) -> None:
    await previewed(shop)
    shop.simulator.fault("card/update", Fault(delay=0.5))
    async with another_bot(shop, redis_server) as (_, elsewhere):
        copies = [
            letter(shop, "确认", 7, address=at, nonce=f"{n}") for n, at in enumerate([shop.address, elsewhere] * 2)
        ]
        answers = await asyncio.gather(*(copy.says() for copy in copies))
        assert answers[0] == DONE
        assert set(answers) == {answers[0]}
        assert await letter(shop, "确认", 7, address=elsewhere, nonce="9").says() == answers[0]
    assert len(shop.calls("card/update")) == 1


async def test_twenty_messages_at_once_through_two_bots_are_twenty_answers(shop: Shop, redis_server: str) -> None:
    async with another_bot(shop, redis_server) as (_, elsewhere):
        copies = [
            letter(shop, "取消", number, address=at, nonce=f"{number}")
            for number in range(20)
            for at in (shop.address, elsewhere)
        ]
        assert set(await asyncio.gather(*(copy.says() for copy in copies))) == {NOTHING_WAITS}
    assert await rate_of(shop.app, MANAGER) == 20, "counted once each"


async def rate_of(app: App, openid: str) -> int:
    """The messages counted for a person in this minute."""
    return int(await app.store.do("GET", f"v1:{{{APPID}}}:rate:{openid}:{int(time.time() // 60)}"))


async def test_a_clock_that_jumps_ahead_makes_no_second_execution(
    shop: Shop, redis_server: str, clock: time_machine.Traveller
) -> None:
    """The claim lapses by the clock while the work goes on: the copy that gets it joins, and the answer is stored."""
    await previewed(shop)
    shop.simulator.clear_calls()
    shop.simulator.fault("card/get", Fault(delay=0.3))
    first = asyncio.create_task(letter(shop, "确认", 7).says())
    await asked(shop, "card/get")
    clock.shift(10)
    assert await letter(shop, "确认", 7, nonce="2").says() == DONE
    assert await first == DONE
    async with another_bot(shop, redis_server) as (_, elsewhere):
        assert await letter(shop, "确认", 7, address=elsewhere, nonce="3").says() == DONE
    assert len(shop.calls("card/update")) == 1


# processes of their own -------------------------------------------------------------------------------------------


async def test_two_processes_do_it_once(real_shop: Shop, redis_server: str) -> None:
    await previewed(real_shop)
    real_shop.simulator.fault("card/update", Fault(delay=0.5))
    async with bot_process(real_shop, redis_server) as one, bot_process(real_shop, redis_server) as other:
        copies = [letter(real_shop, "确认", 7, address=bot.address, nonce=f"{n}") for n, bot in enumerate((one, other))]
        answers = await asyncio.gather(*(copy.says() for copy in copies))
        assert answers[0] == DONE
        assert answers[0] == answers[1]
    assert len(real_shop.calls("card/update")) == 1


async def asked(shop: Shop, path: str) -> None:
    """Returns when the API has been called."""
    await shop.until(lambda: shop.calls(path))


async def answer_in_time_or_later(shop: Shop, copy: Letter) -> str:
    """What is read of a copy that comes before the dead process's claim has lapsed, sooner than WeChat's would."""
    if answer := await copy.says():
        return answer
    await shop.app.dispatcher.settle()
    (late,) = shop.manager.reads()
    return late


@pytest.mark.slow
async def test_a_question_whose_process_was_killed_is_answered_by_another(real_shop: Shop, redis_server: str) -> None:
    await real_shop.manager.says("取消")
    real_shop.has_voucher("春节券")
    real_shop.simulator.fault("card/batchget", Fault(delay=30.0))
    async with bot_process(real_shop, redis_server) as one:
        first = asyncio.create_task(letter(real_shop, "卡券", 7, address=one.address).post())
        await asked(real_shop, "card/batchget")
        await one.kill()
        with pytest.raises(aiohttp.ClientError):
            await first
    assert "春节券" in await answer_in_time_or_later(real_shop, letter(real_shop, "卡券", 7, nonce="2"))


@pytest.mark.slow
async def test_a_yes_whose_process_was_killed_is_looked_up_and_not_done_again(
    real_shop: Shop, redis_server: str
) -> None:
    await previewed(real_shop)
    real_shop.simulator.fault("card/update", Fault(delay=30.0))
    async with bot_process(real_shop, redis_server) as one:
        first = asyncio.create_task(letter(real_shop, "确认", 7, address=one.address).post())
        await asked(real_shop, "card/update")
        await one.kill()
        with pytest.raises(aiohttp.ClientError):
            await first
    assert await answer_in_time_or_later(real_shop, letter(real_shop, "确认", 7, nonce="2")) == DONE
    assert len(real_shop.calls("card/update")) == 1


async def test_whoever_lost_the_claim_begins_nothing(shop: Shop, store: Store) -> None:
    """A process that was away for longer than its lease must not act when it comes to itself."""
    await previewed(shop)
    shop.simulator.clear_calls()
    shop.simulator.fault("card/get", Fault(delay=0.5))
    copy = letter(shop, "确认", 7)
    waiting = asyncio.create_task(copy.says())
    await asked(shop, "card/get")
    for key in await store.do("KEYS", "v1:*:push:message:*"):
        await store.do("HSET", key, "ticket", "another process")
    assert await waiting == "⚠️ 系统暂时忙，这条没有执行。请一分钟后再发一次。"
    assert shop.calls("card/update") == []


# repeats hours later ----------------------------------------------------------------------------------------------

REFUSED = {
    "MsgType": "event", "Event": "card_not_pass_check", "RefuseReason": "LOGO 模糊", "Content": None, "MsgId": None,
}  # fmt: skip


def refused(shop: Shop, card_id: str) -> Letter:
    """The reviewers' word, as WeChat pushes it now."""
    event = replace(letter(shop, "", 0), openid="oReviewer0000000000000000000", elements=REFUSED | {"CardId": card_id})
    return replace(event, elements=event.elements | {"CreateTime": str(int(time.time()))})


async def test_an_event_repeated_hours_later_is_not_dispatched_twice(shop: Shop, clock: time_machine.Traveller) -> None:
    event = refused(shop, shop.has_voucher("春节券"))
    signed_then = replace(event, timestamp=str(int(time.time())))
    assert await signed_then.post() == (200, "success")
    assert len(await kept_for_owner(shop)) == 1
    clock.shift(5 * 3600)
    assert await replace(event, nonce="2").post() == (200, "success"), "signed anew: known, and welcome"
    assert await signed_then.post() == (403, ""), "signed then: a replay for all we know"
    clock.shift(19 * 3600)
    assert await replace(event, nonce="3").post() == (200, "success")
    assert len(await kept_for_owner(shop)) == 1


async def kept_for_owner(shop: Shop) -> list[str]:
    """The notices that wait for the owner, who has never written: no window is open."""
    return list(await shop.app.store.do("LRANGE", f"v1:{{{APPID}}}:kept:{PEOPLE['owner'][0]}", 0, -1))


async def test_three_copies_of_one_event_make_one_notice_and_two_events_two(shop: Shop) -> None:
    first, second = (refused(shop, shop.has_voucher(title)) for title in ("春节券", "元宵券"))
    copies = [replace(event, nonce=f"{n}") for n in range(3) for event in (first, second)]
    assert set(await asyncio.gather(*(copy.post() for copy in copies))) == {(200, "success")}
    assert len(await kept_for_owner(shop)) == 2


@pytest.mark.parametrize(
    ("elements", "days"),
    [
        ({}, 25 / 24),
        ({"MsgType": "event", "Event": "CLICK", "EventKey": "a"}, 25 / 24),
        ({"MsgType": "event", "Event": "user_consume_card", "CardId": "p", "UserCardCode": "1"}, 7),
        ({"MsgType": "event", "Event": "CARD_PAY_ORDER", "OrderId": "1"}, 7),
        ({"MsgType": "event", "Event": "update_member_card", "UserCardCode": "1", "ModifyBalance": "5"}, 7),
    ],
    ids=["message", "tap", "redeemed", "paid", "balance"],
)
async def test_identities_are_kept_for_a_day_and_seven_where_stock_or_money_moves(
    shop: Shop, store: Store, elements: dict[str, str], days: float
) -> None:
    copy = letter(shop, "取消", 7)
    assert (await replace(copy, elements=copy.elements | elements).post())[0] == 200
    (key,) = await store.do("KEYS", "v1:*:push:*")
    seconds = int(await store.do("PTTL", key)) / 1000
    assert days * 86_400 <= seconds <= days * 86_400 + 301


async def test_a_push_signed_ahead_of_our_clock_is_remembered_for_as_long_as_it_could_come_back(
    shop: Shop, clock: time_machine.Traveller, store: Store
) -> None:
    """25 hours count from its timestamp, not from the moment we saw it."""
    ahead = replace(refused(shop, shop.has_voucher("春节券")), timestamp=str(int(time.time()) + 299))
    assert await ahead.post() == (200, "success")
    (key,) = await store.do("KEYS", "v1:*:push:card_not*")
    assert int(await store.do("PTTL", key)) / 1000 >= 25 * 3600 + 299
    clock.shift(25 * 3600 + 298)
    assert await ahead.post() == (403, "")


async def test_an_old_event_whose_worker_died_is_still_welcome(
    shop: Shop, store: Store, clock: time_machine.Traveller
) -> None:
    late = replace(refused(shop, shop.has_voucher("春节券")), timestamp=str(int(time.time()) - 7200))
    assert await late.post() == (200, "success")
    (key,) = await store.do("KEYS", "v1:*:push:card_not*")
    await store.do("HSET", key, "state", "running", "until", time.time() + 4)
    assert await late.post() == (403, "")
    clock.shift(5)
    assert await late.post() == (200, "success")


# too many ---------------------------------------------------------------------------------------------------------


async def test_one_person_may_text_so_often_a_minute(
    simulator: Simulator, store: Store, redis_server: str, clock: time_machine.Traveller
) -> None:
    async with open_shop(simulator, redis_server, limits={"messages_per_minute": 2}) as shop:
        copies = [letter(shop, "取消", number) for number in range(4)]
        answers = [await copy.says() for copy in copies]
        too_many = "太快了：一分钟最多 2 条，这一条没有执行。请过一分钟再发。"
        assert answers == [NOTHING_WAITS, NOTHING_WAITS, too_many, too_many]
        assert await copies[0].says() == NOTHING_WAITS, "a repeat counts for nothing"
        assert await shop.owner.says("取消") == NOTHING_WAITS, "nor does somebody else's"
        await shop.speaks_english()
        assert await shop.manager.says("no") == (
            "Too fast: at most 2 messages a minute, so this one was not carried out. Send it again in a minute."
        )
        clock.shift(60)
        assert await shop.manager.says("no") != too_many


# the deadline -----------------------------------------------------------------------------------------------------


async def test_a_slow_answer_follows_once_as_a_customer_service_message(
    simulator: Simulator, store: Store, redis_server: str
) -> None:
    async with open_shop(simulator, redis_server, reply={"deadline": 0.4}) as shop:
        await previewed(shop)
        shop.simulator.fault("card/update", Fault(delay=1.0))
        async with another_bot(shop, redis_server, reply={"deadline": 0.4}) as (other, elsewhere):
            copies = [
                letter(shop, "确认", 7, address=at, nonce=f"{n}") for n, at in enumerate([shop.address, elsewhere] * 2)
            ]
            with in_time(0.9):  # at the deadline, not when it was done
                assert await asyncio.gather(*(copy.post() for copy in copies)) == [(200, "success")] * 4
            await asyncio.gather(shop.app.dispatcher.settle(), other.dispatcher.settle())
        (late,) = shop.manager.reads()
        assert late == DONE
        assert len(shop.calls("card/update")) == 1
        assert await store.do("ZRANGE", f"v1:{{{APPID}}}:open", 0, -1) == []


async def test_without_customer_service_the_repeat_gets_the_answer(
    simulator: Simulator, store: Store, redis_server: str
) -> None:
    """WeChat hangs up after five seconds and asks again; nothing is said that would keep it from doing so."""
    quiet = {"customer_service": False}
    async with open_shop(simulator, redis_server, account=quiet, reply={"deadline": 0.4}) as shop:
        await previewed(shop)
        shop.simulator.fault("card/update", Fault(delay=5.6))
        delivery = await shop.manager.texts("确认")
        assert [attempt.status for attempt in delivery.attempts] == [None, 200]
        assert delivery.attempts[0].seconds > 4.9
        assert delivery.text == DONE
        assert shop.calls("message/custom/send") == []
        assert len(shop.calls("card/update")) == 1


async def test_without_customer_service_the_last_copy_is_answered_with_nothing_and_the_next_message_with_the_result(
    simulator: Simulator, store: Store, redis_server: str
) -> None:
    """After the third copy the person would read that the account is out of order; which is the third shows its age."""
    async with open_shop(simulator, redis_server, account={"customer_service": False}) as shop:
        await previewed(shop)
        shop.simulator.fault("card/update", Fault(delay=5.2))
        copy = letter(shop, "确认", 7)
        last = replace(copy, elements=copy.elements | {"CreateTime": str(int(time.time()) - 10)})
        with in_time():
            assert await last.post() == (200, "success")
        assert await replace(last, nonce="2").post() == (200, "success"), "a fourth one gets no second answer"
        await shop.app.dispatcher.settle()
        assert await shop.manager.says("取消") == f"{NOTHING_WAITS}\n\n—— 1 条回复在等你 ——\n{DONE}"
        assert await shop.manager.says("取消") == NOTHING_WAITS


async def test_a_promise_whose_process_died_is_kept_by_the_next(
    shop: Shop, store: Store, clock: time_machine.Traveller
) -> None:
    """WeChat has been told success and will not ask again: somebody has to send what became of it."""
    await shop.manager.says("取消")
    gone = Inbox(store)  # of a process that was killed
    for identity, answer in (("message:done", {"kind": "text", "text": "已核销"}), ("message:unknown", None)):
        copy = Copy(APPID, MANAGER, identity, identity, b"", 90_000, 600)
        claimed = await gone.claim(copy, time.time())
        await gone.promise(APPID, identity, time.time())
        if answer is not None:
            await gone.finish(copy, claimed.ticket, answer, time.time(), owed=True)
    await carried_on(shop)
    assert shop.manager.reads() == [], "its process may be slow, and alive"
    clock.shift(6)
    await carried_on(shop)
    await carried_on(shop)
    assert sorted(shop.manager.reads()) == sorted(["已核销", IN_DOUBT])


async def test_a_promise_kept_late_reads_english(shop: Shop, store: Store, clock: time_machine.Traveller) -> None:
    await shop.speaks_english()
    await shop.manager.says("no")
    gone = Inbox(store)  # of a process that was killed
    await gone.claim(Copy(APPID, MANAGER, "message:1", "1", b"", 90_000, 600), time.time())
    await gone.promise(APPID, "message:1", time.time())
    clock.shift(6)
    await carried_on(shop)
    assert shop.manager.reads() == [IN_DOUBT_EN]


# processes that are no more, and no copy that would come -------------------------------------------------------------


def asked_by(who: str, text: str, **changed: Any) -> Incoming:
    """A message as a process that was killed had received it."""
    fields = {"MsgType": "text", "FromUserName": PEOPLE[who][0], "Content": text}
    push = Incoming(APPID, "gh_0123456789ab", PEOPLE[who][0], "message", "text", int(time.time()), f"message:{text}")
    return replace(push, **({"text": text, "fields": fields} | changed))


async def left_undone(shop: Shop, store: Store, push: Incoming, *, has_begun: str = "", promised: bool = True) -> None:
    """``push`` was claimed, perhaps begun and promised an answer, by a process that is no more."""
    sealer = shop.app.services[APPID].answers.sealer
    gone = Inbox(store)
    kept = written(push, 90_000, sealer)
    copy = Copy(APPID, push.openid, push.identity, push.identity, b"", 90_000, 600, message=kept)
    claimed = await gone.claim(copy, time.time())
    if has_begun:
        await gone.begin(copy, claimed.ticket, has_begun, time.time())
    if promised:
        await gone.promise(APPID, push.identity, time.time())


async def carried_on(shop: Shop) -> None:
    """Somebody looks, and what was found is done."""
    if attempts := await shop.app.dispatcher.late.look():
        await asyncio.wait(attempts)


async def test_a_command_whose_process_died_is_carried_on_and_answered_once(
    shop: Shop, store: Store, clock: time_machine.Traveller
) -> None:
    await shop.manager.says("取消")
    await left_undone(shop, store, asked_by("manager", "继续"))
    await carried_on(shop)
    assert shop.manager.reads() == [], "its process may be slow, and alive"
    clock.shift(5)
    await carried_on(shop)
    await carried_on(shop)
    assert shop.manager.reads() == ["没有更多内容了"]


async def test_what_a_stopping_worker_hands_back_is_carried_on_by_the_next(
    shop: Shop, store: Store, clock: time_machine.Traveller
) -> None:
    await shop.manager.says("取消")
    shop.has_voucher("春节券")
    await left_undone(shop, store, asked_by("manager", "卡券"))
    clock.shift(5)
    shop.simulator.fault("card/batchget", Fault(delay=5))
    (attempt,) = await shop.app.dispatcher.late.look()
    await asked(shop, "card/batchget")
    attempt.cancel()
    await asyncio.wait({attempt})
    await shop.app.dispatcher.settle()
    assert shop.manager.reads() == []
    await carried_on(shop)
    (late,) = shop.manager.reads()
    assert "春节券" in late


async def test_without_a_promise_wechats_own_copies_come_first(
    shop: Shop, store: Store, clock: time_machine.Traveller
) -> None:
    await shop.manager.says("取消")
    await left_undone(shop, store, asked_by("manager", "继续"), promised=False)
    clock.shift(15)
    await carried_on(shop)
    assert shop.manager.reads() == []
    clock.shift(6)
    await carried_on(shop)
    assert shop.manager.reads() == ["没有更多内容了"]


async def test_a_yes_that_had_begun_and_was_not_done_is_done(
    shop: Shop, store: Store, clock: time_machine.Traveller
) -> None:
    """Its process died after it had said that it begins, and before WeChat was asked: card/get shows that."""
    await previewed(shop)
    await left_undone(shop, store, asked_by("manager", "确认"), has_begun=begun.VOUCHERS)
    clock.shift(5)
    await carried_on(shop)
    assert shop.manager.reads() == [DONE]
    assert len(shop.calls("card/update")) == 1


async def test_stock_bought_by_a_process_that_died_is_told_and_not_bought_again(
    shop: Shop, store: Store, clock: time_machine.Traveller
) -> None:
    """Its process died after WeChat had answered: the order list shows that."""
    shop.has_voucher("春节券", sku={"quantity": 500, "total_quantity": 500})
    shop.simulator.set_coins(shop.appid, "50", "0")
    await shop.manager.says("库存 春节券 +100")
    services = shop.app.services[APPID]
    manager = next(each for each in services.people.all() if each.openid == MANAGER)
    preview = await services.pending.peek(manager)
    assert preview is not None
    await services.vouchers.stock.apply(preview.payload, manager)
    await left_undone(shop, store, asked_by("manager", "确认"), has_begun=begun.VOUCHERS)
    shop.manager.reads()
    clock.shift(5)
    await carried_on(shop)
    assert "✅「春节券」库存已加 100 张，现在 600 张\n用了 20 券点，余额 30\n已在微信核对" in shop.manager.reads()
    assert len(shop.calls("card/pay/confirm")) == 1


async def test_what_had_begun_and_cannot_be_looked_up_is_in_doubt_and_not_done_again(
    shop: Shop, store: Store, clock: time_machine.Traveller
) -> None:
    await shop.owner.says("取消")
    await left_undone(shop, store, asked_by("owner", "邀请 店员 小王"), has_begun=begun.PEOPLE)
    clock.shift(5)
    await carried_on(shop)
    assert shop.owner.reads() == [IN_DOUBT.replace("查看", "成员")]


async def test_an_answer_nobody_was_seen_to_get_is_shown_once_more_and_marked(
    shop: Shop, store: Store, clock: time_machine.Traveller
) -> None:
    """Its process died between knowing the answer and giving it, or just after."""
    gone, push = Inbox(store), asked_by("manager", "继续")
    copy = Copy(APPID, MANAGER, push.identity, "1", b"", 90_000, 600)
    claimed = await gone.claim(copy, time.time())
    await gone.finish(copy, claimed.ticket, {"kind": "text", "text": "已核销"}, time.time(), owed=True)
    clock.shift(19)
    await carried_on(shop)
    assert await shop.manager.says("取消") == NOTHING_WAITS, "a copy may still get it"
    clock.shift(2)
    await carried_on(shop)
    waiting = "—— 1 条回复在等你 ——\n重发（可能已看过）：\n已核销"
    assert await shop.manager.says("取消") == f"{NOTHING_WAITS}\n\n{waiting}"
    await carried_on(shop)
    assert await shop.manager.says("取消") == NOTHING_WAITS


async def test_a_message_whose_sender_died_while_it_was_sent_is_kept_and_marked(shop: Shop) -> None:
    services = shop.app.services[APPID]
    await shop.manager.says("取消")
    await services.telling.sending(MANAGER, "review:1")
    await shop.app.dispatcher.notices.deliver(services, Notice(MANAGER, Reply("show_more.nothing"), "review:1"))
    assert shop.manager.reads() == []
    shown = await shop.manager.says("取消")
    assert shown == f"{NOTHING_WAITS}\n\n—— 之前没能送达的 1 条 ——\n重发（可能已看过）：\n没有更多内容了"


async def test_what_waits_goes_on_waiting_where_the_claim_was_lost(shop: Shop, store: Store) -> None:
    """Whoever took the push over answers it without what waits, so nobody has been shown that."""
    answers = shop.app.services[APPID].answers
    await shop.manager.says("取消")
    await answers.keep(MANAGER, "已核销", answer=True)
    shop.has_voucher("春节券")
    shop.simulator.fault("card/batchget", Fault(delay=0.6))
    slow = asyncio.create_task(letter(shop, "卡券", 1).says())
    await asked(shop, "card/batchget")
    (identity,) = await store.do("ZRANGE", keys.open_pushes(APPID), 0, -1)
    await store.do("HSET", keys.push(APPID, identity), "until", 0)
    elsewhere = Inbox(store)
    await elsewhere.promise(APPID, identity, time.time())
    taken = await elsewhere.take_over(APPID, identity, time.time())
    assert isinstance(taken, TakenOver)
    assert await slow == ""
    await shop.app.dispatcher.settle()
    assert [each.text for each in await answers.kept(MANAGER)] == ["已核销"]


# one after the other ----------------------------------------------------------------------------------------------


async def test_one_persons_commands_are_carried_out_in_their_order_whatever_process_they_reach(
    shop: Shop, redis_server: str
) -> None:
    shop.has_voucher("春节券")
    shop.simulator.fault("card/batchget", Fault(delay=0.6))
    async with another_bot(shop, redis_server) as (_, elsewhere):
        first = asyncio.create_task(letter(shop, CHANGE, 1).says())
        await asked(shop, "card/batchget")
        assert await letter(shop, "确认", 2, address=elsewhere).says() == DONE
        assert "客服电话" in await first


async def test_other_people_are_not_waited_for(shop: Shop) -> None:
    shop.has_voucher("春节券")
    shop.simulator.fault("card/batchget", Fault(delay=0.6))
    first = asyncio.create_task(letter(shop, "卡券", 1).says())
    await asked(shop, "card/batchget")
    assert await letter(shop, "取消", 2, who="owner").says() == NOTHING_WAITS
    assert not first.done()
    assert "春节券" in await first


async def test_an_event_whose_process_died_is_carried_on(
    shop: Shop, store: Store, clock: time_machine.Traveller
) -> None:
    await shop.manager.says("取消")
    card_id = shop.has_voucher("春节券")
    event = asked_by("customer", "", kind="event", type="card_pass_check", fields={"CardId": card_id})
    await left_undone(shop, store, event, promised=False)
    clock.shift(21)
    await carried_on(shop)
    assert [text.splitlines()[0] for text in shop.manager.reads()] == ["✅「春节券」通过审核"]
    await carried_on(shop)
    assert shop.manager.reads() == []


async def test_a_customer_is_not_written_to(shop: Shop, store: Store, clock: time_machine.Traveller) -> None:
    await left_undone(shop, store, asked_by("customer", "在吗"), promised=False)
    clock.shift(21)
    await carried_on(shop)
    assert shop.customer.reads() == []
    assert await store.do("ZCARD", "v1:{wx0123456789abcdef}:open") == 0


async def test_what_a_new_secret_made_unreadable_is_told_as_in_doubt(
    shop: Shop, store: Store, clock: time_machine.Traveller
) -> None:
    await shop.manager.says("取消")
    push = asked_by("manager", "继续")
    copy = Copy(APPID, push.openid, push.identity, "1", b"", 90_000, 600, message="sealed with another secret")
    await Inbox(store).claim(copy, time.time())
    await Inbox(store).promise(APPID, push.identity, time.time())
    clock.shift(61)
    await carried_on(shop)
    assert shop.manager.reads() == [IN_DOUBT]
