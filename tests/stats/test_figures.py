"""Rows as WeChat sends them, and what may be added up."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.stats.days import DayRange
from bot.stats.figures import COUNTERS, Figures, PeopleOfDay, Source, merge, read_rows

JUNE = DayRange(date(2015, 6, 15), date(2015, 6, 30))

# Friend's Vouchers Management APIs, "Example of response data" of both data calls, as printed.
SUMMARY_EXAMPLE = """{
    "list": [
        {
            "ref_date": "2015-06-23",
            "view_cnt": 1,
            "view_user": 1,
            "receive_cnt": 1,
            "receive_user": 1,
            "verify_cnt": 0,
            "verify_user": 0,
            "given_cnt": 0,
            "given_user": 0,
            "expire_cnt": 0,
            "expire_user": 0
        }
    ]
}"""
VOUCHER_EXAMPLE = SUMMARY_EXAMPLE.replace(
    '"ref_date": "2015-06-23",',
    '"ref_date": "2015-06-23",\n            "card_id": "po8pktyDLmakNY2fn2VyhkiEPqGE",\n            "card_type": 3,',
)


def row(day: str, **counts: Any) -> dict[str, Any]:
    """One row as WeChat sends it: ten counters, zero where not given."""
    return {"ref_date": day, **dict.fromkeys(COUNTERS, 0), **counts}


def figures(span: DayRange, console: list[Any], api: list[Any] = []) -> Figures:  # noqa: B006 - never changed
    """Both sources' answers for ``span``, read and merged."""
    return Figures(span, merge([*read_rows(console, span, Source.CONSOLE), *read_rows(api, span, Source.API)]))


def test_the_printed_summary_example_gives_its_figures() -> None:
    read = figures(JUNE, json.loads(SUMMARY_EXAMPLE)["list"])

    assert {kind: read.total(kind) for kind in ("view", "receive", "verify", "given", "expire")} == {
        "view": 1, "receive": 1, "verify": 0, "given": 0, "expire": 0,
    }  # fmt: skip
    assert read.people("view", Source.CONSOLE) == PeopleOfDay(average=1, most=1, most_on=date(2015, 6, 23))
    assert read.people("view", Source.API) is None
    assert len(read.days_missing) == 15
    assert date(2015, 6, 23) not in read.days_missing


def test_the_printed_voucher_example_belongs_to_its_voucher() -> None:
    rows = json.loads(VOUCHER_EXAMPLE)["list"]
    card_id = "po8pktyDLmakNY2fn2VyhkiEPqGE"

    assert figures(JUNE, rows).by_voucher("receive") == {card_id: 1}
    assert [r.card_id for r in read_rows(rows, JUNE, Source.API, card_id)] == [card_id]
    assert read_rows(rows, JUNE, Source.API, "pSomebodyElse") == []


def test_undocumented_counters_are_kept() -> None:
    (kept,) = read_rows([row("2015-06-23", view_friends_cnt=7, view_friends_user=5)], JUNE, Source.API)

    assert (kept.counts["view_friends_cnt"], kept.counts["view_friends_user"]) == (7, 5)


@pytest.mark.parametrize(
    "junk",
    [None, 1, "row", [], {}, {"ref_date": None}, {"ref_date": "yesterday"}, row("2015-02-30"), row("2015-07-01")],
)
def test_what_is_no_row_of_the_span_is_left_out(junk: Any) -> None:
    assert read_rows([junk, row("2015-06-23", verify_cnt=2)], JUNE, Source.API) == read_rows(
        [row("2015-06-23", verify_cnt=2)], JUNE, Source.API
    )


@pytest.mark.parametrize("odd", [None, "", "many", -3, [], {}, float("inf"), float("nan")])
def test_a_counter_that_is_no_number_counts_as_nothing(odd: Any) -> None:
    assert figures(JUNE, [row("2015-06-23", verify_cnt=odd), row("2015-06-24", verify_cnt="12")]).total("verify") == 12


def test_a_missing_counter_is_zero() -> None:
    assert figures(JUNE, [{"ref_date": "2015-06-23", "view_cnt": 3}]).total("verify") == 0


def test_a_row_sent_twice_counts_once() -> None:
    twice = [row("2015-06-23", verify_cnt=2), row("2015-06-23", verify_cnt=2), row("2015-06-23", verify_cnt=3)]

    assert figures(JUNE, twice).total("verify") == 3
    assert figures(JUNE, twice[::-1]).total("verify") == 3


def test_the_same_day_of_two_sources_is_no_repetition() -> None:
    both = figures(JUNE, [row("2015-06-23", verify_cnt=2)], [row("2015-06-23", verify_cnt=2)])

    assert both.total("verify") == 4
    assert both.by_day("verify") == {date(2015, 6, 23): 4}
    assert both.sources == (Source.CONSOLE, Source.API)


def test_people_are_an_average_and_a_best_day_but_never_a_sum() -> None:
    read = figures(JUNE, [row("2015-06-20", verify_user=10), row("2015-06-21", verify_user=20)])

    assert read.people("verify", Source.CONSOLE) == PeopleOfDay(average=15, most=20, most_on=date(2015, 6, 21))
    with pytest.raises(KeyError):
        read.total("verify_user")


def test_a_day_of_zeros_is_neither_missing_nor_an_active_source() -> None:
    quiet = figures(DayRange(date(2015, 6, 23), date(2015, 6, 24)), [row("2015-06-23")])

    assert quiet.days_missing == [date(2015, 6, 24)]
    assert quiet.sources == ()


@given(st.lists(st.tuples(st.integers(0, 15), st.sampled_from(list(Source)), st.integers(0, 10**6)), max_size=40))
def test_counts_are_the_sum_of_one_row_per_day_and_source(entries: list[tuple[int, Source, int]]) -> None:
    truth: dict[tuple[int, Source], int] = {}
    answers: dict[Source, list[Any]] = {source: [] for source in Source}
    for offset, source, count in entries:
        truth[offset, source] = max(count, truth.get((offset, source), 0))
        answers[source].append(row(str(JUNE.first + timedelta(days=offset)), verify_cnt=count))

    read = figures(JUNE, answers[Source.CONSOLE], answers[Source.API])

    assert read.total("verify") == sum(truth.values()) == sum(read.by_day("verify").values())
    assert len(read.days_missing) == 16 - len({offset for offset, _ in truth})
