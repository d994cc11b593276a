"""The charts of a report: what happened each day, and which vouchers were redeemed most. Pure, but for the words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.charts.chart import Chart
from bot.charts.shapes import Bars, Lines
from bot.charts.words import Words
from bot.routing.reply import Reply
from bot.stats.report import Report, State

KINDS = ("verify", "receive", "view")
"""From top to bottom."""
MOST_VOUCHERS = 8
"""More stand in the table."""


def charts(report: Report, titles: Mapping[str, str], words: Callable[[Reply], str], *, chinese: bool) -> list[Chart]:
    """Those that have something to show; ``words`` are those of a reply in the reader's language."""
    found = []
    if len(report.days) > 1:
        found.append(Chart(_days(report), Words.read(words(Reply("report_page.chart_days"))), chinese))
    if (bars := _vouchers(report, titles)) is not None:
        found.append(Chart(bars, Words.read(words(Reply("report_page.chart_vouchers"))), chinese))
    return found


def _days(report: Report) -> Lines:
    panels = tuple((tuple(line.counts.get(kind) for line in report.days),) for kind in KINDS)
    late = (n for n, line in enumerate(report.days) if line.state in (State.NOT_READY, State.PARTLY))
    return Lines(report.span.first, panels, tuple(late))


def _vouchers(report: Report, titles: Mapping[str, str]) -> Bars | None:
    best = [line for line in report.vouchers or () if line.counts["verify"]][:MOST_VOUCHERS]
    if not best:
        return None
    return Bars(tuple(titles[line.card_id] for line in best), (tuple(line.counts["verify"] for line in best),))
