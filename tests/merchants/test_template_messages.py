"""Template messages: sent where the account can, noted with what they carry, never tried again where WeChat refused."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import time_machine

from bot.errors import StoreUnavailable
from bot.merchants.template_messages import TemplateMessages
from bot.simulator import Fault, Simulator
from bot.store import Store, keys
from tests.shop import Shop, open_shop

LIST, SEND = "template/get_all_private_template", "message/template/send"
TEMPLATE_ID = "tNotice000000000000000000000000000000000001"
CONTENT = "{{first.DATA}}\n事项：{{thing1.DATA}}\n说明：{{thing2.DATA}}\n状态：{{const3.DATA}}\n时间：{{time4.DATA}}"
EXAMPLE = "事项：库存\n说明：请补货\n状态：待处理\n时间：9:00"
REST = "状态：待处理\n时间：2026年11月22日 14:02"


@pytest.fixture
async def shop(simulator: Simulator, store: Store, redis_server: str) -> AsyncIterator[Shop]:
    """A shop whose account has the template of its setting."""
    async with open_shop(simulator, redis_server, account={"notice_template_id": TEMPLATE_ID}) as opened:
        has_template(opened)
        yield opened


def has_template(shop: Shop, content: str = CONTENT) -> None:
    """The account's template, new or changed."""
    shop.simulator.world.templates.add(
        shop.appid, "店铺通知", content, EXAMPLE, TEMPLATE_ID, const3=("待处理", "已处理")
    )


def templates(shop: Shop) -> TemplateMessages:
    return shop.app.services[shop.appid].templates


async def keep(shop: Shop, *texts: str) -> list[str]:
    """Keep texts for the owner; the entries."""
    return await shop.app.services[shop.appid].answers.keep(shop.owner.openid, *texts)


async def kept(shop: Shop) -> list[str]:
    """What waits for the owner."""
    return [each.text for each in await shop.app.services[shop.appid].answers.kept(shop.owner.openid)]


class TestNoWay:
    async def test_an_account_without_a_template(self, simulator: Simulator, store: Store, redis_server: str) -> None:
        async with open_shop(simulator, redis_server) as shop:
            assert not await templates(shop).notice(shop.owner.openid, "库存不足")
            assert not await templates(shop).knock(shop.owner.openid, 1, "zh_CN")
            assert shop.calls() == []

    async def test_a_template_that_is_not_the_accounts(self, shop: Shop, clock: time_machine.Traveller) -> None:
        shop.simulator.world.templates.remove(shop.appid, TEMPLATE_ID)
        for openid in (shop.owner.openid, shop.manager.openid):
            assert not await templates(shop).notice(openid, "库存不足")
        assert (len(shop.calls(LIST)), shop.calls(SEND)) == (1, [])

        has_template(shop)
        clock.move_to("2026-11-23T00:00:00+08:00")
        assert await templates(shop).notice(shop.owner.openid, "库存不足")

    async def test_an_account_without_the_right_is_asked_once_a_day(
        self, shop: Shop, clock: time_machine.Traveller
    ) -> None:
        assert await templates(shop).notice(shop.owner.openid, "库存不足")
        shop.wechat_side.template_messages = False
        for openid in (shop.owner.openid, shop.manager.openid):
            assert not await templates(shop).notice(openid, "库存又不足")
            assert not await templates(shop).knock(openid, 2, "zh_CN")
        assert len(shop.calls(SEND)) == 2

        clock.move_to("2026-11-23T00:00:00+08:00")
        assert not await templates(shop).notice(shop.owner.openid, "库存还不足")
        assert len(shop.calls(SEND)) == 3

    @pytest.mark.parametrize("errcode", [40003, 43004, 43019, 48002])
    async def test_somebody_who_cannot_be_reached_is_tried_once_a_day_and_others_go_on(
        self, shop: Shop, clock: time_machine.Traveller, errcode: int
    ) -> None:
        shop.simulator.fault(SEND, Fault(errcode=errcode))
        for _ in range(2):
            assert not await templates(shop).notice(shop.owner.openid, "库存不足")
        assert len(shop.calls(SEND)) == 1

        assert await templates(shop).notice(shop.manager.openid, "库存不足")
        clock.shift(86_400)
        assert await templates(shop).notice(shop.owner.openid, "库存不足")

    async def test_who_unfollowed(self, shop: Shop) -> None:
        await shop.simulator.unfollow(shop.appid, shop.owner.openid)

        assert not await templates(shop).notice(shop.owner.openid, "库存不足")
        assert [call.errcode for call in shop.calls(SEND)] == [43004]

    async def test_a_template_without_room_for_words(self, shop: Shop) -> None:
        shop.simulator.world.templates.remove(shop.appid, TEMPLATE_ID)
        has_template(shop, "时间：{{time1.DATA}}\n数量：{{number2.DATA}}")

        assert not await templates(shop).notice(shop.owner.openid, "库存不足")
        assert shop.calls(SEND) == []

    async def test_a_day_of_messages_that_is_used_up_is_asked_once(self, shop: Shop) -> None:
        shop.simulator.set_quota(shop.appid, "/cgi-bin/message/template/send", 0)
        for openid in (shop.owner.openid, shop.manager.openid):
            assert not await templates(shop).notice(openid, "库存不足")

        assert len(shop.calls(SEND)) == 1

    @pytest.mark.parametrize("fault", [Fault(lose_answer=True), Fault(drop=True), Fault(html=True), Fault()], ids=repr)
    async def test_wechat_that_does_not_answer_is_another_matter_next_time(self, shop: Shop, fault: Fault) -> None:
        shop.simulator.fault(SEND, fault, times=None)
        [entry] = await keep(shop, "库存不足")
        assert not await templates(shop).notice(shop.owner.openid, "库存不足", entry)
        shop.simulator.clear_faults()

        assert await kept(shop) == ["库存不足"]
        assert await templates(shop).notice(shop.owner.openid, "库存又不足")

    async def test_without_redis_nothing_is_sent(self, shop: Shop) -> None:
        await shop.app.store.do("CONFIG", "SET", "maxmemory", "1")
        try:
            with pytest.raises(StoreUnavailable):
                await templates(shop).notice(shop.owner.openid, "库存不足")
        finally:
            await shop.app.store.do("CONFIG", "SET", "maxmemory", "0")

        assert shop.calls(SEND) == []


class TestNotice:
    async def test_reads_as_a_card_and_takes_its_entry_along_once_it_arrived(self, shop: Shop) -> None:
        [entry, _] = await keep(shop, "⚠️「春节券」只剩 5 张\n发送「库存」加量", "另一条")
        assert await templates(shop).notice(shop.owner.openid, "⚠️「春节券」只剩 5 张\n发送「库存」加量", entry)
        await shop.simulator.reported()

        assert shop.owner.reads() == [f"店铺通知\n事项：「春节券」只剩 5 张\n说明：发送「库存」加量\n{REST}"]
        assert await kept(shop) == ["另一条"]

    async def test_carries_several_entries(self, shop: Shop) -> None:
        entries = await keep(shop, "第一段", "第二段")
        assert await templates(shop).notice(shop.owner.openid, "第一段\n第二段", *entries)
        await shop.simulator.reported()

        assert await kept(shop) == []

    @pytest.mark.parametrize("end", ["failed:user block", "failed: system failed"])
    async def test_that_did_not_arrive_stays_kept(self, shop: Shop, end: str) -> None:
        shop.simulator.world.templates.will_end(end)
        [entry] = await keep(shop, "库存不足")
        assert await templates(shop).notice(shop.owner.openid, "库存不足", entry)
        await shop.simulator.reported()

        assert await kept(shop) == ["库存不足"]
        assert await templates(shop).notice(shop.owner.openid, "又不足") == (end == "failed: system failed")
        assert await templates(shop).notice(shop.manager.openid, "又不足")

    async def test_of_which_nothing_is_heard_stays_kept(self, shop: Shop) -> None:
        shop.simulator.world.templates.will_end(None)
        [entry] = await keep(shop, "库存不足")
        assert await templates(shop).notice(shop.owner.openid, "库存不足", entry)

        assert await kept(shop) == ["库存不足"]

    async def test_may_have_ended_before_its_answer_comes(self, shop: Shop) -> None:
        shop.simulator.fault(SEND, Fault(delay=0.3))
        [entry] = await keep(shop, "库存不足")
        assert await templates(shop).notice(shop.owner.openid, "库存不足", entry)

        assert await kept(shop) == []

    async def test_whose_answer_was_lost_is_asked_for_again_and_sent_once(self, shop: Shop) -> None:
        shop.simulator.fault(SEND, Fault(lose_answer=True))
        [entry] = await keep(shop, "库存不足")
        assert await templates(shop).notice(shop.owner.openid, "库存不足", entry)
        await shop.simulator.reported()

        assert len(shop.calls(SEND)) == 2
        assert len(shop.owner.reads()) == 1
        assert await kept(shop) == []

    async def test_an_entry_that_was_read_meanwhile_takes_no_other_along(self, shop: Shop) -> None:
        shop.simulator.world.templates.will_end(None)
        [entry] = await keep(shop, "库存不足")
        assert await templates(shop).notice(shop.owner.openid, "库存不足", entry)
        assert "库存不足" in await shop.owner.says("我")
        await keep(shop, "库存不足")
        [call] = shop.calls(SEND)
        [sent] = await shop.app.store.do("KEYS", keys.template_sent(shop.appid, "*"))
        await templates(shop).finished(sent.rpartition(":")[2], "success")

        assert call.errcode == 0
        assert await kept(shop) == ["库存不足"]


class TestTheTemplate:
    async def test_is_read_once_a_day(self, shop: Shop, clock: time_machine.Traveller) -> None:
        for words in ("一", "二"):
            assert await templates(shop).notice(shop.owner.openid, words)
        assert len(shop.calls(LIST)) == 1

    async def test_that_was_changed_is_read_anew(self, shop: Shop) -> None:
        assert await templates(shop).notice(shop.owner.openid, "一")
        shop.simulator.world.templates.remove(shop.appid, TEMPLATE_ID)
        has_template(shop, "内容：{{thing5.DATA}}")
        assert await templates(shop).notice(shop.owner.openid, "二")

        assert [call.errcode for call in shop.calls(SEND)] == [0, 47003, 0]
        assert len(shop.calls(LIST)) == 2
        assert shop.owner.reads()[-1] == "店铺通知\n内容：二"

    async def test_that_is_the_same_is_not_tried_again_with_the_same_words(self, shop: Shop) -> None:
        assert await templates(shop).notice(shop.owner.openid, "一")
        shop.simulator.fault(SEND, Fault(errcode=47003), times=2)
        assert not await templates(shop).notice(shop.owner.openid, "二")

        assert (len(shop.calls(SEND)), len(shop.calls(LIST))) == (2, 2)
        shop.simulator.clear_faults()
        assert await templates(shop).notice(shop.owner.openid, "三")

    async def test_that_is_gone_is_looked_for_once(self, shop: Shop) -> None:
        assert await templates(shop).notice(shop.owner.openid, "一")
        shop.simulator.world.templates.remove(shop.appid, TEMPLATE_ID)
        for words in ("二", "三"):
            assert not await templates(shop).notice(shop.owner.openid, words)

        assert [call.errcode for call in shop.calls(SEND)] == [0, 40037]
        assert len(shop.calls(LIST)) == 2


class TestKnock:
    @pytest.mark.parametrize(
        ("language", "waiting", "lines"),
        [
            ("zh_CN", 3, "事项：3 条回复在等你\n说明：发任意文字就能看到"),
            ("en", 1, "事项：1 answer waiting\n说明：Text to read it"),
            ("en", 12, "事项：12 answers waiting\n说明：Text to read them"),
        ],
    )
    async def test_says_how_many_answers_wait(self, shop: Shop, language: str, waiting: int, lines: str) -> None:
        assert await templates(shop).knock(shop.owner.openid, waiting, language)

        assert shop.owner.reads() == [f"店铺通知\n{lines}\n{REST}"]

    async def test_takes_nothing_along(self, shop: Shop) -> None:
        await keep(shop, "答案")
        assert await templates(shop).knock(shop.owner.openid, 1, "zh_CN")
        await shop.simulator.reported()

        assert await kept(shop) == ["答案"]

    async def test_twice_in_ten_minutes_is_once(self, shop: Shop) -> None:
        for waiting in (1, 1, 2):
            assert await templates(shop).knock(shop.owner.openid, waiting, "zh_CN")

        assert len(shop.owner.reads()) == 2
