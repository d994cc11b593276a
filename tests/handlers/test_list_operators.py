"""operators: who may command the account."""

from __future__ import annotations

from tests.shop import Shop


async def test_only_owners_know_the_list(shop: Shop) -> None:
    for speaker in (shop.manager, shop.clerk, shop.viewer):
        assert (await speaker.says("成员")).startswith("没有「成员」这个命令。")
    assert await shop.customer.says("成员") == ""


async def test_everybody_is_numbered(shop: Shop) -> None:
    assert await shop.owner.says("成员") == (
        "「湖畔面馆」有 4 位成员\n"
        "#1 张三 店长\n"
        "#2 李四 店员\n"
        "#3 王芳 老板（你）\n"
        "#4 赵敏 查看者\n"
        "「邀请 店员 名字」·「授权 #4 店长」·「移除 #4」"
    )


async def test_the_same_in_english(shop: Shop) -> None:
    await shop.speaks_english()
    assert await shop.owner.says("operators") == (
        "湖畔面馆: 4 operators\n"
        "#1 张三 manager\n"
        "#2 李四 clerk\n"
        "#3 王芳 owner (you)\n"
        "#4 赵敏 viewer\n"
        '"invite clerk NAME" · "role #4 manager" · "remove #4"'
    )
