"""An operator follows again: within seven days the role is back, later an owner decides; owners hear of it once."""

from __future__ import annotations

import time_machine

from tests.shop import Shop


async def test_an_operator_who_never_left_is_no_news(shop: Shop) -> None:
    await shop.everybody_texts()
    await shop.simulator.follow(shop.appid, shop.manager.openid)
    assert shop.owner.reads() == shop.manager.reads() == []
    assert (await shop.manager.says("我")).startswith("「湖畔面馆」· 店长 张三\n")


async def test_within_seven_days_the_role_is_back_and_told_once(shop: Shop, clock: time_machine.Traveller) -> None:
    await shop.simulator.unfollow(shop.appid, shop.manager.openid)
    clock.shift(7 * 86_400)
    await shop.everybody_texts(shop.manager)
    shop.simulator.delivery_faults.duplicate(copies=3)

    await shop.simulator.follow(shop.appid, shop.manager.openid)

    assert shop.manager.reads() == ["✅ 你在「湖畔面馆」的角色恢复了：店长\n发送「帮助」看你可以做什么"]
    assert shop.owner.reads() == ["✅ 张三重新关注了，角色已恢复：店长\n不想恢复：「移除 张三」"]
    assert shop.clerk.reads() == shop.viewer.reads() == []
    assert (await shop.manager.says("我")).startswith("「湖畔面馆」· 店长 张三\n")


async def test_later_an_owner_decides(shop: Shop, clock: time_machine.Traveller) -> None:
    await shop.simulator.unfollow(shop.appid, shop.manager.openid)
    clock.shift(7 * 86_400 + 1)
    await shop.everybody_texts(shop.manager)

    await shop.simulator.follow(shop.appid, shop.manager.openid)

    assert shop.manager.reads() == []
    assert shop.owner.reads() == [
        "张三重新关注了，11月22日取消关注时暂停的角色没有恢复\n恢复：「授权 张三 店长」\n不再需要：「移除 张三」"
    ]
    assert await shop.manager.says("卡券") == ""
    await shop.owner.says("授权 张三 店员")
    assert await shop.manager.says("我") != ""


async def test_what_was_kept_before_is_read_after_the_return(shop: Shop, clock: time_machine.Traveller) -> None:
    card_id = shop.has_voucher("春节券", sku={"quantity": 37, "total_quantity": 500})
    await shop.hears("card_sku_remind", CardId=card_id, Detail="")
    await shop.simulator.unfollow(shop.appid, shop.manager.openid)
    clock.shift(86_400)
    await shop.simulator.follow(shop.appid, shop.manager.openid)
    assert "⚠️「春节券」库存不多了：剩 37 张，共 500 张" in await shop.manager.says("我")


async def test_leaving_again_is_told_again(shop: Shop, clock: time_machine.Traveller) -> None:
    await shop.everybody_texts()
    for _ in range(2):
        clock.shift(60)
        await shop.simulator.unfollow(shop.appid, shop.viewer.openid)
        clock.shift(60)
        await shop.simulator.follow(shop.appid, shop.viewer.openid)
    assert [text.split("\n")[0] for text in shop.owner.reads()] == [
        "⚠️ 查看者赵敏取消关注了，角色已暂停，也不再收到通知",
        "✅ 赵敏重新关注了，角色已恢复：查看者",
    ] * 2


async def test_leaving_and_following_within_one_second_ends_following(shop: Shop) -> None:
    await shop.simulator.unfollow(shop.appid, shop.manager.openid)
    await shop.simulator.follow(shop.appid, shop.manager.openid)
    assert (await shop.manager.says("我")).startswith("「湖畔面馆」· 店长 张三\n")


async def test_everything_in_english(shop: Shop, clock: time_machine.Traveller) -> None:
    await shop.speaks_english()
    for person in (shop.manager, shop.clerk):
        await shop.simulator.unfollow(shop.appid, person.openid)
    clock.shift(86_400)
    await shop.everybody_texts(shop.manager, shop.clerk)
    await shop.simulator.follow(shop.appid, shop.manager.openid)
    assert shop.manager.reads() == ['✅ Your role in 湖畔面馆 is back: manager\nSend "help" to see what you may do']
    assert shop.owner.reads() == [
        '✅ 张三 follows the account again; the role is back: manager\nIf that is not wanted: "remove 张三"'
    ]
    clock.shift(8 * 86_400)
    await shop.everybody_texts(shop.clerk)
    await shop.simulator.follow(shop.appid, shop.clerk.openid)
    assert shop.owner.reads() == [
        "李四 follows the account again; the role, suspended since 22 Nov, is not back\n"
        'To bring it back: "role 李四 clerk"\n'
        'If it is not wanted any more: "remove 李四"'
    ]
    await shop.owner.says("role 李四 viewer")
    assert shop.clerk.reads() == []
    assert (
        'You are a viewer of 湖畔面馆 again (by 王芳)\nSend "help" to see what you may do'
    ) in await shop.clerk.says("whoami")
