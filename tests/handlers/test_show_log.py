"""log: who changed what and when, old and new, and what came of it; the same from the shell's side."""

from __future__ import annotations

import json
from typing import Any

import pytest
import time_machine

from bot.merchants.people import SHELL
from bot.simulator import Fault, cash_voucher
from bot.store import Store, record_keys
from tests.shop import PEOPLE, Shop

SKU = {"quantity": 500, "total_quantity": 500}


@pytest.fixture
def card_id(shop: Shop) -> str:
    """春节券, approved, until 28 February, and 50 coins."""
    shop.simulator.set_coins(shop.appid, "50", "0")
    return shop.has_voucher("春节券", description="每桌限用一张", service_phone="0571-1234567", sku=SKU)


async def does(shop: Shop, *commands: str, who: str = "manager") -> None:
    """Each is previewed and confirmed."""
    for command in commands:
        await getattr(shop, who).says(command)
        await getattr(shop, who).says("确认")


async def recorded(store: Store, shop: Shop) -> list[dict[str, Any]]:
    """The entries, oldest first, without what chains them."""
    lines = [json.loads(line) for line in await store.do("LRANGE", record_keys.change_records(shop.appid), 0, -1)]
    return [{name: value for name, value in line.items() if name not in {"id", "before", "at"}} for line in lines]


async def test_is_for_managers(shop: Shop, card_id: str) -> None:
    assert await shop.clerk.says("日志") == "没有「日志」这个命令。发送「帮助」看你可以做什么。"


async def test_nothing_yet(shop: Shop, card_id: str) -> None:
    assert await shop.manager.says("日志") == "还没有改动记录"
    assert await shop.manager.says("日志 春节券") == "「春节券」还没有改动记录；在微信公众平台后台做的改动不在这里"
    await shop.speaks_english()
    assert await shop.manager.says("log") == "No change is on record"
    assert await shop.manager.says("log 春节券") == (
        "No change of 春节券 is on record; what is changed in WeChat's console is not seen here"
    )


async def test_everything_that_changes_something(shop: Shop, card_id: str, clock: time_machine.Traveller) -> None:
    code = await shop.simulator.claim(shop.appid, PEOPLE["customer"][0], card_id)
    clock.shift(-86_400)
    await does(shop, "延期 春节券 2027-03-31")
    clock.shift(86_400)
    await does(shop, "库存 春节券 +100", "修改 春节券 使用须知=周末不可用 客服电话=0571-7654321")
    await does(shop, f"核销 {code}", who="clerk")
    await does(shop, f"核销 {code}", who="manager")

    assert await shop.manager.says("日志 春节券") == (
        "「春节券」的改动记录，新的在前：\n"
        f"4 · 14:02 李四 核销 …{code[-4:]}「春节券」 ✅\n"
        "3 · 14:02 张三 修改「春节券」 ⏳ 已送审\n"
        "使用须知：每桌限用一张 → 周末不可用\n"
        "客服电话：0571-1234567 → 0571-7654321\n"
        "2 · 14:02 张三 「春节券」库存 499 → 599，20 券点 ✅\n"
        "1 · 11月21日 14:02 张三 修改「春节券」 ✅\n"
        "结束日期：2027年2月28日 → 2027年3月31日"
    )
    await shop.speaks_english()
    assert await shop.manager.says("log") == (
        "Changes, newest first:\n"
        f"4 · 14:02 李四: redeem …{code[-4:]} of 春节券 ✅\n"
        "3 · 14:02 张三: update of 春节券 ⏳ sent to review\n"
        "description: 每桌限用一张 → 周末不可用\n"
        "service_phone: 0571-1234567 → 0571-7654321\n"
        "2 · 14:02 张三: stock of 春节券 499 → 599 for 20 coins ✅\n"
        "1 · 21 Nov 14:02 张三: update of 春节券 ✅\n"
        "last day: 28 Feb 2027 → 31 Mar 2027"
    )


async def test_what_stands_in_an_entry(shop: Shop, store: Store, card_id: str) -> None:
    code = await shop.simulator.claim(shop.appid, PEOPLE["customer"][0], card_id)
    await does(shop, "库存 春节券 +100", f"作废 {code} 已退款")
    openid, name = PEOPLE["manager"]
    asked = {"event": "asked", "openid": openid, "name": name, "card_id": card_id, "title": "春节券", "changes": []}

    assert await recorded(store, shop) == [
        asked | {"number": 1, "what": "stock", "amount": 100, "stock": 499, "price": "20"},
        {"number": 1, "event": "done", "errcode": 0},
        asked | {"number": 2, "what": "void", "code": f"…{code[-4:]}", "reason": "已退款"},
        {"number": 2, "event": "done", "errcode": 0},
    ]
    assert code not in json.dumps(await recorded(store, shop))
    assert (await shop.app.services[shop.appid].vouchers.records.chain.verify()).findings == ()


async def test_what_came_of_it_where_it_did_not_work(shop: Shop, card_id: str) -> None:
    shop.simulator.add_voucher(
        shop.appid, cash_voucher("湖畔面馆", 500, title="月券", friends=False, base={"sku": SKU}), "VERIFY_OK"
    )
    shop.simulator.fault("/card/update", Fault(errcode=73209))
    await does(shop, "延期 春节券 2027-03-31")
    shop.simulator.fault("/card/modifystock", Fault(errcode=40001), times=2)
    await does(shop, "库存 月券 -20")
    shop.simulator.clear_faults()
    shop.simulator.fault("/card/modifystock", Fault(drop=True))
    await does(shop, "库存 月券 -20")
    await does(shop, "库存 月券 -20")

    assert await shop.manager.says("日志") == (
        "改动记录，新的在前：\n"
        "4 · 14:02 张三 「月券」库存 500 → 480 ✅\n"
        "3 · 14:02 张三 「月券」库存 500 → 480 ⚠️ 微信没有回应，结果不明\n"
        "2 · 14:02 张三 「月券」库存 500 → 480 ❌ 没有发出\n"
        "1 · 14:02 张三 修改「春节券」 ❌ 微信没有接受（73209）\n"
        "结束日期：2027年2月28日 → 2027年3月31日"
    )
    await shop.speaks_english()
    assert await shop.manager.says("log") == (
        "Changes, newest first:\n"
        "4 · 14:02 张三: stock of 月券 500 → 480 ✅\n"
        "3 · 14:02 张三: stock of 月券 500 → 480 ⚠️ WeChat did not answer, outcome unknown\n"
        "2 · 14:02 张三: stock of 月券 500 → 480 ❌ not sent\n"
        "1 · 14:02 张三: update of 春节券 ❌ WeChat did not accept it (73209)\n"
        "last day: 28 Feb 2027 → 31 Mar 2027"
    )


async def test_a_late_quote_is_one_entry(shop: Shop, card_id: str) -> None:
    await shop.manager.says("库存 春节券 +100")
    shop.simulator.fault("/card/pay/confirm", Fault(errcode=71008))
    await shop.manager.says("确认")

    assert await shop.manager.says("日志") == (
        "改动记录，新的在前：\n1 · 14:02 张三 「春节券」库存 500 → 600，20 券点 ✅"
    )


async def test_only_what_fits_a_phone(shop: Shop, card_id: str) -> None:
    for number in range(12):
        await does(shop, f"修改 春节券 客服电话=0571-765432{number % 10}", who="owner")
    shown = (await shop.manager.says("日志")).split("\n")
    assert len(shown) == 12
    assert shown[1] == "12 · 14:02 王芳 修改「春节券」 ✅"
    assert shown[-1] == "还有更早的；「日志 卡券名」只看一张券"
    await shop.speaks_english()
    shown = (await shop.manager.says("log")).split("\n")
    assert shown[-1] == 'There are older ones; "log VOUCHER" shows one voucher\'s'
    shown = (await shop.manager.says("log 春节券")).split("\n")
    assert (len(shown), shown[-1]) == (12, "There are older ones")


async def test_entries_from_before_the_chain(shop: Shop, store: Store, card_id: str) -> None:
    change = {"field": "service_phone", "before": "1", "after": "2"}
    gone = {"field": "no_such_field", "before": "1", "after": "2"}
    asked = {"number": 7, "event": "asked", "at": 1795000000.5, "openid": "o", "name": "老张", "card_id": card_id}
    for entry in (asked | {"title": "春节券", "changes": [change, gone]}, {"number": 7, "event": "applied", "at": 1.0}):
        await store.do("RPUSH", record_keys.change_records(shop.appid), json.dumps(entry))
    await does(shop, "修改 春节券 客服电话=0571-7654321")

    assert (await shop.manager.says("日志")).split("\n")[1:] == [
        "8 · 14:02 张三 修改「春节券」 ✅",
        "客服电话：0571-1234567 → 0571-7654321",
        "7 · 11月18日 19:06 老张 修改「春节券」 ✅",
        "客服电话：1 → 2",
    ]


async def test_who_opened_the_credit_account(shop: Shop) -> None:
    await shop.app.people(shop.appid).change(PEOPLE["manager"][0], by=SHELL, name="小张")
    await does(shop, "券点")

    assert await shop.manager.says("日志") == "改动记录，新的在前：\n1 · 14:02 小张 开通券点账户 ✅"
    await shop.speaks_english()
    assert await shop.manager.says("log") == "Changes, newest first:\n1 · 14:02 小张: open the credit account ✅"
