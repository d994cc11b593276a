"""What WeChat is asked for a span, and what is made of late, refused and odd answers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine

from bot.errors import WeChatRefused, WeChatUnreachable
from bot.simulator import Fault
from bot.stats.asking import DaysRefused
from bot.stats.days import DayRange, covering
from bot.stats.figures import Source
from bot.stats.service import Statistics
from tests.shop import Shop

YESTERDAY = date(2026, 11, 21)
SUMMARY, VOUCHERS = "datacube/getcardbizuininfo", "datacube/getcardcardinfo"


def statistics(shop: Shop) -> Statistics:
    """The figures of the shop, over its real way to WeChat."""
    return shop.app.services[shop.appid].stats


def back(days: int) -> DayRange:
    """That many days up to yesterday."""
    return DayRange(YESTERDAY - timedelta(days=days - 1), YESTERDAY)


def asked(shop: Shop, path: str) -> list[tuple[str, str, int]]:
    """What WeChat was asked, in order of source and day."""
    bodies = [call.body for call in shop.calls(path)]
    return sorted((body["begin_date"], body["end_date"], body["cond_source"]) for body in bodies)


async def test_62_days_are_one_call_for_each_source(shop: Shop) -> None:
    await statistics(shop).figures(back(62))

    assert asked(shop, SUMMARY) == [("2026-09-21", "2026-11-21", 0), ("2026-09-21", "2026-11-21", 1)]


async def test_63_days_are_two_calls_for_each_source(shop: Shop) -> None:
    await statistics(shop).figures(back(63))

    assert asked(shop, SUMMARY) == [
        ("2026-09-20", "2026-11-20", 0), ("2026-09-20", "2026-11-20", 1),
        ("2026-11-21", "2026-11-21", 0), ("2026-11-21", "2026-11-21", 1),
    ]  # fmt: skip


async def test_any_span_adds_up_to_what_happened(shop: Shop) -> None:
    span = back(200)
    truth = {source: {day: (day.toordinal() * 7 + source) % 50 for day in span.days()} for source in Source}
    for source, days in truth.items():
        for day, count in days.items():
            shop.simulator.set_figures(shop.appid, None, str(day), source, {"verify_cnt": count, "view_user": count})

    figures = await statistics(shop).figures(span)

    assert figures.total("verify") == sum(sum(days.values()) for days in truth.values())
    assert figures.by_day("verify") == {day: truth[Source.CONSOLE][day] + truth[Source.API][day] for day in span.days()}
    people = figures.people("view", Source.API)
    assert people is not None
    assert people.most == max(truth[Source.API].values())
    assert figures.days_missing == []


async def test_one_voucher_is_asked_for_by_its_id(shop: Shop) -> None:
    noodles, tea = shop.has_voucher("牛肉面"), shop.has_voucher("豆浆")
    shop.simulator.set_figures(shop.appid, noodles, "2026-11-21", 1, {"verify_cnt": 5})
    shop.simulator.set_figures(shop.appid, tea, "2026-11-21", 1, {"verify_cnt": 7})

    one = await statistics(shop).figures(back(1), noodles)
    every = await statistics(shop).by_voucher(back(1))

    assert one.total("verify") == 5
    assert every.by_voucher("verify") == {noodles: 5, tea: 7}
    assert [call.body.get("card_id") for call in shop.calls(VOUCHERS)] == [noodles, noodles, None, None]


async def test_yesterday_too_early_is_not_ready_and_the_days_before_are_read(
    shop: Shop, clock: time_machine.Traveller
) -> None:
    clock.move_to("2026-11-22T07:30:00+08:00")
    shop.simulator.set_figures(shop.appid, None, "2026-11-20", 0, {"verify_cnt": 9})

    figures = await statistics(shop).figures(back(3))

    assert figures.total("verify") == 9
    assert figures.days_not_ready == [YESTERDAY]
    assert figures.days_missing == [date(2026, 11, 19)]


@pytest.mark.parametrize(("hour", "late"), [("00:00:01", True), ("09:59:59", True), ("10:00:00", False)])
async def test_an_empty_yesterday_is_late_in_the_morning_and_missing_afterwards(
    shop: Shop, clock: time_machine.Traveller, hour: str, late: bool
) -> None:
    shop.simulator.readings.not_ready_is_empty = True
    clock.move_to(f"2026-11-22T{hour}+08:00")

    figures = await statistics(shop).figures(back(1))

    assert (figures.days_not_ready, figures.days_missing) == (([YESTERDAY], []) if late else ([], [YESTERDAY]))


async def test_a_source_that_is_not_ready_does_not_hide_the_other(shop: Shop) -> None:
    shop.simulator.set_figures(shop.appid, None, "2026-11-21", 0, {"verify_cnt": 9})
    shop.simulator.set_figures(shop.appid, None, "2026-11-21", 1, {"verify_cnt": 4})
    shop.simulator.fault(SUMMARY, Fault(errcode=61503))

    figures = await statistics(shop).figures(back(1))

    assert figures.total("verify") in (9, 4)
    assert figures.days_not_ready == [YESTERDAY]


async def test_a_range_error_about_yesterday_means_that_clocks_differ(shop: Shop) -> None:
    shop.simulator.fault(SUMMARY, Fault(errcode=61501), times=2)

    figures = await statistics(shop).figures(back(1))

    assert figures.days_not_ready == [YESTERDAY]


@pytest.mark.parametrize("errcode", [61500, 61501])
async def test_days_wechat_does_not_accept_are_told_as_such(shop: Shop, errcode: int) -> None:
    shop.simulator.fault(SUMMARY, Fault(errcode=errcode), times=None)

    with pytest.raises(DaysRefused):
        await statistics(shop).figures(DayRange(date(2026, 6, 1), date(2026, 6, 30)))


async def test_an_errcode_that_is_a_sentence_is_a_format_error(shop: Shop) -> None:
    """As the founding document prints it for getcardcardinfo."""
    shop.simulator.readings.odd_date_errors = True
    shop.simulator.fault(VOUCHERS, Fault(errcode=61500, errmsg="date format error"), times=None)

    with pytest.raises(DaysRefused):
        await statistics(shop).by_voucher(DayRange(date(2026, 6, 1), date(2026, 6, 30)))


async def test_the_best_voucher_may_be_refused_without_spoiling_the_rest(shop: Shop) -> None:
    shop.simulator.set_figures(shop.appid, None, "2026-11-21", 0, {"verify_cnt": 9})
    shop.simulator.fault(VOUCHERS, Fault(errcode=48001), times=None)

    overview = await statistics(shop).overview(back(1))

    assert overview.now.total("verify") == 9
    assert overview.by_voucher is None
    assert overview.before is not None


async def test_figures_that_are_refused_are_not_made_up(shop: Shop) -> None:
    shop.simulator.fault(SUMMARY, Fault(errcode=48001), times=None)

    with pytest.raises(WeChatRefused) as refusal:
        await statistics(shop).overview(back(200))
    assert refusal.value.errcode == 48001


async def test_an_unreachable_wechat_is_no_day_without_data(shop: Shop) -> None:
    await statistics(shop).figures(back(1))
    await shop.simulator.stop()

    with pytest.raises(WeChatUnreachable):
        await statistics(shop).overview(back(1))


async def test_years_are_asked_for_once_and_nothing_before_reliable_history_is_compared(shop: Shop) -> None:
    span = DayRange(date(2025, 1, 1), YESTERDAY)

    overview = await statistics(shop).overview(span)
    early = await statistics(shop).overview(DayRange(date(2014, 12, 1), date(2014, 12, 7)))

    assert overview.before is None
    assert early.before is None
    pieces = [(str(p.first), str(p.last)) for p in covering(span.days())]
    assert [(begin, end) for begin, end, source in asked(shop, SUMMARY) if source == 0 and begin > "2015"] == pieces


async def test_what_a_day_is_compared_with_may_be_refused_without_spoiling_it(shop: Shop) -> None:
    """Both calls that reach back four weeks are refused; those for the day alone are not."""
    shop.simulator.set_figures(shop.appid, None, "2026-11-20", 1, {"verify_cnt": 9})
    shop.simulator.fault(SUMMARY, Fault(errcode=61501), times=2)

    overview = await statistics(shop).overview(DayRange(date(2026, 11, 20), date(2026, 11, 20)))

    assert (overview.now.total("verify"), overview.before) == (9, None)
