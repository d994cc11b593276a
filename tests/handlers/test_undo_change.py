"""undo: the old values again, through preview, review and read-back; and what cannot be undone."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import time_machine

from bot.simulator import Fault, cash_voucher
from bot.vouchers.records import What
from tests.shop import PEOPLE, Shop

UPDATE = "/card/update"
YES = "回复「确认」执行，「取消」放弃（10 分钟内有效）"
YES_EN = 'Send "yes" to do it, "no" to drop it (within 10 minutes)'
NOTHING_WAITS = "现在没有等待确认的操作。预览 10 分钟内有效，过期请重新发送原来的命令。"
SKU = {"quantity": 500, "total_quantity": 500}


@pytest.fixture
def card_id(shop: Shop) -> str:
    """春节券, approved, until 28 February, and 50 coins."""
    shop.simulator.set_coins(shop.appid, "50", "0")
    return shop.has_voucher("春节券", description="每桌限用一张", service_phone="0571-1234567", sku=SKU)


@pytest.fixture
def ordinary(shop: Shop) -> str:
    """An ordinary coupon with a stock of 500."""
    card = cash_voucher("湖畔面馆", 500, title="月券", friends=False, base={"sku": SKU})
    return shop.simulator.add_voucher(shop.appid, card, "VERIFY_OK")


async def does(shop: Shop, *commands: str, who: str = "manager") -> str:
    """Each is previewed and confirmed; the last answer."""
    answer = ""
    for command in commands:
        await getattr(shop, who).says(command)
        answer = await getattr(shop, who).says("确认")
    return answer


def held(shop: Shop, card_id: str) -> dict[str, Any]:
    """The voucher's base_info at WeChat's."""
    base: dict[str, Any] = shop.simulator.voucher(shop.appid, card_id).card["cash"]["base_info"]
    return base


# What cannot be undone --------------------------------------------------------------------------------------------


async def test_is_for_managers(shop: Shop, card_id: str) -> None:
    assert await shop.clerk.says("撤销") == "没有「撤销」这个命令。发送「帮助」看你可以做什么。"


async def test_nothing_was_changed(shop: Shop, card_id: str) -> None:
    await does(shop, "修改 春节券 限领=3", who="owner")
    shop.has_voucher("月券")

    assert await shop.manager.says("撤销") == (
        "你还没有改过什么；「撤销 卡券名」撤销别人对一张券的改动，「日志」看谁改了什么"
    )
    assert await shop.manager.says("撤销 月券") == "「月券」没有可以撤销的改动；「日志 月券」看改过什么"
    await shop.speaks_english()
    assert await shop.manager.says("undo") == (
        'You have changed nothing yet; "undo VOUCHER" undoes what others changed, "log" tells who changed what'
    )
    assert await shop.manager.says("undo 月券") == (
        'No change of 月券 that could be undone; "log 月券" tells what was changed'
    )


async def test_validity_only_widens(shop: Shop, card_id: str) -> None:
    await does(shop, "延期 春节券 2027-03-31")

    assert await shop.manager.says("撤销") == (
        "不能撤销记录 1（张三，14:02）：结束日期改不回：有效期只能放宽\n"
        "要提前结束的话，不再投放「春节券」，或请老板「删除 春节券」；已领的券不受影响"
    )
    assert await shop.manager.says("确认") == NOTHING_WAITS
    await shop.speaks_english()
    assert await shop.manager.says("undo") == (
        "Not undone, record 1 (张三, 14:02): last day cannot be put back: validity may only widen\n"
        'To end it earlier, issue 春节券 no more, or have an owner "delete 春节券"; claimed ones stay valid'
    )


async def test_coins_were_spent(shop: Shop, card_id: str) -> None:
    await does(shop, "库存 春节券 +100")
    await shop.manager.says("修改 春节券 限领=3")

    assert await shop.manager.says("撤销") == (
        "不能撤销记录 1（张三，14:02）：「春节券」库存 500 → 600，20 券点\n"
        "券点换成库存后不能换回；不想再发就不再投放这张券\n"
        "之前的预览已作废"
    )
    await shop.speaks_english()
    assert await shop.manager.says("undo 春节券") == (
        "Not undone, record 1 (张三, 14:02): stock of 春节券 500 → 600 for 20 coins\n"
        "Coins turned into stock cannot be turned back; to stop, issue this voucher no more"
    )


@pytest.mark.parametrize(
    ("command", "chinese", "english"),
    [
        (
            "核销",
            "核销 …{tail}「春节券」\n核销了不能恢复；要补给顾客，请再发一张\n要改回卡券的内容：「撤销 春节券」",
            "redeem …{tail} of 春节券\nWhat is redeemed stays so; to make up for it, give the customer another one\n"
            'To put the voucher\'s content back, send "undo 春节券"',
        ),
        (
            "作废",
            "作废 …{tail}「春节券」\n作废了不能恢复；要补给顾客，请再发一张\n要改回卡券的内容：「撤销 春节券」",
            "void …{tail} of 春节券\nWhat is void stays so; to make up for it, give the customer another one\n"
            'To put the voucher\'s content back, send "undo 春节券"',
        ),
    ],
)
async def test_a_code_is_used_up(shop: Shop, card_id: str, command: str, chinese: str, english: str) -> None:
    code = await shop.simulator.claim(shop.appid, PEOPLE["customer"][0], card_id)
    await does(shop, "修改 春节券 限领=3", f"{command} {code}")

    assert await shop.manager.says("撤销") == "不能撤销记录 2（张三，14:02）：" + chinese.format(tail=code[-4:])
    assert (await shop.manager.says("撤销 春节券")).startswith("撤销记录 1（张三，14:02）：\n「春节券」将改 1 处：\n")
    await shop.manager.says("取消")
    await shop.speaks_english()
    assert await shop.manager.says("undo") == "Not undone, record 2 (张三, 14:02): " + english.format(tail=code[-4:])


async def test_the_opened_account(shop: Shop) -> None:
    await does(shop, "券点")

    assert await shop.manager.says("撤销") == "不能撤销记录 1（张三，14:02）：开通券点账户\n这一步没有相反的操作"
    await shop.speaks_english()
    assert await shop.manager.says("undo") == (
        "Not undone, record 1 (张三, 14:02): open the credit account\nThere is nothing that takes this back"
    )


async def test_a_colour_nobody_has_a_name_for(shop: Shop) -> None:
    card_id = shop.has_voucher("旧券")
    held(shop, card_id)["color"] = "#123456"
    await does(shop, "修改 旧券 颜色=绿色")

    assert await shop.manager.says("撤销") == (
        "不能撤销记录 1（张三，14:02）：颜色改不回：原来是空的，微信不允许清空\n可以「修改 旧券」换成别的内容"
    )


async def test_a_deleted_voucher(shop: Shop, card_id: str) -> None:
    await does(shop, "修改 春节券 限领=3")
    shop.simulator.voucher(shop.appid, card_id).set_status("DELETE")

    assert await shop.manager.says("撤销") == "不能撤销「春节券」的改动：这张券已删除，不能再改"
    await shop.speaks_english()
    assert await shop.manager.says("undo") == (
        "The change of 春节券 cannot be undone: this voucher is deleted and cannot be changed"
    )


# Undoing an update ------------------------------------------------------------------------------------------------


async def test_puts_the_old_values_back(shop: Shop, card_id: str, clock: time_machine.Traveller) -> None:
    await does(shop, "修改 春节券 客服电话=0571-7654321 限领=3")
    clock.shift(60)

    assert await shop.manager.says("撤销") == (
        "撤销记录 1（张三，14:02）：\n"
        "「春节券」将改 2 处：\n"
        "客服电话：0571-7654321 → 0571-1234567\n"
        "限领：3 张 → 1 张\n"
        "不需要重新审核，确认后立即生效\n" + YES
    )
    assert await shop.manager.says("确认") == (
        "✅「春节券」已修改：客服电话、限领\n已在微信核对，立即生效\n记录号 2 ·「撤销」可改回"
    )
    assert shop.calls(UPDATE)[-1].body == {
        "card_id": card_id,
        "cash": {"base_info": {"service_phone": "0571-1234567", "get_limit": 1}},
    }
    assert (await shop.manager.says("日志")).split("\n")[1] == "2 · 14:03 张三 撤销 1：修改「春节券」 ✅"
    assert (await shop.manager.says("撤销")).split("\n")[2] == "客服电话：0571-1234567 → 0571-7654321"


async def test_in_english_back_through_review_but_not_the_validity(shop: Shop, card_id: str) -> None:
    await shop.speaks_english()
    await shop.manager.says("update 春节券 notice=Show it end=2027-03-31")
    await shop.manager.says("yes")

    assert await shop.manager.says("undo") == (
        "To undo record 1 (张三, 14:02):\n"
        "⚠️ last day cannot be put back: validity may only widen\n"
        "1 thing would change in 春节券:\n"
        "notice: Show it → 结账前出示券码\n"
        "⚠️ this voucher is under review; a change may put it back in the queue\n"
        "⚠️ notice: back to review, about 3 days\n" + YES_EN
    )
    assert await shop.manager.says("yes") == (
        "⏳ 春节券 submitted: notice\n"
        "Checked at WeChat; under review since now, about 3 days. I will tell you the result\n"
        'Record 2 · "undo" puts it back'
    )
    assert held(shop, card_id)["notice"] == "结账前出示券码"


async def test_what_was_empty_and_what_is_a_colour(shop: Shop) -> None:
    card_id = shop.has_voucher("空券", color="#cc463d", location_id_list=[])
    await does(shop, "修改 空券 推广入口=菜单 推广链接=https://example.com 门店=271262077 颜色=绿色 再送本券=1")
    await does(shop, "撤销")

    base = shop.calls(UPDATE)[-1].body["cash"]["base_info"]
    assert base == {"color": "Color100", "location_id_list": "0", "promotion_url_name": "", "promotion_url": ""}
    assert shop.calls(UPDATE)[-1].body["cash"]["advanced_info"] == {"consume_share_self_num": 0}
    assert held(shop, card_id)["location_id_list"] == []


async def test_a_voucher_given_along_comes_back(shop: Shop, card_id: str) -> None:
    other = shop.has_voucher("送的券")
    await does(shop, "修改 春节券 送券=送的券", "修改 春节券 送券=无")

    assert (await shop.manager.says("撤销")).split("\n")[2] == "送券：（空） → 送的券"
    await shop.manager.says("确认")
    shared = shop.calls(UPDATE)[-1].body["cash"]["advanced_info"]["consume_share_card_list"]
    assert shared == [{"card_id": other, "num": 1}]


async def test_what_others_changed_is_undone_by_naming_the_voucher(shop: Shop, card_id: str) -> None:
    await does(shop, "修改 春节券 限领=3")

    assert await shop.owner.says("撤销 春节券") == (
        "撤销记录 1（张三，14:02）：\n「春节券」将改 1 处：\n限领：3 张 → 1 张\n不需要重新审核，确认后立即生效\n" + YES
    )
    assert await shop.owner.says("确认") == (
        "✅「春节券」已修改：限领\n已在微信核对，立即生效\n记录号 2 ·「撤销」可改回"
    )


async def test_a_busy_till_hides_no_change_of_the_voucher(shop: Shop, card_id: str) -> None:
    await does(shop, "修改 春节券 限领=3")
    services = shop.app.services[shop.appid]
    voucher, clerk = await services.vouchers.get(card_id), services.people.find("李四")
    for _ in range(60):
        await services.vouchers.records.begin(voucher, (), clerk, What.REDEEM, code="…0001")

    assert (await shop.owner.says("撤销 春节券")).startswith("撤销记录 1（张三，14:02）：")


async def test_changed_back_already(shop: Shop, card_id: str) -> None:
    await does(shop, "修改 春节券 限领=3")
    await does(shop, "修改 春节券 限领=1", who="owner")

    assert await shop.manager.says("撤销") == "记录 1（张三，14:02）不用撤销：「春节券」现在就是改动之前的样子"
    await shop.speaks_english()
    assert await shop.manager.says("undo") == (
        "Nothing to undo in record 1 (张三, 14:02): 春节券 is as it was before"
    )


async def test_changed_by_somebody_between_preview_and_yes(shop: Shop, card_id: str) -> None:
    await does(shop, "修改 春节券 限领=3")
    await shop.manager.says("撤销")
    await does(shop, "修改 春节券 限领=5", who="owner")

    assert await shop.manager.says("确认") == (
        "⚠️ 还没有执行：预览之后「春节券」又变了，现在将改 1 处：\n限领：5 张 → 1 张\n"
        "不需要重新审核，确认后立即生效\n" + YES
    )


async def test_what_was_refused_is_passed_over_and_what_is_in_doubt_is_not(shop: Shop, card_id: str) -> None:
    await does(shop, "修改 春节券 限领=3")
    shop.simulator.fault(UPDATE, Fault(errcode=40151))
    await does(shop, "修改 春节券 客服电话=0571-7654321")
    assert (await shop.manager.says("撤销")).startswith("撤销记录 1（")
    shop.simulator.fault(UPDATE, Fault(drop=True))
    await does(shop, "修改 春节券 客服电话=0571-7654321")

    assert (await shop.manager.says("撤销")).startswith("记录 3（张三，14:02）不用撤销：")


# Undoing stock ----------------------------------------------------------------------------------------------------


async def test_stock_of_an_ordinary_coupon_goes_back(shop: Shop, ordinary: str) -> None:
    await does(shop, "库存 月券 +100")

    assert await shop.manager.says("撤销") == (
        "撤销记录 1（张三，14:02）：\n「月券」库存减 100 张：600 → 500\n确认后立即生效\n" + YES
    )
    assert await shop.manager.says("确认") == "✅「月券」库存已减 100 张，现在 500 张\n已在微信核对"
    assert shop.calls("/card/modifystock")[-1].body == {"card_id": ordinary, "reduce_stock_value": 100}


async def test_stock_in_english_that_was_claimed_meanwhile(shop: Shop, ordinary: str) -> None:
    await shop.speaks_english()
    await shop.manager.says("stock 月券 -450")
    await shop.manager.says("yes")
    assert await shop.manager.says("undo") == (
        "To undo record 1 (张三, 14:02):\n450 more of 月券: stock 50 → 500\nEffective at once\n" + YES_EN
    )
    await shop.manager.says("yes")
    held(shop, ordinary)["sku"]["quantity"] = 20

    assert await shop.manager.says("undo") == (
        "Not undone, record 2 (张三, 14:02): 月券 has 20 left, the others are claimed\n"
        'At most, send "stock 月券 -20"'
    )
    await shop.app.people(shop.appid).change(PEOPLE["manager"][0], by="shell", language="zh_CN")
    assert await shop.manager.says("撤销") == (
        "不能撤销记录 2（张三，14:02）：「月券」只剩 20 张，其余已被领走\n最多可以「库存 月券 -20」"
    )


async def test_stock_is_put_back_once_by_whoever_is_first(shop: Shop, ordinary: str) -> None:
    await does(shop, "库存 月券 +100")
    await shop.manager.says("撤销")
    assert (await shop.owner.says("撤销 月券")).startswith("撤销记录 1（张三，14:02）：")
    assert (await shop.owner.says("确认")).startswith("✅「月券」库存已减 100 张，现在 500 张")

    assert await shop.manager.says("确认") == (
        "没有执行：王芳 14:02 已经撤销过（记录 2）\n「查看 月券」看现在的库存"
    )
    assert await shop.manager.says("撤销") == (
        "记录 1（张三，14:02）不用撤销：王芳 14:02 已经撤销过（记录 2）\n「查看 月券」看现在的库存"
    )
    await shop.speaks_english()
    assert await shop.manager.says("undo") == (
        'Nothing to undo in record 1 (张三, 14:02): 王芳 undid it, 14:02 (record 2)\n'
        '"show 月券" tells the stock there is now'
    )
    assert held(shop, ordinary)["sku"] == SKU
    assert len(shop.calls("/card/modifystock")) == 2


async def test_of_two_who_put_stock_back_at_once_one_does(shop: Shop, ordinary: str) -> None:
    await does(shop, "库存 月券 +100")
    await shop.manager.says("撤销")
    await shop.owner.says("撤销 月券")

    answers = await asyncio.gather(shop.manager.says("确认"), shop.owner.says("确认"))

    assert sorted(answer[:5] for answer in answers) == ["✅「月券」", "没有执行："]
    assert held(shop, ordinary)["sku"] == SKU
    log = await shop.manager.says("日志 月券")
    assert "撤销 1：「月券」库存 600 → 500 ✅" in log
    assert "❌ 没有发出" in log


async def test_stock_undone_and_undone_again(shop: Shop, ordinary: str) -> None:
    await does(shop, "库存 月券 +100", "撤销")
    assert (await shop.manager.says("撤销")).startswith(
        "撤销记录 2（张三，14:02）：\n「月券」库存加 100 张：500 → 600\n"
    )
    await shop.manager.says("确认")

    assert held(shop, ordinary)["sku"]["quantity"] == 600
    assert await does(shop, "撤销") == "✅「月券」库存已减 100 张，现在 500 张\n已在微信核对"


async def test_stock_that_may_never_have_moved_is_not_put_back(shop: Shop, ordinary: str) -> None:
    shop.simulator.fault("/card/modifystock", Fault(drop=True))
    await does(shop, "库存 月券 +100")

    assert await shop.manager.says("撤销") == (
        "不能撤销记录 1（张三，14:02）：不确定当时有没有改成\n"
        "请用「查看 月券」核对；改成了的话「库存 月券 -100」可以改回"
    )
    await shop.speaks_english()
    assert await shop.manager.says("undo") == (
        "Not undone, record 1 (张三, 14:02): it is not certain whether it was done\n"
        'Check with "show 月券"; if it was, "stock 月券 -100" puts it back'
    )
    assert held(shop, ordinary)["sku"] == SKU


async def test_a_colleague_who_also_put_it_back_and_heard_nothing(shop: Shop, ordinary: str) -> None:
    await does(shop, "库存 月券 +100")
    await shop.manager.says("撤销")
    shop.simulator.fault("/card/modifystock", Fault(drop=True))
    await does(shop, "撤销 月券", who="owner")

    assert await shop.manager.says("确认") == (
        "没有执行：王芳 14:02 也撤销过，结果不明（记录 2）\n「查看 月券」看现在的库存"
    )
    await shop.speaks_english()
    assert await shop.manager.says("undo") == (
        "Nothing to undo in record 1 (张三, 14:02): 王芳 tried to undo it and it is not certain whether that worked, "
        '14:02 (record 2)\n"show 月券" tells the stock there is now'
    )
