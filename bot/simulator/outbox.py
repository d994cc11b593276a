"""Pushes WeChat owes an account because of a call (a redemption, an order): put here, delivered afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Elements = Mapping[str, Any]


class Outbox:
    """Hands every push on to ``deliver``, which the running simulator sets; nobody runs, nothing is pushed."""

    def __init__(self) -> None:
        self.deliver: Callable[[str, Elements], None] | None = None

    def put(self, appid: str, elements: Elements) -> None:
        """Push ``elements`` (MsgType ``event`` is added) once the present call has been answered."""
        if self.deliver is not None:
            self.deliver(appid, {"MsgType": "event", **elements})
