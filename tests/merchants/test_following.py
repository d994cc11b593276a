"""Who unfollows rests; who comes back soon finds the role; the last owner always can."""

from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Explained, NotAllowed
from bot.merchants.following import RETURN_SECONDS, Heard, followed, left
from bot.merchants.roles import Role
from bot.merchants.roster import LastOwner, Operator, Roster, changed, removed

WANG = Operator("o1", "王芳", Role.OWNER, since=1.0)
LI = Operator("o2", "李四", Role.CLERK, since=2.0)
AWAY = replace(LI, suspended_at=1000.0)


def test_a_record_from_before_this_was_known_is_nobody_suspended() -> None:
    old = Operator.from_json("o2", {"name": "李四", "role": "clerk", "since": 2.0})
    assert old == LI
    assert not old.suspended
    assert Operator.from_json("o2", AWAY.as_json()) == AWAY
    assert AWAY.suspended


def test_leaving_is_news_once_and_again_when_the_same_word_is_repeated() -> None:
    assert left(LI, 1000.0) == left(AWAY, 1000.0) == Heard(AWAY, news=True)
    assert left(AWAY, 2000.0) == left(AWAY, 500.0) == Heard(AWAY, news=False)


def test_a_late_word_of_leaving_does_not_undo_the_return() -> None:
    back = replace(AWAY, back_at=1500.0)
    assert left(back, 1000.0) == left(back, 1500.0) == Heard(back, news=False)
    assert left(back, 1501.0).operator.suspended


def test_an_unsubscribe_that_comes_after_its_subscribe_is_old() -> None:
    seen = followed(Roster.of(1, [WANG, LI]), LI, 1500.0)
    assert seen == Heard(replace(LI, back_at=1500.0), news=False)
    assert not left(seen.operator, 1000.0).news


@pytest.mark.parametrize(("away", "returns"), [(0, True), (RETURN_SECONDS, True), (RETURN_SECONDS + 1, False)])
def test_the_way_back_is_open_for_seven_days(away: int, returns: bool) -> None:
    roster = Roster.of(1, [WANG, AWAY])
    heard = followed(roster, AWAY, 1000.0 + away)
    assert heard.news
    assert heard.operator.suspended is not returns
    assert roster.may_command(heard.operator) is returns
    assert followed(roster, heard.operator, 1000.0 + away) == heard, "the same word once more is the same news"


def test_a_subscribe_from_before_leaving_is_old() -> None:
    assert followed(Roster.of(1, [WANG, AWAY]), AWAY, 999.0) == Heard(AWAY, news=False)


def test_a_role_given_by_an_owner_ends_it() -> None:
    roster = Roster.of(1, [WANG, AWAY])
    assert not changed(roster, "o2", by="o1", role=Role.CLERK).suspended
    assert changed(roster, "o2", by="o2", language="en").suspended, "what is theirs to choose changes nothing about it"


def test_a_suspended_owner_is_none_and_cannot_be_the_one_who_is_left() -> None:
    away = Operator("o3", "张三", Role.OWNER, since=3.0, suspended_at=1000.0)
    roster = Roster.of(1, [WANG, away])
    with pytest.raises(NotAllowed):
        changed(roster, "o1", by="o3", role=Role.VIEWER)
    with pytest.raises(LastOwner):
        removed(roster, "o1", by="o1")
    assert removed(roster, "o3", by="o1") == away


def test_when_all_owners_left_the_last_of_them_has_the_keys() -> None:
    first, last = replace(WANG, suspended_at=1000.0), Operator("o3", "张三", Role.OWNER, suspended_at=2000.0)
    roster = Roster.of(1, [first, last, LI])
    assert roster.owners() == [last]
    assert not roster.may_command(first)
    years = 2000.0 + 900 * 86_400
    assert followed(roster, first, years).operator.suspended
    assert not followed(roster, last, years).operator.suspended


@given(st.lists(st.tuples(st.sampled_from(["o1", "o2", "o3"]), st.booleans(), st.integers(1, 10**6)), max_size=20))
def test_whatever_order_events_come_in_somebody_may_command(events: list[tuple[str, bool, int]]) -> None:
    roster = Roster.of(0, [WANG, LI, Operator("o3", "张三", Role.OWNER, since=3.0)])
    for openid, leaves, at in events:
        operator = roster.people[openid]
        heard = left(operator, at) if leaves else followed(roster, operator, at)
        roster = roster.after(heard.operator, roster.version + 1)
        assert len(roster.owners()) >= 1
        assert all(roster.may_command(owner) for owner in roster.owners())
    for openid in ("o1", "o3"):
        with contextlib.suppress(Explained):
            roster = roster.after(removed(roster, openid, by=openid), roster.version + 1, removed=True)
    assert len(roster.owners()) == 1
