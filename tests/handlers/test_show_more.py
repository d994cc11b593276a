"""more: a long answer in parts of at most 2,000 bytes, each shown once."""

from __future__ import annotations

from bot.merchants.people import SHELL
from bot.merchants.roles import Role
from tests.shop import Shop


async def test_nothing_more(shop: Shop) -> None:
    assert await shop.viewer.says("继续") == "没有更多内容了"
    await shop.speaks_english()
    assert await shop.viewer.says("more") == "There is nothing more to show."


async def test_a_long_answer_comes_in_parts_that_lose_nothing(shop: Shop) -> None:
    people = shop.app.people(shop.appid)
    names = [f"临时帮忙的店员第{number}号" for number in range(100)]
    for number, name in enumerate(names):
        await people.add(f"oTemp{number:023d}", Role.CLERK, name, by=SHELL)
    texts = [await shop.owner.says("成员")]
    assert texts[0].endswith("发送「继续」接着看")
    while "发送「继续」接着看" in texts[-1]:
        texts.append(await shop.owner.says("继续"))
    assert all(len(text.encode()) <= 2_000 for text in texts)
    assert [sum(name in text for text in texts) for name in names] == [1] * 100
    assert await shop.owner.says("继续") == "没有更多内容了"
