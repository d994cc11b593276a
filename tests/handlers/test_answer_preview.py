"""yes and no: for the preview just shown, by the same person, within ten minutes, once."""

from __future__ import annotations

import pytest
import time_machine

from tests.shop import Shop

NOTHING = "现在没有等待确认的操作。预览 10 分钟内有效，过期请重新发送原来的命令。"
CHANGE = "修改 春节券 客服电话=0571-7654321"


async def test_nothing_waits(shop: Shop) -> None:
    for word in ("确认", "yes", "取消", "no", "Yes.", "确认！"):
        assert await shop.manager.says(word) == NOTHING


@pytest.mark.parametrize("word", ["好", "好的", "是。", "确定", "OK", "y"])
async def test_yes_has_other_words(shop: Shop, word: str) -> None:
    shop.has_voucher("春节券")
    assert await shop.manager.says(word) == NOTHING
    await shop.manager.says(CHANGE)
    assert await shop.manager.says(f"{word} 统计") != NOTHING
    assert shop.calls("card/update") == []
    assert "已修改" in await shop.manager.says(word)


@pytest.mark.parametrize("word", ["不", "不要", "算了！", "cancel"])
async def test_no_has_other_words(shop: Shop, word: str) -> None:
    shop.has_voucher("春节券")
    await shop.manager.says(CHANGE)
    assert await shop.manager.says(word) == "已取消，什么都没有改。"


@pytest.mark.parametrize(
    "text",
    ["修改 春节券 颜色=粉红", "修改 春节券 客服电话=0571-1234567", "延期 春节券 2026-12-01", "延期 春节券 2029-12-01"],
)
async def test_a_yes_after_a_refusal_does_not_mean_what_stood_before_it(shop: Shop, text: str) -> None:
    shop.has_voucher("春节券", service_phone="0571-1234567")
    await shop.manager.says(CHANGE)
    assert (await shop.manager.says(text)).endswith("\n之前的预览已作废")
    assert await shop.manager.says("确认") == NOTHING
    await shop.speaks_english()
    await shop.manager.says(CHANGE)
    assert (await shop.manager.says(text)).endswith("\nThe earlier preview is dropped")
    assert shop.calls("card/update") == []


async def test_nobody_else_can_say_yes(shop: Shop) -> None:
    shop.has_voucher("春节券")
    await shop.manager.says(CHANGE)
    assert await shop.owner.says("确认") == NOTHING
    assert shop.calls("card/update") == []


async def test_after_ten_minutes_it_is_too_late(shop: Shop, clock: time_machine.Traveller) -> None:
    shop.has_voucher("春节券")
    await shop.manager.says(CHANGE)
    clock.shift(600)
    assert await shop.manager.says("确认") == NOTHING
    assert shop.calls("card/update") == []


async def test_yes_is_carried_out_once(shop: Shop, clock: time_machine.Traveller) -> None:
    shop.has_voucher("春节券")
    await shop.manager.says(CHANGE)
    clock.shift(599)
    assert "已修改" in await shop.manager.says("确认")
    assert await shop.manager.says("确认") == NOTHING
    assert len(shop.calls("card/update")) == 1


async def test_no_forgets_it(shop: Shop) -> None:
    shop.has_voucher("春节券")
    await shop.manager.says(CHANGE)
    assert await shop.manager.says("取消") == "已取消，什么都没有改。"
    assert await shop.manager.says("确认") == NOTHING
    await shop.speaks_english()
    await shop.manager.says(CHANGE)
    assert await shop.manager.says("no") == "Dropped. Nothing was changed."
    assert await shop.manager.says("yes") == (
        "Nothing waits for a yes or no. A preview is good for 10 minutes; after that, send the command again."
    )
    assert shop.calls("card/update") == []


async def test_a_yes_after_a_command_that_could_not_be_read_means_nothing(shop: Shop) -> None:
    """Who sees an error and says yes to it must not carry out what was previewed before."""
    shop.has_voucher("春节券")
    for unreadable in ("修改 春节券", "修改 不存在的券 客服电话=1", "延期 春节券", "延期 没有的券 2027年5月1日"):
        await shop.manager.says(CHANGE)
        assert (await shop.manager.says(unreadable)).splitlines()[-1] == "之前的预览已作废"
        assert await shop.manager.says("确认") == NOTHING
    await shop.manager.says(CHANGE)
    await shop.manager.says("统计 不存在的券")
    assert "已修改" in await shop.manager.says("确认")
    assert len(shop.calls("card/update")) == 1
