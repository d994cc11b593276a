"""When a daily summary is due on clocks that jump, and how long it waits."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import WECHAT_ZONE, local
from bot.merchants.digest_times import due_at, next_look, patient_until, told_day

NEW_YORK, URUMQI = ZoneInfo("America/New_York"), ZoneInfo("Asia/Urumqi")
ZONES = [WECHAT_ZONE, NEW_YORK, URUMQI, *map(ZoneInfo, ("Pacific/Kiritimati", "Africa/Cairo", "Australia/Lord_Howe"))]


def seconds(moment: str) -> float:
    """``2026-11-22T14:02+08:00`` as seconds since 1970."""
    return datetime.fromisoformat(moment).timestamp()


@pytest.mark.parametrize(
    ("day", "at", "zone", "due"),
    [
        (date(2026, 11, 22), time(10), WECHAT_ZONE, "2026-11-22T10:00+08:00"),
        (date(2026, 11, 22), time(10), URUMQI, "2026-11-22T12:00+08:00"),
        (date(2026, 3, 8), time(2, 30), NEW_YORK, "2026-03-08T03:30-04:00"),
        (date(2026, 3, 8), time(1, 59), NEW_YORK, "2026-03-08T01:59-05:00"),
        (date(2026, 3, 8), time(3, 0), NEW_YORK, "2026-03-08T03:00-04:00"),
        (date(2026, 11, 1), time(1, 30), NEW_YORK, "2026-11-01T01:30-04:00"),
        (date(2026, 11, 1), time(2, 0), NEW_YORK, "2026-11-01T02:00-05:00"),
    ],
    ids=str,
)
def test_a_chosen_time_is_one_moment(day: date, at: time, zone: ZoneInfo, due: str) -> None:
    assert due_at(day, at, zone) == seconds(due)


@pytest.mark.parametrize(
    ("due", "told"),
    [
        ("2026-11-22T10:00+08:00", date(2026, 11, 21)),
        ("2026-11-22T00:00+08:00", date(2026, 11, 21)),
        ("2026-11-22T23:59+08:00", date(2026, 11, 21)),
        ("2026-11-22T10:00-05:00", date(2026, 11, 21)),
        ("2026-11-22T20:00-05:00", date(2026, 11, 22)),
    ],
)
def test_it_tells_of_the_last_day_that_is_over_for_wechat(due: str, told: date) -> None:
    assert told_day(seconds(due)) == told


@pytest.mark.parametrize(
    ("due", "until"),
    [
        ("2026-11-22T00:00+08:00", "2026-11-22T12:00+08:00"),
        ("2026-11-22T09:30+08:00", "2026-11-22T12:00+08:00"),
        ("2026-11-22T10:00+08:00", "2026-11-22T12:00+08:00"),
        ("2026-11-22T10:01+08:00", "2026-11-22T12:01+08:00"),
        ("2026-11-22T23:50+08:00", "2026-11-23T01:50+08:00"),
        ("2026-11-22T10:00+06:00", "2026-11-22T14:00+08:00"),
    ],
)
def test_it_waits_two_hours_and_at_least_until_noon(due: str, until: str) -> None:
    assert patient_until(seconds(due)) == seconds(until)


@pytest.mark.parametrize(
    ("now", "due", "look"),
    [
        ("2026-11-22T02:00+08:00", "2026-11-22T02:00+08:00", "2026-11-22T08:00+08:00"),
        ("2026-11-22T08:00+08:00", "2026-11-22T02:00+08:00", "2026-11-22T08:15+08:00"),
        ("2026-11-22T10:07+08:00", "2026-11-22T10:00+08:00", "2026-11-22T10:15+08:00"),
        ("2026-11-22T11:59+08:00", "2026-11-22T10:05+08:00", "2026-11-22T12:00+08:00"),
        ("2026-11-22T12:04+08:00", "2026-11-22T10:05+08:00", "2026-11-22T12:05+08:00"),
    ],
)
def test_wechat_is_asked_at_the_quarters_once_it_counts(now: str, due: str, look: str) -> None:
    assert next_look(seconds(now), seconds(due)) == seconds(look)


@given(st.sampled_from(ZONES), st.dates(date(2024, 1, 1), date(2032, 1, 1)), st.times())
def test_it_is_due_on_its_own_day_and_once_a_day(zone: ZoneInfo, day: date, at: time) -> None:
    due = due_at(day, at, zone)

    assert local(due, zone).date() == day
    assert due < due_at(day + timedelta(days=1), at, zone)
    assert told_day(due) < local(due).date()
    assert patient_until(due) >= due + 7200
