"""Mishaps of delivery, on demand: the next pushes come twice, late, out of order, or lose their answer."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True)
class Mishap:
    """What happens to one push."""

    copies: int = 1
    apart: float = 0.0
    held: bool = False
    delay: float = 0.0
    cut: bool = False


class DeliveryFaults:
    """Each kind waits for the next ``times`` pushes; one push may meet several kinds."""

    def __init__(self) -> None:
        self._copies: deque[tuple[int, float]] = deque()
        self._delays: deque[float] = deque()
        self._held = 0
        self._cut = 0
        self._overtaken: list[asyncio.Event] = []

    def duplicate(self, times: int = 1, *, copies: int = 2, apart: float = 0.0) -> None:
        """The next pushes arrive ``copies`` times, with the same MsgId and CreateTime.

        Each copy sets out ``apart`` real seconds after the one before, whatever became of that.
        """
        self._copies.extend([(copies, apart)] * times)

    def reorder(self, times: int = 1) -> None:
        """The next pushes wait until a later one has been delivered; start both before awaiting the first."""
        self._held += times

    def delay(self, seconds: float, times: int = 1) -> None:
        """The next pushes set out so many real seconds late."""
        self._delays.extend([seconds] * times)

    def cut(self, times: int = 1) -> None:
        """The next pushes lose the connection on their first try, after the whole request was sent."""
        self._cut += times

    def clear(self) -> None:
        """Back to normal; what is held back sets out."""
        self._copies.clear()
        self._delays.clear()
        self._held = self._cut = 0
        self.let_go()

    def take(self) -> Mishap:
        """What happens to the push that sets out now."""
        held, cut = self._held > 0, self._cut > 0
        self._held -= held
        self._cut -= cut
        copies, apart = self._copies.popleft() if self._copies else (1, 0.0)
        return Mishap(
            copies=copies,
            apart=apart,
            held=held,
            delay=self._delays.popleft() if self._delays else 0.0,
            cut=cut,
        )

    async def hold(self) -> None:
        """Wait to be overtaken."""
        event = asyncio.Event()
        self._overtaken.append(event)
        await event.wait()

    def let_go(self) -> None:
        """A push has been delivered: whatever was held back sets out."""
        for event in self._overtaken:
            event.set()
        self._overtaken.clear()
