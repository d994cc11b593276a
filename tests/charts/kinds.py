"""One chart of each kind, and its reference picture; ``python -m tests.charts.kinds`` draws the references anew.

Whoever draws them anew looks at them: the tests only say that nothing moved.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from bot.charts.chart import Chart
from bot.charts.shapes import Bars, Columns, Lines, Values, is_weekend
from bot.charts.words import Words
from bot.pictures.pen import draw

REFERENCES = Path(__file__).parent / "references"
WIDE = 400
LAST = date(2026, 11, 24)
WORDS = Words(
    "湖畔面馆：最近30天",
    ("核销 1,834 张，比之前30天多 12% ▲",),
    ("核销", "领取", "浏览"),
    ("灰底是周末，斜线是还没出数，断开是没有数据",),
)
ENGLISH = Words("Lakeside Noodles: last year", (), ("Redeemed", "Claimed", "Viewed"), ("Thick: mean of 7 days",))


def daily(base: int, days: int, unknown: frozenset[int] = frozenset()) -> Values:
    """Counts up to :data:`LAST` that swing as a shop's do: weekends are better, and no two days alike."""
    first = LAST - timedelta(days=days - 1)
    busy = (1.6 if is_weekend(first + timedelta(days=n)) else 1.0 for n in range(days))
    return tuple(None if n in unknown else int(base * each * (1 + n * 7 % 11 / 30)) for n, each in enumerate(busy))


def days(many: int, unknown: frozenset[int] = frozenset(), late: tuple[int, ...] = ()) -> Lines:
    """Redemptions and claims, and views below them."""
    redeemed, claimed, viewed = (daily(base, many, unknown | set(late)) for base in (50, 150, 700))
    return Lines(LAST - timedelta(days=many - 1), ((redeemed, claimed), (viewed,)), late)


def hours() -> Columns:
    """A day until 16 o'clock."""
    to_come = (None,) * 6
    redeemed = (0, 2, 1, 1, 9, 25, 18, 4, 2, 3, *to_come)
    claimed = (1, 5, 7, 3, 22, 15, 8, 4, 0, 3, *to_come)
    return Columns(tuple(map(str, range(7, 23))), (redeemed, claimed), tuple(range(10, 16)))


RANKING = Bars(
    ("10元代金券", "满100减20，全场通用（除酒水外），周末也可用，请在结账前出示", "🧧豆浆券", "喆喆小店"),
    ((420, 133, 54, 0), (1200, 500, 50, 20)),
)

KINDS = {
    "lines": Chart(days(30, frozenset({5, 6, 7, 15}), (29,)), WORDS, chinese=True),
    "lines-year": Chart(days(366, frozenset(range(100, 120))), ENGLISH, chinese=False),
    "lines-card": Chart(days(7), Words(names=("Redeemed", "Claimed")), chinese=False, card=True),
    "columns": Chart(hours(), Words("今天", ("核销 65 张 · 领取 68 张",), ("核销", "领取")), chinese=True),
    "columns-card": Chart(hours(), Words(names=("Redeemed", "Claimed")), chinese=False, card=True),
    "bars": Chart(RANKING, Words("最近7天", (), ("核销", "领取")), chinese=True),
    "bars-card": Chart(RANKING, Words(names=("Redeemed", "Claimed")), chinese=False, card=True),
}

if __name__ == "__main__":
    for name, chart in KINDS.items():
        (REFERENCES / f"{name}.png").write_bytes(draw(chart.svg(), WIDE))
