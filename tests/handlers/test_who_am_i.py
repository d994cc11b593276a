"""whoami: what I am here, and when notices can reach me."""

from __future__ import annotations

from bot.merchants.windows import Action
from bot.simulator import Simulator
from tests.shop import Shop, open_shop


async def test_a_customer_gets_the_customers_answer(shop: Shop) -> None:
    assert await shop.customer.says("我") == ""
    assert await shop.customer.says("whoami") == ""


async def test_an_operator_reads_role_name_language_and_window(shop: Shop) -> None:
    assert await shop.manager.says("我") == (
        "「湖畔面馆」· 店长 张三\n"
        "回复语言：中文\n"
        "通知：11月24日 14:02 前还能收到 5 条\n"
        "你每发一条消息，48 小时内可收 5 条；点菜单后 1 分钟内 3 条\n"
        "「语言 English」改语言"
    )


async def test_the_same_in_english(shop: Shop) -> None:
    await shop.speaks_english()
    assert await shop.viewer.says("whoami") == (
        "湖畔面馆 · viewer 赵敏\n"
        "Replies in English\n"
        "Notices: 5 more until 24 Nov 14:02\n"
        "Each message of yours allows 5 within 48 hours, a tap on the menu 3 within a minute\n"
        '"language 中文" changes the language'
    )


async def test_after_a_tap_the_short_window_comes_first(shop: Shop) -> None:
    windows = shop.app.services[shop.appid].windows
    await windows.record(shop.manager.openid, Action.TAP, 1795327320)
    assert (await shop.manager.says("我")).splitlines()[2:4] == [
        "通知：14:03 前还能收到 3 条",
        "通知：11月24日 14:02 前还能收到 5 条",
    ]


async def test_an_account_that_may_send_nothing_says_so(simulator: Simulator, store: object, redis_server: str) -> None:
    async with open_shop(simulator, redis_server, account={"customer_service": False}) as shop:
        assert await shop.owner.says("我") == (
            "「湖畔面馆」· 老板 王芳\n"
            "回复语言：中文\n"
            "通知：本账号不能主动发消息，会在你下次发消息时一起显示\n"
            "「语言 English」改语言"
        )
        await shop.speaks_english()
        assert await shop.owner.says("whoami") == (
            "湖畔面馆 · owner 王芳\n"
            "Replies in English\n"
            "Notices: this account cannot send any by itself; they come along with the reply to your next message\n"
            '"language 中文" changes the language'
        )
