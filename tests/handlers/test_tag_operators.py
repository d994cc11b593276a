"""Operators who come and go: tagged and untagged within minutes, once the menu is up."""

from __future__ import annotations

import time_machine

from bot.merchants.people import SHELL
from bot.simulator import Fault
from tests.shop import Shop
from tests.wechat.test_menu import OWN, menu, names


async def test_looked_at_every_minute(shop: Shop, clock: time_machine.Traveller) -> None:
    shop.simulator.world.menus.put(shop.appid, OWN, by="api")
    await menu(shop).push()
    await shop.app.people(shop.appid).remove(shop.clerk.openid, by=SHELL)
    shop.simulator.fault("/cgi-bin/user/tag/get", Fault(errcode=45009))
    await shop.app.scheduler.look()
    assert names(shop, "clerk") == ["统计", "核销扫码", "更多"]
    shop.app.services[shop.appid].wechat.ledger.open_again("cgi-bin/user/tag/get")
    clock.shift(61)
    await shop.app.scheduler.look()
    assert names(shop, "clerk") == ["官网", "服务"]
    calls = len(shop.calls("tag/get"))
    clock.shift(61)
    await shop.app.scheduler.look()
    assert len(shop.calls("tag/get")) == calls
