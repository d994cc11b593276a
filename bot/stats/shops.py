"""Shops side by side: a line for each, the worst first. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.stats.flags import Flag
from bot.stats.summary import Summary


class State(StrEnum):
    """Whether there is anything to say, in the order it is said in."""

    COUNTED = "counted"
    NO_DATA = "no_data"
    UNREACHABLE = "unreachable"
    NOT_READY = "not_ready"


@dataclass(frozen=True, slots=True)
class Line:
    """Redemptions of a shop, how many ``more`` than ``expected`` (None: nothing fair to compare with), its flags.

    ``usual``: expected is what is usual for the weekday, else the span before.
    """

    state: State
    count: int = 0
    expected: int | None = None
    usual: bool = False
    flags: tuple[str, ...] = ()

    @property
    def more(self) -> int:
        """Redemptions more than expected, negative for fewer; 0 without a comparison."""
        return 0 if self.expected is None else self.count - self.expected

    @property
    def rank(self) -> tuple[float, ...]:
        """The worst comes first: what has figures, by flags, then by how far it fell."""
        return list(State).index(self.state), -len(self.flags), self.more / max(self.expected or 0, 1), self.count


def line_of(summary: Summary | None, flags: Sequence[Flag]) -> Line:
    """The line of a shop with these figures; None where they could not be had."""
    if summary is None:
        return Line(State.UNREACHABLE)
    if summary.not_ready and not (summary.has_data and len(summary.span) > 1):
        return Line(State.NOT_READY)
    if not summary.has_data:
        return Line(State.NO_DATA)
    usual = summary.usual is not None
    expected = summary.usual if usual else summary.before
    kinds = tuple(flag.kind.value for flag in flags)
    return Line(State.COUNTED, summary.kinds["verify"].count, expected, usual, kinds)
