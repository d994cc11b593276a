"""Spans of days as merchants type them, and what is said about those that cannot be answered."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dates import parse_day
from bot.errors import BadArgument
from bot.routing.ranges import parse_range, parse_range_until_now
from bot.stats.days import DayRange

WEDNESDAY = date(2015, 11, 18)

UNTIL_NOW = [
    ("今天", "11-18", "11-18"), ("today", "11-18", "11-18"), ("11月18日", "11-18", "11-18"),
    ("11月18日到11月20日", "11-18", "11-18"), ("7天", "11-12", "11-18"), ("last 7 days", "11-12", "11-18"),
    ("本周", "11-16", "11-18"), ("month", "11-01", "11-18"), ("11月", "11-01", "11-18"), ("今年", "01-01", "11-18"),
    ("昨天到今天", "11-17", "11-18"), ("昨天", "11-17", "11-17"), ("上周", "11-09", "11-15"),
    ("11月10日到11月17日", "11-10", "11-17"),
]  # fmt: skip

SPANS = [
    ("yesterday", "11-17", "11-17"), ("Yesterday", "11-17", "11-17"), ("昨天", "11-17", "11-17"),
    ("昨日", "11-17", "11-17"), (" 昨天　", "11-17", "11-17"), ("前天", "11-16", "11-16"),
    ("7d", "11-11", "11-17"), ("7D", "11-11", "11-17"), ("７ｄ", "11-11", "11-17"), ("7 d", "11-11", "11-17"),
    ("7 days", "11-11", "11-17"), ("last 7 days", "11-11", "11-17"), ("past 7 days", "11-11", "11-17"),
    ("1d", "11-17", "11-17"), ("7天", "11-11", "11-17"), ("最近7天", "11-11", "11-17"), ("近7天", "11-11", "11-17"),
    ("最近 7 天", "11-11", "11-17"), ("近７天", "11-11", "11-17"), ("近7日", "11-11", "11-17"),
    ("七天", "11-11", "11-17"), ("近七天", "11-11", "11-17"), ("最近三十天", "10-19", "11-17"),
    ("十五天", "11-03", "11-17"), ("近二十一天", "10-28", "11-17"), ("一百天", "08-10", "11-17"),
    ("两周", "11-04", "11-17"), ("2 weeks", "11-04", "11-17"), ("近一个月", "10-18", "11-17"),
    ("近三个星期", "10-28", "11-17"), ("3 months", "08-18", "11-17"),
    ("week", "11-16", "11-17"), ("This Week", "11-16", "11-17"), ("本周", "11-16", "11-17"),
    ("这周", "11-16", "11-17"), ("这个星期", "11-16", "11-17"), ("本礼拜", "11-16", "11-17"),
    ("last week", "11-09", "11-15"), ("last  week", "11-09", "11-15"), ("上周", "11-09", "11-15"),
    ("上一周", "11-09", "11-15"), ("上个星期", "11-09", "11-15"),
    ("month", "11-01", "11-17"), ("本月", "11-01", "11-17"), ("这个月", "11-01", "11-17"),
    ("last month", "10-01", "10-31"), ("上月", "10-01", "10-31"), ("上个月", "10-01", "10-31"),
    ("2015-06-15", "06-15", "06-15"), ("２０１５－０６－１５", "06-15", "06-15"), ("2015/6/15", "06-15", "06-15"),
    ("2015.6.15", "06-15", "06-15"), ("20150615", "06-15", "06-15"), ("2015年6月15日", "06-15", "06-15"),
    ("2015 年 6 月 15 日", "06-15", "06-15"), ("二〇一五年六月十五日", "06-15", "06-15"),
    ("6月15日", "06-15", "06-15"), ("6月15号", "06-15", "06-15"), ("6月15", "06-15", "06-15"),
    ("六月十五日", "06-15", "06-15"), ("十一月十一日", "11-11", "11-11"), ("6.15", "06-15", "06-15"),
    ("６．１５", "06-15", "06-15"), ("6/15", "06-15", "06-15"), ("06-15", "06-15", "06-15"),
    ("15 Jun", "06-15", "06-15"), ("Jun 15, 2015", "06-15", "06-15"), ("15号", "11-15", "11-15"),
    ("28日", "10-28", "10-28"), ("7日", "11-07", "11-07"), ("31号", "10-31", "10-31"),
    ("6.15-6.30", "06-15", "06-30"), ("6.15~6.30", "06-15", "06-30"), ("6.15～6.30", "06-15", "06-30"),
    ("6.15—6.30", "06-15", "06-30"), ("6.15 - 6.30", "06-15", "06-30"), ("6.15 6.30", "06-15", "06-30"),
    ("6.15到6.30", "06-15", "06-30"), ("6.15 至 6.30", "06-15", "06-30"), ("6.15 to 6.30", "06-15", "06-30"),
    ("6/15-6/30", "06-15", "06-30"), ("06-15 06-30", "06-15", "06-30"), ("6.15-30", "06-15", "06-30"),
    ("6月15日到6月30日", "06-15", "06-30"), ("6月15日-30日", "06-15", "06-30"), ("6月15-30日", "06-15", "06-30"),
    ("六月十五日至六月三十日", "06-15", "06-30"), ("15–30 Jun", "06-15", "06-30"),
    ("15 Jun - 30 Jun 2015", "06-15", "06-30"), ("2015-06-15 2015-06-30", "06-15", "06-30"),
    ("2015-06-15-2015-06-30", "06-15", "06-30"), ("2015-06-15到2015-06-30", "06-15", "06-30"),
    ("2015-06-15 ~ 6.30", "06-15", "06-30"), ("6.15 2015-06-30", "06-15", "06-30"),
    ("20150615-20150630", "06-15", "06-30"), ("2015年6月15日至30日", "06-15", "06-30"),
    ("从6月15日到6月30日", "06-15", "06-30"), ("自6.15至6.30", "06-15", "06-30"),
    ("from 6.15 to 6.30", "06-15", "06-30"), ("From 15 Jun to 30 Jun", "06-15", "06-30"),
    ("6月", "06-01", "06-30"), ("六月份", "06-01", "06-30"), ("2015-06", "06-01", "06-30"),
    ("2015年6月", "06-01", "06-30"), ("June 2015", "06-01", "06-30"), ("5月到6月", "05-01", "06-30"),
    ("11.10到昨天", "11-10", "11-17"), ("15号到17号", "11-15", "11-17"), ("10号到昨天", "11-10", "11-17"),
    ("20号至昨天", "10-20", "11-17"), ("11.16-11.17", "11-16", "11-17"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "first", "last"), SPANS, ids=[span[0] for span in SPANS])
def test_a_span_is_read_as_it_is_typed(text: str, first: str, last: str) -> None:
    span = parse_range(text, WEDNESDAY)

    assert span is not None
    assert (span.first.isoformat(), span.last.isoformat()) == (f"2015-{first}", f"2015-{last}")
    assert span.note == ""


@pytest.mark.parametrize(
    "text",
    ["", " ", "春节券", "all", "7", "d", "-", "last", "6月特惠", "10元代金券", "#3", "13.45", "6.32", "99.9", "6.15-",
     "-6.15", "15-21", "15 21", "2015", "pDEMO1aaaaaaaaaaaaaaaaaaaaaa", "7天券", "6.15 春节券", "周末", "0.5",
     "6.15 20", "6月-15", "从6月15日", "from 6.15", "从", "- " * 500, "1" * 400],
)  # fmt: skip
def test_what_is_no_span_is_left_to_others(text: str) -> None:
    assert parse_range(text, WEDNESDAY) is None


@pytest.mark.parametrize(
    ("text", "macro"),
    [
        ("today", "today"), ("今天", "today"), ("今日", "today"), ("2015-11-18", "today"), ("11.18", "today"),
        ("11.18-11.20", "today"), ("明天", "future"),
        ("2015-11-19", "future"), ("2016-01-01 2016-01-07", "future"),
        ("6.30-6.15", "backwards"), ("2015-06-30 2015-06-15", "backwards"), ("2015-06-30到6.15", "backwards"),
        ("6.30-2015.6.15", "backwards"), ("昨天-11.10", "backwards"), ("6月30日-15日", "backwards"),
        ("2.30", "no_such_day"), ("6月31日", "no_such_day"), ("2015-02-29", "no_such_day"),
        ("2015-13-01", "no_such_day"), ("2015-00-10", "no_such_day"), ("6.15-6.31", "no_such_day"),
        ("0号", "no_such_day"), ("13月1日", "no_such_day"), ("0d", "no_days"), ("0天", "no_days"),
        ("9999d", "too_long"), ("999999天", "too_long"), ("300周", "too_long"), ("100个月", "too_long"),
        ("2005-01-01 2015-01-01", "too_long"),
    ],
)  # fmt: skip
def test_a_span_that_cannot_be_answered_is_explained(text: str, macro: str) -> None:
    with pytest.raises(BadArgument) as refusal:
        parse_range(text, WEDNESDAY)

    assert refusal.value.template == f"ranges.{macro}"
    assert refusal.value.values["found"] in text


@pytest.mark.parametrize(
    ("text", "today", "expected"),
    [
        ("week", date(2015, 11, 16), DayRange(date(2015, 11, 9), date(2015, 11, 15), "last_week", "week_begins_today")),
        ("本周", date(2015, 11, 22), DayRange(date(2015, 11, 16), date(2015, 11, 21), "week")),
        ("上周", date(2015, 11, 22), DayRange(date(2015, 11, 9), date(2015, 11, 15), "last_week")),
        ("本周", date(2015, 11, 17), DayRange(date(2015, 11, 16), date(2015, 11, 16), "week")),
        ("month", date(2015, 3, 1), DayRange(date(2015, 2, 1), date(2015, 2, 28), "last_month", "month_begins_today")),
        ("本月", date(2016, 3, 1), DayRange(date(2016, 2, 1), date(2016, 2, 29), "last_month", "month_begins_today")),
        ("last month", date(2016, 1, 31), DayRange(date(2015, 12, 1), date(2015, 12, 31), "last_month")),
        ("去年", date(2016, 3, 1), DayRange(date(2015, 1, 1), date(2015, 12, 31), "last_year")),
        ("last year", date(2016, 1, 1), DayRange(date(2015, 1, 1), date(2015, 12, 31), "last_year")),
        ("今年", date(2016, 3, 1), DayRange(date(2016, 1, 1), date(2016, 2, 29), "year")),
        ("this year", date(2016, 1, 2), DayRange(date(2016, 1, 1), date(2016, 1, 1), "year")),
        ("今年", date(2016, 1, 1), DayRange(date(2015, 1, 1), date(2015, 12, 31), "last_year", "year_begins_today")),
        ("yesterday", date(2016, 3, 1), DayRange(date(2016, 2, 29), date(2016, 2, 29), "yesterday")),
        ("2.29", date(2019, 5, 1), DayRange(date(2016, 2, 29), date(2016, 2, 29), "day")),
        ("12.20-1.5", date(2016, 2, 1), DayRange(date(2015, 12, 20), date(2016, 1, 5))),
        ("12月20日到1月5日", date(2016, 1, 3), DayRange(date(2015, 12, 20), date(2016, 1, 2), "dates", "cut")),
        ("2015-12-20 1.5", date(2016, 2, 1), DayRange(date(2015, 12, 20), date(2016, 1, 5))),
        ("12.20 2016-01-05", date(2016, 2, 1), DayRange(date(2015, 12, 20), date(2016, 1, 5))),
        ("12.31", date(2016, 1, 2), DayRange(date(2015, 12, 31), date(2015, 12, 31), "day")),
        ("12.31", date(2016, 1, 1), DayRange(date(2015, 12, 31), date(2015, 12, 31), "yesterday")),
        ("6.15-6.30", date(2015, 6, 20), DayRange(date(2015, 6, 15), date(2015, 6, 19), "dates", "cut")),
        ("6.15-6.30", date(2015, 6, 10), DayRange(date(2014, 6, 15), date(2014, 6, 30))),
        ("6.15到今天", date(2015, 6, 20), DayRange(date(2015, 6, 15), date(2015, 6, 19), "dates", "cut")),
        ("6.15至今", date(2015, 6, 20), DayRange(date(2015, 6, 15), date(2015, 6, 19), "dates", "cut")),
        ("6月", date(2015, 6, 20), DayRange(date(2015, 6, 1), date(2015, 6, 19), "dates", "cut")),
        ("一个月", date(2015, 3, 31), DayRange(date(2015, 2, 28), date(2015, 3, 30))),
        ("2013-01-01 2015-01-01", date(2015, 6, 1), DayRange(date(2013, 1, 1), date(2015, 1, 1))),
    ],
)  # fmt: skip
def test_calendars_have_edges(text: str, today: date, expected: DayRange) -> None:
    assert parse_range(text, today) == expected


@pytest.mark.parametrize(
    ("text", "future", "expected"),
    [
        ("2月28日", True, "2016-02-28"), ("2月28日", False, "2015-02-28"), ("2016-02-28", True, "2016-02-28"),
        ("2.28", True, "2016-02-28"), ("2月29日", True, "2016-02-29"), ("11月18日", True, "2015-11-18"),
        ("11月18日", False, "2015-11-18"), ("11月17日", True, "2016-11-17"), ("28日", True, "2015-11-28"),
        ("17号", True, "2015-12-17"), ("明天", True, "2015-11-19"), ("后天", True, "2015-11-20"),
        ("tomorrow", True, "2015-11-19"), ("月底", True, "2015-11-30"), ("下月底", True, "2015-12-31"),
        ("end of month", True, "2015-11-30"), ("年底", True, "2015-12-31"), ("28 Feb 2016", True, "2016-02-28"),
        ("２０１６－０２－２８", True, "2016-02-28"), ("2015-02-28", True, "2015-02-28"),
        ("明年2月28日", True, "2016-02-28"), ("明年 2.28", True, "2016-02-28"), ("去年2月1日", False, "2014-02-01"),
        ("2月底", True, "2016-02-29"), ("11月底", True, "2015-11-30"), ("明年3月底", True, "2016-03-31"),
    ],
)  # fmt: skip
def test_a_single_day_is_the_next_or_the_latest_such_day(text: str, future: bool, expected: str) -> None:
    assert parse_day(text, WEDNESDAY, future=future) == date.fromisoformat(expected)


@pytest.mark.parametrize("text", ["", "春节券", "6月", "2015-06", "7d", "6.15-6.30", "13.45", "本周", "明年"])
def test_what_is_no_single_day_is_left_to_others(text: str) -> None:
    assert parse_day(text, WEDNESDAY, future=True) is None


DATE_LIKE = st.from_regex(r"[0-9.\-/~年月日号天周个到至 d]{0,24}", fullmatch=True)


@given(text=st.text(max_size=30) | DATE_LIKE, today=st.dates(date(2014, 1, 1), date(2099, 1, 1)))
def test_no_text_breaks_the_grammar(text: str, today: date) -> None:
    """Whatever is typed: a span that ended yesterday at the latest, no span, or an explanation."""
    try:
        span = parse_range(text, today)
        parse_day(text, today, future=True)
    except BadArgument:
        return
    assert span is None or span.last < today


@given(first=st.dates(date(2014, 12, 1), date(2030, 1, 1)), length=st.integers(1, 1800))
def test_two_full_dates_mean_themselves(first: date, length: int) -> None:
    last = first + timedelta(days=length - 1)
    today = last + timedelta(days=1)

    span = parse_range(f"{first} {last}", today)

    assert span is not None
    assert (span.first, span.last, len(span)) == (first, last, length)


@pytest.mark.parametrize(("text", "first", "last"), UNTIL_NOW)
def test_spans_of_what_is_known_at_once(text: str, first: str, last: str) -> None:
    span = parse_range_until_now(text, WEDNESDAY)
    assert span is not None
    assert (str(span.first), str(span.last)) == (f"2015-{first}", f"2015-{last}")


@pytest.mark.parametrize(("text", "today"), [("本周", date(2015, 11, 16)), ("本月", date(2015, 12, 1))])
def test_a_span_that_begins_today_is_today(text: str, today: date) -> None:
    span = parse_range_until_now(text, today)
    assert span is not None
    assert (span.first, span.last) == (today, today)


def test_no_span_of_what_is_known_at_once() -> None:
    assert parse_range_until_now("春节券", WEDNESDAY) is None
    with pytest.raises(BadArgument) as raised:
        parse_range_until_now("明天", WEDNESDAY)
    assert raised.value.template == "ranges.not_yet"
