"""What people and WeChat's side can do in the simulated world: the tests' door, in groups."""

from bot.simulator.deeds.clerks import Clerks
from bot.simulator.deeds.customers import Customers
from bot.simulator.deeds.platform import Platform

__all__ = ["Clerks", "Customers", "Platform"]
