"""The demo world: two shops with their people, vouchers and 120 days of figures, and one that may join the platform."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.simulator.credit import REWARD
from bot.simulator.days import timestamp as second
from bot.simulator.days import today
from bot.simulator.demo_shops import BOOKS, BOOKS_PERSONS, COFFEE, DEMO_COMPONENT, DEMO_PERSONS, LAKESIDE
from bot.simulator.demo_vouchers import books, coffee, lakeside
from bot.simulator.menus import Buttons
from bot.simulator.shelf import Voucher
from bot.simulator.vouchers import base_info

if TYPE_CHECKING:
    from bot.simulator.simulator import Simulator

HISTORY_DAYS = 120
DEMO_MENU: Buttons = [
    {"type": "view", "name": "点餐", "url": "https://example.com/order", "sub_button": []},
    {"type": "view", "name": "门店", "url": "https://example.com/stores", "sub_button": []},
]


def demo_world(sim: Simulator, callback_base: str) -> None:
    """Put both shops into ``sim``; their pushes go to ``callback_base``/wechat/APPID, those of the platform and of the
    shops that join it to ``callback_base``/component.

    Yesterday's figures are there from midnight, so that a demo answers at any hour.
    """
    sim.readings.data_ready_hour = 0
    base = callback_base.rstrip("/")
    _add_component(sim, base)
    weights: dict[str, int] = {}
    for shop, persons, items in (
        (replace(LAKESIDE, callback_url=f"{base}/wechat/{LAKESIDE.appid}"), DEMO_PERSONS[LAKESIDE.appid], lakeside()),
        (replace(COFFEE, callback_url=f"{base}/wechat/{COFFEE.appid}"), DEMO_PERSONS[COFFEE.appid], coffee()),
        (replace(BOOKS), BOOKS_PERSONS, books()),
    ):
        sim.add_shop(shop)
        for person in persons:
            sim.add_person(shop.appid, person)
        for item in items:
            weights[sim.add_voucher(shop.appid, item.card, source=item.source)] = item.daily_views
        _furnish(sim, shop.appid)
    sim.world.figures.seed = History(weights).of


def _add_component(sim: Simulator, base: str) -> None:
    sim.add_component(
        replace(
            DEMO_COMPONENT,
            events_url=f"{base}/component/events",
            messages_url=f"{base}/component/$APPID$/messages",
            start_url=f"{base}/component/authorize",
            domain=urlsplit(base).hostname or "",
        )
    )


def _furnish(sim: Simulator, appid: str) -> None:
    """A store, a menu, two friends, and once the coins a shop is given."""
    sim.add_store(appid, 271262077, sim.shop(appid).name)
    names = [person.openid for person in sim.world.people.of(appid) if person.role in {"viewer", "customer"}]
    sim.befriend(appid, names[0], names[1])
    if sim.world.menus.of(appid).button is None:
        sim.world.menus.put(appid, DEMO_MENU, by="api")
    if not sim.orders(appid):
        sim.set_coins(appid, str(REWARD), "0")
        none, given = Decimal(0), Decimal(REWARD)
        sim.world.orders.add(appid, "ORDER_TYPE_SYS_ADD", "ORDER_STATUS_FINANCE_SUCC", free=given, paid=none)


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
