"""Every call of a voucher's life, and all that stands in it, field by field as the pages' tables name it.

card/create and card/submerchant/submit are asserted in full where their dialogues are (test_create_voucher,
test_copy_voucher, test_submit_submerchant), media/uploadimg in the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from bot.simulator import Fault, cash_voucher
from tests.shop import PEOPLE, Shop

SKU = {"quantity": 500, "total_quantity": 500}
CDN = "http://mmbiz.qpic.cn/a/0"
NOW = 1795327320
"""The frozen clock, in seconds."""
DATES = {
    "type": "DATE_TYPE_FIX_TIME_RANGE",
    "begin_timestamp": 1767196800,  # 1 January 2026, 00:00 in UTC+8
    "end_timestamp": 1803830399,  # 28 February 2027, 23:59:59
}


@dataclass(frozen=True)
class Asked:
    """What ``says`` makes of calls to ``path``: method and body of each. ``{names}`` are those of :func:`names`."""

    says: tuple[str, ...]
    path: str
    bodies: tuple[Mapping[str, Any] | None, ...]
    method: str = "POST"
    faults: tuple[tuple[str, Fault], ...] = ()


TALKS = (
    Asked(("查看 {friends}",), "/card/get", ({"card_id": "{friends}"},)),
    Asked(("卡券",), "/card/batchget", ({"offset": 0, "count": 50},)),
    Asked(("删除 {ordinary}", "确认"), "/card/delete", ({"card_id": "{ordinary}"},)),
    Asked(("库存 {ordinary} +7", "确认"), "/card/modifystock", ({"card_id": "{ordinary}", "increase_stock_value": 7},)),
    Asked(("库存 {ordinary} -7", "确认"), "/card/modifystock", ({"card_id": "{ordinary}", "reduce_stock_value": 7},)),
    Asked(
        ("修改 {friends} 限领=3", "确认"), "/card/update",
        ({"card_id": "{friends}", "cash": {"base_info": {"get_limit": 3}}},),
    ),
    Asked(
        ("延期 {friends} 3月1日", "确认"), "/card/update",
        ({"card_id": "{friends}", "cash": {"base_info": {"date_info": DATES | {"end_timestamp": 1803916799}}}},),
    ),
    Asked(("库存 {friends} +7", "取消"), "/card/pay/getpayprice", ({"card_id": "{friends}", "quantity": 7},)),
    Asked(
        ("库存 {friends} +7", "确认"), "/card/pay/confirm",
        ({"card_id": "{friends}", "quantity": 7, "order_id": "{order}"},),
    ),
    Asked(("券点",), "/card/pay/getcoinsinfo", (None,), "GET"),
    Asked(("充值 50", "确认"), "/card/pay/recharge", ({"coin_count": 50},)),
    Asked(
        ("订单 7天",), "/card/pay/getorderlist",
        (
            {
                "offset": 0, "count": 8, "sort_info": {"sort_key": "SORT_BY_TIME", "sort_type": "SORT_DESC"},
                "begin_time": 1794758400, "end_time": 1795363199,
            },
        ),
    ),
    Asked(("查码 {code}",), "/card/code/get", ({"code": "{code}", "check_consume": False},)),
    Asked(("核销 {code}", "确认"), "/card/code/consume", ({"code": "{code}", "card_id": "{friends}"},)),
    Asked(
        ("核销 {code}", "确认"), "/card/code/mark",
        ({"code": "{code}", "card_id": "{friends}", "openid": "{customer}", "is_mark": True},),
        faults=(("/card/code/consume", Fault(errcode=43018)),),
    ),
    Asked(
        ("核销 {code}", "确认"), "/card/code/consume",
        (
            {"code": "{code}", "card_id": "{friends}"},
            {"code": "{code}", "card_id": "{friends}", "openid": "{customer}"},
        ),
        faults=(("/card/code/consume", Fault(errcode=43018)),),
    ),
    Asked(
        ("作废 {code} 退款", "确认"), "/card/code/unavailable",
        ({"code": "{code}", "card_id": "{friends}", "reason": "退款"},),
    ),
    Asked(("作废 {code}", "确认"), "/card/code/unavailable", ({"code": "{code}", "card_id": "{friends}"},)),
    Asked(
        ("投放 {friends}",), "/card/qrcode/create",
        ({"action_name": "QR_CARD", "action_info": {"card": {"card_id": "{friends}"}}},),
    ),
    Asked(
        ("投放 {friends}、{ordinary} 渠道=till-3",), "/card/qrcode/create",
        (
            {
                "action_name": "QR_MULTIPLE_CARD",
                "action_info": {
                    "multiple_card": {
                        "card_list": [
                            {"card_id": "{friends}", "outer_str": "till-3"},
                            {"card_id": "{ordinary}", "outer_str": "till-3"},
                        ]
                    }
                },
            },
        ),
    ),
    Asked(("试领 {friends}",), "/card/testwhitelist/set", ({"openid": ["{owner}"], "username": []},)),
    Asked(("门店",), "/cgi-bin/poi/getpoilist", ({"begin": 0, "limit": 50},)),
    Asked(("子商户",), "/card/submerchant/batchget", ({"begin_id": 0, "limit": 100}, {"begin_id": 12, "limit": 100})),
    Asked(("子商户 12",), "/card/submerchant/get", ({"merchant_id": 12},)),
    Asked(("子商户 12",), "/card/getapplyprotocol", (None,), "GET"),
)  # fmt: skip


@pytest.fixture
async def names(shop: Shop) -> dict[str, str]:
    """A Friend's Voucher, one of its codes, an ordinary coupon, coins, a store and a sub-merchant."""
    shop.simulator.set_coins(shop.appid, "500", "0")
    friends = shop.has_voucher("春节券", sku=SKU)
    card = cash_voucher("湖畔面馆", 500, title="月券", friends=False, base={"sku": SKU})
    ordinary = shop.simulator.add_voucher(shop.appid, card, "VERIFY_OK")
    code = await shop.simulator.claim(shop.appid, PEOPLE["customer"][0], friends)
    info = {
        "brand_name": "湖畔分店", "logo_url": CDN, "end_time": NOW + 9_000_000,
        "primary_category_id": 1, "secondary_category_id": 101,
    }  # fmt: skip
    shop.simulator.world.submerchants.submit(shop.appid, info)
    people = {role: openid for role, (openid, _) in PEOPLE.items()}
    return {"friends": friends, "ordinary": ordinary, "code": code, **people}


@pytest.mark.parametrize("talk", TALKS, ids=lambda talk: f"{talk.path} {talk.says[0].split()[0]}")
async def test_what_wechat_is_asked(shop: Shop, names: dict[str, str], talk: Asked) -> None:
    for path, fault in talk.faults:
        shop.simulator.fault(path, fault)
    for words in talk.says:
        await shop.owner.says(words.format(**names))
    names["order"] = next((order.order_id for order in shop.simulator.orders(shop.appid)[-1:]), "")

    calls = shop.calls(talk.path)
    assert [call.body for call in calls] == [_filled(body, names) for body in talk.bodies]
    assert {call.method for call in calls} == {talk.method}
    assert calls[-1].errcode == 0 or talk.path.startswith(("/card/submerchant", "/card/getapply"))
    assert {name for call in calls for name in call.query} == {"access_token"}


def _filled(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {name: _filled(each, names) for name, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, names) for each in value]
    return value.format(**names) if isinstance(value, str) else value


async def test_opening_the_account(shop: Shop) -> None:
    for words in ("券点", "确认"):
        await shop.owner.says(words)

    (call,) = shop.calls("/card/pay/activate")
    assert (call.method, call.body, call.query) == ("GET", None, {"access_token": "***"})
    given = [each.body for each in shop.calls("/card/pay/getorderlist")]
    assert given[0] == {
        "offset": 0, "count": 1, "order_type": "ORDER_TYPE_SYS_ADD",
        "sort_info": {"sort_key": "SORT_BY_TIME", "sort_type": "SORT_DESC"},
        "begin_time": 1448899200, "end_time": NOW,
    }  # fmt: skip


async def test_looking_up_a_purchase(shop: Shop, names: dict[str, str]) -> None:
    await shop.owner.says("库存 春节券 +7")
    shop.simulator.fault("/card/pay/confirm", Fault(lose_answer=True))
    await shop.owner.says("确认")

    assert shop.calls("/card/pay/getorderlist")[-1].body == {
        "offset": 0, "count": 50, "order_type": "ORDER_TYPE_REDUCE",
        "sort_info": {"sort_key": "SORT_BY_TIME", "sort_type": "SORT_DESC"},
        "begin_time": NOW - 600, "end_time": NOW + 600,
    }  # fmt: skip


async def test_pages_of_vouchers(shop: Shop) -> None:
    for number in range(51):
        shop.has_voucher(f"券{number}")
    await shop.owner.says("卡券")

    assert [call.body for call in shop.calls("/card/batchget")] == [
        {"offset": 0, "count": 50}, {"offset": 50, "count": 50},
    ]  # fmt: skip
