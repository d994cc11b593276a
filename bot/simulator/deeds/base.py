"""What every group of deeds needs of the simulator it is part of."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from bot.simulator.model import Delivery
from bot.simulator.open_platform.herald import Herald
from bot.simulator.push import TRIES
from bot.simulator.world import World


class Deeds(ABC):
    """A part of :class:`bot.simulator.Simulator`."""

    world: World
    herald: Herald

    @abstractmethod
    async def push(self, appid: str, xml_elements: Mapping[str, Any], *, tries: int = TRIES) -> Delivery:
        """Deliver elements to the account's server."""

    async def happen(self, appid: str, event: Mapping[str, Any]) -> Delivery:
        """Deliver an event."""
        return await self.push(appid, {"MsgType": "event", **event})
