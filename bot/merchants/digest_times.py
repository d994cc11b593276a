"""When a daily summary is due, which day it tells of, and how long it waits for WeChat. Pure.

People choose a time on their account's clock; WeChat counts days of UTC+8. Where a clock jumps ahead over the chosen
time the summary is due as long after the jump as it would have been without; where a clock shows a time twice, the
first one counts.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot import clock

USUAL = time(10)
"""For whoever names no time: WeChat's figures of the day before are in by then."""

PATIENCE = 2 * 3600.0
"""Seconds a summary waits for figures at least."""

PATIENT_UNTIL = time(12)
"""On WeChat's clock, of the day it is due: it waits no shorter than until then."""

COUNTED_FROM = time(8)
"""On WeChat's clock: nothing is counted earlier ("datacube", overview)."""

LOOK_EVERY = 900
"""Seconds between two questions whether figures are there. Everybody asks at the quarters of an hour, so once."""


def due_at(day: date, at: time, zone: ZoneInfo) -> float:
    """When the clocks of ``zone`` show ``at`` on ``day`` (seconds since 1970)."""
    return datetime.combine(day, at, zone).timestamp()


def told_day(due: float) -> date:
    """The day of WeChat's whose figures a summary due then tells: the latest that was over."""
    return clock.local(due).date() - timedelta(days=1)


def patient_until(due: float) -> float:
    """How long a summary due then waits for figures before it says that there are none."""
    return max(due + PATIENCE, due_at(clock.local(due).date(), PATIENT_UNTIL, clock.WECHAT_ZONE))


def next_look(now: float, due: float) -> float:
    """When to ask WeChat again, where figures for a summary due then were not there ``now``."""
    quarter = now - now % LOOK_EVERY + LOOK_EVERY
    counted = due_at(clock.local(due).date(), COUNTED_FROM, clock.WECHAT_ZONE)
    return min(max(quarter, counted), patient_until(due))
