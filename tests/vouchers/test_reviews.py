"""Reviews: whatever order our own note, reads and events come in, a result is told once and with what was sent."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import time_machine

from bot.clock import now
from bot.store import Store
from bot.vouchers.model import Voucher
from bot.vouchers.review_notes import RESULTS_SECONDS, Submission, labels
from bot.vouchers.reviews import GRACE_SECONDS, Reviews
from bot.wechat.account import Account
from tests.vouchers.cards import CARD_ID, cash

WAITS, PASSED, REFUSED = "CARD_STATUS_NOT_VERIFY", "CARD_STATUS_VERIFY_OK", "CARD_STATUS_VERIFY_FAIL"


@pytest.fixture
def reviews(store: Store, clock: time_machine.Traveller) -> Reviews:
    """The reviews of one account, none noted."""
    return Reviews(Account("wx0123456789abcdef", "gh_0123456789ab", "湖畔面馆", "s" * 32, ()), store)


def voucher(status: str, **base: Any) -> Voucher:
    """10元代金券 in ``status``."""
    return cash({"status": status, **base})


async def submitted(reviews: Reviews, *fields: str, name: str = "张三", asked_at: float | None = None) -> None:
    """``name`` changed ``fields``."""
    asked_at = now() if asked_at is None else asked_at
    await reviews.submitted(voucher(PASSED), fields, openid=f"o{name}", name=name, asked_at=asked_at)


async def told(reviews: Reviews, *, passed: bool, at: float | None = None, reason: str = "") -> Any:
    """An event of second ``at``."""
    at = int(now() if at is None else at)
    return await reviews.decided(CARD_ID, "10元代金券", passed=passed, at=at, reason=reason)


async def test_nothing_waits_in_a_new_account(reviews: Reviews) -> None:
    assert await reviews.waiting() == []
    assert await reviews.results() == []
    assert await reviews.known_title(CARD_ID) == ""


async def test_a_result_has_what_was_sent(reviews: Reviews, clock: time_machine.Traveller) -> None:
    await submitted(reviews, "logo_url")
    clock.shift(100)
    await submitted(reviews, "notice", "service_phone", name="李四")
    clock.shift(100)

    result = await told(reviews, passed=False, reason="LOGO 模糊")

    assert (result.passed, result.reason, result.missed) == (False, "LOGO 模糊", False)
    assert result.submissions == (
        Submission(("logo_url",), "o张三", "张三", now() - 200),
        Submission(("notice", "service_phone"), "o李四", "李四", now() - 100),
    )
    assert await reviews.waiting() == []
    assert await reviews.results() == [result]


async def test_a_review_begun_in_the_console_is_noted_by_reading(
    reviews: Reviews, clock: time_machine.Traveller
) -> None:
    seen_at = now()
    await reviews.seen([voucher(WAITS)], asked_at=seen_at)
    clock.shift(3600)
    await reviews.seen([voucher(WAITS)], asked_at=now())

    (waiting,) = await reviews.waiting()
    assert (waiting.card_id, waiting.title, waiting.since) == (CARD_ID, "10元代金券", seen_at)
    assert await reviews.known_title(CARD_ID) == "10元代金券"
    assert (await told(reviews, passed=True)).submissions == ()


async def test_an_event_before_our_note_still_gets_what_was_sent(
    reviews: Reviews, clock: time_machine.Traveller
) -> None:
    asked_at = now()
    clock.shift(1)
    await told(reviews, passed=True)
    clock.shift(1)
    await submitted(reviews, "logo_url", asked_at=asked_at)

    assert await reviews.waiting() == []
    (result,) = await reviews.results()
    assert [change.fields for change in result.submissions] == [("logo_url",)]


async def test_a_slow_read_does_not_bring_a_decided_review_back(
    reviews: Reviews, clock: time_machine.Traveller
) -> None:
    asked_at = now()
    clock.shift(1)
    await told(reviews, passed=True)
    clock.shift(1)
    await reviews.seen([voucher(WAITS)], asked_at=asked_at)
    assert await reviews.waiting() == []

    await reviews.seen([voucher(WAITS)], asked_at=now())
    assert len(await reviews.waiting()) == 1


async def test_the_same_event_gives_the_same_result(reviews: Reviews, clock: time_machine.Traveller) -> None:
    await submitted(reviews, "logo_url")
    at = now()
    first = await told(reviews, passed=False, at=at, reason="LOGO 模糊")
    clock.shift(30)

    assert await told(reviews, passed=False, at=at, reason="LOGO 模糊") == first
    assert await reviews.results() == [first]


async def test_two_processes_told_at_once_agree(reviews: Reviews) -> None:
    await submitted(reviews, "logo_url")

    first, second = await asyncio.gather(told(reviews, passed=True), told(reviews, passed=True))

    assert (first.passed, second.passed) == (True, True)
    (result,) = await reviews.results()
    assert len(result.submissions) == 1


async def test_changes_noted_at_once_are_all_kept(reviews: Reviews) -> None:
    await asyncio.gather(*(submitted(reviews, "notice", name=str(number)) for number in range(8)))

    (waiting,) = await reviews.waiting()
    assert {change.name for change in waiting.submissions} == set("01234567")


async def test_a_late_word_about_an_earlier_review_leaves_the_present_one(
    reviews: Reviews, clock: time_machine.Traveller
) -> None:
    long_ago = now()
    clock.shift(3600)
    await submitted(reviews, "logo_url")

    assert (await told(reviews, passed=False, at=long_ago)).submissions == ()
    assert len(await reviews.waiting()) == 1
    assert len((await told(reviews, passed=True)).submissions) == 1


async def test_a_clock_that_is_seconds_behind_changes_nothing(reviews: Reviews) -> None:
    await submitted(reviews, "logo_url")

    assert len((await told(reviews, passed=True, at=now() - 30)).submissions) == 1


@pytest.mark.parametrize(("status", "passed"), [(PASSED, True), (REFUSED, False)])
async def test_a_missed_result_is_told_after_wechat_had_its_time(
    reviews: Reviews, clock: time_machine.Traveller, status: str, passed: bool
) -> None:
    await submitted(reviews, "logo_url")
    await reviews.seen([voucher(WAITS)], asked_at=now())
    clock.shift(3600)
    await reviews.seen([voucher(status)], asked_at=now())
    (waiting,) = await reviews.waiting()
    assert await reviews.missed(waiting, voucher(status)) is None

    clock.shift(GRACE_SECONDS)
    result = await reviews.missed(waiting, voucher(status))

    assert result is not None
    assert (result.passed, result.missed, result.reason, len(result.submissions)) == (passed, True, "", 1)
    assert await reviews.missed(waiting, voucher(status)) is None
    assert await reviews.waiting() == []


async def test_the_event_of_a_missed_result_adds_its_reason_and_is_not_told_again(
    reviews: Reviews, clock: time_machine.Traveller
) -> None:
    await reviews.seen([voucher(WAITS)], asked_at=now())
    decided_at = now()
    await reviews.seen([voucher(REFUSED)], asked_at=now())
    clock.shift(GRACE_SECONDS)
    (waiting,) = await reviews.waiting()
    assert await reviews.missed(waiting, voucher(REFUSED)) is not None
    clock.shift(5)

    assert await told(reviews, passed=False, at=decided_at, reason="LOGO 模糊") is None
    (result,) = await reviews.results()
    assert (result.missed, result.reason) == (True, "LOGO 模糊")
    assert await told(reviews, passed=False, at=now() + 3600) is not None, "the next review's result is another"


async def test_a_voucher_never_seen_under_review_is_not_taken_for_decided(
    reviews: Reviews, clock: time_machine.Traveller
) -> None:
    await submitted(reviews, "logo_url")
    clock.shift(10)
    await reviews.seen([voucher(PASSED)], asked_at=now())

    (waiting,) = await reviews.waiting()
    assert (waiting.confirmed, waiting.decided_at) == (False, 0)


async def test_a_voucher_back_under_review_is_waited_for_again(reviews: Reviews, clock: time_machine.Traveller) -> None:
    await reviews.seen([voucher(WAITS)], asked_at=now())
    await reviews.seen([voucher(PASSED)], asked_at=now())
    await reviews.seen([voucher(WAITS)], asked_at=now())
    clock.shift(GRACE_SECONDS)

    (waiting,) = await reviews.waiting()
    assert waiting.decided_at == 0
    assert await reviews.missed(waiting, voucher(PASSED)) is None


@pytest.mark.parametrize("status", ["CARD_STATUS_DELETE", "CARD_STATUS_USER_DELETE"])
async def test_nobody_reviews_a_deleted_voucher(reviews: Reviews, status: str) -> None:
    await reviews.seen([voucher(WAITS)], asked_at=now())
    await reviews.seen([voucher(status)], asked_at=now())

    assert await reviews.waiting() == []


async def test_a_status_nobody_knows_decides_nothing(reviews: Reviews) -> None:
    await reviews.seen([voucher(WAITS)], asked_at=now())
    await reviews.seen([voucher("CARD_STATUS_FROZEN")], asked_at=now())

    assert (await reviews.waiting())[0].decided_at == 0


async def test_results_are_kept_30_days(reviews: Reviews, clock: time_machine.Traveller, store: Store) -> None:
    await told(reviews, passed=True)
    clock.shift(RESULTS_SECONDS - 1)
    await told(reviews, passed=False)
    assert [result.passed for result in await reviews.results()] == [False, True]

    clock.shift(2)
    assert [result.passed for result in await reviews.results()] == [False]
    await reviews.prune()
    assert len(await store.do("HGETALL", "v1:{wx0123456789abcdef}:reviews:results")) == 1


def test_labels_name_what_reviewers_look_at() -> None:
    def change(*fields: str) -> Submission:
        return Submission(fields, "o", "张三", 0)

    logo, phone = {"name": "logo_url", "label": "LOGO"}, {"name": "service_phone", "label": "客服电话"}
    assert labels([]) == []
    assert labels([change("logo_url", "service_phone"), change("logo_url")]) == [logo]
    assert labels([change("service_phone", "unheard_of")]) == [phone]
