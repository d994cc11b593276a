"""Redis slow, hung or dead: everybody hears the truth in time, and nothing is pretended."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import pytest
import time_machine

from bot.dispatch.late import written
from bot.dispatch.work import Work
from bot.errors import StoreUnavailable
from bot.simulator import Fault, Simulator
from bot.store.inbox import Copy, Inbox, new_ticket
from bot.wechat.inbound import Incoming
from tests.dispatch.bots import another_bot, letter
from tests.dispatch.stopwatch import in_time
from tests.dispatch.test_repeats import (
    APPID,
    CHANGE,
    DONE,
    IN_DOUBT,
    IN_DOUBT_EN,
    MANAGER,
    NOTHING_WAITS,
    asked,
    asked_by,
    refused,
)
from tests.dispatch.unruly_redis import UnrulyRedis, unruly_redis
from tests.shop import PEOPLE, Shop, open_shop

pytestmark = pytest.mark.slow

AGAIN = "⚠️ 系统暂时忙，这条没有执行。请一分钟后再发一次。"
AGAIN_EN = "⚠️ The bot is busy and did not carry this out. Please send it again in a minute."
TAP = {"MsgType": "event", "Event": "CLICK", "EventKey": "STATS", "Content": None, "MsgId": None}


@pytest.fixture
def redis() -> Iterator[UnrulyRedis]:
    """A Redis of this test's own."""
    with unruly_redis() as server:
        yield server
        server.resume()


@pytest.fixture
async def shop(simulator: Simulator, redis: UnrulyRedis) -> AsyncIterator[Shop]:
    """A shop on that Redis; it goes on when the test ends."""
    async with open_shop(simulator, redis.url) as opened:
        await opened.manager.says("取消")
        opened.has_voucher("春节券")
        yield opened
        redis.resume()


def stop(redis: UnrulyRedis, how: str) -> None:
    """Make Redis hang, or end it."""
    redis.pause() if how == "hung" else redis.kill()


def go_on_at_once(redis: UnrulyRedis, how: str) -> None:
    """Let Redis answer again."""
    redis.resume() if how == "hung" else redis.start()


def go_on(redis: UnrulyRedis, how: str, clock: time_machine.Traveller) -> None:
    """Let Redis answer again. What was asked while it hung it does now: such claims lapse unworked."""
    go_on_at_once(redis, how)
    clock.shift(5)


# before anything is recorded --------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["hung", "dead"])
async def test_people_we_know_are_asked_to_send_it_again_and_the_repeat_is_carried_out(
    shop: Shop, redis: UnrulyRedis, clock: time_machine.Traveller, how: str
) -> None:
    change = letter(shop, CHANGE, 7)
    stop(redis, how)
    with in_time(3):
        assert await change.says() == AGAIN
    with in_time(3):
        assert await replace(change, elements=TAP).says() == AGAIN
    assert shop.calls("card/get") == []
    go_on(redis, how, clock)
    assert "客服电话" in await change.says()
    assert await shop.manager.says("确认") == DONE


async def test_in_the_language_of_the_sender(shop: Shop, redis: UnrulyRedis) -> None:
    await shop.speaks_english()
    redis.kill()
    assert await letter(shop, "stats", 7).says() == AGAIN_EN


@pytest.mark.parametrize("how", ["hung", "dead"])
@pytest.mark.parametrize(("setting", "answer"), [("nothing", "success"), ("text", "请到店咨询"), ("transfer", "")])
async def test_customers_get_the_customers_answer(
    simulator: Simulator, redis: UnrulyRedis, setting: str, answer: str, how: str
) -> None:
    settings = {"customers": setting, "customers_text": "请到店咨询"}
    async with open_shop(simulator, redis.url, account=settings) as shop:
        stop(redis, how)
        for number, words in enumerate(("你好", "join ABCDEFGH12345678")):
            message = letter(shop, words, number, who="customer")
            with in_time(3):
                if setting == "nothing":
                    assert await message.post() == (200, "success")
                else:
                    assert await message.says() == answer
        redis.resume()


@pytest.mark.parametrize("how", ["hung", "dead"])
async def test_events_are_left_for_wechat_to_push_again_and_then_told_once(
    shop: Shop, redis: UnrulyRedis, clock: time_machine.Traveller, how: str
) -> None:
    event = refused(shop, shop.has_voucher("元宵券"))
    stop(redis, how)
    with in_time(3):
        assert await event.post() == (503, "")
    with in_time(3):
        unread = replace(event, elements={"MsgType": "file", "Content": None})
        assert await unread.post() == (503, "")
    go_on(redis, how, clock)
    assert await replace(event, nonce="2").post() == (200, "success")
    assert await replace(event, nonce="3").post() == (200, "success")
    assert len([text for text in shop.manager.reads() if "元宵券" in text] + await kept(shop)) == 1


async def kept(shop: Shop) -> list[str]:
    """What waits for the manager, where it could not be sent."""
    return list(await shop.app.store.do("LRANGE", f"v1:{{{shop.appid}}}:kept:{MANAGER}", 0, -1))


async def test_more_at_once_than_there_are_connections_are_all_answered_in_time(shop: Shop, redis: UnrulyRedis) -> None:
    """Whoever gets no connection is told as soon."""
    redis.pause()
    with in_time():
        answers = await asyncio.gather(*(letter(shop, "统计", number).says() for number in range(80)))
    assert set(answers) == {AGAIN}


async def test_redis_that_pauses_for_a_second_is_waited_for(shop: Shop, redis: UnrulyRedis) -> None:
    redis.pause()
    asyncio.get_running_loop().call_later(1.0, redis.resume)
    with in_time():
        assert await letter(shop, "取消", 7).says() == NOTHING_WAITS
    assert await letter(shop, "取消", 7, nonce="2").says() == NOTHING_WAITS


# in the middle ----------------------------------------------------------------------------------------------------


async def wait_for(shop: Shop, path: str) -> None:
    """Returns when the API is called for the first time from now."""
    shop.simulator.clear_calls()
    await asked(shop, path)


@pytest.mark.parametrize("how", ["hung", "dead"])
async def test_a_yes_before_its_write_is_not_carried_out_then_or_later(
    shop: Shop, redis: UnrulyRedis, clock: time_machine.Traveller, how: str
) -> None:
    await shop.manager.says(CHANGE)
    shop.simulator.fault("card/get", Fault(delay=0.3))
    with in_time():
        answer = asyncio.create_task(letter(shop, "确认", 7).says())
        await wait_for(shop, "card/get")
        stop(redis, how)
        assert await answer == AGAIN
    go_on(redis, how, clock)
    await shop.app.dispatcher.settle(15)
    assert shop.calls("card/update") == []
    assert shop.manager.reads() == []


@pytest.mark.parametrize("how", ["hung", "dead"])
async def test_a_yes_whose_write_had_begun_is_in_doubt_or_told_as_far_as_it_is_known(
    shop: Shop, redis: UnrulyRedis, clock: time_machine.Traveller, how: str
) -> None:
    """WeChat accepted, but what then had to be looked up and noted could not be."""
    await shop.manager.says(CHANGE)
    shop.simulator.fault("card/update", Fault(delay=0.3))
    with in_time():
        answer = asyncio.create_task(letter(shop, "确认", 7).says())
        await wait_for(shop, "card/update")
        stop(redis, how)
        first = await answer
    unchecked = "⚠️「春节券」微信已接受，但暂时读不到结果，没能核对\n过几分钟用「查看 春节券」核对，不用重发\n记录号 1"
    assert first in (IN_DOUBT, unchecked)
    with in_time():
        meanwhile = await letter(shop, "确认", 7, nonce="2").says()
    assert meanwhile in (first, unchecked), "a copy meanwhile"
    go_on(redis, how, clock)
    await shop.app.dispatcher.settle(15)
    assert shop.manager.reads() == ([unchecked] if meanwhile == IN_DOUBT else [])
    assert len(shop.calls("card/update")) == 1


async def test_in_doubt_reads_english(shop: Shop, redis: UnrulyRedis) -> None:
    await shop.speaks_english()
    await shop.manager.says(CHANGE)
    shop.simulator.fault("card/update", Fault(delay=4.5))
    with in_time():
        answer = asyncio.create_task(letter(shop, "yes", 7).says())
        await wait_for(shop, "card/update")
        redis.pause()
        assert await answer == IN_DOUBT_EN


@pytest.mark.parametrize("how", ["hung", "dead"])
async def test_a_question_in_the_middle_is_to_be_sent_again(
    shop: Shop, redis: UnrulyRedis, clock: time_machine.Traveller, how: str
) -> None:
    shop.simulator.fault("card/batchget", Fault(delay=0.3))
    with in_time():
        answer = asyncio.create_task(letter(shop, "卡券", 7).says())
        await wait_for(shop, "card/batchget")
        stop(redis, how)
        assert await answer == AGAIN
    go_on(redis, how, clock)
    assert "春节券" in await letter(shop, "卡券", 7, nonce="2").says()


@pytest.mark.parametrize("how", ["hung", "dead"])
async def test_a_copy_that_waits_for_another_bot_is_in_doubt(shop: Shop, redis: UnrulyRedis, how: str) -> None:
    """Whoever only waits cannot know whether it was done."""
    await shop.manager.says(CHANGE)
    shop.simulator.fault("card/update", Fault(delay=4.0))
    async with another_bot(shop, redis.url) as (_, elsewhere):
        first = asyncio.create_task(letter(shop, "确认", 7).says())
        await wait_for(shop, "card/update")
        with in_time():
            second = asyncio.create_task(letter(shop, "确认", 7, address=elsewhere, nonce="2").says())
            while not await shop.app.store.do("PUBSUB", "CHANNELS"):
                await asyncio.sleep(0.01)
            stop(redis, how)
            assert await second == IN_DOUBT
        assert await first == IN_DOUBT
        go_on_at_once(redis, how)


async def test_without_customer_service_the_answer_comes_in_time_as_well(
    simulator: Simulator, redis: UnrulyRedis
) -> None:
    async with open_shop(simulator, redis.url, account={"customer_service": False}) as shop:
        shop.has_voucher("春节券")
        simulator.fault("card/batchget", Fault(delay=30))
        with in_time():
            answer = asyncio.create_task(letter(shop, "卡券", 7).says())
            await wait_for(shop, "card/batchget")
            redis.pause()
            assert await answer == AGAIN
        redis.resume()


@pytest.mark.parametrize("how", ["hung", "dead"])
async def test_an_answer_that_could_not_be_stored_is_still_given_to_copies_and_stored_later(
    shop: Shop, redis: UnrulyRedis, clock: time_machine.Traveller, how: str
) -> None:
    shop.simulator.set_figures(shop.appid, None, "2026-11-02", 1, {"verify_cnt": 2})
    shop.simulator.fault("datacube/getcardbizuininfo", Fault(delay=0.3), times=None)
    with in_time():
        answer = asyncio.create_task(letter(shop, "统计 2026-11-02", 7).says())
        await wait_for(shop, "datacube/getcardbizuininfo")
        stop(redis, how)
        first = await answer
    assert first.startswith("11月2日"), first
    with in_time():
        assert await letter(shop, "统计 2026-11-02", 7, nonce="2").says() == first
    go_on(redis, how, clock)
    await shop.app.dispatcher.settle(15)
    asked_so_far = len(shop.calls("datacube/getcardbizuininfo"))
    assert await letter(shop, "统计 2026-11-02", 7, nonce="3").says() == first
    assert len(shop.calls("datacube/getcardbizuininfo")) == asked_so_far


@pytest.mark.parametrize("how", ["hung", "dead"])
async def test_a_review_result_in_the_middle_is_told_once_after_all(
    shop: Shop, redis: UnrulyRedis, clock: time_machine.Traveller, how: str
) -> None:
    event = refused(shop, shop.has_voucher("元宵券"))
    shop.simulator.fault("card/get", Fault(delay=0.3))
    with in_time():
        answer = asyncio.create_task(event.post())
        await wait_for(shop, "card/get")
        stop(redis, how)
        assert await answer == (503, "")
    go_on(redis, how, clock)
    for nonce in "234":
        assert await replace(event, nonce=nonce).post() == (200, "success")
    assert len([text for text in shop.manager.reads() if "元宵券" in text] + await kept(shop)) == 1


# at the deadline --------------------------------------------------------------------------------------------------


@pytest.fixture
async def hasty(simulator: Simulator, redis: UnrulyRedis) -> AsyncIterator[Shop]:
    """A shop whose deadline is soon, with a list of vouchers that comes after it."""
    async with open_shop(simulator, redis.url, reply={"deadline": 0.5}) as opened:
        opened.has_voucher("春节券")
        simulator.fault("card/batchget", Fault(delay=0.8))
        yield opened


def running(shop: Shop) -> Work:
    """The one push in hand."""
    (work,) = shop.app.dispatcher._running.values()
    return work


async def test_what_ends_while_redis_is_silent_at_the_deadline_is_answered(
    hasty: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def silent(push: Incoming) -> None:
        await running(hasty).outcome()

    monkeypatch.setattr(hasty.app.dispatcher.late, "may_follow", silent)
    with in_time():
        assert "春节券" in await letter(hasty, "卡券", 7).says()
    await hasty.app.dispatcher.settle(15)
    assert hasty.manager.reads() == []


async def test_what_fails_while_it_is_promised_is_to_be_sent_again(
    hasty: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its claim is given back, and the promise with it: that Redis took the promise before is no answer."""
    promise = hasty.app.dispatcher.late.promise

    async def promised(push: Incoming, within: float) -> bool:
        heard = await promise(push, within)
        work = running(hasty)
        work.hand_back()
        await asyncio.wait({work.task})
        return heard

    monkeypatch.setattr(hasty.app.dispatcher.late, "promise", promised)
    await hasty.manager.says("取消")
    with in_time():
        assert await letter(hasty, "卡券", 7).says() == AGAIN
    monkeypatch.undo()
    await hasty.app.dispatcher.settle(15)
    assert "春节券" in await letter(hasty, "卡券", 7, nonce="2").says()


async def test_a_claim_given_back_cannot_be_promised_an_answer(shop: Shop) -> None:
    inbox, now = Inbox(shop.app.store), time.time()
    copy = Copy(APPID, MANAGER, "message:9", "1", b"", 60.0, 60.0, ticket=new_ticket())
    assert not await inbox.promise(APPID, copy.identity, now)
    await inbox.claim(copy, now)
    assert await inbox.promise(APPID, copy.identity, now)
    await inbox.revoke(copy, copy.ticket)
    assert not await inbox.promise(APPID, copy.identity, now)


async def test_a_part_whose_message_is_to_be_sent_again_is_shown_then(shop: Shop) -> None:
    """Redis went away after ``more`` had taken it."""
    answers, inbox, now = shop.app.services[APPID].answers, Inbox(shop.app.store), time.time()
    await answers.leave(MANAGER, ["第二部分", "第三部分"])
    copy = Copy(APPID, MANAGER, "message:9", "1", b"", 60.0, 60.0, queued=True, ticket=new_ticket())
    await inbox.claim(copy, now)
    assert await answers.next_part(MANAGER, copy.identity)
    shop.app.dispatcher._revocations.add(copy, copy.ticket)
    await shop.app.dispatcher.settle(5)
    assert (await shop.manager.says("继续")).startswith("第二部分")
    assert (await shop.manager.says("继续")).startswith("第三部分")


async def test_a_part_that_was_shown_is_not_shown_again_for_a_copy_that_failed(shop: Shop) -> None:
    """The first copy of ``more`` was answered; the claim of the second, which met no Redis, is undone."""
    answers = shop.app.services[APPID].answers
    await answers.leave(MANAGER, ["第二部分", "第三部分"])
    assert (await letter(shop, "继续", 9).says()).startswith("第二部分")
    (taken,) = await shop.app.store.do("KEYS", "*:leftover:taken:*")
    second = Copy(APPID, MANAGER, taken.partition(":taken:")[2], "1", b"", 60.0, 60.0, queued=True)
    shop.app.dispatcher._revocations.add(second, new_ticket())
    await shop.app.dispatcher.settle(5)
    assert (await shop.manager.says("继续")).startswith("第三部分")


async def test_a_claim_yet_to_be_undone_is_carried_on_by_nobody(
    shop: Shop, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Redis is so slow that undoing takes longer than WeChat's copies could come."""
    inbox, dispatcher = Inbox(shop.app.store), shop.app.dispatcher
    message = written(asked_by("manager", "卡券"), 60.0, shop.app.services[APPID].answers.sealer)
    copy = Copy(APPID, MANAGER, "message:9", "1", b"", 60.0, 60.0, message=message, queued=True, ticket=new_ticket())
    await inbox.claim(copy, time.time())
    slow = asyncio.Event()

    async def undone(*_: object) -> None:
        await slow.wait()
        await inbox.revoke(copy, copy.ticket)

    monkeypatch.setattr(dispatcher._revocations._inbox, "revoke", undone)
    dispatcher._revocations.add(copy, copy.ticket)
    clock.shift(30)
    assert await dispatcher.late.look() == set()
    slow.set()
    await dispatcher.settle(5)
    assert await dispatcher.late.look() == set()
    assert shop.manager.reads() == []


async def test_what_is_kept_for_a_person_is_not_lost_with_an_answer_that_is(
    shop: Shop, redis: UnrulyRedis, clock: time_machine.Traveller
) -> None:
    await shop.app.services[shop.appid].answers.keep(MANAGER, "审核有结果了")
    shop.simulator.fault("card/batchget", Fault(delay=0.3))
    answer = asyncio.create_task(letter(shop, "卡券", 7).says())
    await wait_for(shop, "card/batchget")
    redis.kill()
    assert await answer == AGAIN
    redis.start()
    clock.shift(5)
    assert (await shop.manager.says("取消")).endswith("—— 之前没能送达的 1 条 ——\n审核有结果了")
    assert await shop.manager.says("取消") == NOTHING_WAITS


async def test_what_is_kept_waits_on_where_its_rest_cannot_be_left(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = shop.app.services[APPID].answers
    await answers.keep(MANAGER, "审" * 660)

    async def away(*_: object) -> None:
        raise StoreUnavailable

    with monkeypatch.context() as patched:
        patched.setattr(answers, "leave", away)
        assert (await shop.manager.says("取消")).startswith(NOTHING_WAITS)
    assert (await shop.manager.says("取消") + await shop.manager.says("继续")).count("审") == 660
    assert await shop.manager.says("取消") == NOTHING_WAITS


async def test_a_person_added_elsewhere_is_known_once_redis_says_so(shop: Shop, redis: UnrulyRedis) -> None:
    """The own copy of the operators is what is believed while Redis is away, and only then."""
    redis.kill()
    assert await letter(shop, "统计", 7, who="owner").says() == AGAIN
    assert await letter(shop, "统计", 8, who="customer").post() == (200, "success")
    assert PEOPLE["owner"][0] != MANAGER
