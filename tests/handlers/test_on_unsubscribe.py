"""An operator unfollows: the role rests, nothing is sent, owners hear of it once, and no shop is locked out."""

from __future__ import annotations

import time_machine

from bot.clock import now
from bot.merchants.people import SHELL, Role
from tests.shop import Shop, Speaker

LEFT = (
    "⚠️ 店长张三取消关注了，角色已暂停，也不再收到通知\n"
    "7 天内重新关注会自动恢复；之后要恢复：「授权 张三 店长」\n"
    "不想恢复：「移除 张三」"
)


async def leaves(shop: Shop, person: Speaker) -> None:
    await shop.simulator.unfollow(shop.appid, person.openid)


async def test_customers_come_and_go_unnoticed(shop: Shop) -> None:
    await shop.everybody_texts()
    version = await shop.app.store.do("GET", f"v1:{{{shop.appid}}}:people:version")

    await leaves(shop, shop.customer)
    await shop.simulator.follow(shop.appid, shop.customer.openid)

    assert shop.owner.reads() == []
    assert await shop.app.store.do("GET", f"v1:{{{shop.appid}}}:people:version") == version


async def test_owners_are_told_once_and_the_list_shows_it(shop: Shop) -> None:
    await shop.everybody_texts()
    shop.simulator.delivery_faults.duplicate(copies=3)

    await leaves(shop, shop.manager)

    assert shop.owner.reads() == [LEFT]
    assert shop.clerk.reads() == shop.viewer.reads() == shop.manager.reads() == []
    assert "张三 店长（取消关注，已暂停）\n" in await shop.owner.says("成员")


async def test_an_owner_who_does_not_follow_such_changes_is_not_told(shop: Shop) -> None:
    await shop.everybody_texts()
    await shop.owner.says("提醒 关闭 成员")
    await leaves(shop, shop.manager)
    assert shop.owner.reads() == []


async def test_two_who_leave_in_one_second_are_two_notices(shop: Shop) -> None:
    await shop.everybody_texts()
    await leaves(shop, shop.manager)
    await leaves(shop, shop.clerk)
    assert [text.split("，")[0] for text in shop.owner.reads()] == ["⚠️ 店长张三取消关注了", "⚠️ 店员李四取消关注了"]


async def test_what_waited_for_their_yes_is_void(shop: Shop) -> None:
    shop.has_voucher("春节券")
    await shop.everybody_texts()
    await shop.manager.says("修改 春节券 客服电话=0571-1111111")

    await leaves(shop, shop.manager)

    assert shop.owner.reads() == [
        "⚠️ 店长张三取消关注了，角色已暂停，也不再收到通知\n"
        "等待确认的操作已作废\n"
        "7 天内重新关注会自动恢复；之后要恢复：「授权 张三 店长」\n"
        "不想恢复：「移除 张三」"
    ]
    await shop.simulator.follow(shop.appid, shop.manager.openid)
    assert "已" not in await shop.manager.says("确认")
    assert shop.calls("card/update") == []


async def test_nothing_is_sent_to_them_meanwhile(shop: Shop) -> None:
    card_id = shop.has_voucher("春节券", sku={"quantity": 37, "total_quantity": 500})
    await shop.everybody_texts()
    await leaves(shop, shop.manager)
    shop.simulator.clear_calls()

    await shop.hears("card_sku_remind", CardId=card_id, Detail="")
    await shop.owner.says("移除 张三")

    assert {call.body["touser"] for call in shop.calls("message/custom/send")} == {shop.owner.openid}
    assert shop.manager.reads() == []


async def test_the_daily_summary_rests_too(shop: Shop, clock: time_machine.Traveller) -> None:
    await shop.manager.says("日报 开 10:00")
    await leaves(shop, shop.manager)
    clock.move_to("2026-11-23T15:00:00+08:00", tick=False)
    await shop.app.scheduler.look()
    clock.move_to("2026-11-24T09:00:00+08:00", tick=False)
    await shop.simulator.follow(shop.appid, shop.manager.openid)
    assert "之前没能送达" not in await shop.manager.says("我"), "what fell into the time away is not told"
    assert shop.manager.reads() == ["✅ 你在「湖畔面馆」的角色恢复了：店长\n发送「帮助」看你可以做什么"]

    clock.move_to("2026-11-24T15:00:00+08:00", tick=False)
    await shop.app.scheduler.look()
    assert len(shop.manager.reads()) == 1, "the wish was kept"


async def test_a_suspended_person_is_a_customer_until_an_owner_says_otherwise(
    shop: Shop, clock: time_machine.Traveller
) -> None:
    await leaves(shop, shop.manager)
    clock.shift(8 * 86_400)
    await shop.simulator.follow(shop.appid, shop.manager.openid)
    assert await shop.manager.says("卡券") == await shop.manager.says("我") == ""

    restored = "✅ 张三的角色恢复了：店长，立即生效\n对方关注着账号才能使用"
    assert (await shop.owner.says("授权 张三 店长")).startswith(restored)
    assert await shop.manager.says("我") != ""


async def test_an_invitation_gives_no_more_than_it_says(shop: Shop, clock: time_machine.Traveller) -> None:
    people = shop.app.people(shop.appid)
    await leaves(shop, shop.manager)
    clock.shift(8 * 86_400)
    code = await people.invite(Role.VIEWER, "", SHELL)
    await shop.simulator.follow(shop.appid, shop.manager.openid)
    assert await shop.manager.says(f"绑定 {code}") == (
        "✅ 你现在是「湖畔面馆」的查看者，名字：张三\n发送「帮助」看你可以做什么"
    )


async def test_a_word_that_comes_after_they_are_back_is_old(shop: Shop, clock: time_machine.Traveller) -> None:
    await shop.everybody_texts()
    await leaves(shop, shop.manager)
    late = int(now()) + 30
    clock.shift(60)
    await shop.simulator.follow(shop.appid, shop.manager.openid)
    shop.owner.reads()

    await shop.simulator.push(
        shop.appid,
        {"FromUserName": shop.manager.openid, "MsgType": "event", "Event": "unsubscribe", "EventKey": ""},
        create_time=late,
    )

    assert shop.owner.reads() == []
    assert (await shop.manager.says("我")).startswith("「湖畔面馆」· 店长 张三\n")


async def test_the_last_owner_comes_back_by_following_however_late(shop: Shop, clock: time_machine.Traveller) -> None:
    await shop.owner.says("授权 张三 老板")
    await leaves(shop, shop.manager)
    clock.shift(60)
    await leaves(shop, shop.owner)
    clock.shift(400 * 86_400)

    await shop.simulator.follow(shop.appid, shop.manager.openid)
    assert await shop.manager.says("成员") == "", "left first, and too long ago"

    await shop.simulator.follow(shop.appid, shop.owner.openid)
    assert (await shop.owner.says("授权 张三 老板")).startswith("✅ 张三的角色恢复了：老板")
    assert (await shop.manager.says("成员")).startswith("「湖畔面馆」有 4 位成员\n")


async def test_the_last_owner_may_command_even_when_nobody_heard_them_follow(shop: Shop) -> None:
    await leaves(shop, shop.owner)
    shop.simulator.world.people.set_follows(shop.appid, shop.owner.openid, follows=True)
    assert "王芳 老板（你）（取消关注，已暂停）" in await shop.owner.says("成员")


async def test_everything_in_english(shop: Shop) -> None:
    await shop.everybody_texts()
    await shop.speaks_english()
    shop.has_voucher("春节券")
    await shop.manager.says("update 春节券 service_phone=0571-1111111")
    await leaves(shop, shop.manager)
    assert shop.owner.reads() == [
        "⚠️ 张三 (manager) unfollowed the account: the role is suspended, and no notices are sent\n"
        "What waited for their yes is void\n"
        'Following again within 7 days brings it back; later only "role 张三 manager" does\n'
        'If they are not to come back: "remove 张三"'
    ]
    assert "张三 manager (unfollowed, suspended)\n" in await shop.owner.says("operators")
    assert await shop.owner.says("role 张三 manager") == (
        "✅ 张三 is a manager again, effective at once\nIt is of use once they follow the account"
    )
    assert "张三 manager\n" in await shop.owner.says("operators")
