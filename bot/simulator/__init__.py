"""A simulated WeChat: pushes messages and events to the bot, answers its API calls, and is as strict as the
real one.

It shares no code with the bot, so that the two check each other. ``Simulator`` is the whole of it for
programs (what people and WeChat's own side can do in it stands in :mod:`bot.simulator.deeds`); ``serve`` runs it with
two demo shops; people meet it as the chat page at its address.
"""

from bot.simulator.codes import Code
from bot.simulator.deeds import Joined
from bot.simulator.demo import demo_world
from bot.simulator.demo_shops import BOOKS, DEMO_COMPONENT, DEMO_PERSONS, DEMO_SHOPS
from bot.simulator.model import (
    FAILURE_LINE,
    Attempt,
    Bubble,
    Call,
    Delivery,
    Fault,
    Mode,
    Person,
    Readings,
    Review,
    Shop,
)
from bot.simulator.open_platform.joining import NotShownError
from bot.simulator.open_platform.model import Authorisation, Component, PlatformReadings
from bot.simulator.open_platform.publication import Extent, Finding
from bot.simulator.orders import Order
from bot.simulator.run import serve
from bot.simulator.simulator import Simulator
from bot.simulator.vouchers import cash_voucher, general_coupon, gift_voucher
from bot.simulator.wallets import NotClaimedError, WalletEntry

__all__ = [
    "BOOKS",
    "DEMO_COMPONENT",
    "DEMO_PERSONS",
    "DEMO_SHOPS",
    "FAILURE_LINE",
    "Attempt",
    "Authorisation",
    "Bubble",
    "Call",
    "Code",
    "Component",
    "Delivery",
    "Extent",
    "Fault",
    "Finding",
    "Joined",
    "Mode",
    "NotClaimedError",
    "NotShownError",
    "Order",
    "Person",
    "PlatformReadings",
    "Readings",
    "Review",
    "Shop",
    "Simulator",
    "WalletEntry",
    "cash_voucher",
    "demo_world",
    "general_coupon",
    "gift_voucher",
    "serve",
]
