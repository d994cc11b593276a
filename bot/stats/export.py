"""An export's table: a row for each day, voucher and source WeChat told of, with the ten documented counters. Pure.

What WeChat left out has no row; a row of zeros is a day on which nothing happened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeAlias

from bot.stats.figures import COUNTERS, Figures

ExportRow: TypeAlias = tuple[date | str | int, ...]

ABOUT = ("ref_date", "", "card_id", "cond_source")
"""What the columns before the counters are in WeChat's answers; the title is in none."""
NAMES = (*ABOUT, *COUNTERS)


def rows(figures: Figures, titles: Mapping[str, str], sources: Sequence[str]) -> list[ExportRow]:
    """The rows of ``figures`` day by day; ``sources`` are the words for the console and the API."""
    ordered = sorted(figures.rows, key=lambda row: (row.day, titles[row.card_id], row.card_id, row.source))
    return [
        (row.day, titles[row.card_id], row.card_id, sources[row.source], *(row.counts[name] for name in COUNTERS))
        for row in ordered
    ]
