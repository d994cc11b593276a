"""help: what this sender may do, and nothing about what they may not."""

from __future__ import annotations

import pytest

from bot.simulator import cash_voucher
from tests.shop import Shop

UNKNOWN = "没有「{}」这个命令。发送「帮助」看你可以做什么。"


@pytest.mark.parametrize("word", ["修改", "update", "邀请", "invite", "没有这个", "确认吧"])
async def test_a_command_out_of_reach_does_not_exist(shop: Shop, word: str) -> None:
    assert await shop.viewer.says(f"帮助 {word}") == UNKNOWN.format(word)


@pytest.mark.parametrize("text", ["修改 春节券 客服电话=1", "update x phone=1", "邀请 店长 张三", "invite owner x"])
async def test_a_command_out_of_reach_is_unknown_and_not_suggested(shop: Shop, text: str) -> None:
    answer = await shop.viewer.says(text)
    assert answer.startswith(f"没有「{text[:20]}」这个命令。")
    assert "没有权限" not in answer
    assert shop.calls("card/update") == []


async def test_lists_what_each_role_may_do(shop: Shop) -> None:
    for speaker in (shop.owner, shop.manager, shop.clerk, shop.viewer):
        answer = await speaker.says("帮助")
        assert ("、修改、" in answer or "修改 <卡券>" in answer) is (speaker.name in ("王芳", "张三"))
        assert ("邀请" in answer) is (speaker.name == "王芳")
    assert (await shop.viewer.says("帮助")).splitlines()[0] == "你是「湖畔面馆」的查看者，可以："


async def test_fits_a_phone(shop: Shop) -> None:
    for speaker in (shop.owner, shop.manager, shop.clerk, shop.viewer):
        lines = (await speaker.says("帮助")).splitlines()
        assert len(lines) <= 12
        assert not any(line.startswith("绑定") for line in lines)
    assert lines[-1] == "还有：提醒、语言、继续、取消、我、确认 · 「帮助 统计」看例子"
    assert (await shop.manager.says("帮助")).splitlines()[-1].endswith("「帮助 新建」看例子")
    await shop.speaks_english()
    lines = (await shop.viewer.says("help")).splitlines()
    assert lines[-1] == 'Also: alerts, language, more, no, whoami, yes · "help stats" shows an example'


async def test_what_does_not_fit_is_one_line(shop: Shop) -> None:
    assert "\n成员：邀请、成员、移除、授权\n" in await shop.owner.says("帮助")
    await shop.speaks_english()
    assert "\nPeople: invite, operators, remove, role\n" in await shop.owner.says("help")


@pytest.mark.parametrize("greeting", ["你好", "您好！", "菜单", "hi", "Hello", "?", "？？"])
async def test_a_greeting_is_met_with_help(shop: Shop, greeting: str) -> None:
    assert await shop.viewer.says(greeting) == await shop.viewer.says("帮助")
    assert await shop.viewer.says(f"{greeting} 统计") != await shop.viewer.says("帮助")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("昨天", "统计"), ("yesterday", "统计"), ("昨天统计", "统计"), ("卡券列表", "卡券"), ("我是谁", "我")],
)
async def test_what_people_type_for_a_command(shop: Shop, typed: str, meant: str) -> None:
    assert await shop.viewer.says(typed) == await shop.viewer.says(meant)


async def test_explains_one_command_in_both_languages(shop: Shop) -> None:
    chinese = "帮助 [命令]\n看你可以做什么\n例：帮助 统计"
    assert await shop.viewer.says("帮助 help") == chinese
    assert await shop.viewer.says("HELP 帮助") == chinese
    await shop.speaks_english()
    assert await shop.viewer.says("help 帮助") == "help [command]\nwhat you may do\nExample: help stats"
    assert await shop.viewer.says("help xyz") == ('There is no command "xyz". Send "help" to see what you may do.')


@pytest.mark.parametrize("word", ["show", "update", "extend", "copy", "stock", "issue", "try"])
@pytest.mark.parametrize("language", ["zh_CN", "en"])
async def test_an_example_about_a_voucher_can_be_copied(shop: Shop, word: str, language: str) -> None:
    coupon = cash_voucher("湖畔面馆", 3000, title="春节券", friends=False)
    shop.simulator.add_voucher(shop.appid, coupon, "VERIFY_OK")
    await shop.owner.says("卡券")
    if language == "en":
        await shop.speaks_english()
    page = await shop.owner.says(f"help {word}")
    example = next(line for line in page.splitlines() if line.startswith(("例：", "Example: ")))
    answer = await shop.owner.says(example.removeprefix("例：").removeprefix("Example: "))
    assert "春节券" in answer
    assert not answer.startswith(("没有找到", "没有修改", "No voucher", "Not changed", "Example"))


async def test_a_typing_error_is_met_with_the_nearest_command(shop: Shop) -> None:
    assert await shop.viewer.says("yse") == "没有「yse」这个命令。你是想发「yes」吗？现在没有等待确认的操作。"
    assert await shop.viewer.says("统讣 7天") == "没有「统讣 7天」这个命令。你是想发「统计」吗？"
    assert await shop.viewer.says("统讣7天") == "没有「统讣7天」这个命令。你是想发「统计」吗？"
    assert await shop.viewer.says("hepl") == "没有「hepl」这个命令。你是想发「help」吗？"
    await shop.speaks_english()
    assert await shop.viewer.says("stast") == 'There is no command "stast". Did you mean "stats"?'


async def test_a_title_typed_alone_is_met_with_how_to_see_it(shop: Shop) -> None:
    shop.has_voucher("春节代金券")
    await shop.viewer.says("卡券")
    assert await shop.viewer.says("春节代金卷") == (
        "没有「春节代金卷」这个命令。要看「春节代金券」的话，发送「查看 春节代金券」。"
    )
    assert await shop.viewer.says("春节") == (
        "没有「春节」这个命令。要看「春节代金券」的话，发送「查看 春节代金券」。"
    )


async def test_a_number_alone_is_met_with_how_to_see_what_it_stands_for(shop: Shop) -> None:
    for number in ("#3", "＃3", "3"):
        answer = await shop.viewer.says(number)
        assert answer.endswith("要看「#3」的话，发送「查看 #3」。")


async def test_a_command_of_somebody_else_is_no_typing_error(shop: Shop) -> None:
    await shop.speaks_english()
    for word in ("undo", "stock", "stock 春节券 +10"):
        assert await shop.clerk.says(word) == f'There is no command "{word}". Send "help" to see what you may do.'
