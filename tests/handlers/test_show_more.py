"""more: a long answer in parts of at most 2,000 bytes, each shown once."""

from __future__ import annotations

from tests.shop import Shop


async def test_nothing_more(shop: Shop) -> None:
    assert await shop.viewer.says("继续") == "没有更多内容了"
    await shop.speaks_english()
    assert await shop.viewer.says("more") == "There is nothing more to show."


async def test_a_long_answer_comes_in_parts_that_lose_nothing(shop: Shop) -> None:
    people = shop.app.people(shop.appid)
    lines = [f"第{number}行：{'很长的说明' * 8}" for number in range(40)]
    await shop.app.services[shop.appid].answers.leave(shop.viewer.openid, [])
    shop.has_voucher("春节券", description="\n".join(lines[:20]))
    del people
    first = await shop.owner.says("帮助")
    assert len(first.encode()) <= 2_000
    texts = [first]
    while texts[-1].endswith("发送「继续」接着看"):
        texts.append(await shop.owner.says("继续"))
        assert len(texts[-1].encode()) <= 2_000
    assert await shop.owner.says("继续") == "没有更多内容了"
