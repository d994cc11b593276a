"""What figures mean: comparisons, rates, best and weakest."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.stats.days import DayRange
from bot.stats.figures import Figures, Source, merge, read_rows
from bot.stats.summary import Counted, Rate, summarize

SATURDAY = DayRange(date(2015, 11, 21), date(2015, 11, 21))
FRIDAY = SATURDAY.before()
WEEK = DayRange(date(2015, 11, 15), date(2015, 11, 21))


def read(span: DayRange, console: list[dict[str, Any]], api: list[dict[str, Any]]) -> Figures:
    """Both sources' answers, read and merged."""
    return Figures(span, merge([*read_rows(console, span, Source.CONSOLE), *read_rows(api, span, Source.API)]))


def saturday(**counts: int | str) -> dict[str, Any]:
    return {"ref_date": "2015-11-21", **counts}


def friday(**counts: int | str) -> dict[str, Any]:
    return {"ref_date": "2015-11-20", **counts}


def test_one_day_of_one_source_is_rated_by_people() -> None:
    day = read(
        SATURDAY,
        [saturday(view_cnt=900, view_user=400, receive_cnt=186, receive_user=100, verify_cnt=54)],
        [],
    )

    summary = summarize(day)

    assert summary.claim_rate == Rate(0.25, by_people=True)
    assert summary.redemption_rate == Rate(54 / 186)
    assert summary.active == (Source.CONSOLE,)


def test_two_sources_may_share_people_and_are_rated_by_counts() -> None:
    day = read(
        SATURDAY,
        [saturday(view_cnt=600, view_user=400, receive_cnt=100, receive_user=90)],
        [saturday(view_cnt=200, view_user=150, receive_cnt=60, receive_user=50)],
    )

    assert summarize(day).claim_rate == Rate(160 / 800)


def test_several_days_are_rated_by_counts() -> None:
    days = read(
        WEEK,
        [friday(view_cnt=100, view_user=80, receive_cnt=10), saturday(view_cnt=100, view_user=80, receive_cnt=30)],
        [],
    )

    assert summarize(days).claim_rate == Rate(0.2)


def test_nothing_is_divided_by_zero() -> None:
    summary = summarize(read(SATURDAY, [saturday(verify_cnt=3)], []))

    assert (summary.claim_rate, summary.redemption_rate) == (None, None)


def test_claims_without_views_have_no_rate() -> None:
    assert summarize(read(SATURDAY, [saturday(receive_cnt=5, receive_user=5)], [])).claim_rate is None


def test_more_may_be_redeemed_than_was_claimed() -> None:
    assert summarize(read(SATURDAY, [saturday(receive_cnt=10, verify_cnt=14)], [])).redemption_rate == Rate(1.4)


def test_the_time_before_is_compared_over_both_sources() -> None:
    now = read(SATURDAY, [saturday(verify_cnt=40)], [saturday(verify_cnt=14)])
    before = read(FRIDAY, [friday(verify_cnt=30)], [friday(verify_cnt=12)])

    summary = summarize(now, before)

    assert (summary.before, summary.more) == (42, 12)


def test_no_data_before_is_nothing_to_compare_with_but_zero_is() -> None:
    now = read(SATURDAY, [saturday(verify_cnt=40)], [])

    assert summarize(now, read(FRIDAY, [], [])).before is None
    assert summarize(now, read(FRIDAY, [friday()], [])).before == 0
    assert summarize(now, None).more == 0


def test_a_time_of_which_little_is_known_is_not_compared() -> None:
    now = read(WEEK, [{"ref_date": f"2015-11-{day}", "verify_cnt": 5} for day in range(15, 22)], [])
    little = [{"ref_date": f"2015-11-{day}", "verify_cnt": 5} for day in (12, 13, 14)]

    assert summarize(now, read(WEEK.before(), little, [])).before is None
    assert summarize(now, read(WEEK.before(), [*little, {"ref_date": "2015-11-11"}], [])).before == 15


def test_a_span_still_being_counted_is_not_compared() -> None:
    rows = read(SATURDAY, [saturday(verify_cnt=40)], []).rows
    now = Figures(SATURDAY, rows, frozenset({(Source.API, SATURDAY.last)}))

    summary = summarize(now, read(FRIDAY, [friday(verify_cnt=3)], []))

    assert summary.before is None
    assert summary.not_ready == [SATURDAY.last]


def test_best_and_weakest_day_and_the_spans_without_data() -> None:
    days = read(
        WEEK,
        [friday(verify_cnt=9), saturday(verify_cnt=5), {"ref_date": "2015-11-18", "verify_cnt": 9}],
        [friday(verify_cnt=1)],
    )

    summary = summarize(days)

    assert summary.best_day == Counted(date(2015, 11, 20), 10)
    assert summary.weakest_day == Counted(date(2015, 11, 21), 5)
    assert summary.missing == [
        DayRange(date(2015, 11, 15), date(2015, 11, 17)),
        DayRange(date(2015, 11, 19), date(2015, 11, 19)),
    ]
    assert summary.missing_days == 4


def test_days_that_are_alike_have_no_best() -> None:
    summary = summarize(read(WEEK, [friday(verify_cnt=5), saturday(verify_cnt=5)], []))

    assert (summary.best_day, summary.weakest_day) == (None, None)


def test_a_day_not_ready_is_not_the_weakest() -> None:
    rows = read(
        WEEK, [friday(verify_cnt=5), saturday(verify_cnt=1), {"ref_date": "2015-11-19", "verify_cnt": 4}], []
    ).rows
    days = Figures(WEEK, rows, frozenset({(Source.API, date(2015, 11, 21))}))

    assert summarize(days).weakest_day == Counted(date(2015, 11, 19), 4)


def test_the_best_voucher_is_the_one_redeemed_most() -> None:
    vouchers = read(
        WEEK,
        [saturday(card_id="pOne", verify_cnt=5), friday(card_id="pOne", verify_cnt=5)],
        [saturday(card_id="pTwo", verify_cnt=9)],
    )
    now = read(WEEK, [], [])

    assert summarize(now, None, vouchers).best_voucher == Counted("pOne", 10)
    assert summarize(now, None, read(WEEK, [saturday(card_id="pOne")], [])).best_voucher is None
    assert summarize(now).best_voucher is None
