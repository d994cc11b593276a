"""card/pay/getcoinsinfo: the credit account.

Source: "Coupons from Friends", inventory configuration and recharge (vouchers.md §6).
"""

from __future__ import annotations

from decimal import Decimal

from bot.simulator.api.request import Answer, Endpoint, Request
from bot.simulator.errors import ok


def amount(coins: Decimal) -> str:
    """Coins as the other calls of the credit account print them: ``"20"``, ``"0.2"``."""
    return f"{coins.normalize():f}"


def coins_info(request: Request) -> Answer:
    """What is left. SDKs disagree about the type (integers, decimals); here it is the strings of getpayprice."""
    coins = request.world.coins.of(request.shop.appid)
    return ok(free_coin=amount(coins.free), pay_coin=amount(coins.paid), total_coin=amount(coins.total))


ENDPOINTS = (Endpoint("GET", "/card/pay/getcoinsinfo", coins_info),)
