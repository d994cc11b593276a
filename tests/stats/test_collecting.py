"""Collecting a long span: once, piece by piece, and further from where it was."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine

from bot.errors import StoreUnavailable, WeChatRefused
from bot.simulator import Fault, Simulator
from bot.stats.collecting import GOOD_FOR, Collecting, is_long
from bot.stats.days import DayRange
from bot.stats.service import Collected, Statistics
from bot.store import figure_keys
from tests.dispatch.unruly_redis import unruly_redis
from tests.shop import Shop, open_shop
from tests.stats.test_service import VOUCHERS, back, statistics

YEAR = back(366)


class Heard:
    """What is told once a span is collected."""

    def __init__(self) -> None:
        self.ids: list[set[str]] = []

    async def __call__(self, ids: set[str]) -> None:
        self.ids.append(ids)


def collecting_in(shop: Shop) -> Collecting:
    """Another process, as far as collecting goes."""
    return Collecting(shop.app.store)


async def look(collecting: Collecting, stats: Statistics, heard: Heard, span: DayRange = YEAR) -> Collected | None:
    """One look at how far it is."""
    return await collecting.missing("wx", span, stats, heard)


async def until_collected(collecting: Collecting, stats: Statistics, heard: Heard) -> None:
    """Look until it is all there."""
    while await look(collecting, stats, heard) is not None:
        pass


async def test_nothing_is_known_of_days_that_were_never_asked_for(shop: Shop) -> None:
    assert await statistics(shop).collected(YEAR) == Collected(0, 12)
    assert await statistics(shop).collected(back(1)) == Collected(0, 2)
    assert await statistics(shop).collected(back(2)) == Collected(0, 2)
    assert shop.calls(VOUCHERS) == []


async def test_finished_days_count_once_both_sources_have_them(shop: Shop) -> None:
    stats = statistics(shop)
    await stats.by_voucher(back(30))
    assert await stats.collected(back(30)) == Collected(28, 2)
    assert await stats.collected(YEAR) == Collected(28, 12)

    shop.simulator.fault(VOUCHERS, Fault(errcode=45009), times=1)
    with pytest.raises(WeChatRefused):
        await stats.by_voucher(back(62))
    assert await stats.collected(back(62)) == Collected(28, 2)  # one source has the rest, the other has not


@pytest.mark.parametrize(("calls", "long"), [(0, False), (4, False), (5, True)])
def test_more_than_four_calls_are_long(calls: int, long: bool) -> None:
    assert is_long(Collected(0, calls)) is long


async def test_what_is_short_or_known_is_not_waited_for(shop: Shop) -> None:
    collecting, stats, heard = collecting_in(shop), statistics(shop), Heard()
    assert await look(collecting, stats, heard, back(124)) is None
    assert shop.calls(VOUCHERS) == []
    assert heard.ids == []


async def test_two_who_wait_share_one_collecting(shop: Shop) -> None:
    noodles = shop.has_voucher("牛肉面")
    shop.simulator.set_figures(shop.appid, noodles, "2026-03-01", 1, {"verify_cnt": 5})
    collecting, stats, heard = collecting_in(shop), statistics(shop), Heard()

    assert await look(collecting, stats, heard) == Collected(0, 12)
    assert await look(collecting, stats, heard) is not None
    await until_collected(collecting, stats, heard)
    assert len(shop.calls(VOUCHERS)) == 12
    assert heard.ids == [{noodles}]
    assert await stats.collected(YEAR) == Collected(364, 2)


async def test_of_two_processes_one_collects_and_both_tell_how_far_it_is(shop: Shop) -> None:
    first, second, stats, heard = collecting_in(shop), collecting_in(shop), statistics(shop), Heard()
    assert await look(first, stats, heard) == Collected(0, 12)
    assert await look(second, stats, heard) is not None
    await until_collected(second, stats, heard)
    await until_collected(first, stats, heard)
    assert len(shop.calls(VOUCHERS)) == 12
    assert len(heard.ids) == 1


async def test_a_process_that_died_is_gone_on_for(shop: Shop) -> None:
    stats, heard = statistics(shop), Heard()
    key = figure_keys.collecting("wx", str(YEAR.first), str(YEAR.last))
    await shop.app.store.write(key, 1, seconds=0.05)
    await until_collected(collecting_in(shop), stats, heard)
    assert len(heard.ids) == 1
    assert await shop.app.store.read(key) is None


async def test_days_that_never_become_ready_are_not_asked_for_for_ever(
    shop: Shop, clock: time_machine.Traveller
) -> None:
    shop.simulator.fault(VOUCHERS, Fault(errcode=61503), times=None)
    collecting, stats, heard = collecting_in(shop), statistics(shop), Heard()
    await until_collected(collecting, stats, heard)
    asked = len(shop.calls(VOUCHERS))

    clock.shift(GOOD_FOR - 1)
    assert await look(collecting, stats, heard) is None
    assert len(shop.calls(VOUCHERS)) == asked
    clock.shift(2)
    assert await look(collecting, stats, heard) is not None
    await collecting.close()


async def test_a_refusal_is_raised_once_and_then_it_is_tried_again(shop: Shop) -> None:
    shop.simulator.fault(VOUCHERS, Fault(errcode=48001), times=1)
    collecting, stats, heard = collecting_in(shop), statistics(shop), Heard()
    with pytest.raises(WeChatRefused):
        await until_collected(collecting, stats, heard)
    await until_collected(collecting, stats, heard)
    assert len(heard.ids) == 1


async def test_who_closes_keeps_what_was_collected(shop: Shop) -> None:
    collecting, stats, heard = collecting_in(shop), statistics(shop), Heard()
    await look(collecting, stats, heard)
    await shop.until(lambda: len(shop.calls(VOUCHERS)) >= 4)
    await collecting.close()
    known = await stats.collected(YEAR)
    assert 0 < known.days < 364
    await until_collected(collecting_in(shop), stats, heard)
    assert len(heard.ids) == 1


async def test_pieces_cover_the_span(shop: Shop) -> None:
    spans = [figures.span async for figures in statistics(shop).by_piece(back(130))]
    assert [len(span) for span in spans] == [62, 62, 6]
    assert [day for span in spans for day in span.days()] == list(back(130).days())


async def test_without_redis_nothing_is_said_about_it(simulator: Simulator) -> None:
    with unruly_redis() as redis:
        async with open_shop(simulator, redis.url) as shop:
            redis.kill()
            with pytest.raises(StoreUnavailable):
                await statistics(shop).collected(DayRange(date(2026, 1, 1), date(2026, 1, 1) + timedelta(days=30)))
            redis.start()
