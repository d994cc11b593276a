"""A read whose answer was lost has changed nothing, and is told so; only a write is in doubt."""

from __future__ import annotations

from bot.simulator import Fault
from tests.shop import Shop

AWAY = "⚠️ 暂时连不上微信，什么都没有改。请几分钟后再发一次。"


async def test_figures_whose_answer_was_lost(shop: Shop) -> None:
    shop.simulator.fault("datacube/getcardcardinfo", Fault(lose_answer=True), times=None)
    shop.simulator.fault("datacube/getcardbizuininfo", Fault(lose_answer=True), times=None)
    assert await shop.viewer.says("统计") == AWAY
    await shop.speaks_english()
    assert await shop.viewer.says("stats") == (
        "⚠️ WeChat cannot be reached, so nothing was changed. Please send it again in a few minutes."
    )
