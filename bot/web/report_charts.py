"""The charts of a report, as the chat draws them: what happened each day, and which vouchers were redeemed most."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.charts.chart import Chart
from bot.charts.words import Words
from bot.routing.reply import Reply
from bot.stats.charted import bars, daily, ranked
from bot.stats.service import Overview


def charts(
    overview: Overview, titles: Mapping[str, str], words: Callable[[Reply], str], *, chinese: bool
) -> list[Chart]:
    """Those that have something to show; ``words`` are those of a reply in the reader's language."""
    found = []
    if len(overview.now.span) > 1:
        lines = daily(overview.now)
        found.append(Chart(lines, Words.read(words(Reply("report_page.chart_days", lines=lines))), chinese))
    if overview.by_voucher and (best := ranked(overview.by_voucher)):
        shape = bars(overview.by_voucher, {each: titles[each] for each in best})
        found.append(Chart(shape, Words.read(words(Reply("report_page.chart_vouchers"))), chinese))
    return found
