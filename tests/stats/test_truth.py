"""Whatever was asked before: what is told is what happened, and WeChat is asked for each day once at most.

Worlds, spans, what is kept already, days and hours are drawn; WeChat's own counters are the truth.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bot import clock as clocks
from bot.errors import BadArgument
from bot.routing.ranges import parse_range
from bot.simulator import Call, Simulator, cash_voucher
from bot.simulator.shelf import Voucher
from bot.stats.asking import READY_BY_HOUR
from bot.stats.days import MOST_DAYS_PER_CALL, DayRange
from bot.stats.figures import KINDS, Figures, Source
from bot.stats.kept import PROVISIONAL_DAYS
from bot.stats.service import Statistics
from bot.store import Store
from tests.shop import Shop, open_shop

FIRST_TODAY = date(2026, 11, 18)
DRAWN = settings(
    deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


@dataclass(frozen=True)
class World:
    """What happened, drawn from ``seed``: a third of the days of each voucher is empty."""

    seed: int = 0

    def of(self, voucher: Voucher, day: date) -> dict[str, int]:
        """The counters of a day, as the simulator wants them; {} for none."""
        draw = hashlib.blake2b(f"{self.seed} {voucher.card_id} {day}".encode(), digest_size=11).digest()
        if draw[10] % 3 == 0:
            return {}
        return {f"{kind}_cnt": draw[number] for number, kind in enumerate(KINDS)}


@dataclass
class Street:
    """A shop with three vouchers, one of them made in the console, and what its bot must have kept."""

    shop: Shop
    clock: time_machine.Traveller
    vouchers: list[str]
    kept: dict[str, set[date]] = field(default_factory=dict)

    @property
    def stats(self) -> Statistics:
        """The figures of the shop, over its real way to WeChat."""
        return self.shop.app.services[self.shop.appid].stats

    async def begin(self, world: World, store: Store) -> None:
        """Another world, and nothing kept."""
        self.shop.simulator.world.figures.seed = world.of
        self.kept.clear()
        for key in await store.do("KEYS", "*:figures:*"):
            await store.delete(key)

    def truth(self, card_ids: list[str], days: list[date]) -> dict[date, dict[str, dict[str, int]]]:
        """What WeChat counted of each voucher on each day, where it counted at all."""
        wechat, rows = self.shop.simulator, dict[date, dict[str, dict[str, int]]]()
        for card_id in card_ids:
            voucher = wechat.voucher(self.shop.appid, card_id)
            for day in days:
                if found := wechat.world.figures.of_voucher(voucher, day, voucher.source):
                    rows.setdefault(day, {})[card_id] = found
        return rows

    async def ask(self, question: Question) -> None:
        """Ask as ``question`` says, and compare everything."""
        self.clock.move_to(f"{FIRST_TODAY + timedelta(days=question.later)}T{question.hour:02}:30:00+08:00")
        self.shop.simulator.clear_calls()
        span = question.span(clocks.wechat_today())
        which = self.vouchers if question.voucher is None else [self.vouchers[question.voucher]]
        if question.each:
            figures = await self.stats.by_voucher(span)
        else:
            figures = await self.stats.figures(span, None if question.voucher is None else which[0])
        self._compare(figures, span, which, question)
        self._check_calls(span, question)

    def _compare(self, figures: Figures, span: DayRange, which: list[str], question: Question) -> None:
        assert figures.span == span
        early = question.too_early or (question.too_early_to_be_empty and not self.truth(which, [span.last]))
        assert figures.days_not_ready == ([span.last] if early else [])
        ready = [day for day in span.days() if day not in figures.days_not_ready]
        truth = self.truth(which, ready)
        assert figures.days_missing == [day for day in ready if day not in truth]
        for kind in KINDS:
            by_day = {day: sum(row[f"{kind}_cnt"] for row in truth[day].values()) for day in ready if day in truth}
            assert figures.by_day(kind) == by_day
            assert figures.total(kind) == sum(by_day.values())
        if question.each:
            redeemed = Counter[str]()
            for rows in truth.values():
                redeemed.update({card_id: row["verify_cnt"] for card_id, row in rows.items()})
            assert figures.by_voucher("verify") == dict(redeemed)

    def _check_calls(self, span: DayRange, question: Question) -> None:
        calls = self.shop.data_calls()
        assert not [call for call in calls if call.errcode in (61500, 61501)]
        today, kept = clocks.wechat_today(), self.kept.setdefault(question.subject, set())
        absent = [day for day in span.days() if day not in kept]
        kept |= {day for day in span.days() if day < today - timedelta(days=PROVISIONAL_DAYS)}
        if question.too_early:
            return  # one call found that out, and another went for the days before
        for source in Source:
            pieces = [_piece(call) for call in calls if call.body["cond_source"] == source]
            asked = [day for piece in pieces for day in piece.days()]
            assert all(len(piece) <= MOST_DAYS_PER_CALL for piece in pieces)
            assert len(asked) == len(set(asked)), "no day twice"
            assert set(absent) <= set(asked) <= set(span.days()), "no gap"
            assert {piece.first for piece in pieces} | {piece.last for piece in pieces} <= set(absent)


@dataclass(frozen=True)
class Question:
    """Days up to ``ago`` days before a today that is ``later`` days after the first; of what."""

    later: int
    hour: int
    ago: int
    length: int
    voucher: int | None
    each: bool

    def span(self, today: date) -> DayRange:
        """The days asked for."""
        last = today - timedelta(days=self.ago)
        return DayRange(last - timedelta(days=self.length - 1), last)

    @property
    def subject(self) -> str:
        """What is kept together."""
        return "each" if self.each else str(self.voucher)

    @property
    def too_early(self) -> bool:
        """Whether WeChat has not counted the last day yet."""
        return self.hour < 8 and self.ago == 1

    @property
    def too_early_to_be_empty(self) -> bool:
        """Whether an empty last day may only be late."""
        return self.hour < READY_BY_HOUR and self.ago == 1


def _piece(call: Call) -> DayRange:
    return DayRange(date.fromisoformat(call.body["begin_date"]), date.fromisoformat(call.body["end_date"]))


@pytest.fixture
async def street(
    simulator: Simulator, clock: time_machine.Traveller, store: Store, redis_server: str
) -> AsyncIterator[Street]:
    """See :class:`Street`."""
    async with open_shop(simulator, redis_server) as shop:
        assert await store.do("DBSIZE")
        cards = [cash_voucher("湖畔面馆", 1000, title=title) for title in ("春节券", "豆浆券", "包子券")]
        ids = [
            simulator.add_voucher(shop.appid, card, "VERIFY_OK", source=int(number > 0))
            for number, card in enumerate(cards)
        ]
        yield Street(shop, clock, ids)


@st.composite
def questions(draw: st.DrawFn) -> list[Question]:
    """A few questions, on days that do not run backwards."""
    count = draw(st.integers(1, 4))
    later = sorted(draw(st.lists(st.integers(0, 6), min_size=count, max_size=count)))
    return [
        Question(
            day, draw(st.integers(0, 23)), draw(st.integers(1, 90) | st.just(1)), draw(st.integers(1, 150)),
            *draw(st.sampled_from([(None, False), (None, False), (None, True), (0, False), (1, False)])),
        )
        for day in later
    ]  # fmt: skip


@settings(DRAWN, max_examples=20)
@given(seed=st.integers(0, 1000), asked=questions())
async def test_sums_are_the_truth_and_pieces_neither_gap_nor_overlap(
    street: Street, store: Store, seed: int, asked: list[Question]
) -> None:
    await street.begin(World(seed), store)
    for question in asked:
        await street.ask(question)


# What people type


NAMED = (
    "昨天", "yesterday", "本周", "week", "上周", "last week", "本月", "month", "上月", "last month", "今年", "去年",
    "this year", "last year", "上个月", "这周", "一个月", "两周", "最近三十天", "前7天", "过去一个月",
)  # fmt: skip


SEPARATORS = ("-", " - ", "到", "至", " to ", "~", " ", "–")


def spellings(day: date) -> list[str]:
    """One day as people write it."""
    return [
        f"{day}", f"{day:%Y.%m.%d}", f"{day:%Y/%m/%d}", f"{day:%Y%m%d}", f"{day.month}.{day.day}", f"{day:%m-%d}",
        f"{day.month}月{day.day}日", f"{day.year}年{day.month}月{day.day}号", f"{day.day} {day:%b}",
        f"{day:%B} {day.day}",
    ]  # fmt: skip


@st.composite
def phrases(draw: st.DrawFn, today: date) -> str:
    """Anything the grammar of ranges knows, about days near ``today`` and far from it."""
    days = st.integers(-40, 400).map(lambda ago: today - timedelta(days=ago)) | st.dates(date(2014, 1, 1), today)
    one, other = sorted((draw(days), draw(days)))
    first, last = draw(st.sampled_from(spellings(one))), draw(st.sampled_from(spellings(other)))
    number = draw(st.integers(1, 120) | st.sampled_from([365, 366, 1830]))
    forms = [
        *NAMED, *spellings(one), f"{one.month}月", f"{one:%Y-%m}", f"{one.year}年{one.month}月",
        f"{number}天", f"{number}d", f"last {number} days", f"最近{number}日", f"{number % 60 + 1}周",
        f"{number % 24 + 1} months", *(f"{first}{between}{last}" for between in SEPARATORS), f"从{first}到{last}",
        f"{first}至今",
    ]  # fmt: skip
    return draw(st.sampled_from(forms))


@settings(DRAWN, max_examples=40)
@given(data=st.data(), today=st.dates(date(2015, 1, 1), date(2030, 12, 31)), hour=st.integers(0, 23))
async def test_nothing_that_is_accepted_meets_a_refused_day(
    street: Street, data: st.DataObject, today: date, hour: int
) -> None:
    """All that commands and digests ask for a span: the account, one voucher, all of them, and what came before."""
    street.clock.move_to(f"{today}T{hour:02}:59:59+08:00")
    street.shop.simulator.clear_calls()
    try:
        span = parse_range(data.draw(phrases(today)), today)
    except BadArgument:
        span = None
    assume(span is not None)
    assert span is not None

    await street.stats.overview(span, lately=7)
    await street.stats.overview(span, street.vouchers[0])
    await street.stats.vouchers_over_time(span)

    calls = street.shop.data_calls()
    assert {call.errcode for call in calls} <= {0, 61503}
    assert all(len(_piece(call)) <= MOST_DAYS_PER_CALL and _piece(call).last < today for call in calls)
