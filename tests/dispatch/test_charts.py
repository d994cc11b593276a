"""Charts on their way: the same on every copy, late, refused, kept, carried on, and beside what waits."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest
import time_machine

from bot.clock import now
from bot.dispatch import answer
from bot.dispatch.answer import Answer, AnswerKind
from bot.simulator import Fault, Simulator
from bot.simulator.replies import Judge
from bot.store import Store
from bot.store.inbox import Copy, Inbox
from bot.wechat.outbound import Article
from tests.dispatch.bots import letter
from tests.dispatch.test_repeats import asked_by, carried_on, left_undone
from tests.handlers.test_daily_stats import a_week
from tests.handlers.test_draw_chart import REPORT, WEEK
from tests.shop import KEY, PUBLIC, Shop, open_shop
from tests.web.postman import post

ASK = "走势 7天"
FIGURES = "datacube/getcardbizuininfo"
SEND = "message/custom/send"
NOTHING_WAITS = "现在没有等待确认的操作。预览 10 分钟内有效，过期请重新发送原来的命令。"
OPENS = "\n打开看图（24 小时内有效，请勿转发）：\nLINK"
SERVER = {"public_url": PUBLIC}


def masked(said: str) -> str:
    """``said`` without the secret of its link."""
    return re.sub(REPORT, "LINK", said)


def cards(shop: Shop) -> list[str]:
    """The words of all cards in the manager's chat."""
    return [each.text for each in shop.simulator.chat(shop.appid, shop.manager.openid) if each.kind == "news"]


def pictures(shop: Shop) -> int:
    """How many pictures the manager's chat shows."""
    return sum(bool(each.media) for each in shop.simulator.chat(shop.appid, shop.manager.openid))


async def test_every_copy_is_the_same_card(linked: Shop, store: Store) -> None:
    a_week(linked)
    linked.simulator.fault(FIGURES, Fault(delay=0.4))
    copies = [letter(linked, ASK, 7, nonce=f"10{number}") for number in range(3)]

    async def told(number: int) -> dict[str, Any]:
        body, query = copies[number].body_and_query()
        _, sealed = await post(f"{linked.address}/wechat/{linked.appid}", query, body)
        judge = Judge("safe", "lakeside", KEY, linked.appid)
        read = judge.read(sealed.encode(), copies[number].message(), copies[number].nonce)
        assert read is not None
        return dict(read["Articles"]["item"])

    first, second = await asyncio.gather(told(0), told(1))
    assert first == second == await told(2), "also once it is done, and read back from what was stored"
    links = [key for key in await store.do("KEYS", "*") if ":link:" in key]
    assert len(links) == 2, "one for its picture, one for the report"
    assert len(linked.calls(FIGURES)) == 2


@pytest.mark.parametrize("something_waits", [False, True])
async def test_redis_holds_no_address(linked: Shop, store: Store, something_waits: bool) -> None:
    a_week(linked)
    if something_waits:
        await linked.app.services[linked.appid].answers.keep(linked.manager.openid, "审核有结果了")
    await linked.manager.says(ASK)
    await linked.app.dispatcher.settle()
    read = {"string": ("GET",), "hash": ("HGETALL",), "list": ("LRANGE", 0, -1)}
    seen = 0
    for key in await store.do("KEYS", "*"):
        command, *more = read.get(await store.do("TYPE", key), ("TYPE",))
        assert PUBLIC not in str(await store.do(command, key, *more)), key
        seen += command != "TYPE"
    assert seen > 5


async def test_a_late_card_comes_as_a_customer_service_message_once(
    simulator: Simulator, store: Store, redis_server: str
) -> None:
    async with open_shop(simulator, redis_server, server=SERVER, reply={"deadline": 0.3}) as shop:
        a_week(shop)
        shop.simulator.fault(FIGURES, Fault(delay=0.6))
        assert await shop.manager.says(ASK) == ""
        await shop.until(lambda: cards(shop))

        assert cards(shop) == [WEEK]
        bubble = shop.simulator.chat(shop.appid, shop.manager.openid)[-1]
        assert bubble.via == "custom"
        assert re.fullmatch(REPORT, bubble.items[0]["url"])
        assert len(shop.calls(SEND)) == 1


async def test_a_late_picture_comes_behind_its_figures(simulator: Simulator, store: Store, redis_server: str) -> None:
    async with open_shop(simulator, redis_server, reply={"deadline": 0.3}) as shop:
        a_week(shop)
        shop.simulator.fault("media/upload", Fault(delay=0.6))
        assert await shop.manager.says(ASK) == ""
        await shop.until(lambda: pictures(shop))

        assert shop.manager.reads() == [WEEK, "[image]"]


@pytest.mark.parametrize("errcode", [45015, 48001, 45008])
async def test_a_card_that_is_refused_comes_in_words_with_the_next_message(
    simulator: Simulator, store: Store, redis_server: str, errcode: int
) -> None:
    async with open_shop(simulator, redis_server, server=SERVER, reply={"deadline": 0.3}) as shop:
        a_week(shop)
        shop.simulator.fault(FIGURES, Fault(delay=0.6))
        shop.simulator.fault(SEND, Fault(errcode=errcode))
        assert await shop.manager.says(ASK) == ""
        await shop.until(lambda: shop.calls(SEND))
        await shop.app.dispatcher.settle()

        assert masked(await shop.manager.says("取消")) == f"{NOTHING_WAITS}\n\n—— 1 条回复在等你 ——\n{WEEK}{OPENS}"
        assert await shop.manager.says("取消") == NOTHING_WAITS
        assert cards(shop) == []


async def test_who_may_be_sent_nothing_gets_a_card_all_the_same(
    simulator: Simulator, store: Store, redis_server: str
) -> None:
    account = {"customer_service": False}
    async with open_shop(simulator, redis_server, server=SERVER, account=account, reply={"deadline": 0.3}) as shop:
        a_week(shop)
        shop.simulator.fault(FIGURES, Fault(delay=0.7))
        assert await shop.manager.says(ASK) == WEEK
        assert cards(shop) == [WEEK]
        assert shop.calls(SEND) == []


async def test_whoever_carries_on_brings_the_card(linked: Shop, store: Store, clock: time_machine.Traveller) -> None:
    a_week(linked)
    await linked.manager.says("取消")
    await left_undone(linked, store, asked_by("manager", ASK))
    clock.shift(5)
    await carried_on(linked)

    assert linked.manager.reads() == [WEEK]
    assert cards(linked) == [WEEK]


async def test_whoever_carries_on_brings_the_picture_behind_its_figures(
    shop: Shop, store: Store, clock: time_machine.Traveller
) -> None:
    a_week(shop)
    await shop.manager.says("取消")
    await left_undone(shop, store, asked_by("manager", ASK))
    clock.shift(5)
    await carried_on(shop)

    assert shop.manager.reads() == [WEEK, "[image]"]
    assert len(shop.calls("media/upload")) == 1


async def test_a_card_that_may_have_been_read_is_shown_again_in_words(
    linked: Shop, store: Store, clock: time_machine.Traveller
) -> None:
    """Its process died between knowing the answer and giving it."""
    push = asked_by("manager", ASK)
    await left_undone(linked, store, push, promised=False)
    clock.shift(25)
    sealer = linked.app.services[linked.appid].answers.sealer
    inbox = Inbox(store)
    copy = Copy(linked.appid, push.openid, push.identity, push.identity, b"", 90_000, 600)
    claimed = await inbox.claim(copy, now())
    article = Article("核销 634 张", "领取 1,268", f"{PUBLIC}/reports/r", f"{PUBLIC}/files/p.png")
    stored = answer.card(article, f"核销 634 张\n{PUBLIC}/reports/r").stored(sealer)
    assert PUBLIC not in str(stored)
    assert Answer.of(stored, sealer).article == article
    await inbox.finish(copy, claimed.ticket, stored, now(), owed=True)
    clock.shift(25)
    await carried_on(linked)

    assert await linked.manager.says("取消") == (
        f"{NOTHING_WAITS}\n\n—— 1 条回复在等你 ——\n重发（可能已看过）：\n核销 634 张\n{PUBLIC}/reports/r"
    )


async def test_what_a_new_secret_made_unreadable_is_nothing(linked: Shop) -> None:
    own = linked.app.services[linked.appid].answers.sealer
    given = answer.card(Article("核销", "领取", PUBLIC, PUBLIC), "核销")
    stored = given.stored(own)
    stranger = type(own)("another secret", b"answers")

    assert Answer.of(stored, stranger).kind is AnswerKind.NOTHING
    assert PUBLIC not in repr(given)


async def test_what_waits_is_told_with_the_figures_in_words(linked: Shop) -> None:
    a_week(linked)
    await linked.app.services[linked.appid].answers.keep(linked.manager.openid, "审核有结果了")

    assert masked(await linked.manager.says(ASK)) == (
        f"{WEEK}{OPENS}\n\n—— 之前没能送达的 1 条 ——\n审核有结果了"
    )
    await linked.manager.says(ASK)
    assert cards(linked) == [WEEK]


async def test_without_links_the_picture_follows_what_waits(shop: Shop) -> None:
    a_week(shop)
    await shop.app.services[shop.appid].answers.keep(shop.manager.openid, "审核有结果了")

    assert await shop.manager.says(ASK) == f"{WEEK}\n\n—— 之前没能送达的 1 条 ——\n审核有结果了"
    await shop.until(lambda: pictures(shop))
    assert pictures(shop) == 1


async def test_a_card_does_not_need_wechat_to_take_a_picture(linked: Shop) -> None:
    a_week(linked)
    linked.simulator.fault("media/upload", Fault(errcode=45009), times=None)
    await linked.manager.says(ASK)
    assert cards(linked) == [WEEK]
    assert linked.calls("media/upload") == []
