"""stock: bought with a quote or changed freely, previewed, done once, looked up where no answer comes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import time_machine

from bot.merchants.people import SHELL, Role
from bot.simulator import Fault, Simulator, cash_voucher
from bot.store import Store, record_keys
from bot.vouchers.records import Asked, Ending
from bot.vouchers.stock import Outcome, State
from tests.shop import PEOPLE, Shop, open_shop

CONFIRM, PRICE, MODIFY = "/card/pay/confirm", "/card/pay/getpayprice", "/card/modifystock"
YES = "回复「确认」执行，「取消」放弃（10 分钟内有效）"
YES_EN = 'Send "yes" to do it, "no" to drop it (within 10 minutes)'
SKU = {"quantity": 500, "total_quantity": 500}
READ_FIRST = {
    "zh_CN": "⚠️ 还没有执行：刚才的内容变了，请先看上一条，再回复「确认」（10 分钟内有效）",
    "en": "⚠️ Not done yet: something has changed, so read the answer before this one, then send "
    '"yes" (within 10 minutes)',
}
PREVIEW = "「春节券」库存加 100 张：500 → 600\n价格 20 券点，余额 50 → 30\n⚠️ 券点换成库存后不能换回\n" + YES
DONE = "✅「春节券」库存已加 100 张，现在 600 张\n用了 20 券点，余额 30\n已在微信核对"
IN_DOUBT = (
    "⚠️ 微信没有回应，不确定「春节券」的库存有没有改成；刚才看到 500 张\n"
    "请过一两分钟用「订单」和「查看 春节券」核对，再决定是否重发"
)


@pytest.fixture
def card_id(shop: Shop) -> str:
    """A Friend's Voucher with a stock of 500, and 50 coins."""
    shop.simulator.set_coins(shop.appid, "50", "0")
    return shop.has_voucher("春节券", sku=SKU)


@pytest.fixture
def ordinary(shop: Shop) -> str:
    """An ordinary coupon with a stock of 500."""
    card = cash_voucher("湖畔面馆", 500, title="月券", friends=False, base={"sku": SKU})
    return shop.simulator.add_voucher(shop.appid, card, "VERIFY_OK")


@pytest.fixture
async def limited(simulator: Simulator, store: Store, redis_server: str) -> AsyncIterator[Shop]:
    """A shop whose managers may move 150 of stock a day."""
    async with open_shop(simulator, redis_server, limits={"stock_per_day": {"manager": 150}}) as opened:
        opened.simulator.set_coins(opened.appid, "500", "0")
        opened.has_voucher("春节券", sku=SKU)
        yield opened


def stock_of(shop: Shop, card_id: str) -> int:
    """What is left of a voucher at WeChat."""
    card = shop.simulator.voucher(shop.appid, card_id).card
    return int(card["cash"]["base_info"]["sku"]["quantity"])


async def waiting(shop: Shop) -> dict[str, Any]:
    """The payload of the manager's preview."""
    services = shop.app.services[shop.appid]
    manager = next(each for each in services.people.all() if each.openid == PEOPLE["manager"][0])
    preview = await services.pending.peek(manager)
    assert preview is not None
    return preview.payload


async def on_record(shop: Shop) -> list[Asked]:
    """The change log, newest first."""
    return await shop.app.services[shop.appid].vouchers.records.newest(9)


async def carried_on(shop: Shop) -> Outcome:
    """What a process makes of the manager's yes that another one died at."""
    services = shop.app.services[shop.appid]
    await services.people.refresh()
    manager = next(each for each in services.people.all() if each.openid == PEOPLE["manager"][0])
    preview = await services.pending.take(manager)
    assert preview is not None
    with pytest.raises(asyncio.CancelledError):
        await _dying(services.vouchers.stock.apply(preview.payload, manager), shop)
    shop.simulator.clear_faults()
    return await services.vouchers.stock.apply(preview.payload, manager, resumed=True)


async def _dying(work: Any, shop: Shop) -> None:
    """Begin ``work`` and end it in the middle of the call that buys."""
    task = asyncio.ensure_future(work)
    await shop.until(lambda: shop.calls(CONFIRM))
    task.cancel()
    await task


# What cannot be done ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["100", "+0", "+", "很多", "+1.5", "+99999999999"])
async def test_no_amount(shop: Shop, card_id: str, words: str) -> None:
    assert await shop.manager.says(f"库存 春节券 {words}") == (
        f"「{words}」不是数量，这里要写加减多少，如 +100 或 -20\n例：库存 春节券 +100"
    )
    assert shop.calls(PRICE) == []


async def test_no_amount_in_english(shop: Shop, card_id: str) -> None:
    await shop.speaks_english()

    assert await shop.manager.says("stock 春节券 100") == (
        '"100" cannot be how many; write how many more or fewer, such as +100 or -20\nExample: stock #1 +100'
    )


async def test_is_for_managers(shop: Shop, card_id: str) -> None:
    assert await shop.clerk.says("库存 春节券 +100") == "没有「库存 春节券 +100」这个命令。发送「帮助」看你可以做什么。"
    assert shop.calls(PRICE) == []


async def test_stock_of_a_friends_voucher_only_grows(shop: Shop, card_id: str) -> None:
    await shop.manager.says("库存 春节券 +100")

    assert await shop.manager.says("库存 春节券 -20") == (
        "「春节券」是朋友的券，库存只能加：券点换成库存后不能换回\n之前的预览已作废"
    )
    assert (await shop.manager.says("确认")).startswith("现在没有等待确认的操作")
    await shop.speaks_english()
    assert await shop.manager.says("stock 春节券 -20") == (
        "春节券 is a Friend's Voucher, whose stock can only grow: coins turned into stock cannot be turned back"
    )


async def test_never_below_zero(shop: Shop, ordinary: str) -> None:
    assert await shop.manager.says("库存 月券 -501") == "没有改：「月券」现在只有 500 张，最多减 500 张"
    await shop.manager.says("库存 月券 -500")
    await shop.simulator.claim(shop.appid, PEOPLE["customer"][0], ordinary)

    assert await shop.manager.says("确认") == "没有改：「月券」现在只有 499 张，最多减 499 张"
    assert shop.calls(MODIFY) == []
    await shop.speaks_english()
    assert await shop.manager.says("stock 月券 -501") == (
        "Not changed: 月券 has 499 left, so at most 499 can be taken away"
    )


async def test_too_few_coins_are_told_before_the_yes(shop: Shop, card_id: str) -> None:
    assert await shop.manager.says("库存 春节券 +1000") == (
        "券点不够，还差 150：「春节券」加 1,000 张要 200 券点，余额 50\n"
        "先「充值 150」，付款后再发一次；现在够加 250 张"
    )
    assert (await shop.manager.says("确认")).startswith("现在没有等待确认的操作")
    await shop.speaks_english()
    assert await shop.manager.says("stock 春节券 +1000") == (
        "150 coins are missing: 1,000 more of 春节券 cost 200, the balance is 50\n"
        'Send "topup 150" first, and this again once it is paid; there is enough for 250 now'
    )
    assert shop.calls(CONFIRM) == []


async def test_suspended_by_wechat(shop: Shop, card_id: str) -> None:
    shop.wechat_side.friends_vouchers = False

    assert await shop.manager.says("库存 春节券 +100") == (
        "❌ 微信没有接受：微信暂停了朋友的券修改库存（73208）\n这不是你的设置问题。其他字段仍可修改。"
    )


async def test_somebody_who_is_no_manager_any_more(shop: Shop, card_id: str) -> None:
    await shop.manager.says("库存 春节券 +100")
    await shop.app.people(shop.appid).change(PEOPLE["manager"][0], by=SHELL, role=Role.CLERK)

    assert await shop.manager.says("确认") == "没有执行：你现在的角色不能再用「库存」。发送「我」看你的角色"
    assert shop.calls(CONFIRM) == []


# Limits -----------------------------------------------------------------------------------------------------------


async def test_the_limit_of_a_day(limited: Shop, clock: time_machine.Traveller) -> None:
    over = "没有改：你每天最多动 150 张库存，今天还剩 {} 张\n可以少一些，或请老板来做"
    assert await limited.manager.says("库存 春节券 +151") == over.format(150)
    assert limited.calls(PRICE) == []
    await limited.manager.says("库存 春节券 +100")
    assert (await limited.manager.says("确认")).startswith("✅")
    assert await limited.manager.says("库存 春节券 +51") == over.format(50)
    assert (await limited.owner.says("库存 春节券 +151")).startswith("「春节券」库存加 151 张")
    clock.shift(86_400)
    assert (await limited.manager.says("库存 春节券 +150")).startswith("「春节券」库存加 150 张")


async def test_the_limit_counts_again_at_the_yes(limited: Shop) -> None:
    await limited.speaks_english()
    await limited.manager.says("stock 春节券 +100")
    services = limited.app.services[limited.appid]
    manager = next(each for each in services.people.all() if each.openid == PEOPLE["manager"][0])
    await services.vouchers.stock._limits.take(manager, "earlier", 100)

    assert await limited.manager.says("yes") == (
        "Not changed: you may move 150 of stock a day, 50 are left today\nTake fewer, or have an owner do it"
    )
    assert limited.calls(CONFIRM) == []


async def test_what_wechat_refused_counts_nothing(limited: Shop) -> None:
    for _ in range(2):
        await limited.manager.says("库存 春节券 +100")
        limited.simulator.fault(CONFIRM, Fault(errcode=45041))
        assert await limited.manager.says("确认") == (
            "❌「春节券」的库存没有变：库存总量已到上限（45041）\n请用「新建」另建一张券。"
        )


# Buying -----------------------------------------------------------------------------------------------------------


async def test_buys_after_a_yes(shop: Shop, card_id: str) -> None:
    assert await shop.manager.says("库存 春节券 +100") == PREVIEW
    assert await shop.manager.says("确认") == DONE

    (price,), (call,) = shop.calls(PRICE), shop.calls(CONFIRM)
    assert price.body == {"card_id": card_id, "quantity": 100}
    assert call.body == price.body | {"order_id": shop.simulator.orders(shop.appid)[-1].order_id}
    assert stock_of(shop, card_id) == 600


@pytest.mark.parametrize("words", ["库存春节券＋100", "库存 春节券 加100张", "库存 +100 春节券", "stock 春节券 +100"])
async def test_other_ways_to_write_it(shop: Shop, card_id: str, words: str) -> None:
    assert await shop.manager.says(words) == PREVIEW


async def test_buys_in_english(shop: Shop, card_id: str) -> None:
    await shop.speaks_english()

    assert await shop.manager.says("stock 春节券 +100") == (
        "100 more of 春节券: stock 500 → 600\nPrice 20 coins, balance 50 → 30\n"
        "⚠️ Coins turned into stock cannot be turned back\n" + YES_EN
    )
    assert await shop.manager.says("yes") == (
        "✅ 100 more of 春节券, 600 in stock now\nSpent 20 coins, balance 30\nChecked at WeChat"
    )


async def test_a_late_yes_takes_a_new_quote_at_the_same_price(
    shop: Shop, card_id: str, clock: time_machine.Traveller
) -> None:
    await shop.manager.says("库存 春节券 +100")
    clock.shift(61)

    assert await shop.manager.says("确认") == DONE
    assert (len(shop.calls(PRICE)), len(shop.calls(CONFIRM))) == (2, 1)


async def test_a_quote_wechat_calls_too_old_is_replaced(shop: Shop, card_id: str) -> None:
    await shop.manager.says("库存 春节券 +100")
    shop.simulator.fault(CONFIRM, Fault(errcode=71008))

    assert await shop.manager.says("确认") == DONE
    assert len(shop.simulator.orders(shop.appid)) == 1


async def test_another_price_is_asked_again(shop: Shop, card_id: str, clock: time_machine.Traveller) -> None:
    await shop.manager.says("库存 春节券 +100")
    clock.shift(61)
    dear = shop.simulator.voucher(shop.appid, card_id)
    dear.card["cash"]["advanced_info"]["use_condition"] = {"least_cost": 2000}

    assert await shop.manager.says("确认") == (
        "⚠️ 还没有执行：价格变了，请再看一次\n"
        "「春节券」库存加 100 张：500 → 600\n价格 40 券点，余额 50 → 10\n⚠️ 券点换成库存后不能换回\n" + YES
    )
    assert shop.calls(CONFIRM) == []
    assert (
        await shop.manager.says("确认")
        == "✅「春节券」库存已加 100 张，现在 600 张\n用了 40 券点，余额 10\n已在微信核对"
    )


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh_CN", ("库存 春节券 +100", "卡券", "确认")), ("en", ("stock 春节券 +100", "vouchers", "yes"))],
)
async def test_a_yes_sent_twice_in_a_row_buys_at_no_price_unread(
    shop: Shop, card_id: str, clock: time_machine.Traveller, language: str, words: tuple[str, str, str]
) -> None:
    """A thumb that taps twice: the second was sent before the first had told of the new price."""
    if language == "en":
        await shop.speaks_english()
    preview, slow, yes = words
    await shop.manager.says(preview)
    clock.shift(61)
    dear = shop.simulator.voucher(shop.appid, card_id)
    dear.card["cash"]["advanced_info"]["use_condition"] = {"least_cost": 2000}
    shop.simulator.clear_calls()
    shop.simulator.fault("/card/batchget", Fault(delay=0.5))
    first = asyncio.create_task(shop.manager.says(slow))
    await shop.until(lambda: shop.calls("/card/batchget"))

    answers = await asyncio.gather(*(shop.manager.says(yes) for _ in range(3)))

    await first
    again = ("⚠️ 还没有执行：价格变了", "⚠️ Not done yet: the price has changed")
    assert sum(answer.startswith(again) for answer in answers) == 1
    assert answers.count(READ_FIRST[language]) == 2
    assert shop.calls(CONFIRM) == []
    assert (await shop.manager.says(yes)).startswith("✅")


async def test_two_people_at_once_on_one_balance(shop: Shop, card_id: str) -> None:
    for person in (shop.manager, shop.owner):
        assert (await person.says("库存 春节券 +200")).startswith("「春节券」库存加 200 张：500 → 700")

    answers = sorted(await asyncio.gather(shop.manager.says("确认"), shop.owner.says("确认")))

    assert answers[1].startswith("❌「春节券」的库存没有变：") or answers[0].startswith("❌「春节券」的库存没有变：")
    assert "✅「春节券」库存已加 200 张，现在 700 张\n用了 40 券点，余额 10\n已在微信核对" in answers
    assert any("（71003）" in answer for answer in answers)
    assert stock_of(shop, card_id) == 700


# Ordinary coupons -------------------------------------------------------------------------------------------------


async def test_ordinary_stock_goes_up_and_down(shop: Shop, ordinary: str) -> None:
    assert await shop.manager.says("库存 月券 -20") == ("「月券」库存减 20 张：500 → 480\n确认后立即生效\n" + YES)
    assert await shop.manager.says("确认") == "✅「月券」库存已减 20 张，现在 480 张\n已在微信核对"
    await shop.speaks_english()
    assert await shop.manager.says("stock 月券 +1,000") == (
        "1,000 more of 月券: stock 480 → 1,480\nEffective at once\n" + YES_EN
    )
    assert await shop.manager.says("yes") == "✅ 1,000 more of 月券, 1,480 in stock now\nChecked at WeChat"
    assert [call.body for call in shop.calls(MODIFY)] == [
        {"card_id": ordinary, "reduce_stock_value": 20},
        {"card_id": ordinary, "increase_stock_value": 1000},
    ]


async def test_ordinary_stock_whose_answer_was_lost(shop: Shop, ordinary: str) -> None:
    await shop.manager.says("库存 月券 -20")
    shop.simulator.fault(MODIFY, Fault(lose_answer=True))
    assert await shop.manager.says("确认") == "✅「月券」库存已减 20 张，现在 480 张\n已在微信核对"

    await shop.manager.says("库存 月券 -20")
    shop.simulator.fault(MODIFY, Fault(drop=True))
    assert await shop.manager.says("确认") == (
        "⚠️ 微信没有回应，不确定「月券」的库存有没有改成；刚才看到 480 张\n"
        "请过一两分钟用「查看 月券」核对，再决定是否重发"
    )
    assert len(shop.calls(MODIFY)) == 2


# No answer --------------------------------------------------------------------------------------------------------


async def test_bought_although_the_answer_was_lost(shop: Shop, card_id: str) -> None:
    await shop.manager.says("库存 春节券 +100")
    shop.simulator.fault(CONFIRM, Fault(lose_answer=True))

    assert await shop.manager.says("确认") == DONE
    assert len(shop.calls(CONFIRM)) == 1


async def test_bought_where_orders_have_numbers_of_their_own(shop: Shop, card_id: str) -> None:
    """Then the stock that is there decides, unless a colleague has bought some, too."""
    shop.simulator.readings.orders_keep_quote_ids = False
    await shop.manager.says("库存 春节券 +100")
    shop.simulator.fault(CONFIRM, Fault(lose_answer=True))
    assert await shop.manager.says("确认") == DONE

    for speaker in (shop.manager, shop.owner):
        await speaker.says("库存 春节券 +50")
    shop.simulator.fault(CONFIRM, Fault(drop=True, delay=0.5))
    mine = asyncio.create_task(shop.manager.says("确认"))
    await shop.until(lambda: len(shop.calls(CONFIRM)) == 2)
    assert (await shop.owner.says("确认")).startswith("✅「春节券」库存已加 50 张，现在 650 张")
    assert (await mine).startswith("⚠️ 微信没有回应，不确定「春节券」的库存有没有改成；刚才看到 650 张")


@pytest.mark.parametrize(("seconds", "quotes"), [(54, 1), (56, 2), (60, 2), (599, 2)])
async def test_a_quote_is_confirmed_within_its_minute(
    shop: Shop, card_id: str, clock: time_machine.Traveller, seconds: int, quotes: int
) -> None:
    """Or another one at the same price, with some seconds of its life left to the call itself."""
    await shop.manager.says("库存 春节券 +100")
    clock.shift(seconds)

    assert await shop.manager.says("确认") == DONE
    assert len(shop.calls(PRICE)) == quotes
    assert [call.errcode for call in shop.calls(CONFIRM)] == [0]


async def test_in_doubt_where_no_order_shows_it(shop: Shop, card_id: str) -> None:
    await shop.manager.says("库存 春节券 +100")
    shop.simulator.fault(CONFIRM, Fault(drop=True))

    assert await shop.manager.says("确认") == IN_DOUBT
    assert len(shop.calls(CONFIRM)) == 1


async def test_in_doubt_in_english_where_the_orders_cannot_be_read(shop: Shop, card_id: str) -> None:
    await shop.speaks_english()
    await shop.manager.says("stock 春节券 +100")
    shop.simulator.fault(CONFIRM, Fault(lose_answer=True))
    shop.simulator.fault("/card/pay/getorderlist", Fault(errcode=48001), times=None)

    assert await shop.manager.says("yes") == (
        "⚠️ WeChat did not answer, so it is not certain whether the stock of 春节券 was changed; "
        "600 were seen just now\n"
        'Check with "orders" and "show 春节券" in a minute or two before you send it again'
    )


async def test_accepted_but_not_to_be_read(shop: Shop, card_id: str) -> None:
    await shop.manager.says("库存 春节券 +100")
    shop.simulator.set_quota(shop.appid, "/card/get", len(shop.calls("/card/get")) + 1)

    assert await shop.manager.says("确认") == (
        "⚠️ 微信已接受「春节券」加 100 张，但还看不到结果\n过几分钟用「查看 春节券」核对，不用重发"
    )


async def test_a_yes_that_never_reached_wechat_is_not_used_up(shop: Shop, card_id: str) -> None:
    await shop.manager.says("库存 春节券 +100")
    shop.simulator.fault(CONFIRM, Fault(errcode=40001), times=None)

    assert await shop.manager.says("确认") == (
        "⚠️ 暂时连不上微信，没有执行\n过一会儿再回复「确认」就行（10 分钟内有效）"
    )
    shop.simulator.clear_faults()
    assert await shop.manager.says("确认") == DONE


async def test_a_process_that_died_after_it_was_done(shop: Shop, card_id: str) -> None:
    await shop.manager.says("库存 春节券 +100")
    shop.simulator.fault(CONFIRM, Fault(delay=0.5))

    outcome = await carried_on(shop)

    assert (outcome.state, outcome.voucher.stock) == (State.DONE, 600)
    assert len(shop.calls(CONFIRM)) == 1
    assert [(asked.number, asked.ending) for asked in await on_record(shop)] == [(1, Ending.DONE)]


async def test_a_process_that_died_before_it_was_done_is_in_doubt(shop: Shop, card_id: str) -> None:
    await shop.manager.says("库存 春节券 +100")
    shop.simulator.fault(CONFIRM, Fault(delay=0.5, html=True))

    outcome = await carried_on(shop)

    assert (outcome.state, outcome.voucher.stock) == (State.IN_DOUBT, 500)
    assert len(shop.calls(CONFIRM)) == 1
    assert [(asked.number, asked.ending) for asked in await on_record(shop)] == [(1, Ending.IN_DOUBT)]


async def test_a_busy_wechat_that_did_nothing_is_in_doubt(shop: Shop, card_id: str) -> None:
    await shop.manager.says("库存 春节券 +100")
    shop.simulator.fault(CONFIRM, Fault())

    assert await shop.manager.says("确认") == IN_DOUBT
    assert len(shop.calls(CONFIRM)) == 1


async def test_a_busy_wechat_that_did_it_all_the_same(shop: Shop, card_id: str) -> None:
    """-1 does not say whether it was done before."""
    await shop.manager.says("库存 春节券 +100")
    order_id = (await waiting(shop))["order_id"]
    shop.simulator.fault(CONFIRM, Fault(errcode=-1, delay=0.5))
    answer = asyncio.create_task(shop.manager.says("确认"))
    await shop.until(lambda: shop.calls(CONFIRM))
    await shop.app.services[shop.appid].vouchers.credit.confirm(card_id, 100, order_id)

    assert await answer == DONE


async def test_a_busy_wechat_and_ordinary_stock(shop: Shop, ordinary: str) -> None:
    await shop.manager.says("库存 月券 -20")
    shop.simulator.fault(MODIFY, Fault())

    assert (await shop.manager.says("确认")).startswith("⚠️ 微信没有回应，不确定「月券」的库存有没有改成")
    assert len(shop.calls(MODIFY)) == 1


async def test_a_colleague_moved_as_much_while_no_answer_came(shop: Shop, ordinary: str) -> None:
    """The total is as if it had been done, and it was not."""
    await shop.manager.says("库存 月券 +100")
    await shop.owner.says("库存 月券 +100")
    shop.simulator.fault(MODIFY, Fault(drop=True, delay=0.5))
    mine = asyncio.create_task(shop.manager.says("确认"))
    await shop.until(lambda: shop.calls(MODIFY))

    assert (await shop.owner.says("确认")).startswith("✅「月券」库存已加 100 张，现在 600 张")
    assert (await mine).startswith("⚠️ 微信没有回应，不确定「月券」的库存有没有改成；刚才看到 600 张")
    assert stock_of(shop, ordinary) == 600


async def test_a_refusal_is_on_record_as_nothing_else(shop: Shop, ordinary: str, store: Store) -> None:
    await shop.manager.says("库存 月券 +100")
    shop.simulator.fault(MODIFY, Fault(errcode=45041))
    await shop.manager.says("确认")

    lines = await store.do("LRANGE", record_keys.change_records(shop.appid), 0, -1)
    assert [json.loads(line)["event"] for line in lines] == ["asked", "refused"]


# The same in English ----------------------------------------------------------------------------------------------


async def test_asked_again_in_english(shop: Shop, card_id: str, clock: time_machine.Traveller) -> None:
    await shop.speaks_english()
    await shop.manager.says("stock 春节券 +100")
    clock.shift(61)
    dear = shop.simulator.voucher(shop.appid, card_id)
    dear.card["cash"]["advanced_info"]["use_condition"] = {"least_cost": 2000}

    assert await shop.manager.says("yes") == (
        "⚠️ Not done yet: the price has changed, please look again\n"
        "100 more of 春节券: stock 500 → 600\nPrice 40 coins, balance 50 → 10\n"
        "⚠️ Coins turned into stock cannot be turned back\n" + YES_EN
    )


async def test_not_reached_and_not_allowed_in_english(shop: Shop, card_id: str) -> None:
    await shop.speaks_english()
    await shop.manager.says("stock 春节券 +100")
    shop.simulator.fault(CONFIRM, Fault(errcode=40001), times=None)
    assert await shop.manager.says("yes") == (
        '⚠️ WeChat cannot be reached, so this was not done\nSend "yes" again in a moment (within 10 minutes)'
    )
    await shop.app.people(shop.appid).change(PEOPLE["manager"][0], by=SHELL, role=Role.CLERK)
    assert await shop.manager.says("yes") == (
        'Not done: your role may not use "stock" any more. Send "whoami" to see your role'
    )


async def test_refused_and_not_to_be_read_in_english(shop: Shop, card_id: str) -> None:
    await shop.speaks_english()
    await shop.manager.says("stock 春节券 +100")
    shop.simulator.fault(CONFIRM, Fault(errcode=71003))
    assert await shop.manager.says("yes") == (
        "❌ The stock of 春节券 was not changed: Not enough credit (71003)\nTop up the credit account first."
    )
    await shop.manager.says("stock 春节券 +100")
    shop.simulator.set_quota(shop.appid, "/card/get", len(shop.calls("/card/get")) + 1)
    assert await shop.manager.says("yes") == (
        "⚠️ WeChat accepted 100 more of 春节券, but does not show it yet\n"
        'Check with "show 春节券" in a few minutes; do not send it again'
    )


async def test_of_a_deleted_voucher(shop: Shop) -> None:
    """WeChat would say no more than that its state does not allow it."""
    shop.has_voucher("春节券")
    await shop.owner.says("删除 春节券")
    await shop.owner.says("确认")

    assert await shop.manager.says("库存 春节券 +10") == "「春节券」已删除，不能加减库存"
    await shop.speaks_english()
    assert await shop.manager.says("stock 春节券 +10") == "春节券 is deleted; its stock cannot be changed"
    assert shop.calls("getpayprice") == []
