"""The one place that asks what time it is.

Everything else receives seconds since 1970 or asks here, so a frozen clock freezes the whole program.
"""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

WECHAT_ZONE = ZoneInfo("Asia/Shanghai")
"""WeChat's calendar days are days of UTC+8, wherever the account lives."""


def now() -> float:
    """Seconds since 1970."""
    return time.time()


def local(seconds: float, zone: ZoneInfo = WECHAT_ZONE) -> datetime:
    """``seconds`` as an aware time in ``zone``."""
    return datetime.fromtimestamp(seconds, zone)


def wechat_today() -> date:
    """The day it is for WeChat (UTC+8)."""
    return local(now()).date()


def day_start(day: date, zone: ZoneInfo = WECHAT_ZONE) -> int:
    """The first second of ``day`` in ``zone``."""
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())


def day_end(day: date, zone: ZoneInfo = WECHAT_ZONE) -> int:
    """The last second (23:59:59) of ``day`` in ``zone``, the way WeChat advises an end to be."""
    return day_start(day + timedelta(days=1), zone) - 1
