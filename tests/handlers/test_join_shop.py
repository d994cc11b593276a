"""join: how somebody becomes an operator, and what customers get who say the same word."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import time_machine

from bot.merchants.invitations import new_code
from bot.merchants.people import SHELL, Role
from bot.simulator import Simulator
from bot.store import Store, keys
from tests.shop import Shop
from tests.shops import CAKES, MALL, NAMES, NOODLES, TEA, WANG, Shops, open_shops

OTHER = "oTest0Other00000000000000010"


async def invited(shop: Shop, role: Role, name: str = "小陈") -> str:
    """A fresh code of the owner's."""
    return await shop.app.people(shop.appid).invite(role, name, by=shop.owner.openid)


@pytest.mark.parametrize("text", ["绑定", "绑定 会员卡", "绑定手机 13800000000", "join", "join membership"])
async def test_customers_who_say_the_word_are_no_guessers(shop: Shop, text: str) -> None:
    for _ in range(7):
        assert await shop.customer.says(text) == ""


async def test_a_wrong_code_is_told_with_the_tries_left(shop: Shop) -> None:
    for left in (4, 3, 2, 1):
        assert await shop.customer.says(f"绑定 {new_code()}") == (
            f"❌ 没有这个邀请码，请照邀请里的 16 位核对\n一小时内还可以试 {left} 次"
        )
    assert await shop.customer.says(f"绑定 {new_code()}") == (
        "❌ 没有这个邀请码，请照邀请里的 16 位核对\n一小时内不能再试，也可以请老板重新邀请"
    )
    code = await invited(shop, Role.CLERK)
    assert await shop.customer.says(f"绑定 {code}") == (
        "❌ 一小时内已输错 5 次，这次没有核对\n15:02 以后再发一次"
    )
    assert await shop.customer.says("帮助") == ""


async def test_a_code_makes_a_customer_an_operator_and_the_owner_hears_of_it(shop: Shop) -> None:
    await shop.owner.says("我")
    code = await invited(shop, Role.CLERK)

    assert await shop.customer.says(f"绑定 {code}") == (
        "✅ 你现在是「湖畔面馆」的店员，名字：小陈\n发送「帮助」看你可以做什么"
    )
    assert shop.owner.reads() == ["小陈已成为店员，邀请人：王芳\n不认识的话，请老板发送「移除 小陈」"]
    assert (await shop.customer.says("我")).startswith("「湖畔面馆」· 店员 小陈\n")
    assert shop.manager.reads() == []


async def test_an_owner_who_cannot_be_reached_reads_it_with_the_next_answer(shop: Shop) -> None:
    await shop.customer.says(f"绑定{await invited(shop, Role.VIEWER)}")
    assert shop.owner.reads() == []
    kept = "小陈已成为查看者，邀请人：王芳\n不认识的话，请老板发送「移除 小陈」"
    assert (await shop.owner.says("语言")).endswith(kept)


async def test_a_used_code_is_told(shop: Shop) -> None:
    code = await invited(shop, Role.CLERK)
    await shop.app.people(shop.appid).join(code, "oSomebodyElse000000000000006")
    assert await shop.customer.says(f"绑定 {code}") == "❌ 这个邀请码已经用过了，每个只能用一次\n请老板重新邀请"


async def test_a_replaced_code_is_told(shop: Shop) -> None:
    earlier = await invited(shop, Role.CLERK)
    await invited(shop, Role.CLERK)
    assert await shop.customer.says(f"绑定 {earlier}") == "❌ 这个邀请码已作废，有更新的邀请码\n请用新的那个"
    await shop.speaks_english()
    assert await shop.viewer.says(f"join {earlier}") == (
        "❌ This code is void: there is a newer one\nSend the newer one"
    )


async def test_an_old_code_is_told(shop: Shop, clock: time_machine.Traveller) -> None:
    code = await invited(shop, Role.CLERK)
    clock.shift(86_400)
    assert await shop.customer.says(f"绑定 {code}") == "❌ 这个邀请码过期了，24 小时内有效\n请老板重新邀请"


async def test_a_code_of_a_former_owner_is_told(shop: Shop) -> None:
    people = shop.app.people(shop.appid)
    code = await invited(shop, Role.OWNER)
    await people.change(shop.manager.openid, by=SHELL, role=Role.OWNER)
    await people.change(shop.owner.openid, by=SHELL, role=Role.VIEWER)
    assert await shop.customer.says(f"绑定 {code}") == "❌ 这个邀请码已失效：邀请人不再是老板\n请老板重新邀请"


async def test_a_name_taken_meanwhile_is_told(shop: Shop) -> None:
    code = await invited(shop, Role.CLERK)
    await shop.app.people(shop.appid).add("oSomebodyElse000000000000006", Role.VIEWER, "小陈", by=SHELL)
    assert await shop.customer.says(f"绑定 {code}") == (
        "❌ 没有绑定：邀请之后，已有别人叫「小陈」，名字不能重复\n请老板换个名字重新邀请"
    )


async def test_a_code_for_less_than_one_is_changes_nothing(shop: Shop) -> None:
    assert await shop.manager.says(f"绑定 {await invited(shop, Role.CLERK)}") == (
        "你已经是「湖畔面馆」的店长（张三），没有变化\n这是店员的邀请码，没有用掉，仍可给别人用"
    )


async def test_a_code_for_more_raises(shop: Shop) -> None:
    await shop.owner.says("我")
    code = await invited(shop, Role.MANAGER)
    assert await shop.clerk.says(f"绑定 {code}") == (
        "✅ 你在「湖畔面馆」的角色升为店长，名字不变：李四\n发送「帮助」看你可以做什么"
    )
    assert shop.owner.reads() == ["李四已从店员升为店长，邀请人：王芳\n不认识的话，请老板发送「移除 李四」"]
    assert await shop.clerk.says(f"绑定 {code}") == "你已经是「湖畔面馆」的店长（李四），没有变化"


async def test_an_operator_without_a_code_is_told_what_is_missing(shop: Shop) -> None:
    assert await shop.clerk.says("绑定") == "还缺邀请码：绑定 邀请码\n例：绑定 K7QM-3RXD-9WVF-T2HB"
    assert await shop.clerk.says("绑定 会员卡") == (
        "「会员卡」不是邀请码，这里要写邀请里的 16 位字母和数字\n例：绑定 K7QM-3RXD-9WVF-T2HB"
    )


async def test_everything_in_english(shop: Shop, clock: time_machine.Traveller) -> None:
    await shop.speaks_english()
    await shop.owner.says("whoami")
    raising = await invited(shop, Role.MANAGER)
    assert await shop.clerk.says(f"join {raising.lower()}") == (
        '✅ You are a manager of 湖畔面馆 now; your name stays 李四\nSend "help" to see what you may do'
    )
    assert shop.owner.reads() == [
        '李四 rose from clerk to manager, invited by 王芳\nShould nobody know this person, an owner sends "remove 李四"'
    ]
    assert await shop.clerk.says(f"join {raising}") == "You are a manager of 湖畔面馆 already (李四); nothing changed"
    assert await shop.clerk.says(f"join {await invited(shop, Role.VIEWER)}") == (
        "You are a manager of 湖畔面馆 already (李四); nothing changed\n"
        "This code makes a viewer. It is not used up and still good for somebody else"
    )
    assert await shop.clerk.says(f"join {new_code()}") == (
        "❌ No invitation has this code; compare all 16 characters with yours\n4 more tries within the hour"
    )
    old = await invited(shop, Role.OWNER, "Ann")
    clock.shift(86_400)
    assert await shop.clerk.says(f"join {old}") == (
        "❌ This code is too old; it was good for 24 hours\nAsk an owner for a new invitation"
    )
    await shop.owner.says("whoami")
    await shop.app.people(shop.appid).join(await invited(shop, Role.CLERK, "Ann"), "oSomebodyElse000000000000006")
    used = await invited(shop, Role.CLERK, "Bob")
    await shop.app.people(shop.appid).join(used, "oSomebodyElse000000000000007")
    assert await shop.viewer.says(f"join {used}") == (
        "❌ This code has been used; each is good for one person\nAsk an owner for a new invitation"
    )


# At another account than the shop's own ------------------------------------------------------------------------------


@pytest.fixture
async def shops(simulator: Simulator, store: Store, redis_server: str) -> AsyncIterator[Shops]:
    """Each shop has an owner at its own account; 王芳's is the noodle shop."""
    async with open_shops(simulator, store, redis_server, NAMES, (WANG, OTHER)) as opened:
        await opened.add(NOODLES, Role.OWNER, "王芳")
        await opened.add(TEA, Role.OWNER, "老茶", openid=OTHER, at=TEA)
        yield opened


async def test_a_code_of_another_shop_is_redeemed_where_one_is(shops: Shops) -> None:
    await shops.says("我", at=TEA, openid=OTHER)
    code = await shops.invited(TEA, Role.MANAGER, "小王")

    assert await shops.says(f"绑定 {code}") == (
        "✅ 你现在是「山间茶室」的店长，名字：小王\n"
        "「@山间茶室 帮助」看你可以为它做什么 · 「账号」换一家店说话"
    )
    assert shops.reads(TEA, OTHER) == ["小王已成为店长\n不认识的话，请老板发送「移除 小王」"]
    assert (await shops.says("我")).startswith("【湖畔面馆】")
    assert (await shops.says("@茶室 我")).startswith("【山间茶室】「山间茶室」· 店长 小王\n")
    assert await shops.says("我", at=TEA) == ""
    assert await shops.says(f"绑定 {code}", openid=OTHER) == "❌ 这个邀请码已经用过了，每个只能用一次\n请老板重新邀请"
    assert await shops.says("我", openid=OTHER) == ""
    assert await shops.says(f"@茶室 绑定 {code}") == "你已经是「山间茶室」的店长（小王），没有变化"


async def test_somebody_nobody_knows_at_the_account_texted(shops: Shops) -> None:
    code = await shops.invited(TEA, Role.CLERK, "小陈")
    assert (await shops.says(f"绑定 {code}", at=MALL, openid=OTHER)).startswith("✅ 你现在是「山间茶室」的店员")
    assert (await shops.says("我", at=MALL, openid=OTHER)).startswith("【山间茶室】「山间茶室」· 店员 小陈\n")


async def test_wrong_codes_are_counted_where_they_are_texted(shops: Shops) -> None:
    code = await shops.invited(TEA, Role.CLERK, "小陈")
    for left in (4, 3, 2, 1):
        assert f"还可以试 {left} 次" in await shops.says(f"绑定 {new_code()}", openid=OTHER)
    await shops.says(f"绑定 {new_code()}", openid=OTHER)
    limited = "❌ 一小时内已输错 5 次，这次没有核对\n15:02 以后再发一次"
    assert await shops.says(f"绑定 {code}", openid=OTHER) == limited
    assert await shops.says(f"绑定 {new_code()}", openid=OTHER) == limited
    assert (await shops.says(f"绑定 {code}", at=MALL, openid=OTHER)).startswith("✅ 你现在是「山间茶室」的店员")


async def test_a_code_of_an_account_not_served_is_a_wrong_one(shops: Shops) -> None:
    code = await shops.invited(TEA, Role.CLERK, "小陈")
    shops.app.services.leave(TEA)
    assert await shops.says(f"绑定 {code}") == (
        "❌ 没有这个邀请码，请照邀请里的 16 位核对\n一小时内还可以试 4 次"
    )


async def test_of_two_people_with_one_code_at_two_accounts_one_joins(shops: Shops) -> None:
    code = await shops.invited(CAKES, Role.CLERK, "小陈")
    answers = await asyncio.gather(
        shops.says(f"绑定 {code}", at=MALL, openid=OTHER), shops.says(f"绑定 {code}", at=NOODLES)
    )
    assert sorted(answer[0] for answer in answers) == ["✅", "❌"]
    await shops.app.people(CAKES).refresh()
    assert len(shops.app.people(CAKES).all()) == 1
    indexes = [await shops.store.do("HLEN", keys.elsewhere(shop)) for shop in (MALL, NOODLES)]
    assert sorted(indexes) == [0, 1]


async def test_at_another_account_in_english(simulator: Simulator, store: Store, redis_server: str) -> None:
    names = {TEA: "Tea Room", NOODLES: "Lakeside"}
    async with open_shops(simulator, store, redis_server, names, account={"language": "en"}) as shops:
        await shops.add(NOODLES, Role.OWNER, "Wang")
        code = await shops.invited(TEA, Role.MANAGER, "Wang")
        assert await shops.says(f"join {code}") == (
            "✅ You are a manager of Tea Room now, named Wang\n"
            '"@Tea Room help" shows what you may do for it · "account" changes the shop you speak for'
        )
        assert (await shops.says("@tea room whoami")).startswith("[Tea Room] Tea Room · manager Wang\n")
