"""Finished days are asked for once, whoever asks; the newest two are asked for again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import date, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import clock as clocks
from bot.errors import QuotaUsedUp
from bot.simulator import Fault, Simulator
from bot.stats.days import ONE_DAY, DayRange
from bot.stats.figures import Row, Source
from bot.stats.kept import ACCOUNT, KeptDays
from bot.stats.service import Statistics
from bot.store import Store, connect
from tests.dispatch.bots import another_bot
from tests.dispatch.unruly_redis import unruly_redis
from tests.shop import Shop, open_shop
from tests.stats.test_service import SUMMARY, VOUCHERS, YESTERDAY, asked, back, statistics
from tests.wechat.accounts import ACCOUNT as LAKESIDE

TODAY = YESTERDAY + ONE_DAY
NEWEST_TWO = [("2026-11-20", "2026-11-21", source) for source in (0, 1)]


def happened(shop: Shop, span: DayRange, card_id: str | None = None) -> dict[date, int]:
    """Redemptions on each day of ``span``, of both sources; what they add up to by day."""
    for day in span.days():
        for source in Source:
            count = day.toordinal() * (7 + source) % 50
            shop.simulator.set_figures(shop.appid, card_id, str(day), source, {"verify_cnt": count})
    return {day: day.toordinal() * 7 % 50 + day.toordinal() * 8 % 50 for day in span.days()}


async def test_a_year_costs_twelve_calls_once_and_then_two(shop: Shop) -> None:
    year = back(365)
    truth = happened(shop, year)

    first = await statistics(shop).figures(year)
    assert len(shop.calls(SUMMARY)) == 12
    shop.simulator.clear_calls()
    again = await statistics(shop).figures(year)

    assert asked(shop, SUMMARY) == NEWEST_TWO
    assert first.by_day("verify") == again.by_day("verify") == truth


async def test_a_year_in_the_chat_costs_twelve_of_each_call_once_and_then_two(shop: Shop) -> None:
    happened(shop, back(366))
    first = await shop.viewer.says("统计 365天")
    assert (len(shop.calls(SUMMARY)), len(shop.calls(VOUCHERS))) == (12, 12)
    shop.simulator.clear_calls()

    assert await shop.viewer.says("统计 365天") == first
    assert asked(shop, SUMMARY) == asked(shop, VOUCHERS) == NEWEST_TWO


async def test_all_vouchers_and_each_voucher_are_kept_apart(shop: Shop) -> None:
    noodles, tea = shop.has_voucher("牛肉面"), shop.has_voucher("豆浆")
    truth = happened(shop, back(100), noodles)
    for _ in range(2):
        every, one = await statistics(shop).by_voucher(back(100)), await statistics(shop).figures(back(100), noodles)
        none = await statistics(shop).figures(back(100), tea)
        assert every.by_voucher("verify") == {noodles: sum(truth.values())}
        assert one.by_day("verify") == truth
        assert none.rows == ()

    assert len(shop.calls(VOUCHERS)) == 3 * (4 + 2)


async def test_the_newest_two_days_may_still_change_and_older_ones_do_not(
    shop: Shop, clock: time_machine.Traveller
) -> None:
    span = DayRange(date(2026, 11, 18), YESTERDAY)
    for day in span.days():
        shop.simulator.set_figures(shop.appid, None, str(day), 1, {"verify_cnt": 1})
    await statistics(shop).figures(span)
    for day in span.days():
        shop.simulator.set_figures(shop.appid, None, str(day), 1, {"verify_cnt": 9})

    figures = await statistics(shop).figures(span)
    assert list(figures.by_day("verify").values()) == [1, 1, 9, 9]

    clock.shift(86_400)
    await statistics(shop).figures(span)
    shop.simulator.clear_calls()
    await statistics(shop).figures(span)
    assert asked(shop, SUMMARY) == [("2026-11-21", "2026-11-21", 0), ("2026-11-21", "2026-11-21", 1)]


async def test_a_day_left_out_a_day_of_zeros_and_a_day_not_ready_stay_three_things(
    shop: Shop, clock: time_machine.Traveller
) -> None:
    shop.simulator.set_figures(shop.appid, None, "2026-11-18", 1, {"verify_cnt": 0})
    clock.move_to("2026-11-22T07:00:00+08:00")

    for _ in range(2):
        figures = await statistics(shop).figures(DayRange(date(2026, 11, 17), YESTERDAY))
        assert figures.by_day("verify") == {date(2026, 11, 18): 0}
        assert figures.days_missing == [date(2026, 11, 17), date(2026, 11, 19), date(2026, 11, 20)]
        assert figures.days_not_ready == [YESTERDAY]


async def test_days_that_were_not_ready_are_asked_for_again(shop: Shop) -> None:
    truth = happened(shop, DayRange(date(2026, 6, 1), date(2026, 6, 3)))
    shop.simulator.fault(SUMMARY, Fault(errcode=61503), times=2)
    span = DayRange(date(2026, 6, 1), date(2026, 6, 3))

    assert (await statistics(shop).figures(span)).days_not_ready == list(truth)
    assert (await statistics(shop).figures(span)).by_day("verify") == truth


async def test_undocumented_counters_are_kept_too(shop: Shop) -> None:
    shop.simulator.readings.friend_figures = True
    shop.simulator.set_figures(shop.appid, None, "2026-11-02", 1, {"verify_cnt": 5, "verify_friends_cnt": 3})
    day = DayRange(date(2026, 11, 2), date(2026, 11, 2))

    first, again = await statistics(shop).figures(day), await statistics(shop).figures(day)

    assert first == again
    assert again.rows[0].counts["verify_friends_cnt"] == 3
    assert len(shop.calls(SUMMARY)) == 2


async def test_a_quota_used_up_half_way_loses_nothing_that_came(
    shop: Shop, clock: time_machine.Traveller
) -> None:
    truth = happened(shop, back(365))
    shop.simulator.set_quota(shop.appid, f"/{SUMMARY}", 8)

    with pytest.raises(QuotaUsedUp):
        await statistics(shop).figures(back(365))
    calls = len(shop.calls(SUMMARY))
    with pytest.raises(QuotaUsedUp):
        await statistics(shop).figures(back(365))
    assert len(shop.calls(SUMMARY)) == calls, "what has ended is not asked again"

    clock.shift(86_400)
    shop.simulator.set_quota(shop.appid, f"/{SUMMARY}", 100)
    shop.simulator.clear_calls()
    assert (await statistics(shop).figures(back(365))).by_day("verify") == truth
    assert len(shop.calls(SUMMARY)) == 12 - 8 + 1, "the eight that came, and the newest days of the console again"


async def test_whoever_asks_for_the_same_at_once_asks_once(shop: Shop) -> None:
    span = DayRange(date(2026, 6, 1), date(2026, 6, 30))
    truth = happened(shop, span)

    found = await asyncio.gather(*(statistics(shop).figures(span) for _ in range(10)))

    assert len(shop.calls(SUMMARY)) == 2
    assert all(figures.by_day("verify") == truth for figures in found)


async def test_two_bots_at_once_agree_and_later_neither_asks(shop: Shop, redis_server: str) -> None:
    span = DayRange(date(2026, 6, 1), date(2026, 6, 30))
    truth = happened(shop, span)
    async with another_bot(shop, redis_server) as (other, _):
        bots = [statistics(shop), other.services[shop.appid].stats]
        found = await asyncio.gather(*(bot.figures(span) for bot in bots))
        assert len(shop.calls(SUMMARY)) <= 4
        shop.simulator.clear_calls()
        found += [await bot.figures(span) for bot in bots]

    assert shop.calls(SUMMARY) == []
    assert all(figures.by_day("verify") == truth for figures in found)


async def test_of_two_answers_about_one_day_the_first_stands_for_both(store: Store) -> None:
    day = date(2026, 6, 1)
    mine, theirs = KeptDays(store, LAKESIDE), KeptDays(store, LAKESIDE)
    counted = [Row(day, Source.API, "", dict.fromkeys(_counters(), number)) for number in (3, 4)]

    first = await mine.keep(ACCOUNT, Source.API, [day], counted[:1])
    second = await theirs.keep(ACCOUNT, Source.API, [day], counted[1:])

    assert first == second == {(Source.API, day): (counted[0],)}


def _counters() -> Iterator[str]:
    return (f"{kind}_{unit}" for kind in ("view", "receive", "verify", "given", "expire") for unit in ("cnt", "user"))


async def test_how_long_a_month_is_kept(shop: Shop, store: Store) -> None:
    await statistics(shop).figures(back(30))

    kept = {key.partition("}:")[2]: int(await store.do("TTL", key)) for key in await store.do("KEYS", "*:figures:*")}
    assert kept == {
        f"figures:account:{source}:{month}": 430 * 86_400 for source in (0, 1) for month in ("2026-10", "2026-11")
    }
    assert await store.do("HGET", f"v1:{{{shop.appid}}}:figures:account:1:2026-11", "2026-11-19") == "[]"
    assert await store.do("HGET", f"v1:{{{shop.appid}}}:figures:account:1:2026-11", "2026-11-20") is None


async def test_without_redis_wechat_is_asked(shop: Shop) -> None:
    truth = happened(shop, back(3))
    with unruly_redis() as redis:
        away = connect(redis.url)
        redis.kill()
        services = shop.app.services[shop.appid]
        figures = await Statistics(services.wechat, KeptDays(away, services.account)).figures(back(3))
        await away.close()

    assert figures.by_day("verify") == truth


@pytest.fixture
async def busy(simulator: Simulator, store: Store, redis_server: str) -> AsyncIterator[Shop]:
    """A shop with 900 days of figures; some are missing in one source or both."""
    async with open_shop(simulator, redis_server) as shop:
        for day in back(900).days():
            for source in Source:
                shop.simulator.set_figures(shop.appid, None, str(day), source, _of(day, source))
        yield shop


def _of(day: date, source: Source) -> dict[str, int]:
    number = day.toordinal() * (7 + source)
    return {} if number % 11 == 0 else {"verify_cnt": number % 50, "view_cnt": number % 101}


@settings(
    max_examples=40, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(
    ago=st.integers(1, 450), length=st.integers(1, 400), hour=st.integers(0, 23),
    later=st.integers(0, 3),
)  # fmt: skip
async def test_whatever_is_asked_in_whatever_order_adds_up_and_no_days_are_refused(
    busy: Shop, clock: time_machine.Traveller, ago: int, length: int, hour: int, later: int
) -> None:
    """What earlier examples kept, on other days and at other hours, serves the later ones."""
    clock.move_to(f"2026-11-22T{hour:02}:30:00+08:00")
    clock.shift(later * 86_400)
    last = clocks.wechat_today() - timedelta(days=ago)
    span = DayRange(last - timedelta(days=length - 1), last)

    overview = await statistics(busy).overview(span)

    assert not [call for call in busy.data_calls() if call.errcode in (61500, 61501)]
    for figures in filter(None, (overview.now, overview.before, overview.weeks)):
        known = [d for d in figures.span.days() if d <= YESTERDAY and d not in figures.days_not_ready]
        assert {d: n for d, n in figures.by_day("view").items() if d in known} == {
            d: sum(of.get("view_cnt", 0) for of in each)
            for d in known
            if any(each := [_of(d, source) for source in Source])
        }
