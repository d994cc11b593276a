"""The demo.

Two shops with their people, vouchers and 120 days of figures. config/demo.toml holds the same constants.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from bot.simulator.days import timestamp as second
from bot.simulator.days import today
from bot.simulator.model import Person, Shop
from bot.simulator.shelf import Voucher
from bot.simulator.vouchers import COLOURS, Card, base_info, cash_voucher, general_coupon, gift_voucher

if TYPE_CHECKING:
    from bot.simulator.simulator import Simulator

LAKESIDE = Shop(
    appid="wx0123456789abcdef",
    original_id="gh_0123456789ab",
    name="湖畔面馆",
    secret="7d1f0c9a5be24836a9c0d4e1f2b35768",  # noqa: S106 - of a shop that does not exist
    token="lakeside",  # noqa: S106
    encoding_aes_key="LakesideNoodles0demo0key0for0the0simulator8",
)
COFFEE = Shop(
    appid="wxfedcba9876543210",
    original_id="gh_ba9876543210",
    name="老街咖啡",
    secret="c4e8a1307f6b4d259be0317ac85f6d92",  # noqa: S106
    token="oldstreet",  # noqa: S106
    encoding_aes_key="OldStreetCoffee0demo0key0for0the0simulator8",
)
DEMO_SHOPS: tuple[Shop, ...] = (LAKESIDE, COFFEE)

PEOPLE = (("王芳", "owner"), ("张三", "manager"), ("李四", "clerk"), ("赵敏", "viewer"), ("小陈", "customer"))
OPENIDS: dict[str, tuple[str, ...]] = {
    LAKESIDE.appid: (
        "oLake0WangFang0owner00000001",
        "oLake0ZhangSan0manager000002",
        "oLake0LiSi0clerk000000000003",
        "oLake0ZhaoMin0viewer00000004",
        "oLake0XiaoChen0customer00005",
    ),
    COFFEE.appid: (
        "oCafe0WangFang0owner00000001",
        "oCafe0ZhangSan0manager000002",
        "oCafe0LiSi0clerk000000000003",
        "oCafe0ZhaoMin0viewer00000004",
        "oCafe0XiaoChen0customer00005",
    ),
}
DEMO_PERSONS: dict[str, tuple[Person, ...]] = {
    appid: tuple(Person(openid, name, role) for openid, (name, role) in zip(openids, PEOPLE, strict=True))
    for appid, openids in OPENIDS.items()
}

HISTORY_DAYS = 120


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


def _lakeside() -> list[Item]:
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


def _coffee() -> list[Item]:
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


def demo_world(sim: Simulator, callback_base: str) -> None:
    """Put both shops into ``sim``; their pushes go to ``callback_base``/wechat/APPID.

    Yesterday's figures are there from midnight, so that a demo answers at any hour.
    """
    sim.readings.data_ready_hour = 0
    weights: dict[str, int] = {}
    for shop, items in ((LAKESIDE, _lakeside()), (COFFEE, _coffee())):
        sim.add_shop(replace(shop, callback_url=f"{callback_base.rstrip('/')}/wechat/{shop.appid}"))
        for person in DEMO_PERSONS[shop.appid]:
            sim.add_person(shop.appid, person)
        for item in items:
            weights[sim.add_voucher(shop.appid, item.card, source=item.source)] = item.daily_views
    sim.world.figures.seed = History(weights).of


class History:
    """Figures out of a hash: the same for a voucher and day whenever they are asked for."""

    def __init__(self, daily_views: Mapping[str, int]) -> None:
        self._daily_views = daily_views

    def of(self, voucher: Voucher, day: date) -> dict[str, int]:
        """One day of a voucher.

        {} outside the last 120 days, outside its validity, and on the days shops are shut.
        """
        views = self._daily_views.get(voucher.card_id, 0)
        age = (today() - day).days
        if not views or not 1 <= age <= HISTORY_DAYS or _closed(voucher.appid, day) or not _valid(voucher, day):
            return {}
        draw = Random(hashlib.sha256(f"{voucher.card_id} {day.isoformat()}".encode()).digest())  # noqa: S311
        season = 1 + 0.15 * math.sin(day.toordinal() / 19)
        seen = round(views * WEEKDAYS[day.weekday()] * season * draw.uniform(0.85, 1.15))
        claimed = round(seen * draw.uniform(0.19, 0.26))
        redeemed = round(claimed * draw.uniform(0.26, 0.36))
        given = 0 if voucher.friends else round(claimed * draw.uniform(0.0, 0.06))
        expired = round(claimed * draw.uniform(0.0, 0.04))
        return {
            "view_cnt": seen,
            "view_user": round(seen * draw.uniform(0.74, 0.86)),
            "receive_cnt": claimed,
            "receive_user": claimed if voucher.friends else round(claimed * 0.97),
            "verify_cnt": redeemed,
            "verify_user": round(redeemed * draw.uniform(0.94, 1.0)),
            "given_cnt": given,
            "given_user": given,
            "expire_cnt": expired,
            "expire_user": expired,
        }


WEEKDAYS = (0.78, 0.84, 0.9, 0.95, 1.2, 1.34, 1.12)


def _closed(appid: str, day: date) -> bool:
    """About every fiftieth day has no figures at all."""
    return hashlib.sha256(f"{appid} {day.isoformat()}".encode()).digest()[0] < 5


def _valid(voucher: Voucher, day: date) -> bool:
    dates = base_info(voucher.card)["date_info"]
    return bool(dates["begin_timestamp"] <= second(day) <= dates["end_timestamp"])
