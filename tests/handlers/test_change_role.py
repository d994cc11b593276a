"""role: at once, for others and oneself, but never without an owner."""

from __future__ import annotations

from tests.shop import Shop


async def test_only_owners_give_roles(shop: Shop) -> None:
    assert await shop.manager.says("授权 张三 老板") == (
        "没有「授权 张三 老板」这个命令。发送「帮助」看你可以做什么。"
    )
    assert (await shop.manager.says("我")).startswith("「湖畔面馆」· 店长 张三\n")


async def test_an_unknown_person_or_role_changes_nothing(shop: Shop) -> None:
    assert await shop.owner.says("授权 李斯 店长") == "没有找到成员「李斯」。是不是「李四」？\n发送「成员」看全部"
    assert await shop.owner.says("授权 #9 店长") == "没有找到成员「#9」。\n发送「成员」看全部"
    assert await shop.owner.says("授权 李四 经理") == (
        "「经理」不是角色，这里要写查看者、店员、店长或老板\n例：授权 李四 店长"
    )
    assert await shop.owner.says("授权 李四 店员") == "李四已经是店员，没有变化"


async def test_the_last_owner_stays_one(shop: Shop) -> None:
    assert await shop.owner.says("授权 王芳 店长") == (
        "没有改：王芳是最后一位老板，没有老板就没人能邀请成员\n先让别人做老板：「授权 成员 老板」"
    )


async def test_a_role_counts_at_once_and_its_bearer_is_told(shop: Shop) -> None:
    await shop.clerk.says("我")
    assert await shop.owner.says("授权 李四 店长") == (
        "✅ 李四：店员 → 店长，立即生效\n改回：「授权 李四 店员」"
    )
    assert shop.clerk.reads() == ["你在「湖畔面馆」的角色：店员 → 店长（王芳）\n发送「帮助」看你可以做什么"]
    assert (await shop.clerk.says("我")).startswith("「湖畔面馆」· 店长 李四\n")
    assert await shop.owner.says("授权 李四 店员") == "✅ 李四：店长 → 店员，立即生效\n改回：「授权 李四 店长」"


async def test_a_person_is_named_by_number_too_and_the_order_does_not_count(shop: Shop) -> None:
    assert (await shop.owner.says("授权 店长 #2")).startswith("✅ 李四：店员 → 店长")


async def test_what_waited_for_a_managers_yes_is_void_once_they_are_less(shop: Shop) -> None:
    services = shop.app.services[shop.appid]
    manager = services.people.find("张三")
    await services.pending.offer(manager, "update_voucher", {})
    assert await shop.owner.says("授权 张三 老板") == "✅ 张三：店长 → 老板，立即生效\n改回：「授权 张三 店长」"
    assert await services.pending.peek(manager) is not None, "who may more may still say yes"
    assert await shop.owner.says("授权 张三 店员") == (
        "✅ 张三：老板 → 店员，立即生效\n等待确认的操作已作废\n改回：「授权 张三 老板」"
    )
    assert await services.pending.peek(manager) is None


async def test_an_owner_among_several_may_step_down(shop: Shop) -> None:
    await shop.owner.says("授权 张三 老板")
    assert await shop.owner.says("授权 王芳 查看者") == "✅ 王芳：老板 → 查看者，立即生效\n改回：「授权 王芳 老板」"
    assert (await shop.owner.says("成员")).startswith("没有「成员」这个命令。")


async def test_everything_in_english(shop: Shop) -> None:
    await shop.speaks_english()
    await shop.clerk.says("whoami")
    assert await shop.owner.says("role 李四 manager") == (
        '✅ 李四: clerk → manager, effective at once\nTo undo: "role 李四 clerk"'
    )
    assert shop.clerk.reads() == [
        'Your role in 湖畔面馆: clerk → manager (by 王芳)\nSend "help" to see what you may do'
    ]
    assert await shop.owner.says("role 李四 manager") == "李四 is a manager already; nothing changed"
    assert await shop.owner.says("role 李斯 manager") == (
        'Nobody here is called "李斯". Did you mean "李四"?\nSend "operators" to see everybody'
    )
    assert await shop.owner.says("role 王芳 viewer") == (
        "Not changed: 王芳 is the last owner, and without one nobody could invite people\n"
        'Make somebody else an owner first: "role PERSON owner"'
    )
    services = shop.app.services[shop.appid]
    await services.pending.offer(services.people.find("李四"), "update_voucher", {})
    assert await shop.owner.says("role 李四 viewer") == (
        "✅ 李四: manager → viewer, effective at once\n"
        "What waited for their yes is void\n"
        'To undo: "role 李四 manager"'
    )
