"""remove: at once, with what waited for their yes; the last owner stays."""

from __future__ import annotations

from tests.shop import Shop


async def test_only_owners_remove(shop: Shop) -> None:
    assert await shop.manager.says("移除 李四") == "没有「移除 李四」这个命令。发送「帮助」看你可以做什么。"
    assert await shop.clerk.says("我") != ""


async def test_nobody_is_removed_by_half_a_name(shop: Shop) -> None:
    assert await shop.owner.says("移除 李") == "没有找到成员「李」。是不是「李四」？\n发送「成员」看全部"
    assert await shop.owner.says("移除") == "还缺成员：移除 成员\n例：移除 李四"


async def test_the_last_owner_stays(shop: Shop) -> None:
    assert await shop.owner.says("移除 王芳") == (
        "没有改：王芳是最后一位老板，没有老板就没人能邀请成员\n先让别人做老板：「授权 成员 老板」"
    )


async def test_who_is_removed_is_told_and_commands_nothing_any_more(shop: Shop) -> None:
    await shop.clerk.says("我")
    assert await shop.owner.says("移除 李四") == "✅ 已移除店员李四，立即生效\n移错了：「邀请 店员 李四」"
    assert shop.clerk.reads() == ["你不再是「湖畔面馆」的店员（王芳）\n有疑问请找店里"]
    assert await shop.clerk.says("我") == ""
    assert await shop.owner.says("移除 李四") == "没有找到成员「李四」。\n发送「成员」看全部"


async def test_what_waited_for_their_yes_is_void_also_after_they_come_back(shop: Shop) -> None:
    services = shop.app.services[shop.appid]
    await services.pending.offer(services.people.find("张三"), "update_voucher", {})
    assert await shop.owner.says("移除 #1") == (
        "✅ 已移除店长张三，立即生效\n等待确认的操作已作废\n移错了：「邀请 店长 张三」"
    )
    invitation = await shop.owner.says("邀请 店长 张三")
    await shop.manager.says(invitation.splitlines()[-1])
    assert (await shop.manager.says("确认")).startswith("现在没有等待确认的操作。")


async def test_an_owner_among_several_may_leave(shop: Shop) -> None:
    await shop.owner.says("授权 张三 老板")
    services = shop.app.services[shop.appid]
    await services.pending.offer(services.people.find("王芳"), "update_voucher", {})
    assert await shop.owner.says("移除 王芳") == (
        "✅ 你已退出「湖畔面馆」，命令不再可用\n等待确认的操作已作废\n要回来，请其他老板邀请"
    )
    assert await shop.owner.says("我") == ""


async def test_everything_in_english(shop: Shop) -> None:
    await shop.speaks_english()
    await shop.clerk.says("whoami")
    assert await shop.owner.says("remove 李四") == (
        '✅ 李四 (clerk) is removed, effective at once\nTo undo: "invite clerk 李四"'
    )
    assert shop.clerk.reads() == ["You are no longer a clerk of 湖畔面馆 (by 王芳)\nWith questions, ask the shop"]
    assert await shop.owner.says("remove 李四") == (
        'Nobody here is called "李四".\nSend "operators" to see everybody'
    )
    await shop.owner.says("role 张三 owner")
    assert await shop.owner.says("remove 王芳") == (
        "✅ You have left 湖畔面馆; commands do not work any more\nTo come back, ask another owner for an invitation"
    )
