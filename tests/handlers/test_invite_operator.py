"""invite: a code for one person, shown once."""

from __future__ import annotations

import re

import pytest

from tests.shop import Shop

CODE = re.compile(r"(?:\w{4}-){3}\w{4}")


async def test_only_owners_invite(shop: Shop) -> None:
    assert await shop.manager.says("邀请 店员 小陈") == (
        "没有「邀请 店员 小陈」这个命令。发送「帮助」看你可以做什么。"
    )


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("邀请 店员", "还缺内容：邀请 角色 名字\n例：邀请 店员 李四"),
        (
            "邀请 店员 李四",
            "没有成功：已经有一位「李四」，名字不能重复\n换个名字再邀请，如「邀请 店员 李四2」",
        ),
        (
            f"邀请 店员 {'陈' * 21}",
            "没有成功：名字有 21 个字，最多 20 个\n例：邀请 店员 李四",
        ),
        ("邀请 店员 #2", "没有成功：名字不能只是数字，「#2」会和成员编号混淆\n例：邀请 店员 李四"),
        ("邀请 店员 a#b", "没有成功：名字里不能有 # = 引号\n例：邀请 店员 李四"),
    ],
)
async def test_what_cannot_be_a_name_is_told(shop: Shop, text: str, answer: str) -> None:
    assert await shop.owner.says(text) == answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (
            "invite clerk 李四",
            'Not done: somebody is called "李四" already, and each name is one person\'s\n'
            'Invite with another name, such as "invite clerk 李四2"',
        ),
        (
            f"invite clerk {'x' * 21}",
            "Not done: the name has 21 characters, at most 20 are possible\nExample: invite clerk Li Si",
        ),
        (
            "invite clerk #2",
            'Not done: "#2" is a number and would be taken for a place in the list of operators\n'
            "Example: invite clerk Li Si",
        ),
        (
            f"invite clerk {'x' * 210}",
            "Not done: the name has 210 characters, at most 20 are possible\nExample: invite clerk Li Si",
        ),
        ("invite clerk a#b", "Not done: a name cannot have # = or quotes in it\nExample: invite clerk Li Si"),
    ],
)
async def test_the_same_in_english(shop: Shop, text: str, answer: str) -> None:
    await shop.speaks_english()
    assert await shop.owner.says(text) == answer


@pytest.mark.parametrize("text", ["邀请 店员 小陈", "邀请 小陈 店员", "invite clerk 小陈", "邀请 Clerk 小陈"])
async def test_the_code_of_the_reply_makes_somebody_what_was_meant(shop: Shop, text: str) -> None:
    reply = await shop.owner.says(text)
    code = CODE.findall(reply)[0]
    assert reply == (
        "✅ 邀请小陈做店员，24 小时内有效，只能用一次\n"
        "发错了人就再邀请一次，这个码随即作废\n"
        "请对方关注「湖畔面馆」，发送下面这一行：\n"
        f"绑定 {code}"
    )
    assert (await shop.customer.says(reply.splitlines()[-1])).startswith("✅ 你现在是「湖畔面馆」的店员，名字：小陈")


async def test_the_reply_in_english(shop: Shop) -> None:
    await shop.speaks_english()
    reply = await shop.owner.says("invite manager Ann Lee")
    code = CODE.findall(reply)[0]
    assert reply == (
        "✅ Ann Lee is invited as manager: good for 24 hours, once\n"
        "Sent to the wrong person? Invite again, and this code is void\n"
        "Ask them to follow 湖畔面馆 and to send this line:\n"
        f"join {code}"
    )


async def test_the_code_stands_nowhere_in_redis(shop: Shop) -> None:
    """Only its hash is kept; the copy of the reply that WeChat's repeats would get is sealed."""
    delivery = await shop.owner.texts("邀请 店员 小陈")
    code = CODE.findall(delivery.text)[0]
    again = await shop.simulator.push(shop.appid, delivery.elements)
    assert again.text == delivery.text
    store = shop.app.store
    for key in await store.do("KEYS", "*"):
        dump = {"string": ("GET", key), "hash": ("HGETALL", key), "list": ("LRANGE", key, 0, -1)}
        kind = await store.do("TYPE", key)
        kept = str(await store.do(*dump[kind])).upper().replace("-", "")
        assert code.upper().replace("-", "") not in kept, key
