"""Which vouchers did best, and when that cannot be said."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bot.stats.days import DayRange
from bot.stats.figures import COUNTERS, Figures, Row, Source
from bot.stats.ranking import Standing, rank

DAY = DayRange(date(2026, 11, 21), date(2026, 11, 21))


def figures(span: DayRange = DAY, late: bool = False, **vouchers: tuple[int, int]) -> Figures:
    """Claims and redemptions by voucher, half of them of the other source."""
    rows = [
        Row(span.last, source, name, dict.fromkeys(COUNTERS, 0) | {"receive_cnt": claimed, "verify_cnt": redeemed})
        for name, counts in vouchers.items()
        for source, claimed, redeemed in (
            (Source.CONSOLE, counts[0] // 2, counts[1] // 2), (Source.API, -(-counts[0] // 2), -(-counts[1] // 2)),
        )
    ]  # fmt: skip
    return Figures(span, tuple(rows), frozenset({(Source.API, span.last)} if late else ()))


def ids(standings: Iterable[Standing]) -> list[str]:
    return [each.card_id for each in standings]


def test_by_redemptions_by_rate_and_by_growth() -> None:
    now = figures(a=(100, 31), b=(20, 19), c=(9, 9), d=(50, 0), e=(10, 5))
    ranking = rank(now, figures(DAY.before(), a=(1, 40), b=(1, 17), c=(1, 2), d=(1, 1)))

    assert ids(ranking.redeemed) == ["a", "b", "c", "e"]
    assert ids(ranking.rated) == ["b", "e", "a"], "nine claims are too few, no redemption is no rate"
    grown = [(each.card_id, each.more, each.before) for each in ranking.grown]
    assert grown == [("c", 7, 2), ("e", 5, 0), ("b", 2, 17)]


def test_nothing_grows_since_a_time_nobody_knows() -> None:
    now = figures(a=(10, 5))
    known = figures(DAY.before(), a=(1, 1))

    assert rank(now, None).grown == rank(now, figures(DAY.before())).grown == ()
    assert rank(figures(late=True, a=(10, 5)), known).grown == ()
    assert rank(now, figures(DAY.before(), late=True, a=(1, 1))).grown == ()
    assert ids(rank(now, known).grown) == ["a"]


def test_equals_keep_one_order() -> None:
    assert ids(rank(figures(b=(20, 5), a=(20, 5), c=(40, 10)), None).rated) == ["c", "a", "b"]
