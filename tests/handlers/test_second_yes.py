"""four_eyes: what needs a second person's yes, who may say it, and that it is done once, for both on record."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
import time_machine

from bot import begun
from bot.app import discover
from bot.errors import SettingsError
from bot.merchants.people import SHELL, Role
from bot.routing import Context
from bot.simulator import Bubble, Fault, Simulator, cash_voucher
from bot.store import Store, record_keys
from bot.wechat.inbound import Incoming
from handlers.answer_preview import cancel, confirm
from tests.dispatch.test_repeats import asked_by, carried_on, left_undone
from tests.shop import PEOPLE, Shop, open_shop

CONFIRM, UPDATE, RECHARGE = "/card/pay/confirm", "/card/update", "/card/pay/recharge"
SKU = {"quantity": 500, "total_quantity": 500}
STOCK = "「春节券」库存加 100 张：500 → 600\n价格 20 券点，余额 500 → 480\n⚠️ 券点换成库存后不能换回"
ASKED = "这一步还要另一个人确认，已通知王芳\n编号 101，60 分钟内有效；「取消」可以撤回"
PLEASE = "张三发了「库存」，需要你也确认：\n" + STOCK + "\n回复「确认 101」执行，「取消 101」不同意（{} 分钟内有效）"
DONE = "✅「春节券」库存已加 100 张，现在 600 张\n用了 20 券点，余额 480\n已在微信核对"
NOTHING = "现在没有等待确认的操作。预览 10 分钟内有效，过期请重新发送原来的命令。"


@pytest.fixture
async def shop(simulator: Simulator, store: Store, redis_server: str) -> AsyncIterator[Shop]:
    """A shop where stock, top-ups and longer validity need two; a voucher with a stock of 500, and 500 coins."""
    async with open_shop(
        simulator,
        redis_server,
        four_eyes={"commands": ("stock", "topup", "extend")},
        limits={"stock_per_day": {"manager": 150}},
    ) as opened:
        opened.simulator.set_coins(opened.appid, "500", "0")
        opened.has_voucher("春节券", sku=SKU)
        for role in ("owner", "manager"):
            await getattr(opened, role).says("提醒 关 券点")
        await opened.everybody_texts()
        yield opened


async def is_asked(shop: Shop) -> None:
    """The manager wants 100 more and has said yes."""
    await shop.manager.says("库存 春节券 +100")
    assert await shop.manager.says("确认") == ASKED


# Settings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["log", "库存", "yes", "nonsense"])
async def test_a_command_that_waits_for_nobody(
    simulator: Simulator, store: Store, redis_server: str, command: str
) -> None:
    with pytest.raises(SettingsError) as wrong:
        async with open_shop(simulator, redis_server, four_eyes={"commands": ("topup", command)}):
            pass
    told = str(wrong.value)
    assert told.startswith(f'four_eyes.commands[1] is "{command}", expected one of ')
    assert {"credit", "delete", "redeem", "stock", "topup", "undo", "update", "void"} <= set(
        told.rpartition("one of ")[2].split(", ")
    )


# Whose yes it is not ----------------------------------------------------------------------------------------------


async def test_the_asker_s_own_yes_is_not_enough(shop: Shop) -> None:
    await is_asked(shop)

    assert await shop.manager.says("确认") == ("还在等另一个人确认（编号 101，60 分钟内有效）；「取消」可以撤回")
    assert await shop.manager.says("确认 101") == ("编号 101 是你自己提出的，要另一个人确认；「取消」可以撤回")
    await shop.speaks_english()
    assert await shop.manager.says("yes") == (
        'It still waits for a second person\'s yes (number 101, 60 minutes left); "no" takes it back'
    )
    assert await shop.manager.says("yes 101") == (
        'You asked for number 101 yourself, so somebody else has to say yes; "no" takes it back'
    )
    assert shop.calls(CONFIRM) == []


async def test_nor_of_somebody_whose_role_does_not_reach(shop: Shop) -> None:
    await is_asked(shop)

    assert await shop.clerk.says("确认 101") == await shop.clerk.says("取消 101") == "没有等你确认的编号 101"
    assert await shop.clerk.says("确认") == NOTHING
    assert shop.clerk.reads() == []
    await shop.speaks_english()
    assert await shop.clerk.says("yes 101") == "No number 101 waits for your yes"
    assert shop.calls(CONFIRM) == []


@pytest.mark.parametrize("words", ["确认 吧", "确认 很多", "取消 1.5"])
async def test_what_is_no_number(shop: Shop, words: str) -> None:
    word, _, rest = words.partition(" ")
    assert await shop.owner.says(words) == (f"「{rest}」不是编号，这里要写要你确认的编号，如 101\n例：{word}")
    assert await shop.owner.says("确认 999") == "没有等你确认的编号 999"


async def test_nobody_else_could_say_it(shop: Shop) -> None:
    await shop.app.people(shop.appid).change(PEOPLE["manager"][0], by=SHELL, role=Role.CLERK)
    await shop.owner.says("库存 春节券 +100")
    assert await shop.owner.says("确认") == (
        "没有执行：这一步要两个人确认，而这里没有别的店长可以确认\n请老板先「邀请 店长 名字」，再重新发一次"
    )
    await shop.speaks_english()
    await shop.owner.says("stock 春节券 +100")
    assert await shop.owner.says("yes") == (
        "Not done: this needs a second person's yes, and nobody else here is a manager or above\n"
        'Have an owner "invite manager NAME" first, then send it again'
    )
    assert shop.calls(CONFIRM) == []


async def test_it_lapses_after_an_hour(shop: Shop, clock: time_machine.Traveller) -> None:
    await is_asked(shop)
    clock.shift(3600)

    assert await shop.owner.says("确认 101") == "编号 101 已过期；还要做的话，请张三重新发一次"
    assert await shop.owner.says("确认") == await shop.manager.says("确认") == NOTHING
    await shop.speaks_english()
    assert await shop.owner.says("yes 101") == (
        "Number 101 has lapsed; if it is still wanted, 张三 has to send it again"
    )
    assert shop.calls(CONFIRM) == []


async def test_who_asked_may_not_do_it_any_more(shop: Shop) -> None:
    await is_asked(shop)
    await shop.app.people(shop.appid).change(PEOPLE["manager"][0], by=SHELL, role=Role.CLERK)

    assert await shop.owner.says("确认 101") == "没有执行：张三现在的角色不能再做这件事"
    await shop.speaks_english()
    assert await shop.owner.says("yes 101") == "Not done: 张三's role does not reach for this any more"
    assert shop.calls(CONFIRM) == []


async def test_the_limit_of_who_asked_counts_and_he_is_told(shop: Shop) -> None:
    await shop.manager.says("库存 春节券 +100")
    await shop.manager.says("确认")
    services = shop.app.services[shop.appid]
    manager = services.people.operator(PEOPLE["manager"][0])
    assert manager is not None
    await services.vouchers.stock._limits.take(manager, "earlier", 100)
    shop.manager.reads()

    assert await shop.owner.says("确认 101") == "没有完成，详情已告诉张三"
    assert shop.manager.reads() == ["没有改：你每天最多动 150 张库存，今天还剩 50 张\n可以少一些，或请老板来做"]
    assert shop.calls(CONFIRM) == []
    await shop.speaks_english()
    await services.vouchers.stock._limits.give_back(await services.vouchers.stock._limits.take(manager, "earlier", 100))
    for words in ("stock 春节券 +100", "yes"):
        await shop.manager.says(words)
    await services.vouchers.stock._limits.take(manager, "earlier", 100)
    assert await shop.owner.says("yes 102") == "This could not be completed; 张三 is told why"


# A second yes -----------------------------------------------------------------------------------------------------


async def test_a_colleague_is_told_and_says_yes(shop: Shop, store: Store) -> None:
    await is_asked(shop)
    assert shop.owner.reads() == [PLEASE.format(60)]
    assert shop.viewer.reads() == shop.clerk.reads() == []

    assert await shop.owner.says("确认 101") == DONE

    assert shop.manager.reads() == [DONE]
    assert len(shop.calls(CONFIRM)) == 1
    assert (await shop.manager.says("日志")).endswith("\n1 · 14:02 张三和王芳 「春节券」库存 500 → 600，20 券点 ✅")
    entry = json.loads(await store.do("LINDEX", record_keys.change_records(shop.appid), 0))
    assert (entry["openid"], entry["second"]) == (
        PEOPLE["manager"][0], {"openid": PEOPLE["owner"][0], "name": "王芳"},
    )  # fmt: skip
    await shop.speaks_english()
    assert (await shop.manager.says("log")).endswith("14:02 张三 with 王芳: stock of 春节券 500 → 600 for 20 coins ✅")


async def test_in_english(shop: Shop) -> None:
    await shop.speaks_english()
    await shop.manager.says("extend 春节券 2027-03-31")
    assert await shop.manager.says("yes") == (
        'This needs a second person\'s yes; told: 王芳\nNumber 101, good for 60 minutes; "no" takes it back'
    )
    assert shop.owner.reads() == [
        '张三 sent "extend", which needs your yes, too:\n'
        "Last day of 春节券: 28 Feb 2027 → 31 Mar 2027\nNo review needed, effective at once\n"
        'Send "yes 101" to do it, "no 101" if you do not agree (within 60 minutes)'
    ]
    done = "✅ 春节券 changed: last day\nChecked at WeChat, effective at once\nRecord 1"
    assert await shop.owner.says("yes 101") == done
    assert shop.manager.reads() == [done]


async def test_each_reads_it_in_their_language(shop: Shop) -> None:
    await shop.app.people(shop.appid).change(PEOPLE["owner"][0], by=SHELL, language="en")
    await is_asked(shop)

    assert shop.owner.reads()[0].split("\n")[:2] == [
        '张三 sent "stock", which needs your yes, too:', "100 more of 春节券: stock 500 → 600",
    ]  # fmt: skip


async def test_a_bare_yes_shows_the_request_first(shop: Shop, clock: time_machine.Traveller) -> None:
    await is_asked(shop)
    clock.shift(120)

    assert await shop.owner.says("确认") == PLEASE.format(58)
    assert shop.calls(CONFIRM) == []
    assert await shop.owner.says("确认") == DONE


async def test_a_yes_sent_twice_in_a_row_agrees_to_nothing_unread(shop: Shop) -> None:
    """A thumb that taps twice: the second was sent before the first had shown what it is about."""
    await is_asked(shop)
    shop.simulator.fault("/card/batchget", Fault(delay=0.5))
    first = asyncio.create_task(shop.owner.says("卡券"))
    await shop.until(lambda: shop.calls("/card/batchget"))

    answers = await asyncio.gather(*(shop.owner.says("确认") for _ in range(3)))

    await first
    assert answers == [PLEASE.format(60)] * 3
    assert shop.calls(CONFIRM) == []
    assert await shop.owner.says("确认") == DONE


async def test_a_bare_yes_means_one_s_own_preview(shop: Shop) -> None:
    await is_asked(shop)
    await shop.owner.says("修改 春节券 限领=3")

    assert (await shop.owner.says("确认")).startswith("✅「春节券」已修改：限领")
    assert shop.calls(CONFIRM) == []


async def test_other_commands_need_one_yes(shop: Shop) -> None:
    await shop.manager.says("修改 春节券 限领=3")

    assert (await shop.manager.says("确认")).startswith("✅「春节券」已修改：限领")
    assert shop.owner.reads() == []


async def test_undoing_what_needs_two_needs_two(shop: Shop) -> None:
    card = cash_voucher("湖畔面馆", 500, title="月券", friends=False, base={"sku": SKU})
    shop.simulator.add_voucher(shop.appid, card, "VERIFY_OK")
    for words in ("库存 月券 +20", "确认"):
        await shop.manager.says(words)
    assert (await shop.owner.says("确认 101")).startswith("✅「月券」库存已加 20 张")
    assert (await shop.manager.says("撤销")).startswith("撤销记录 1（张三，14:02）：\n「月券」库存减 20 张")

    assert (await shop.manager.says("确认")).startswith("这一步还要另一个人确认，已通知王芳\n编号 102，")
    assert (await shop.owner.says("确认 102")).startswith("✅「月券」库存已减 20 张")


async def test_each_asks_for_a_top_up_and_the_other_agrees(shop: Shop) -> None:
    for speaker, number in ((shop.manager, 101), (shop.owner, 102)):
        await speaker.says("充值 50")
        assert f"编号 {number}，" in await speaker.says("确认")

    assert (await shop.owner.says("确认 101")).startswith("请用微信支付付 ¥50")
    assert (await shop.manager.says("确认 102")).startswith("请用微信支付付 ¥50")
    assert len(shop.calls(RECHARGE)) == 2


async def test_who_asked_for_a_code_to_pay_gets_its_picture_too(shop: Shop) -> None:
    await shop.manager.says("充值 50")
    await shop.manager.says("确认")
    shop.manager.reads()
    await shop.owner.says("确认 101")
    await shop.until(lambda: [each.kind for each in pictures(shop, "manager")] == ["image"])

    words, _ = shop.manager.reads()
    assert words.startswith("请用微信支付付 ¥50，充值 50 券点\n付款码在下面的图里")
    await shop.until(lambda: pictures(shop, "owner"))
    assert len(shop.calls(RECHARGE)) == 1


def pictures(shop: Shop, role: str) -> list[Bubble]:
    return [each for each in shop.simulator.chat(shop.appid, PEOPLE[role][0]) if each.kind == "image"]


async def test_the_second_person_reads_what_is_to_be_redeemed(
    simulator: Simulator, store: Store, redis_server: str
) -> None:
    async with open_shop(simulator, redis_server, four_eyes={"commands": ("redeem",)}) as shop:
        code = await shop.simulator.claim(shop.appid, shop.customer.openid, shop.has_voucher("春节券"))
        await shop.everybody_texts()
        await shop.clerk.says(code)
        await shop.clerk.says("确认")

        shown = f"{code[:4]} {code[4:8]} {code[8:]}"
        assert shop.manager.reads() == [
            f"李四发了「核销」，需要你也确认：\n「春节券」可用，有效期到 2027年2月28日\n{shown}\n"
            "回复「确认 101」执行，「取消 101」不同意（60 分钟内有效）"
        ]


# Once, whatever happens -------------------------------------------------------------------------------------------


async def test_of_two_who_say_yes_at_once_one_does_it(shop: Shop) -> None:
    await shop.app.people(shop.appid).change(PEOPLE["clerk"][0], by=SHELL, role=Role.MANAGER)
    await shop.manager.says("库存 春节券 +100")
    told = (await shop.manager.says("确认")).split("\n")[0].partition("已通知")
    assert (told[0], set(told[2].split("、"))) == ("这一步还要另一个人确认，", {"李四", "王芳"})
    shop.simulator.fault(CONFIRM, Fault(delay=0.2))

    answers = await asyncio.gather(shop.owner.says("确认 101"), shop.clerk.says("确认 101"))

    assert sorted(answers, key=len)[1] == DONE
    assert sorted(answers, key=len)[0] in (
        "编号 101 已经有人答复过了", "编号 101 已由王芳答复，不用再确认", "编号 101 已由李四答复，不用再确认",
    )  # fmt: skip
    assert len(shop.calls(CONFIRM)) == 1


async def test_answered_already(shop: Shop) -> None:
    await is_asked(shop)
    await shop.owner.says("确认 101")

    assert await shop.owner.says("确认 101") == "编号 101 已由王芳答复，不用再确认"
    assert await shop.manager.says("取消 101") == "编号 101 已由王芳答复，不用再确认"
    await shop.speaks_english()
    assert await shop.owner.says("no 101") == "Number 101 was answered by 王芳 already"
    assert len(shop.calls(CONFIRM)) == 1


async def test_a_second_yes_whose_process_died_is_carried_on(
    shop: Shop, store: Store, clock: time_machine.Traveller
) -> None:
    await is_asked(shop)
    shop.owner.reads()
    await left_undone(shop, store, asked_by("owner", "确认 101"), has_begun=begun.VOUCHERS)
    clock.shift(5)
    await carried_on(shop)

    assert shop.owner.reads() == [DONE]
    assert shop.manager.reads() == [DONE]
    assert len(shop.calls(CONFIRM)) == 1


async def test_the_asker_s_yes_carried_on_after_it_was_answered_asks_nobody_again(shop: Shop) -> None:
    await shop.manager.says("库存 春节券 +100")
    services = shop.app.services[shop.appid]
    manager, owner = (services.people.operator(PEOPLE[role][0]) for role in ("manager", "owner"))
    assert manager is not None
    assert owner is not None
    preview = await services.pending.take(manager, "message")
    assert preview is not None
    request = await services.approvals.ask(preview, manager)
    assert await services.approvals.answer(request, "other message", owner)

    again = await services.approvals.ask(preview, manager)
    assert (again.number, again.is_open, again.answer) == (request.number, False, "王芳")


async def test_the_price_changed_so_who_asked_looks_again(shop: Shop, clock: time_machine.Traveller) -> None:
    await is_asked(shop)
    clock.shift(61)
    (voucher,) = await shop.app.services[shop.appid].vouchers.all()
    dear = shop.simulator.voucher(shop.appid, voucher.card_id)
    dear.card["cash"]["advanced_info"]["use_condition"] = {"least_cost": 2000}

    assert await shop.owner.says("确认 101") == "没有执行：情况有变，已请张三再看一次"
    assert shop.manager.reads() == [
        "⚠️ 还没有执行：价格变了，请再看一次\n「春节券」库存加 100 张：500 → 600\n价格 40 券点，余额 500 → 460\n"
        "⚠️ 券点换成库存后不能换回\n回复「确认」执行，「取消」放弃（10 分钟内有效）"
    ]
    assert await shop.owner.says("确认") == NOTHING
    await shop.manager.says("确认")
    assert "价格 40 券点" in shop.owner.reads()[-1]
    assert (await shop.owner.says("确认 102")).startswith("✅")


async def test_wechat_was_not_reached_so_who_asked_says_yes_again(shop: Shop) -> None:
    await shop.speaks_english()
    await shop.manager.says("stock 春节券 +100")
    await shop.manager.says("yes")
    shop.owner.reads()
    shop.simulator.fault(CONFIRM, Fault(errcode=40001), times=None)
    assert await shop.owner.says("yes 101") == (
        "WeChat cannot be reached, so this was not done; 张三 is asked to say yes again in a while"
    )
    shop.simulator.clear_faults()
    await shop.manager.says("yes")

    assert shop.owner.reads()[-1].split("\n")[:2] == [
        '张三 sent "stock", which needs your yes, too:', "100 more of 春节券: stock 500 → 600",
    ]  # fmt: skip
    assert (await shop.owner.says("yes 102")).startswith("✅")


async def test_where_nothing_could_be_read_the_same_yes_may_be_sent_again(shop: Shop) -> None:
    await is_asked(shop)
    shop.simulator.fault("/card/get", Fault(errcode=50002))
    assert await shop.owner.says("确认 101") == (
        "❌ 微信没有接受：账号受限，可能被冻结（50002）\n请让管理员登录公众平台查看账号和卡券功能的状态。"
    )

    assert await shop.owner.says("确认 101") == DONE
    assert len(shop.calls(CONFIRM)) == 1


# Not agreed -------------------------------------------------------------------------------------------------------


async def test_a_colleague_does_not_agree(shop: Shop) -> None:
    await is_asked(shop)

    assert await shop.owner.says("取消 101") == "已取消，什么都没有改；张三会收到通知"
    assert shop.manager.reads() == ["❌ 王芳不同意，没有执行：\n" + STOCK]
    assert await shop.owner.says("确认 101") == "编号 101 已由王芳答复，不用再确认"
    assert shop.calls(CONFIRM) == []


async def test_a_bare_no_to_what_was_shown_in_english(shop: Shop) -> None:
    await shop.speaks_english()
    await shop.manager.says("topup 50")
    await shop.manager.says("yes")
    await shop.owner.says("yes")

    assert await shop.owner.says("no") == "Dropped. Nothing was changed; 张三 is told"
    assert shop.manager.reads() == [
        "❌ 王芳 does not agree, so this was not done:\nTop up 50 coins for ¥50\nBalance 500 now, 550 once it is paid"
    ]
    assert shop.calls(RECHARGE) == []


@pytest.mark.parametrize("words", ["取消", "取消 101"])
async def test_who_asked_takes_it_back(shop: Shop, words: str) -> None:
    await is_asked(shop)

    assert await shop.manager.says(words) == "已取消，什么都没有改。"
    assert await shop.owner.says("确认 101") == "编号 101 已由张三答复，不用再确认"
    assert await shop.manager.says("取消") == NOTHING
    assert shop.calls(CONFIRM) == []


# Whose process died -----------------------------------------------------------------------------------------------


def heard(shop: Shop, push: Incoming, name: str) -> Context:
    """What the process knew that died."""
    services = shop.app.services[shop.appid]
    return Context(services, discover(), push, services.people.find(name), "zh_CN")


async def test_a_bare_yes_is_none_to_the_request_it_was_to_show(
    shop: Shop, store: Store, clock: time_machine.Traveller
) -> None:
    await is_asked(shop)
    shop.owner.reads()
    push = asked_by("owner", "确认")
    await confirm(heard(shop, push, "王芳"))
    await left_undone(shop, store, push)
    clock.shift(5)
    await carried_on(shop)

    assert shop.owner.reads() == [PLEASE.format(60)]
    assert shop.calls(CONFIRM) == []
    assert await shop.owner.says("确认") == DONE


async def test_a_bare_no_to_a_preview_takes_no_request_back(
    shop: Shop, store: Store, clock: time_machine.Traveller
) -> None:
    await is_asked(shop)
    await shop.manager.says("修改 春节券 客服电话=0571-7654321")
    push = asked_by("manager", "取消")
    assert await cancel(heard(shop, push, "张三"))
    await left_undone(shop, store, push)
    clock.shift(5)
    await carried_on(shop)

    assert shop.manager.reads() == ["已取消，什么都没有改。"]
    assert (await shop.manager.says("确认")).startswith("还在等另一个人确认（编号 101")
