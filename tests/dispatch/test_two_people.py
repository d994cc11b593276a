"""Two people at once, each through a bot of their own, on one code, voucher, balance, change or request."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.merchants.people import SHELL, Role
from bot.simulator import Fault, Simulator, cash_voucher
from bot.store import Store
from tests.dispatch.bots import another_bot, bot_process, letter
from tests.dispatch.test_repeats import real_shop  # noqa: F401  # a fixture
from tests.shop import PEOPLE, Shop, open_shop

SKU = {"quantity": 500, "total_quantity": 500}
TWO: dict[str, Any] = {"four_eyes": {"commands": ["topup"]}}


async def stocked(shop: Shop) -> dict[str, str]:
    """A Friend's Voucher, one of its codes, an ordinary coupon, 50 coins; the manager is a second owner."""
    shop.simulator.set_coins(shop.appid, "50", "0")
    friends = shop.has_voucher("春节券", sku=SKU)
    card = cash_voucher("湖畔面馆", 500, title="月券", friends=False, base={"sku": SKU})
    ordinary = shop.simulator.add_voucher(shop.appid, card, "VERIFY_OK")
    code = await shop.simulator.claim(shop.appid, PEOPLE["customer"][0], friends)
    await shop.app.people(shop.appid).change(PEOPLE["manager"][0], by=SHELL, role=Role.OWNER)
    return {"friends": friends, "ordinary": ordinary, "code": code}


async def both(shop: Shop, elsewhere: str, words: str, *, yes: str = "确认", here: str = "") -> list[str]:
    """Manager here and owner there send ``words``, one after the other, and then ``yes`` at once."""
    addresses = {"manager": here or shop.address, "owner": elsewhere}
    if words:
        for number, (who, address) in enumerate(addresses.items()):
            assert "回复「确认」" in await letter(shop, words, 10 + number, address=address, who=who).says()
    copies = [
        letter(shop, yes, 20 + number, address=address, who=who)
        for number, (who, address) in enumerate(addresses.items())
    ]
    return list(await asyncio.gather(*(copy.says() for copy in copies)))


def counted(answers: list[str], *beginnings: str) -> list[int]:
    """How many answers begin so."""
    return [sum(answer.startswith(begin) for answer in answers) for begin in beginnings]


@pytest.fixture
async def elsewhere(shop: Shop, redis_server: str) -> AsyncIterator[str]:
    """The address of a second bot."""
    async with another_bot(shop, redis_server) as (_, address):
        yield address


async def test_one_code(shop: Shop, elsewhere: str) -> None:
    names = await stocked(shop)
    shop.simulator.fault("card/code/consume", Fault(delay=0.3), times=2)

    answers = await both(shop, elsewhere, f"核销 {names['code']}")

    assert counted(answers, "✅ 已核销") == [1]
    winner = "张三" if answers[0].startswith("✅") else "王芳"
    assert f"这张券 14:02 已由{winner}核销，不能再用" in answers


async def test_one_code_voided_and_redeemed(shop: Shop, elsewhere: str) -> None:
    names = await stocked(shop)
    await letter(shop, f"核销 {names['code']}", 1).says()
    await letter(shop, f"作废 {names['code']}", 2, address=elsewhere, who="owner").says()

    answers = await both(shop, elsewhere, "")

    assert counted(answers, "✅") == [1]
    assert sum("这张券 14:02 已由" in answer for answer in answers) == 1
    calls = [*shop.calls("card/code/consume"), *shop.calls("card/code/unavailable")]
    assert sum(call.errcode == 0 for call in calls) == 1


async def test_one_voucher_deleted(shop: Shop, elsewhere: str) -> None:
    await stocked(shop)
    shop.simulator.fault("card/delete", Fault(delay=0.3), times=2)

    answers = await both(shop, elsewhere, "删除 月券")

    assert counted(answers, "✅「月券」已删除", "「月券」已由") == [1, 1]


async def test_one_balance(shop: Shop, elsewhere: str) -> None:
    await stocked(shop)

    answers = await both(shop, elsewhere, "库存 春节券 +200")

    assert counted(answers, "✅", "❌「春节券」的库存没有变：券点不够（71003）") == [1, 1]


async def test_one_stock_that_is_nearly_gone(shop: Shop, elsewhere: str) -> None:
    """Each takes 300 of 500 away; WeChat lets it not fall below zero, and nobody is told a number that is not there."""
    names = await stocked(shop)

    answers = await both(shop, elsewhere, "库存 月券 -300")

    assert counted(answers, "✅「月券」库存已减 300 张，现在 200 张") == [1]
    card = shop.simulator.voucher(shop.appid, names["ordinary"]).card["cash"]
    assert card["base_info"]["sku"]["quantity"] == 200


async def test_one_change_put_back(shop: Shop, elsewhere: str) -> None:
    names = await stocked(shop)
    await letter(shop, "库存 月券 +100", 1).says()
    await letter(shop, "确认", 2).says()

    answers = await both(shop, elsewhere, "撤销 月券")

    assert counted(answers, "✅「月券」库存已减 100 张，现在 500 张", "没有执行：") == [1, 1]
    card = shop.simulator.voucher(shop.appid, names["ordinary"]).card["cash"]
    assert card["base_info"]["sku"]["quantity"] == 500


async def test_one_voucher_changed_differently(shop: Shop, elsewhere: str) -> None:
    """Whoever is later changes what the other has made of it, and both are told what card/get shows."""
    names = await stocked(shop)
    await letter(shop, "修改 春节券 限领=3", 1).says()
    await letter(shop, "修改 春节券 客服电话=0571-7654321", 2, address=elsewhere, who="owner").says()

    answers = await both(shop, elsewhere, "")

    assert counted(answers, "✅「春节券」已修改：") == [2]
    base = shop.simulator.voucher(shop.appid, names["friends"]).card["cash"]["base_info"]
    assert (base["get_limit"], base["service_phone"]) == (3, "0571-7654321")


@pytest.mark.parametrize("there", ["限领=5", "限领=3"])
async def test_one_field_changed_by_both(shop: Shop, elsewhere: str, there: str) -> None:
    """Whoever is later had previewed another state: nothing of the earlier change is overwritten unseen."""
    names = await stocked(shop)
    await letter(shop, "修改 春节券 限领=3", 1).says()
    await letter(shop, f"修改 春节券 {there}", 2, address=elsewhere, who="owner").says()
    shop.simulator.fault("card/update", Fault(delay=0.3), times=2)

    answers = await both(shop, elsewhere, "")

    assert counted(answers, "✅「春节券」已修改：限领") == [1]
    assert len(shop.calls("card/update")) == 1
    (other,) = [answer for answer in answers if not answer.startswith("✅")]
    assert other.startswith(("⚠️ 还没有执行：预览之后「春节券」又变了，现在将改 1 处：", "没有修改："))
    base = shop.simulator.voucher(shop.appid, names["friends"]).card["cash"]["base_info"]
    assert base["get_limit"] == (3 if answers[0].startswith("✅") else 5 if there == "限领=5" else 3)


async def test_two_parts_of_what_is_sent_as_a_whole(shop: Shop, elsewhere: str) -> None:
    """The cover's text and its picture go together: the later yes would bring the old one of the other back."""
    await stocked(shop)
    await letter(shop, "修改 春节券 封面简介=好面", 1).says()
    await letter(shop, "修改 春节券 封面图=http://mmbiz.qpic.cn/b/0", 2, address=elsewhere, who="owner").says()
    shop.simulator.fault("card/update", Fault(delay=0.3), times=2)

    answers = await both(shop, elsewhere, "")

    assert len(shop.calls("card/update")) == 1
    assert sum("还没有执行" in answer for answer in answers) == 1


async def test_one_account_opened(shop: Shop, elsewhere: str) -> None:
    await shop.app.people(shop.appid).change(PEOPLE["manager"][0], by=SHELL, role=Role.OWNER)
    shop.simulator.fault("card/pay/activate", Fault(delay=0.3), times=2)

    answers = await both(shop, elsewhere, "券点")

    assert sum("200" in answer for answer in answers) == 2
    assert [order.order_type for order in shop.simulator.orders(shop.appid)] == ["ORDER_TYPE_SYS_ADD"]


async def test_one_request_for_a_second_yes(simulator: Simulator, store: Store, redis_server: str) -> None:
    async with (
        open_shop(simulator, redis_server, **TWO) as shop,
        another_bot(shop, redis_server, **TWO) as (_, elsewhere),
    ):
        await shop.app.people(shop.appid).change(PEOPLE["clerk"][0], by=SHELL, role=Role.MANAGER)
        await letter(shop, "充值 50", 1, who="clerk").says()
        assert "101" in await letter(shop, "确认", 2, who="clerk").says()

        answers = await both(shop, elsewhere, "", yes="确认 101")

        assert len(shop.calls("card/pay/recharge")) == 1
        assert sum(answer.startswith("编号 101 已") for answer in answers) == 1


@pytest.mark.slow
@pytest.mark.parametrize("words", ["核销 {code}", "作废 {code}", "删除 月券", "撤销 月券"])
async def test_in_processes_of_their_own(real_shop: Shop, redis_server: str, words: str) -> None:  # noqa: F811
    names = await stocked(real_shop)
    await letter(real_shop, "库存 月券 +100", 1).says()
    await letter(real_shop, "确认", 2).says()
    async with bot_process(real_shop, redis_server) as one, bot_process(real_shop, redis_server) as other:
        answers = await both(real_shop, other.address, words.format(**names), here=one.address)

    assert sum(answer.startswith("✅") for answer in answers) == 1
    assert len(set(answers)) == 2
