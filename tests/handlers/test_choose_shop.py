"""account and @shop: for which of their shops somebody speaks, and whom nobody learns of."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.merchants.people import SHELL, Role
from bot.simulator import Simulator
from bot.store import Store
from tests.shops import CAKES, MALL, NAMES, NOODLES, TEA, WANG, Shops, open_shops

STRANGER = "oTest0Stranger000000000000009"


@pytest.fixture
async def shops(simulator: Simulator, store: Store, redis_server: str) -> AsyncIterator[Shops]:
    """王芳 owns the noodle shop, and serves the tea room and the bakery by way of its account; not the mall."""
    async with open_shops(simulator, store, redis_server, NAMES, (WANG, STRANGER)) as opened:
        await opened.add(NOODLES, Role.OWNER, "王芳")
        await opened.add(TEA, Role.MANAGER, "小王")
        await opened.add(CAKES, Role.VIEWER, "王芳")
        yield opened


# What is refused -----------------------------------------------------------------------------------------------------

NOT_MINE = "你没有叫「{}」的店，你的店：\n#1 湖畔面馆\n#2 山间茶室\n#3 湖畔饼屋\n例：@湖畔面馆 统计"


@pytest.mark.parametrize("text", ["@城东商场 我", "@nobody 我", "@城东商场我", "@#4 我", "@#9 我", "＠城东商场　我"])
async def test_a_shop_not_theirs_is_as_one_that_is_not_there(shops: Shops, text: str) -> None:
    said = text.lstrip("@＠").replace("　", " ").split()[0]
    assert await shops.says(text) == NOT_MINE.format(said)
    assert shops.calls(MALL) == []


async def test_at_alone_says_what_comes_after_it(shops: Shops) -> None:
    expected = "@ 后面写店名和命令，你的店：\n#1 湖畔面馆\n#2 山间茶室\n#3 湖畔饼屋\n例：@湖畔面馆 统计"
    assert await shops.says("@") == expected
    assert await shops.says("＠ ") == expected


async def test_a_shop_with_nothing_after_it(shops: Shops) -> None:
    expected = "要「山间茶室」做什么？例：@山间茶室 统计\n「账号 山间茶室」从现在起都为它说话"
    assert await shops.says("@山间茶室") == expected
    assert await shops.says("＠茶室 ") == expected


async def test_several_fit_and_a_number_picks(shops: Shops) -> None:
    asked = "「湖畔」有 2 家，是哪家？\n#1 湖畔面馆\n#2 湖畔饼屋\n回复编号，如 1"
    assert await shops.says("@湖畔 我") == asked
    assert (await shops.says("2")).startswith("【湖畔饼屋】「湖畔饼屋」· 查看者 王芳\n")
    assert await shops.says("@湖畔 我") == asked
    assert (await shops.says("#1")).startswith("【湖畔面馆】「湖畔面馆」· 老板 王芳\n")
    assert await shops.says("账号 湖畔") == asked
    assert await shops.says("3") == NOT_MINE.format("#3")
    assert await shops.says("账号 湖畔") == asked
    assert (await shops.says("我")).startswith("【湖畔面馆】")
    assert "#2" in await shops.says("2")  # no answer to a list any more


async def test_strangers_learn_nothing(shops: Shops) -> None:
    for text in ("@山间茶室 我", "@", "账号", "账号 山间茶室", "门店汇总", "我", "确认", "1"):
        assert await shops.says(text, openid=STRANGER) == ""
    assert shops.calls(TEA) == []
    assert [key for key in await shops.store.do("KEYS", "*") if STRANGER in key and ":rate:" not in key] == []


async def test_an_operator_of_one_shop_is_as_before(shops: Shops) -> None:
    await shops.add(MALL, Role.OWNER, "赵敏", openid=STRANGER, at=MALL)
    assert (await shops.says("我", at=MALL, openid=STRANGER)).startswith("「城东商场」· 老板 赵敏\n")
    assert (await shops.says("@城东 我", at=MALL, openid=STRANGER)).startswith("「城东商场」· 老板 赵敏\n")
    assert await shops.says("@山间茶室 我", at=MALL, openid=STRANGER) == (
        "你没有叫「山间茶室」的店，你的店是「城东商场」\n例：@城东商场 统计"
    )
    assert await shops.says("账号", at=MALL, openid=STRANGER) == (
        "你在这里只有「城东商场」，不用选\n在这里发送「绑定 邀请码」，可以多管一家店"
    )
    assert "账号" not in await shops.says("帮助", at=MALL, openid=STRANGER)
    assert (await shops.says("@老王 在店里", at=MALL, openid=STRANGER)).startswith("没有「@老王 在店里」这个命令")


# Who speaks for what --------------------------------------------------------------------------------------------------


async def test_by_default_for_the_account_texted(shops: Shops) -> None:
    assert (await shops.says("我")).startswith("【湖畔面馆】「湖畔面馆」· 老板 王芳\n")
    assert "账号" in await shops.says("帮助")


@pytest.mark.parametrize(
    "text",
    ["@山间茶室 我", "＠山间茶室　我", "@茶室我", "@山间茶室我", '@"山间茶室" 我', "@#2 我", "@＃2我", "@山间茶室：我"],
)
async def test_for_once(shops: Shops, text: str) -> None:
    assert (await shops.says(text)).startswith("【山间茶室】「山间茶室」· 店长 小王\n")
    assert (await shops.says("我")).startswith("【湖畔面馆】")


async def test_from_now_on(shops: Shops) -> None:
    assert await shops.says("账号") == (
        "现在为「湖畔面馆」说话，你有 3 家店\n#1 湖畔面馆（现在）\n#2 山间茶室\n#3 湖畔饼屋\n"
        "「账号 #1」换一家 · 「@店名 统计」只这一次"
    )
    assert await shops.says("2") == (
        "✅ 从现在起为「山间茶室」说话\n「@店名 命令」只这一次为别家 · 「账号」看全部"
    )
    assert (await shops.says("我")).startswith("【山间茶室】「山间茶室」· 店长 小王\n")
    assert (await shops.says("@面馆 我")).startswith("【湖畔面馆】")
    assert (await shops.says("我")).startswith("【山间茶室】")
    assert "#2 山间茶室（现在）" in await shops.says("账号")
    assert (await shops.says("账号 #1")).startswith("✅ 从现在起为「湖畔面馆」说话\n")


async def test_the_role_is_that_of_the_shop_spoken_for(shops: Shops) -> None:
    shops.simulator.clear_calls()
    assert (await shops.says("@饼屋 成员")).startswith("【湖畔饼屋】没有「成员」")
    assert (await shops.says("@饼屋 卡券")).startswith("【湖畔饼屋】这个公众号还没有卡券")
    assert {call.appid for call in shops.simulator.calls("card/batchget")} == {CAKES}


async def test_who_serves_elsewhere_only_is_no_customer(shops: Shops) -> None:
    await shops.add(TEA, Role.CLERK, "小陈", openid=STRANGER, at=MALL)
    assert (await shops.says("我", at=MALL, openid=STRANGER)).startswith("【山间茶室】「山间茶室」· 店员 小陈\n")
    await shops.add(CAKES, Role.CLERK, "小陈", openid=STRANGER, at=MALL)
    assert await shops.says("我", at=MALL, openid=STRANGER) == (
        "你有 2 家店，先选为哪家说话，再发一次\n#1 山间茶室\n#2 湖畔饼屋\n回复编号选一家 · 或者「@店名 命令」"
    )
    assert (await shops.says("1", at=MALL, openid=STRANGER)).startswith("✅ 从现在起为「山间茶室」说话\n")
    assert (await shops.says("我", at=MALL, openid=STRANGER)).startswith("【山间茶室】")
    assert (await shops.says("我", at=TEA, openid=STRANGER)) == ""  # another openid, as far as anybody knows


# What changes meanwhile -----------------------------------------------------------------------------------------------

GONE = "没有执行：之前选的店现在不能用，或者不再由你负责\n#1 湖畔面馆\n{}回复编号选一家，再发一次"


async def test_removed_meanwhile(shops: Shops) -> None:
    await shops.says("账号 山间茶室")
    await shops.app.people(TEA).remove(f"{NOODLES}/{WANG}", by=SHELL)
    assert await shops.says("我") == GONE.format("#2 湖畔饼屋\n")
    assert (await shops.says("我")).startswith("【湖畔面馆】")
    assert await shops.says("@山间茶室 我") == NOT_MINE.format("山间茶室").replace("#2 山间茶室\n#3", "#2")


async def test_the_last_other_shop_gone_is_not_replaced_without_a_word(shops: Shops) -> None:
    await shops.app.people(CAKES).remove(f"{NOODLES}/{WANG}", by=SHELL)
    await shops.says("账号 山间茶室")
    await shops.app.people(TEA).remove(f"{NOODLES}/{WANG}", by=SHELL)
    assert await shops.says("我") == GONE.format("")
    assert (await shops.says("我")).startswith("「湖畔面馆」· 老板 王芳\n")


async def test_unauthorised_meanwhile(shops: Shops) -> None:
    account = shops.app.services.account(TEA)
    assert account is not None
    await shops.says("账号 山间茶室")
    shops.app.services.leave(TEA)
    assert await shops.says("我") == GONE.format("#2 湖畔饼屋\n")
    shops.app.services.serve(account)
    assert (await shops.says("@茶室 我")).startswith("【山间茶室】")


# Answers --------------------------------------------------------------------------------------------------------------


async def test_a_yes_is_for_the_shop_that_asked(shops: Shops) -> None:
    assert (await shops.says("@茶室 新建")).startswith("【山间茶室】")
    assert (await shops.says("统计 2014-01-01")).startswith("【湖畔面馆】")
    assert (await shops.says("1")).startswith("【山间茶室】")
    assert (await shops.says("确认")).startswith("【山间茶室】")


async def test_everything_in_english(shops: Shops) -> None:
    for shop in (NOODLES, TEA, CAKES):
        people = shops.app.people(shop)
        await people.refresh()
        for operator in people.all():
            await people.change(operator.openid, by=SHELL, language="en")
    lines = "#1 湖畔面馆\n#2 山间茶室\n#3 湖畔饼屋\n"
    assert await shops.says("@nobody whoami") == (
        f"You serve no shop called nobody. Yours:\n{lines}Example: @湖畔面馆 stats"
    )
    assert await shops.says("@") == f"After @ comes a shop and a command. Yours:\n{lines}Example: @湖畔面馆 stats"
    assert await shops.says("@茶室") == (
        'What is 山间茶室 to do? Example: @山间茶室 stats\n"account 山间茶室" to speak for it from now on'
    )
    assert await shops.says("@湖畔 whoami") == (
        "湖畔 fits 2 of your shops. Which one?\n#1 湖畔面馆\n#2 湖畔饼屋\nSend its number, say 1"
    )
    assert (await shops.says("2")).startswith("[湖畔饼屋] 湖畔饼屋 · viewer 王芳\n")
    assert await shops.says("account") == (
        "You speak for 湖畔面馆; you serve 3\n#1 湖畔面馆 (now)\n#2 山间茶室\n#3 湖畔饼屋\n"
        '"account #1" for another · "@shop stats" for this once'
    )
    assert await shops.says("account 茶室") == (
        '✅ From now on you speak for 山间茶室\n"@shop command" for another this once · "account" lists them'
    )
    await shops.app.people(TEA).remove(f"{NOODLES}/{WANG}", by=SHELL)
    assert await shops.says("whoami") == (
        "Not done: the shop you had chosen is out of use now, or not yours any more\n#1 湖畔面馆\n#2 湖畔饼屋\n"
        "Send a number to choose one, then send it again"
    )
    await shops.app.people(CAKES).remove(f"{NOODLES}/{WANG}", by=SHELL)
    assert await shops.says("@nobody whoami") == (
        "You serve no shop called nobody. Yours is 湖畔面馆\nExample: @湖畔面馆 stats"
    )
    assert await shops.says("account") == (
        'You serve 湖畔面馆 alone here, so there is nothing to choose\n"join CODE" here adds another shop'
    )
