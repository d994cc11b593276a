"""What people and WeChat's side can do in the simulated world: the tests' door, in groups.

Each is a method of :class:`bot.simulator.Simulator`, as in this day of a shop::

    ticket = ...                                          # what the bot had made by card/qrcode/create
    [code] = await sim.scan_qr(appid, customer, ticket)   # or: await sim.claim(appid, customer, card_id, outer_str="a")
    delivery = await sim.scan(appid, clerk, code)         # the clerk's menu has a scancode_waitmsg button
    await sim.settled()                                   # user_consume_card has arrived, if the bot redeemed
    assert sim.wallet(appid, customer)[0].status == "CONSUMED"
    await sim.pay(sim.orders(appid)[-1].order_id)         # a top-up; card_pay_order has arrived afterwards

Customers: ``claim``, ``scan_qr``, ``gift``, ``accept_gift``, ``return_gift``, ``delete_code``, ``befriend``,
``wallet``, ``code``, ``encrypted_code``. At the till: ``scan``, ``tap_menu``, ``menu``, ``set_console_menu``,
``picture``, ``image``, ``redeem_elsewhere``. WeChat: ``review``, ``pay``, ``orders``, ``review_submerchant``,
``add_store``, ``review_store``. The Open Platform: ``add_component``, ``push_ticket``, ``repeat_ticket``,
``stop_tickets``, ``notify``, ``authorise``, ``unauthorise``, ``authorise_many``, ``check_publication``. What goes
wrong: ``fault``, ``set_quota``, ``expire_tokens`` and their like. Their pushes are over when they return; those of
calls when ``settled`` does.
"""

from bot.simulator.deeds.clerks import Clerks
from bot.simulator.deeds.customers import Customers
from bot.simulator.deeds.merchants import Joined, Merchants
from bot.simulator.deeds.platform import Platform
from bot.simulator.deeds.providers import Providers
from bot.simulator.deeds.trouble import Trouble

__all__ = ["Clerks", "Customers", "Joined", "Merchants", "Platform", "Providers", "Trouble"]
