"""Notices and late answers on their way down the ladder, and what becomes of a job that is given up."""

from __future__ import annotations

import asyncio
import shlex
from typing import Any

import pytest
import time_machine

from bot.clock import now
from bot.dispatch.late import JOB
from bot.dispatch.notices import job_id
from bot.routing import Notice, Reply
from bot.simulator import Fault, Simulator
from bot.store import Store
from bot.store.jobs import JobShelf, reference
from tests.dispatch.test_repeats import APPID, IN_DOUBT, IN_DOUBT_EN, NOTHING_WAITS, asked_by, left_undone
from tests.shop import PEOPLE, Shop, open_shop

WORDS = "没有更多内容了"
SEND = "message/custom/send"


async def told(shop: Shop, **more: Any) -> None:
    """The manager is to hear one fact, for the first time or again."""
    services = shop.app.services[APPID]
    notice = Notice(shop.manager.openid, Reply("show_more.nothing"), "review:1", **more)
    await shop.app.dispatcher.notices.deliver(services, notice)


async def killed_twice(store: Store, identity: str, clock: time_machine.Traveller) -> None:
    """The job that was to carry on a push has taken two workers with it."""
    shelf, which = JobShelf(store), reference(APPID, identity)
    await shelf.put(JOB, which, {"identity": identity}, now())
    for time in range(2):
        await shelf.begin(which, f"gone:{time}", now())
        for seconds in (4, 2):
            clock.shift(seconds)
            await shelf.overdue(now(), kills=2)


# rungs ------------------------------------------------------------------------------------------------------------


async def test_a_wechat_that_is_busy_is_asked_again_and_the_notice_arrives_once(
    shop: Shop, clock: time_machine.Traveller
) -> None:
    await shop.manager.says("取消")
    shop.simulator.fault(SEND, Fault(errcode=-1))
    await told(shop)
    assert shop.manager.reads() == []
    clock.shift(3)
    await told(shop)
    await told(shop)
    assert shop.manager.reads() == [WORDS]
    assert await shop.manager.says("取消") == NOTHING_WAITS


async def test_who_was_removed_before_the_next_try_hears_nothing_any_more(
    shop: Shop, clock: time_machine.Traveller
) -> None:
    await shop.manager.says("取消")
    shop.simulator.fault(SEND, Fault(errcode=-1))
    await told(shop)
    await shop.owner.says("移除 张三")
    shop.manager.reads()
    clock.shift(3)
    await told(shop)
    assert shop.manager.reads() == []


@pytest.mark.parametrize("errcode", [45015, 45047, 48001])
async def test_a_refusal_moves_one_rung_down_and_is_not_repeated(shop: Shop, errcode: int) -> None:
    await shop.manager.says("取消")
    shop.simulator.fault(SEND, Fault(errcode=errcode), times=None)
    await told(shop)
    await told(shop)
    assert len(shop.calls(SEND)) == 1
    assert await shop.manager.says("取消") == f"{NOTHING_WAITS}\n\n—— 之前没能送达的 1 条 ——\n{WORDS}"
    assert await shop.manager.says("取消") == NOTHING_WAITS


async def test_an_account_that_may_not_send_is_not_asked_again_today(shop: Shop, clock: time_machine.Traveller) -> None:
    await shop.everybody_texts()
    shop.simulator.fault(SEND, Fault(errcode=48001))
    await told(shop)
    services = shop.app.services[APPID]
    notice = Notice(shop.owner.openid, Reply("show_more.nothing"), "review:2")
    await shop.app.dispatcher.notices.deliver(services, notice)
    assert len(shop.calls(SEND)) == 1
    clock.shift(86_401)
    await shop.owner.says("取消")
    await shop.app.dispatcher.notices.deliver(
        services, Notice(shop.owner.openid, Reply("show_more.nothing"), "review:3")
    )
    assert shop.owner.reads() == [WORDS]


async def test_a_message_whose_answer_was_lost_is_shown_once_more_and_marked(shop: Shop) -> None:
    await shop.speaks_english()
    await shop.manager.says("no")
    shop.simulator.fault(SEND, Fault(lose_answer=True))
    await told(shop)
    assert shop.manager.reads() == ["There is nothing more to show."]
    following = await shop.manager.says("no")
    assert following.endswith(
        "—— 1 message that could not reach you before ——\n"
        "重发 · sent again, you may have read it:\n"
        "There is nothing more to show."
    )


# given up ---------------------------------------------------------------------------------------------------------


async def test_a_command_that_killed_two_workers_is_in_doubt_for_its_sender_and_told_to_owners(
    shop: Shop, store: Store, clock: time_machine.Traveller
) -> None:
    await shop.everybody_texts()
    push = asked_by("manager", "继续")
    await left_undone(shop, store, push)
    await killed_twice(store, push.identity, clock)
    await asyncio.wait({await shop.app.jobs.start(JOB, push.identity, APPID, {"identity": push.identity})})
    assert shop.owner.reads() == [
        "⚠️ 14:02 的一项后台工作两次中断了程序，已停止重试\n"
        "发起的人会收到说明\n"
        f"管理员可查看：voucherbot jobs show {APPID}/{push.identity}"
    ]
    assert shop.clerk.reads() == []
    assert await shop.manager.says("取消") == f"{NOTHING_WAITS}\n\n—— 1 条回复在等你 ——\n{IN_DOUBT}"
    clock.shift(60)
    assert await shop.app.dispatcher.late.look() == set(), "nobody looks after it any more"


async def test_it_reads_english(simulator: Simulator, store: Store, redis_server: str, clock: Any) -> None:
    async with open_shop(simulator, redis_server) as shop:
        await shop.speaks_english()
        await shop.everybody_texts()
        push = asked_by("manager", "more")
        await left_undone(shop, store, push)
        await killed_twice(store, push.identity, clock)
        await asyncio.wait({await shop.app.jobs.start(JOB, push.identity, APPID, {"identity": push.identity})})
        assert shop.owner.reads() == [
            "⚠️ Work of 14:02 was given up: it ended the program twice\n"
            "Whoever asked for it is told\n"
            f"The administrator can look: voucherbot jobs show {APPID}/{push.identity}"
        ]
        assert (await shop.manager.says("no")).endswith(f"—— 1 answer waiting ——\n{IN_DOUBT_EN}")


def test_a_job_is_named_in_a_shell_as_it_is() -> None:
    """Owners and administrators copy ``voucherbot jobs show …`` from a message or a table."""
    named = job_id(Notice(PEOPLE["owner"][0], Reply("show_more.nothing"), "review:1:1797235200"))
    assert shlex.quote(reference(APPID, named)) == reference(APPID, named)
