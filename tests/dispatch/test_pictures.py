"""Pictures on their way: behind a text, as the reply itself, late, kept, and after everything that goes wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import time_machine

from bot.app import discover
from bot.clock import now
from bot.dispatch import answer
from bot.dispatch.shaping import Shaping
from bot.pictures.poster import Poster
from bot.render import Renderer
from bot.routing import Context, Reply
from bot.simulator import Fault, Simulator
from bot.store import Store
from bot.store.inbox import Copy, Inbox
from tests.dispatch.test_repeats import asked_by, carried_on, left_undone
from tests.handlers.test_issue_voucher import ISSUED, SEND, UPLOAD, pictures, put, scanned
from tests.shop import Shop, open_shop

CREATE = "/card/qrcode/create"
NOTHING_WAITS = "现在没有等待确认的操作。预览 10 分钟内有效，过期请重新发送原来的命令。"


@pytest.fixture
async def silent(simulator: Simulator, store: Store, redis_server: str) -> AsyncIterator[Shop]:
    """A shop whose account may not send customer-service messages."""
    async with open_shop(simulator, redis_server, account={"customer_service": False}) as opened:
        yield opened


def codes(shop: Shop) -> list[str]:
    """What the QR codes in the manager's chat say."""
    return [scanned(png) for png in pictures(shop.manager)]


def addresses(shop: Shop) -> list[str]:
    """What the codes say that WeChat has made."""
    return [ticket.url for ticket in shop.simulator.world.tickets.of(shop.appid)]


async def worked(shop: Shop) -> None:
    """All that follows the answers is done."""
    await shop.app.dispatcher.settle()
    await shop.app.jobs.close()


async def test_who_may_be_sent_nothing_asks_for_the_picture(silent: Shop) -> None:
    put(silent)
    assert await silent.manager.says("投放 春节券") == f"{ISSUED}\n图片：发送「继续」看图"
    delivery = await silent.manager.texts("继续")

    assert delivery.reply is not None
    assert delivery.reply["MsgType"] == "image"
    assert codes(silent) == addresses(silent)
    assert silent.calls(SEND) == []
    assert await silent.manager.says("继续") == "没有更多内容了"


async def test_in_english(silent: Shop) -> None:
    put(silent)
    await silent.speaks_english()
    assert (await silent.manager.says("issue 春节券")).splitlines()[-1] == 'Picture: send "more"'
    await silent.manager.says("more")
    assert codes(silent) == addresses(silent)


async def test_a_picture_that_cannot_be_uploaded_is_there_for_the_next_more(silent: Shop) -> None:
    put(silent)
    await silent.manager.says("投放 春节券")
    silent.simulator.fault(UPLOAD, Fault(errcode=45009))
    assert "45009" in (said := await silent.manager.says("继续"))
    assert said.endswith("\n图片：发送「继续」看图")
    silent.app.services[silent.appid].wechat.ledger.open_again("cgi-bin/media/upload")
    await silent.manager.says("继续")
    assert codes(silent) == addresses(silent)


async def test_one_that_cannot_be_uploaded_takes_no_others_place(silent: Shop) -> None:
    posters = [Poster(f"券{number}", f"http://weixin.qq.com/q/{number}") for number in range(2)]
    services = silent.app.services[silent.appid]
    await silent.manager.says("取消")
    await services.answers.leave(services.people.find("张三").openid, ["第一段"], posters)
    assert await silent.manager.says("继续") == "第一段\n\n还有 2 段，发送「继续」接着看"
    silent.simulator.fault(UPLOAD, Fault(errcode=45009))
    assert (await silent.manager.says("继续")).endswith("\n图片：发送「继续」看图")
    services.wechat.ledger.open_again("cgi-bin/media/upload")
    for _ in posters:
        await silent.manager.says("继续")
    assert codes(silent) == [poster.code for poster in posters]
    assert await silent.manager.says("继续") == "没有更多内容了"


async def test_a_long_text_and_pictures_come_one_by_one(silent: Shop) -> None:
    services = silent.app.services[silent.appid]
    manager = services.people.find("张三")
    ctx = Context(services, discover(), asked_by("manager", "投放 春节券"), manager, "zh_CN")

    def words(ctx: Context, reply: Reply) -> str:
        return Renderer().render(reply.template, reply.values, ctx.language, ctx.account.zone)

    text = "\n".join(f"第 {number} 行" for number in range(400))
    posters = [Poster(f"券{number}", f"http://weixin.qq.com/q/{number}") for number in range(2)]
    given = await Shaping(words).shaped(ctx, text, posters, private=False)

    assert given.pictures == ()
    assert len(given.text.encode()) <= 2000
    assert given.text.endswith("行\n\n还有 4 段，发送「继续」接着看")
    shown = [await silent.manager.texts("继续") for _ in range(5)]
    assert [each.text.splitlines()[-1] for each in shown] == [
        "还有 3 段，发送「继续」接着看", "还有 2 段，发送「继续」接着看", "[image]", "[image]", "没有更多内容了",
    ]  # fmt: skip
    assert codes(silent) == [poster.code for poster in posters]


async def test_a_late_answer_brings_its_picture(simulator: Simulator, store: Store, redis_server: str) -> None:
    async with open_shop(simulator, redis_server, reply={"deadline": 0.3}) as shop:
        put(shop)
        shop.simulator.fault(CREATE, Fault(delay=0.6))
        assert await shop.manager.says("投放 春节券") == ""
        await shop.until(lambda: pictures(shop.manager))

        assert shop.manager.reads() == [ISSUED, "[image]"]
        assert codes(shop) == addresses(shop)


async def test_whoever_carries_on_brings_it_too(
    shop: Shop, store: Store, clock: time_machine.Traveller
) -> None:
    put(shop)
    await shop.manager.says("取消")
    await left_undone(shop, store, asked_by("manager", "投放 春节券"))
    clock.shift(5)
    await carried_on(shop)

    assert shop.manager.reads() == [ISSUED, "[image]"]
    assert codes(shop) == addresses(shop)


@pytest.mark.parametrize("errcode", [45015, 48001])
async def test_one_that_is_refused_comes_with_the_next_message(shop: Shop, errcode: int) -> None:
    put(shop)
    shop.simulator.fault(SEND, Fault(errcode=errcode))
    assert await shop.manager.says("投放 春节券") == ISSUED
    await shop.until(lambda: shop.calls(SEND))
    await worked(shop)
    assert pictures(shop.manager) == []

    said = await shop.manager.says("取消")
    if errcode == 48001:
        assert said == f"{NOTHING_WAITS}\n图片：发送「继续」看图"
        await shop.manager.says("继续")
    else:
        assert said == NOTHING_WAITS
        await shop.until(lambda: pictures(shop.manager))
    await worked(shop)
    assert codes(shop) == addresses(shop)
    assert len(shop.calls(UPLOAD)) == 1
    await shop.manager.says("取消")
    await worked(shop)
    assert len(pictures(shop.manager)) == 1


async def test_one_whose_end_nobody_saw_is_shown_once_more(shop: Shop) -> None:
    put(shop)
    shop.simulator.fault(SEND, Fault(lose_answer=True))
    await shop.manager.says("投放 春节券")
    await shop.until(lambda: pictures(shop.manager))
    await worked(shop)
    await shop.manager.says("取消")
    await shop.until(lambda: len(pictures(shop.manager)) == 2)
    await worked(shop)
    await shop.manager.says("取消")
    await worked(shop)
    assert codes(shop) == addresses(shop) * 2


async def test_a_media_id_that_wechat_forgot_is_got_anew(shop: Shop, clock: time_machine.Traveller) -> None:
    put(shop)
    shop.simulator.fault(SEND, Fault(errcode=40007))
    await shop.manager.says("投放 春节券")
    await shop.until(lambda: shop.calls(SEND))
    await worked(shop)
    await shop.manager.says("取消")
    await shop.until(lambda: pictures(shop.manager))
    assert len(shop.calls(UPLOAD)) == 2
    assert codes(shop) == addresses(shop)


async def test_an_answer_that_may_have_been_read_is_kept_with_its_picture(
    shop: Shop, store: Store, clock: time_machine.Traveller
) -> None:
    """Its process died between knowing the answer and giving it."""
    put(shop)
    push = asked_by("manager", "投放 春节券")
    await left_undone(shop, store, push, promised=False)
    clock.shift(25)
    services = shop.app.services[shop.appid]
    poster = Poster("春节券", "http://weixin.qq.com/q/kept")
    inbox = Inbox(store)
    copy = Copy(shop.appid, push.openid, push.identity, push.identity, b"", 90_000, 600)
    claimed = await inbox.claim(copy, now())
    given = answer.text(ISSUED, private=True, pictures=[poster])
    stored = given.stored(services.answers.sealer)
    assert "weixin" not in str(stored)
    await inbox.finish(copy, claimed.ticket, stored, now(), owed=True)
    clock.shift(25)
    await carried_on(shop)

    assert await shop.manager.says("取消") == (
        f"{NOTHING_WAITS}\n\n—— 1 条回复在等你 ——\n重发（可能已看过）：\n{ISSUED}"
    )
    await shop.until(lambda: pictures(shop.manager))
    assert codes(shop) == ["http://weixin.qq.com/q/kept"]


async def test_of_too_many_that_wait_the_others_wait_on(shop: Shop) -> None:
    posters = [Poster(f"券{number}", f"http://weixin.qq.com/q/{number}") for number in range(5)]
    answers = shop.app.services[shop.appid].answers
    await answers.keep(shop.manager.openid, *posters, answer=True)
    for many in (3, 5, 5):
        await shop.manager.says("取消")
        await worked(shop)
        assert codes(shop) == [poster.code for poster in posters[:many]]


async def test_more_shows_its_picture_alone(silent: Shop) -> None:
    put(silent)
    await silent.manager.says("投放 春节券")
    await silent.app.services[silent.appid].answers.keep(silent.manager.openid, "审核有结果了")
    assert await silent.manager.says("继续") == "[image]"
    assert (await silent.manager.says("取消")).endswith("—— 之前没能送达的 1 条 ——\n审核有结果了")
