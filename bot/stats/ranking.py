"""Which vouchers did best: by redemptions, by rate, by growth. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.stats.figures import Figures

LEAST_CLAIMED = 10
"""Claims below which a rate says nothing: one of one redeemed is no 100 %."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One voucher in a span; ``before``: its redemptions in the span before, None where they are not known."""

    card_id: str
    redeemed: int
    claimed: int
    before: int | None

    @property
    def rate(self) -> float:
        """Redemptions per claim; may pass 1, as what is redeemed was often claimed earlier."""
        return self.redeemed / self.claimed

    @property
    def more(self) -> int:
        """Redemptions more than before."""
        return 0 if self.before is None else self.redeemed - self.before


@dataclass(frozen=True, slots=True)
class Ranking:
    """Vouchers, best first: by redemptions, by rate (of those with claims enough), by growth (of those that grew)."""

    redeemed: tuple[Standing, ...]
    rated: tuple[Standing, ...]
    grown: tuple[Standing, ...]


def rank(now: Figures, before: Figures | None) -> Ranking:
    """Rank the vouchers of ``now``. Growth needs a time ``before`` with data, and all days counted."""
    redeemed, claimed = now.by_voucher("verify"), now.by_voucher("receive")
    comparable = before is not None and before.rows and not now.not_ready and not before.not_ready
    earlier = before.by_voucher("verify") if before is not None and comparable else None
    standings = [
        Standing(each, count, claimed[each], None if earlier is None else earlier.get(each, 0))
        for each, count in redeemed.items()
    ]
    return Ranking(
        _best((each.redeemed, each) for each in standings if each.redeemed),
        _best((each.rate, each) for each in standings if each.claimed >= LEAST_CLAIMED and each.redeemed),
        _best((each.more, each) for each in standings if each.more > 0),
    )


def _best(scored: Iterable[tuple[float, Standing]]) -> tuple[Standing, ...]:
    """The highest first; of equals the one redeemed more, then always in the same order."""
    return tuple(each for _, each in sorted(scored, key=lambda pair: (-pair[0], -pair[1].redeemed, pair[1].card_id)))
