"""What becomes of a job that failed, by kind of fault: the whole table, on a clock that stands."""

from __future__ import annotations

import pytest
import time_machine

from bot import clock as bot_clock
from bot.errors import (
    AccountFault,
    AnswerUnreadable,
    BadArgument,
    OutcomeUnknown,
    QuotaUsedUp,
    StoreUnavailable,
    TokenBudgetSpent,
    TokenRejected,
    TooFast,
    WeChatBusy,
    WeChatRefused,
    WeChatUnreachable,
)
from bot.jobs.retrying import Again, GiveUp, UnknownJob, after

PATH = "card/get"
TOMORROW = 10 * 3600 - 2 * 60 + 5 * 60
"""Seconds from 14:02 to 00:05."""


@pytest.mark.parametrize(
    ("fault", "kind", "pauses"),
    [
        (WeChatBusy(PATH, -1), "busy", [2, 5, 15, 60, 300]),
        (TooFast(PATH, 45011), "too fast", [61, 61, 120, 300]),
        (QuotaUsedUp(PATH, 45009), "quota", [TOMORROW]),
        (WeChatUnreachable(PATH), "unreachable", [1, 2, 5, 15, 60, 300, 900]),
        (TokenRejected(PATH), "token", [5, 60, 600]),
        (TokenBudgetSpent(PATH), "token budget", [TOMORROW]),
        (StoreUnavailable(), "redis", [0.5, 1, 2, 5, 10, 30, 60, 300]),
        (UnknownJob("later version's"), "unknown job", [30] * 20),
        (KeyError("a mistake of ours"), "other", [5, 60, 600]),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_a_fault_that_may_pass_is_tried_again_after_its_pauses_and_then_given_up(
    clock: time_machine.Traveller, fault: Exception, kind: str, pauses: list[float]
) -> None:
    faults: dict[str, int] = {}
    for count, pause in enumerate(pauses, 1):
        verdict = after(fault, faults)
        assert verdict == Again(bot_clock.now() + pause, {kind: count})
        assert isinstance(verdict, Again)
        faults = dict(verdict.faults)

    assert after(fault, faults) == GiveUp(f"{kind}: tried {len(pauses) + 1} times")


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (WeChatRefused(PATH, 40053), "refused: repeating does not help"),
        (AccountFault(PATH, 48001), "refused: repeating does not help"),
        (BadArgument("bad_day"), "explained: repeating does not help"),
        (OutcomeUnknown(PATH), "outcome unknown"),
        (AnswerUnreadable(PATH, 502, "HTML"), "outcome unknown"),
    ],
)
def test_a_fault_that_stays_or_must_not_be_repeated_is_given_up_at_once(fault: Exception, reason: str) -> None:
    assert after(fault, {}) == GiveUp(reason)


def test_a_job_that_looks_first_is_repeated_after_an_unknown_outcome(clock: time_machine.Traveller) -> None:
    fault = OutcomeUnknown(PATH)

    assert after(fault, {}, looks_first=True) == Again(bot_clock.now() + 5, {"unknown outcome": 1})
    assert after(fault, {"unknown outcome": 3}, looks_first=True) == GiveUp("unknown outcome: tried 4 times")


def test_each_kind_of_fault_has_a_count_of_its_own(clock: time_machine.Traveller) -> None:
    faults = {"busy": 5, "unreachable": 1}

    assert after(WeChatUnreachable(PATH), faults) == Again(bot_clock.now() + 2, {"busy": 5, "unreachable": 2})
    assert after(WeChatBusy(PATH, -1), faults) == GiveUp("busy: tried 6 times")
