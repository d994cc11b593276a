"""What goes wrong on demand: calls, deliveries, quotas, tokens."""

from __future__ import annotations

from bot.simulator.deeds.base import Deeds
from bot.simulator.delivery_faults import DeliveryFaults
from bot.simulator.model import Fault


class Trouble(Deeds):
    """Deeds of bad luck."""

    delivery_faults: DeliveryFaults

    def fault(self, path: str, fault: Fault, times: int | None = 1, appid: str | None = None) -> None:
        """The next calls whose path ends so meet ``fault``; ``times=None``: until :meth:`clear_faults`."""
        self.world.faults.add(path, fault, times, appid)

    def clear_faults(self) -> None:
        """Calls and deliveries work again."""
        self.world.faults.clear()
        self.world.templates.clear()
        self.delivery_faults.clear()

    def set_quota(self, appid: str, path: str, daily: int) -> None:
        """Change the daily quota of a path (``"/card/update"``); beyond it 45009."""
        self.world.quotas.set_limit(appid, path, daily)

    def refuse_ip(self, appid: str, *, refuse: bool = True) -> None:
        """Take the caller's address off the account's whitelist (40164), or put it back."""
        (self.world.refused_ips.add if refuse else self.world.refused_ips.discard)(appid)

    def expire_tokens(self, appid: str) -> None:
        """All tokens answer 42001 from now on."""
        self.world.tokens.expire(appid)

    def break_tokens(self, appid: str, permanent: bool = False) -> None:
        """All tokens answer 40001, and stable_token hands out the same one again.

        ``permanent``: new ones, too.
        """
        self.world.tokens.break_(appid, permanent=permanent)

    def heal_tokens(self, appid: str) -> None:
        """Undo :meth:`break_tokens`."""
        self.world.tokens.heal(appid)
