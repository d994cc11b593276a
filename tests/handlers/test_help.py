"""help: what this sender may do, and nothing about what they may not."""

from __future__ import annotations

from tests.shop import Shop


async def test_a_command_out_of_reach_does_not_exist(shop: Shop) -> None:
    assert await shop.viewer.says("帮助 修改") == "没有「修改」这个命令。发送「帮助」看你可以做什么。"
    assert "修改" not in await shop.viewer.says("帮助")
