"""Times of day as people write them."""

from __future__ import annotations

from contextlib import suppress
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadArgument
from bot.routing.times import parse_time


@pytest.mark.parametrize("text", ["25:00", "9:60", "24:00", "24点", "9点61分", "2400", "13pm1", "下午 25点", "99"])
def test_what_no_clock_shows_is_refused_or_no_time(text: str) -> None:
    try:
        assert parse_time(text) is None
    except BadArgument as error:
        assert error.values == {"argument": "time", "found": text}


@pytest.mark.parametrize(
    "text", ["", "春节券", "9:3", "9:300", "6.1", "12345", "点", "半", "on", "-9:00", "9:30:00", "123"]
)
def test_other_words_are_no_time(text: str) -> None:
    assert parse_time(text) is None


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [
        ("9:30", 9, 30),
        ("09:30", 9, 30),
        ("09：30", 9, 30),
        ("０９：３０", 9, 30),
        ("9.30", 9, 30),
        ("0930", 9, 30),
        ("9", 9, 0),
        ("0:00", 0, 0),
        ("23:59", 23, 59),
        ("9点", 9, 0),
        ("9 点", 9, 0),
        ("9點", 9, 0),
        ("9点钟", 9, 0),
        ("9点整", 9, 0),
        ("9点半", 9, 30),
        ("9点一刻", 9, 15),
        ("9点三刻", 9, 45),
        ("9点5分", 9, 5),
        ("9点05", 9, 5),
        ("十点半", 10, 30),
        ("二十二点", 22, 0),
        ("两点", 2, 0),
        ("上午九点", 9, 0),
        ("早上 8:15", 8, 15),
        ("中午12点", 12, 0),
        ("中午一点", 13, 0),
        ("下午3点", 15, 0),
        ("下午12:30", 12, 30),
        ("下午15点", 15, 0),
        ("晚上9点半", 21, 30),
        ("晚上12点", 0, 0),
        ("凌晨12点", 0, 0),
        ("9am", 9, 0),
        ("9 PM", 21, 0),
        ("9:30pm", 21, 30),
        ("12am", 0, 0),
        ("12pm", 12, 0),
    ],
)
def test_a_time_is_read(text: str, hour: int, minute: int) -> None:
    assert parse_time(text) == time(hour, minute)


@given(
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.sampled_from(["%H:%M", "%H：%M", "%H%M", "%H点%M分"]),
)
def test_every_minute_of_the_day_is_read(at: time, form: str) -> None:
    assert parse_time(at.strftime(form)) == at


@given(st.text(max_size=12))
def test_any_text_is_a_time_or_none(text: str) -> None:
    with suppress(BadArgument):
        assert isinstance(parse_time(text), time | None)
