"""language: each person's own, at once."""

from __future__ import annotations

from tests.shop import Shop


async def test_a_language_we_do_not_speak_changes_nothing(shop: Shop) -> None:
    assert await shop.clerk.says("语言 日文") == (
        "没有改：只有中文和英文，没有「日文」\n发送「语言 中文」或「语言 English」"
    )
    await shop.speaks_english()
    assert await shop.clerk.says("language fr") == (
        'Not changed: there are English and Chinese, but not "fr"\nSend "language en" or "language 中文"'
    )


async def test_without_a_language_it_says_which_one_it_is(shop: Shop) -> None:
    assert await shop.clerk.says("语言") == (
        "现在用中文回复你\n「语言 中文」或「语言 English」可以更改，命令两种语言都能用"
    )
    await shop.speaks_english()
    assert await shop.clerk.says("language") == (
        'Replies to you are in English\n"language en" or "language 中文" changes that; commands work in both'
    )


async def test_there_and_back(shop: Shop) -> None:
    assert await shop.clerk.says("语言 English") == (
        "✅ Replies to you are in English from now on\n改回中文：「语言 中文」"
    )
    assert (await shop.clerk.says("我")).startswith("湖畔面馆 · clerk 李四\n")
    assert (await shop.viewer.says("我")).startswith("「湖畔面馆」· 查看者 赵敏\n"), "other people's stays"
    assert await shop.clerk.says("LANGUAGE zh") == '✅ 以后用中文回复你\nBack to English: "language en"'
    assert (await shop.clerk.says("我")).startswith("「湖畔面馆」· 店员 李四\n")


async def test_english_words(shop: Shop) -> None:
    await shop.speaks_english()
    assert await shop.clerk.says("语言 英文") == "✅ Replies to you are in English from now on\n改回中文：「语言 中文」"
