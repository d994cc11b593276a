"""How many messages may still reach a person, and until when."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
import time_machine

from bot import clock as the_clock
from bot.merchants.windows import Action, Window, Windows, action_of
from bot.store import Store
from bot.wechat.account import Account
from bot.wechat.inbound import Incoming

ZHANG = "oZhang"


@pytest.fixture
def windows(store: Store, account: Account, clock: time_machine.Traveller) -> Windows:
    """Nobody did anything yet."""
    return Windows(store, account)


def push(kind: str, type_: str, **fields: str) -> Incoming:
    """A push of :data:`ZHANG` at this moment."""
    at = int(the_clock.now())
    return Incoming("wx0123456789abcdef", "gh_0123456789ab", ZHANG, kind, type_, at, f"{kind}:{type_}", fields=fields)


@pytest.mark.parametrize(
    ("kind", "type_", "fields", "action"),
    [
        ("event", "view", {}, None),
        ("event", "unsubscribe", {}, None),
        ("event", "templatesendjobfinish", {}, None),
        ("event", "card_pass_check", {}, None),
        ("event", "user_get_card", {}, None),
        ("event", "location", {}, None),
        ("event", "click", {}, Action.TAP),
        ("event", "scancode_push", {}, Action.TAP),
        ("event", "scancode_waitmsg", {}, Action.TAP),
        ("event", "subscribe", {}, Action.TAP),
        ("event", "scan", {}, Action.TAP),
        ("message", "text", {}, Action.MESSAGE),
        ("message", "image", {}, Action.MESSAGE),
        ("message", "text", {"bizmsgmenuid": ""}, Action.MESSAGE),
        ("message", "text", {"bizmsgmenuid": "101"}, Action.TAP),
        ("message", "text", {"bizmsgmenuid": "0"}, Action.TAP),
    ],
)
async def test_what_opens_a_window(
    windows: Windows, kind: str, type_: str, fields: dict[str, str], action: Action | None
) -> None:
    incoming = push(kind, type_, **fields)
    assert action_of(incoming) is action
    await windows.opened(incoming)
    assert [window.opened_by for window in await windows.state(ZHANG)] == ([action] if action else [])


async def test_nothing_may_be_sent_to_who_did_nothing(windows: Windows) -> None:
    assert not await windows.spend(ZHANG)
    assert await windows.state(ZHANG) == []


async def test_five_messages_follow_a_message(windows: Windows) -> None:
    await windows.record(ZHANG, Action.MESSAGE, the_clock.now())
    assert [await windows.spend(ZHANG) for _ in range(6)] == [True] * 5 + [False]
    assert await windows.state(ZHANG) == []


async def test_a_window_of_a_message_closes_after_48_hours(windows: Windows, clock: time_machine.Traveller) -> None:
    opened = the_clock.now()
    await windows.record(ZHANG, Action.MESSAGE, opened)
    clock.shift(timedelta(hours=48, seconds=-1))
    assert await windows.spend(ZHANG)
    assert await windows.state(ZHANG) == [Window(Action.MESSAGE, opened + 48 * 3600, 4)]
    clock.shift(timedelta(seconds=1))
    assert not await windows.spend(ZHANG)
    assert await windows.state(ZHANG) == []


async def test_three_messages_within_a_minute_follow_a_tap(windows: Windows, clock: time_machine.Traveller) -> None:
    await windows.record(ZHANG, Action.TAP, the_clock.now())
    clock.shift(timedelta(seconds=59))
    assert [await windows.spend(ZHANG) for _ in range(4)] == [True] * 3 + [False]
    await windows.record(ZHANG, Action.TAP, the_clock.now())
    clock.shift(timedelta(minutes=1))
    assert not await windows.spend(ZHANG)


async def test_a_tap_after_a_message_opens_a_second_window_that_is_spent_first(
    windows: Windows, clock: time_machine.Traveller
) -> None:
    written = the_clock.now()
    await windows.record(ZHANG, Action.MESSAGE, written)
    clock.shift(timedelta(hours=1))
    await windows.record(ZHANG, Action.TAP, the_clock.now())
    assert await windows.spend(ZHANG)
    assert await windows.state(ZHANG) == [
        Window(Action.TAP, the_clock.now() + 60, 2),
        Window(Action.MESSAGE, written + 48 * 3600, 5),
    ]
    assert [await windows.spend(ZHANG) for _ in range(8)] == [True] * 7 + [False]


async def test_a_new_message_starts_anew(windows: Windows, clock: time_machine.Traveller) -> None:
    await windows.record(ZHANG, Action.MESSAGE, the_clock.now())
    for _ in range(3):
        await windows.spend(ZHANG)
    clock.shift(timedelta(seconds=1))
    await windows.record(ZHANG, Action.MESSAGE, the_clock.now())
    assert await windows.state(ZHANG) == [Window(Action.MESSAGE, the_clock.now() + 48 * 3600, 5)]


async def test_a_repeated_or_late_push_gives_nothing_back(windows: Windows) -> None:
    at = the_clock.now()
    await windows.record(ZHANG, Action.MESSAGE, at)
    for _ in range(5):
        await windows.spend(ZHANG)
    await windows.record(ZHANG, Action.MESSAGE, at)
    await windows.record(ZHANG, Action.MESSAGE, at - 5)
    assert not await windows.spend(ZHANG)


async def test_when_wechat_says_no_nothing_more_is_tried(windows: Windows, clock: time_machine.Traveller) -> None:
    await windows.record(ZHANG, Action.MESSAGE, the_clock.now())
    await windows.refused(ZHANG)
    assert not await windows.spend(ZHANG)
    clock.shift(timedelta(seconds=1))
    await windows.record(ZHANG, Action.MESSAGE, the_clock.now())
    assert await windows.spend(ZHANG)


async def test_windows_are_each_person_s_own(windows: Windows) -> None:
    await windows.record(ZHANG, Action.MESSAGE, the_clock.now())
    assert not await windows.spend("oWang")


async def test_many_at_once_send_no_more_than_is_allowed(windows: Windows, store: Store, account: Account) -> None:
    await windows.record(ZHANG, Action.MESSAGE, the_clock.now())
    sent = await asyncio.gather(*(Windows(store, account).spend(ZHANG) for _ in range(50)))
    assert sum(sent) == 5


async def test_what_nobody_needs_any_more_is_forgotten(windows: Windows, store: Store) -> None:
    await windows.record(ZHANG, Action.MESSAGE, the_clock.now())
    for key in await store.do("KEYS", "*"):
        assert 0 < await store.do("TTL", key) <= 48 * 3600
