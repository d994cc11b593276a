"""The vouchers of the demo shops."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.simulator.days import timestamp as second
from bot.simulator.days import today
from bot.simulator.demo_shops import BOOKS, COFFEE, LAKESIDE
from bot.simulator.vouchers import COLOURS, Card, cash_voucher, general_coupon, gift_voucher


@dataclass(frozen=True)
class Item:
    """A demo voucher: views on an average day, where it was made (0 console, 1 API), and the card."""

    daily_views: int
    source: int
    card: Card


def _dates(begin_ago: int, end_in: int) -> dict[str, Any]:
    day = today()
    return {
        "date_info": {
            "type": "DATE_TYPE_FIX_TIME_RANGE",
            "begin_timestamp": second(day - timedelta(days=begin_ago)),
            "end_timestamp": second(day + timedelta(days=end_in), end=True),
        },
        "create_time": second(day - timedelta(days=begin_ago + 9)),
        "update_time": second(day - timedelta(days=begin_ago + 2)),
    }


def lakeside() -> list[Item]:
    brand = LAKESIDE.name
    return [
        Item(420, 1, cash_voucher(brand, 1000, card_id="pLake1cash10yuan0000000demo1", base=_dates(150, 45))),
        Item(
            260,
            1,
            cash_voucher(
                brand,
                2000,
                least_cost=10000,
                card_id="pLake2cash20yuan0000000demo2",
                base=_dates(128, 60) | {"color": COLOURS["Color090"], "sku": {"quantity": 132, "total_quantity": 1000}},
            ),
        ),
        Item(
            180,
            0,
            gift_voucher(
                brand,
                "豆浆",
                1,
                "杯",
                card_id="pLake3gift0soymilk00000demo3",
                base=_dates(140, 30) | {"color": COLOURS["Color060"]},
                advanced={"time_limit": [{"type": "MONDAY"}, {"type": "TUESDAY"}, {"type": "HOLIDAY"}]},
            ),
        ),
        Item(
            330,
            0,
            cash_voucher(
                brand,
                3000,
                title="春节券",
                friends=False,
                least_cost=15000,
                card_id="pLake4spring0festival00demo4",
                base=_dates(60, 75)
                | {"color": COLOURS["Color101"], "notice": "请向收银员出示", "can_give_friend": False},
            ),
        ),
        Item(
            90,
            1,
            gift_voucher(
                brand,
                "卤蛋",
                2,
                "个",
                card_id="pLake5gift0egg000000000demo5",
                base=_dates(100, 20) | {"color": COLOURS["Color082"], "status": "CARD_STATUS_DISPATCH"},
            ),
        ),
        Item(
            70,
            0,
            general_coupon(
                brand,
                "生日长寿面",
                "生日当天凭身份证免费换长寿面一碗",
                card_id="pLake6general0birthday0demo6",
                base=_dates(135, 90) | {"color": COLOURS["Color050"]},
            ),
        ),
    ]


def coffee() -> list[Item]:
    brand = COFFEE.name
    return [
        Item(
            510,
            1,
            cash_voucher(
                brand,
                500,
                card_id="pCafe1cash05yuan0000000demo1",
                base=_dates(150, 50) | {"color": COLOURS["Color102"]},
            ),
        ),
        Item(240, 1, cash_voucher(brand, 1000, card_id="pCafe2cash10yuan0000000demo2", base=_dates(110, 40))),
        Item(
            300,
            0,
            gift_voucher(
                brand,
                "美式咖啡",
                1,
                "杯",
                card_id="pCafe3gift0americano000demo3",
                base=_dates(145, 35)
                | {"color": COLOURS["Color060"], "description": "每人每天限兑一杯\n可换燕麦奶，另加3元"},
            ),
        ),
        Item(
            120,
            1,
            gift_voucher(
                brand,
                "可颂",
                1,
                "个",
                card_id="pCafe4gift0croissant000demo4",
                base=_dates(90, 15) | {"color": COLOURS["Color081"], "sku": {"quantity": 0, "total_quantity": 300}},
            ),
        ),
        Item(
            150,
            0,
            cash_voucher(
                brand,
                800,
                title="早安咖啡券",
                friends=False,
                card_id="pCafe5morning0coffee000demo5",
                base=_dates(80, 100) | {"color": COLOURS["Color040"]},
            ),
        ),
    ]


def books() -> list[Item]:
    brand = BOOKS.name
    return [
        Item(140, 1, cash_voucher(brand, 1000, card_id="pBook1cash10yuan0000000demo1", base=_dates(90, 60))),
        Item(
            80, 0, gift_voucher(brand, "帆布袋", 1, "个", card_id="pBook2gift0bag000000000demo2", base=_dates(70, 45))
        ),
    ]
