"""more: a long answer in parts of at most 2,000 bytes, each shown once."""

from __future__ import annotations

from tests.shop import Shop


async def test_nothing_more(shop: Shop) -> None:
    assert await shop.viewer.says("继续") == "没有更多内容了"
    await shop.speaks_english()
    assert await shop.viewer.says("more") == "There is nothing more to show."


async def test_a_long_answer_comes_in_parts_that_lose_nothing(shop: Shop) -> None:
    first = await shop.owner.says("帮助")
    assert first.endswith("还有 1 段，发送「继续」接着看")
    assert len(first.encode()) <= 2_000
    texts = [first]
    while texts[-1].endswith("发送「继续」接着看"):
        texts.append(await shop.owner.says("继续"))
        assert len(texts[-1].encode()) <= 2_000
    assert await shop.owner.says("继续") == "没有更多内容了"
