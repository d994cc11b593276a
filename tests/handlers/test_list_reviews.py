"""reviews: what waits, since when and through whom, and what became of earlier ones."""

from __future__ import annotations

import pytest
import time_machine

from bot.simulator import Fault, cash_voucher
from tests.shop import Shop


def from_the_console(shop: Shop, title: str) -> str:
    """A voucher under review that nobody changed here."""
    return shop.simulator.add_voucher(shop.appid, cash_voucher("湖畔面馆", 1000, title=title), "NOT_VERIFY")


async def sends_to_review(shop: Shop, title: str, change: str = "提醒=周末不可用") -> None:
    """The manager changes a field that is reviewed."""
    await shop.manager.says(f"修改 {title} {change}")
    assert (await shop.manager.says("确认")).startswith("⏳")


async def test_nothing_waits(shop: Shop) -> None:
    shop.has_voucher("春节券")

    assert await shop.viewer.says("审核") == "没有审核中的券，最近 30 天也没有结果。"
    await shop.speaks_english()
    assert await shop.viewer.says("reviews") == (
        "Nothing is under review, and there were no results in the last 30 days."
    )
    assert await shop.customer.says("审核") == ""


async def test_wechat_away_and_nothing_known(shop: Shop) -> None:
    shop.simulator.fault("card/batchget", Fault(drop=True), times=None)

    assert await shop.viewer.says("审核") == ("没有审核中的券，最近 30 天也没有结果。\n⚠️ 现在连不上微信，以上是已知的")
    await shop.speaks_english()
    assert await shop.viewer.says("reviews") == (
        "Nothing is under review, and there were no results in the last 30 days.\n"
        "⚠️ WeChat cannot be reached now; this is what is known"
    )


async def test_what_waits_and_through_whom(shop: Shop, clock: time_machine.Traveller) -> None:
    shop.has_voucher("春节券")
    await sends_to_review(
        shop, "春节券", "提醒=周末不可用 logo_url=http://mmbiz.qpic.cn/mmbiz/n/0 客服电话=0571-1111111"
    )
    clock.shift(86_400)
    from_the_console(shop, "端午券")

    assert await shop.manager.says("审核") == (
        "审核中 2 张：\n"
        "⏳ 春节券 · 11月22日 14:02 起 · LOGO、提醒（张三）\n"
        "⏳ 端午券 · 14:02 起\n"
        "审核约 3 天，有结果会通知店长"
    )
    assert await shop.viewer.says("审核") == (
        "审核中 2 张：\n⏳ 春节券 · 11月22日 14:02 起 · LOGO、提醒\n⏳ 端午券 · 14:02 起\n审核约 3 天，有结果会通知店长"
    )
    await shop.speaks_english()
    assert await shop.owner.says("reviews") == (
        "2 under review:\n"
        "⏳ 春节券 · since 22 Nov 14:02 · logo_url, notice (张三)\n"
        "⏳ 端午券 · since 14:02\n"
        "A review takes about 3 days; the managers are told its result"
    )


async def test_results_with_their_reasons(shop: Shop, clock: time_machine.Traveller) -> None:
    for title, passed, reason in (("春节券", True, ""), ("端午券", False, "LOGO 模糊"), ("中秋券", False, "")):
        await shop.simulator.review(shop.appid, from_the_console(shop, title), passed, reason)
        clock.shift(86_400)

    assert await shop.viewer.says("审核") == (
        "没有审核中的券\n"
        "最近 30 天的结果：\n"
        "❌ 中秋券 · 未通过 · 11月24日：微信没有给出原因\n"
        "❌ 端午券 · 未通过 · 11月23日：LOGO 模糊\n"
        "✅ 春节券 · 通过 · 11月22日"
    )
    clock.shift(28 * 86_400 - 3600)
    await shop.speaks_english()
    assert await shop.viewer.says("reviews") == (
        "Nothing is under review\n"
        "Results of the last 30 days:\n"
        "❌ 中秋券 · refused · 24 Nov: WeChat gave no reason\n"
        "❌ 端午券 · refused · 23 Nov: LOGO 模糊"
    )


async def test_many_fit_a_phone(shop: Shop, clock: time_machine.Traveller) -> None:
    for number in range(6):
        await shop.simulator.review(shop.appid, from_the_console(shop, f"旧{number}"), True)
        from_the_console(shop, f"新{number}")
        await shop.app.services[shop.appid].vouchers.all(fresh=True)
        clock.shift(60)

    lines = (await shop.viewer.says("审核")).split("\n")

    assert len(lines) <= 12
    assert lines[0] == "审核中 6 张，等得最久的 4 张："
    assert [line.split(" ")[1] for line in lines[1:5]] == ["新0", "新1", "新2", "新3"]
    assert lines[5] == "最近的结果："
    assert [line.split(" ")[1] for line in lines[6:10]] == ["旧5", "旧4", "旧3", "旧2"]
    await shop.speaks_english()
    assert (await shop.viewer.says("reviews")).startswith("6 under review, the longest 4 of them:\n")


async def test_wechat_away_shows_what_is_known(shop: Shop, clock: time_machine.Traveller) -> None:
    from_the_console(shop, "端午券")
    await shop.viewer.says("卡券")
    clock.shift(3600)
    shop.simulator.fault("card/batchget", Fault(drop=True), times=None)

    assert await shop.viewer.says("审核") == ("审核中 1 张：\n⏳ 端午券 · 14:02 起\n⚠️ 现在连不上微信，以上是已知的")
    await shop.speaks_english()
    assert await shop.viewer.says("reviews") == (
        "1 under review:\n⏳ 端午券 · since 14:02\n⚠️ WeChat cannot be reached now; this is what is known"
    )


async def test_a_result_that_was_seen_and_not_told_yet(shop: Shop, clock: time_machine.Traveller) -> None:
    card_id = from_the_console(shop, "端午券")
    await shop.viewer.says("审核")
    shop.simulator.set_status(shop.appid, card_id, "VERIFY_FAIL")
    clock.shift(3600)

    assert await shop.viewer.says("审核") == (
        "审核中 1 张：\n⏳ 端午券 · 已有结果，几分钟内告诉你\n审核约 3 天，有结果会通知店长"
    )
    await shop.speaks_english()
    assert await shop.viewer.says("reviews") == (
        "1 under review:\n"
        "⏳ 端午券 · decided, told within minutes\n"
        "A review takes about 3 days; the managers are told its result"
    )


@pytest.mark.parametrize("fault", [Fault(errcode=40151), Fault(drop=True)], ids=["refused", "never arrived"])
async def test_what_did_not_go_to_review_is_not_waiting(shop: Shop, fault: Fault) -> None:
    """It is noted before WeChat is asked, and taken back when WeChat says otherwise."""
    shop.has_voucher("春节券")
    await shop.manager.says("修改 春节券 须知=周末不可用")
    shop.simulator.fault("card/update", fault)
    await shop.manager.says("确认")
    assert await shop.manager.says("审核") == "没有审核中的券，最近 30 天也没有结果。"
