"""The charts of a report, as the chat draws them: each day, or the hours of one, and the vouchers redeemed most."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.charts.chart import Chart
from bot.charts.words import Words
from bot.routing.reply import Reply
from bot.stats.charted import bars, daily, hourly, ranked
from bot.stats.service import Overview
from bot.stats.today import Hour


def charts(
    overview: Overview,
    hours: Sequence[Hour],
    titles: Mapping[str, str],
    words: Callable[[Reply], str],
    *,
    chinese: bool,
) -> list[Chart]:
    """Those that have something to show; ``words`` are those of a reply in the reader's language.

    ``hours``: those of a single day, as far as the bot counted any.
    """
    found = []
    if len(overview.now.span) > 1:
        lines = daily(overview.now)
        found.append(Chart(lines, Words.read(words(Reply("report_page.chart_days", lines=lines))), chinese))
    elif hours:
        found.append(Chart(hourly(hours), Words.read(words(Reply("report_page.chart_hours"))), chinese))
    if overview.by_voucher and (best := ranked(overview.by_voucher)):
        shape = bars(overview.by_voucher, {each: titles[each] for each in best})
        found.append(Chart(shape, Words.read(words(Reply("report_page.chart_vouchers"))), chinese))
    return found
