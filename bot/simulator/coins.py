"""Credit accounts: what the platform gave a shop and what it topped up, in coins (1 coin = 1 CNY)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from bot.simulator.persistence import Store


@dataclass(frozen=True)
class Coins:
    """What is left: ``free`` given by the platform, ``paid`` topped up."""

    free: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)

    @property
    def total(self) -> Decimal:
        """Both."""
        return self.free + self.paid


class CoinBook:
    """The credit accounts by appid; one that was never set is empty."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._accounts = {appid: Coins(Decimal(free), Decimal(paid)) for appid, _, (free, paid) in store.all("coins")}

    def of(self, appid: str) -> Coins:
        """What the account has."""
        return self._accounts.get(appid, Coins())

    def put(self, appid: str, free: str, paid: str) -> None:
        """What the account has from now on. Raises :exc:`ValueError` for anything but amounts from 0 up."""
        try:
            coins = Coins(Decimal(free), Decimal(paid))
        except InvalidOperation:
            raise ValueError(f"{free} and {paid} are no amounts of coins") from None
        if not (coins.total.is_finite() and min(coins.free, coins.paid) >= 0):
            raise ValueError(f"{free} and {paid} are no amounts of coins")
        self._accounts[appid] = coins
        self._store.put("coins", appid, "", [free, paid])
