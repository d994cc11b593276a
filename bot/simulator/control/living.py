"""What the page shows of wallets, menus, QR codes, coins, sub-merchants and stores of one shop."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from bot.simulator.model import Shop
from bot.simulator.orders import amount
from bot.simulator.wallets import wallet
from bot.simulator.world import World

ORDERS_SHOWN = 50


def living(world: World, shop: Shop) -> dict[str, Any]:
    """``{wallets: {openid: [...]}, menus: {openid: [...]}, tickets, coins, orders, submerchants, stores}``."""
    appid, persons = shop.appid, list(world.people.of(shop.appid))
    coins = world.coins.of(appid)
    return {
        "wallets": {one.openid: [asdict(entry) for entry in wallet(world, appid, one.openid)] for one in persons},
        "menus": {one.openid: world.menu_of(appid, one.openid) for one in persons},
        "tickets": [asdict(ticket) | {"expired": ticket.expired} for ticket in world.tickets.of(appid)],
        "coins": {"free": amount(coins.free), "paid": amount(coins.paid), "total": amount(coins.total)},
        "orders": [asdict(order) for order in world.orders.of(appid)[-ORDERS_SHOWN:]],
        "submerchants": [one.shown() | {"reason": one.reason} for one in world.submerchants.of(appid)],
        "stores": [store.shown() | {"pending": store.pending} for store in world.stores.of(appid)],
    }
