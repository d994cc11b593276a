"""void: a manager's, previewed, told to the holder, done once."""

from __future__ import annotations

import pytest

from bot.merchants.people import SHELL, Role
from bot.simulator import Fault
from bot.store import Store
from bot.vouchers.code_deeds import Deeds
from bot.vouchers.code_states import Standing
from bot.vouchers.codes import Ending
from tests.handlers.test_check_code import TITLE, grouped
from tests.shop import Shop

VOID = "/card/code/unavailable"


@pytest.fixture
async def code(shop: Shop) -> str:
    """A code the customer has claimed."""
    card_id = shop.has_voucher(TITLE, last_day="2026-12-20")
    return await shop.simulator.claim(shop.appid, shop.customer.openid, card_id)


async def test_clerks_void_nothing(shop: Shop, code: str) -> None:
    assert (await shop.clerk.says(f"作废 {code}")).startswith(f"没有「作废 {code}」这个命令。")
    assert shop.calls("/card/code/get") == []


async def test_what_is_no_code(shop: Shop) -> None:
    assert await shop.manager.says("作废") == "还缺券码：作废 券码 [原因]\n例：作废 2260 0000 0001 已退款"
    assert await shop.manager.says("作废 123") == (
        "「123」不是券码，这里要写券面上的数字，如 2260 0000 0001\n例：作废 2260 0000 0001 已退款"
    )
    assert await shop.manager.says("作废 春节券 已退款") == (
        "「春节券」不是券码，这里要写券面上的数字，如 2260 0000 0001\n例：作废 2260 0000 0001 已退款"
    )


async def test_what_is_void_or_redeemed_already(shop: Shop, code: str) -> None:
    shop.simulator.redeem_elsewhere(shop.appid, code)
    await shop.simulator.settled()
    assert await shop.manager.says(f"作废 {code}") == "没有作废：这张券 14:02 已在微信后台核销，不能再用"
    await shop.speaks_english()
    assert await shop.manager.says(f"void {code}") == (
        "Not voided: This voucher was redeemed at 14:02 in WeChat's console and cannot be used again"
    )
    assert shop.calls(VOID) == []


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("{0} 已退款", "已退款"),
        ("{1} 已退款 2人", "已退款 2人"),
        ("{1} 2人退款", "2人退款"),
        ("{0} 2 人退款", "2 人退款"),
        ("{1} 12345678", "12345678"),
    ],
)
async def test_voids_with_a_reason_after_a_yes(shop: Shop, code: str, typed: str, reason: str) -> None:
    assert await shop.manager.says("作废 " + typed.format(code, grouped(code))) == (
        f"将作废「10元代金券」{grouped(code)}，持券人不能再用\n原因（持券人会看到）：{reason}\n"
        "回复「确认」作废，不可恢复；「取消」放弃（10 分钟内有效）"
    )
    assert shop.calls(VOID) == []
    assert await shop.manager.says("确认") == f"✅ 已作废 {grouped(code)}\n10元代金券 · 14:02"
    (call,) = shop.calls(VOID)
    held = shop.simulator.code(shop.appid, code)
    assert call.body == {"code": code, "card_id": held.card_id, "reason": reason}
    assert held.state == "UNAVAILABLE"
    assert await shop.clerk.says(f"核销 {code}") == "这张券 14:02 已由张三作废，不能用"


async def test_voids_in_english_without_a_reason(shop: Shop, code: str) -> None:
    await shop.speaks_english()
    assert await shop.manager.says(f"void {code}") == (
        f"10元代金券 {grouped(code)} will be void; its holder cannot use it any more\n"
        'Send "yes" to void it for good, "no" to drop it (within 10 minutes)'
    )
    assert await shop.manager.says("yes") == f"✅ Voided {grouped(code)}\n10元代金券 · 14:02"
    (call,) = shop.calls(VOID)
    assert set(call.body) == {"code", "card_id"}
    assert await shop.clerk.says(f"check {code}") == ("This voucher was voided at 14:02 by 张三 and cannot be used")


async def test_a_role_lowered_since_the_preview_voids_nothing(shop: Shop, code: str) -> None:
    await shop.manager.says(f"作废 {code}")
    await shop.app.people(shop.appid).change(shop.manager.openid, by=SHELL, role=Role.CLERK)
    assert await shop.manager.says("确认") == "没有执行：你现在的角色不能再用「作废」。发送「我」看你的角色"
    assert shop.calls(VOID) == []


async def test_no_answer_is_looked_up(shop: Shop, code: str) -> None:
    await shop.manager.says(f"作废 {code}")
    shop.simulator.fault(VOID, Fault(lose_answer=True))
    assert (await shop.manager.says("确认")).startswith("✅ 已作废")
    assert len(shop.calls(VOID)) == 1


async def test_in_doubt(shop: Shop, code: str) -> None:
    await shop.manager.says(f"作废 {code}")
    shop.simulator.fault(VOID, Fault(drop=True))
    assert await shop.manager.says("确认") == (
        f"⚠️ 微信没有回应，不确定 {grouped(code)} 有没有作废\n请过一两分钟用「查码 {grouped(code)}」核对，再决定是否重发"
    )
    await shop.speaks_english()
    await shop.manager.says(f"void {code}")
    shop.simulator.fault(VOID, Fault(drop=True))
    assert await shop.manager.says("yes") == (
        f"⚠️ WeChat did not answer, so it is not certain whether {grouped(code)} was voided\n"
        f'Check with "check {grouped(code)}" in a minute or two before you send it again'
    )
    assert len(shop.calls(VOID)) == 2


async def test_refused_and_not_reached(shop: Shop, code: str) -> None:
    await shop.manager.says(f"作废 {code}")
    shop.simulator.break_tokens(shop.appid, permanent=True)
    assert await shop.manager.says("确认") == (
        "⚠️ 暂时连不上微信，没有执行\n过一会儿再回复「确认」就行（10 分钟内有效）"
    )
    shop.simulator.heal_tokens(shop.appid)
    shop.simulator.fault(VOID, Fault(errcode=45021))
    answer = await shop.manager.says("确认")
    assert answer.startswith(f"❌ 没有作废 {grouped(code)}：")
    assert "（45021）\n" in answer


async def test_a_redemption_after_the_preview_wins(shop: Shop, code: str) -> None:
    await shop.manager.says(f"作废 {code}")
    await shop.clerk.says(f"核销 {code}")
    await shop.clerk.says("确认")
    assert await shop.manager.says("确认") == "没有作废：这张券 14:02 已由李四核销，不能再用"
    assert shop.calls(VOID) == []


async def test_a_process_that_died_after_wechat_did_it(shop: Shop, code: str, store: Store) -> None:
    services = shop.app.services[shop.appid]
    manager = services.people.find("张三")
    await services.vouchers.codes.void(code, "", manager)
    assert (await services.vouchers.codes.void(code, "", manager, resumed=True)).ending is Ending.DONE
    assert len(shop.calls(VOID)) == 1
    known = await Deeds(services.account, store).last(code)
    assert known is not None
    assert (known.what, known.done) == (Standing.VOIDED, True)
