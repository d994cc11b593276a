"""quota: what is left of WeChat's API today, by WeChat's figures or our own count, and what is used up."""

from __future__ import annotations

import pytest

from bot.errors import QuotaUsedUp, TooFast
from bot.simulator import Fault, Simulator
from bot.store import Store
from tests.shop import Shop, open_shop

QUOTA_GET = "openapi/quota/get"


async def test_is_for_managers(shop: Shop) -> None:
    assert "额度" not in await shop.clerk.says("帮助")
    assert await shop.clerk.says("额度") == "没有「额度」这个命令。发送「帮助」看你可以做什么。"
    assert shop.calls(QUOTA_GET) == []


async def test_wechats_figures_and_whom_notices_reach(shop: Shop) -> None:
    await shop.owner.says("我")
    await shop.viewer.says("卡券")

    assert await shop.manager.says("额度") == (
        "今天的接口额度都没有用完\n"
        "客服消息：还剩 500,000 次，用了 0\n"
        "读卡券：还剩 99,999 次，用了 1\n"
        "改卡券：还剩 100,000 次，用了 0\n"
        "统计数据：还剩 100,000 次，用了 0\n"
        "取凭证：还剩 499 次，用了 1（本系统自己的上限）\n"
        "给你的通知：11月24日 14:02 前还能发 5 条\n"
        "通知现在送不到：李四\n"
        "以上是微信的数字，北京时间 0 点重新算（准确时刻没有公布）"
    )


async def test_the_same_in_english(shop: Shop) -> None:
    await shop.speaks_english()

    assert await shop.manager.says("quota") == (
        "No API allowance is used up today\n"
        "Messages: 500,000 left, 0 used\n"
        "Reading vouchers: 100,000 left, 0 used\n"
        "Changing vouchers: 100,000 left, 0 used\n"
        "Figures: 100,000 left, 0 used\n"
        "Token fetches: 499 left, 1 used (the bot's own limit)\n"
        "Notices to you: 5 more until 24 Nov 14:02\n"
        "Out of reach now: 李四, 王芳, 赵敏\n"
        "These are WeChat's figures; its day begins at 0:00 in China (the exact hour is not published)"
    )


@pytest.mark.parametrize(
    "fault", [Fault(errcode=48001), Fault(errcode=45009), Fault(html=True), Fault(drop=True)], ids=repr
)
async def test_our_own_count_where_wechat_tells_nothing(shop: Shop, fault: Fault) -> None:
    await shop.manager.says("卡券")
    shop.simulator.fault(QUOTA_GET, fault, times=None)

    assert await shop.manager.says("额度") == (
        "今天的接口额度都没有用完\n"
        "客服消息：约用了 0 次，新账号每天 500,000\n"
        "读卡券：约用了 1 次，上限没有公布\n"
        "改卡券：约用了 0 次，上限没有公布\n"
        "统计数据：约用了 0 次，上限没有公布\n"
        "取凭证：还剩 499 次，用了 1（本系统自己的上限）\n"
        "给你的通知：11月24日 14:02 前还能发 5 条\n"
        "通知现在送不到：李四、王芳、赵敏\n"
        "「约」是本系统的计数：微信现在不给数字；北京时间 0 点重新算"
    )


async def test_our_own_count_in_english(shop: Shop) -> None:
    await shop.speaks_english()
    shop.simulator.fault(QUOTA_GET, Fault(errcode=48001), times=None)

    assert await shop.manager.says("quota") == (
        "No API allowance is used up today\n"
        "Messages: about 0 used, new accounts have 500,000\n"
        "Reading vouchers: about 0 used, the limit is not published\n"
        "Changing vouchers: about 0 used, the limit is not published\n"
        "Figures: about 0 used, the limit is not published\n"
        "Token fetches: 499 left, 1 used (the bot's own limit)\n"
        "Notices to you: 5 more until 24 Nov 14:02\n"
        "Out of reach now: 李四, 王芳, 赵敏\n"
        '"About" is the bot\'s own count: WeChat gives no figures now; days begin at 0:00 in China'
    )


async def test_what_is_used_up_comes_first(shop: Shop) -> None:
    api = shop.app.services[shop.appid].wechat
    shop.simulator.set_quota(shop.appid, "/card/update", 0)
    shop.simulator.fault("/card/batchget", Fault(errcode=45011))
    with pytest.raises(QuotaUsedUp):
        await api.card_update("p", "cash", {})
    with pytest.raises(TooFast):
        await api.card_ids(0, 1)

    lines = (await shop.manager.says("额度")).splitlines()
    assert lines[:2] == [
        "⚠️ 读卡券：这一分钟太频繁，14:03 再试",
        "⚠️ 改卡券：今天用完了，最迟 11月23日 00:00 恢复",
    ]
    assert "改卡券：还剩 0 次，用了 0" in lines
    assert len(lines) <= 12

    await shop.speaks_english()
    assert (await shop.manager.says("quota")).splitlines()[:2] == [
        "⚠️ Reading vouchers: too many this minute, again from 14:03",
        "⚠️ Changing vouchers: used up today, again from 23 Nov 00:00 at the latest",
    ]


async def test_a_call_without_a_name_of_its_own_and_too_many_of_them(shop: Shop) -> None:
    ledger = shop.app.services[shop.appid].wechat.ledger
    for path in ("card/code/consume", "card/delete", "card/code/get"):
        ledger.note(path, 45009, 0.1)

    assert (await shop.manager.says("额度")).splitlines()[:3] == [
        "⚠️ 接口 card/code/consume：今天用完了，最迟 11月23日 00:00 恢复",
        "⚠️ 接口 card/delete：今天用完了，最迟 11月23日 00:00 恢复",
        "还有 1 个接口用完了",
    ]
    await shop.speaks_english()
    assert (await shop.manager.says("quota")).splitlines()[2] == "1 more is used up"


async def test_who_asks_for_what_is_used_up_reads_the_ordinary_words(shop: Shop) -> None:
    shop.simulator.set_quota(shop.appid, "/card/batchget", 0)
    for _ in range(2):
        assert await shop.manager.says("卡券") == (
            "❌ 微信没有接受：这个接口今天的次数用完了（45009）\n请明天再试（微信何时清零没有公布）。"
        )

    assert len(shop.calls("/card/batchget")) == 1


async def test_without_customer_service_and_with_a_template(
    simulator: Simulator, store: Store, redis_server: str
) -> None:
    account = {"customer_service": False, "notice_template_id": "t"}
    async with open_shop(simulator, redis_server, account=account) as shop:
        assert await shop.owner.says("额度") == (
            "今天的接口额度都没有用完\n"
            "模板消息：还剩 100,000 次，用了 0\n"
            "读卡券：还剩 100,000 次，用了 0\n"
            "改卡券：还剩 100,000 次，用了 0\n"
            "统计数据：还剩 100,000 次，用了 0\n"
            "取凭证：还剩 499 次，用了 1（本系统自己的上限）\n"
            "以上是微信的数字，北京时间 0 点重新算（准确时刻没有公布）"
        )
