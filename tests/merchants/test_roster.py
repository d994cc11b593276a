"""The rules by which the people of an account may change."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import Explained, NotAllowed
from bot.merchants.names import BadName, NameTaken, checked_name
from bot.merchants.roles import Role, plain
from bot.merchants.roster import (
    SHELL,
    AlreadyOperator,
    LastOwner,
    Operator,
    PersonNotFound,
    Roster,
    changed,
    removed,
)

WANG = Operator("o1", "王芳", Role.OWNER, since=1.0)
ZHANG = Operator("o2", "张三", Role.MANAGER, since=2.0)
ANN = Operator("o3", "Ann Lee", Role.CLERK, since=2.0)
ROSTER = Roster.of(7, [ZHANG, ANN, WANG])


def test_people_count_from_the_one_who_is_here_longest_then_by_name() -> None:
    assert [operator.name for operator in ROSTER.people.values()] == ["王芳", "Ann Lee", "张三"]


@pytest.mark.parametrize("words", ["#0", "#4", "#", "#-1", "#x", "李四", ""])
def test_nobody_is_found_under_other_names_and_numbers(words: str) -> None:
    with pytest.raises(PersonNotFound):
        ROSTER.find(words)


@pytest.mark.parametrize(("words", "nearest"), [("张山", "张三"), ("ann lea", "Ann Lee"), ("赵敏", None), ("#9", None)])
def test_a_name_that_looks_alike_is_named(words: str, nearest: str | None) -> None:
    with pytest.raises(PersonNotFound) as caught:
        ROSTER.find(words)
    assert caught.value.values == {"found": words, "nearest": nearest}


@pytest.mark.parametrize("words", ["张三", " 张三 ", "#3", "＃3", "# 3"])
def test_a_person_is_found_by_name_and_by_number(words: str) -> None:
    assert ROSTER.find(words) is ZHANG


@pytest.mark.parametrize("words", ["ann lee", "ANN  LEE", "Ａnn Lee", "#2"])
def test_case_width_and_spaces_of_a_name_do_not_count(words: str) -> None:
    assert ROSTER.find(words) is ANN


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("张" * 21, "long"),
        ("12", "number"),
        ("#2", "number"),
        ("１２", "number"),
        ("a#b", "sign"),
        ("a=b", "sign"),
        ("a＝b", "sign"),
        ("「张三」", "sign"),
        ("a\x00b", "sign"),
        ("a\u202eb", "sign"),
    ],
)
def test_a_name_that_commands_could_not_tell_apart_is_refused(name: str, reason: str) -> None:
    with pytest.raises(BadName) as caught:
        checked_name(name)
    assert caught.value.values["reason"] == reason


@pytest.mark.parametrize(
    ("name", "tidy"),
    [("张三", "张三"), ("  Ann   Lee ", "Ann Lee"), ("张" * 20, "张" * 20), ("李4", "李4")],
)
def test_a_name_keeps_its_letters_and_single_spaces(name: str, tidy: str) -> None:
    assert checked_name(name) == tidy


def test_a_name_is_one_persons() -> None:
    with pytest.raises(NameTaken):
        ROSTER.free_name("ＡＮＮ lee")
    assert ROSTER.free_name("ann LEE", owner="o3") == "ann LEE"


def test_a_numbered_name_is_the_first_that_nobody_bears() -> None:
    taken = [Operator(f"p{number}", name, Role.OWNER) for number, name in enumerate(["老板", "老板2", "老板4"])]
    assert Roster.of(1, taken).numbered_name("老板") == "老板3"
    assert ROSTER.numbered_name("老板") == "老板"


def test_only_owners_and_the_shell_change_others() -> None:
    for by in ("o2", "o3", "nobody", ""):
        with pytest.raises(NotAllowed):
            changed(ROSTER, "o3", by=by, role=Role.OWNER)
    with pytest.raises(NotAllowed):
        removed(ROSTER, "o3", by="o2")
    assert changed(ROSTER, "o3", by="o1", role=Role.OWNER).role is Role.OWNER
    assert changed(ROSTER, "o3", by=SHELL, role=Role.OWNER).role is Role.OWNER


def test_nobody_raises_or_renames_themself() -> None:
    with pytest.raises(NotAllowed):
        changed(ROSTER, "o3", by="o3", role=Role.OWNER)
    with pytest.raises(NotAllowed):
        changed(ROSTER, "o3", by="o3", name="Boss")


def test_everybody_chooses_their_own_language_and_alerts() -> None:
    assert changed(ROSTER, "o3", by="o3", language="en").language == "en"
    alerts = changed(ROSTER, "o3", by="o3", alerts={"reviews": True}).alerts
    assert alerts == {"reviews": True}


def test_the_last_owner_stays_one_also_for_the_shell() -> None:
    for by in ("o1", SHELL):
        with pytest.raises(LastOwner):
            removed(ROSTER, "o1", by=by)
        with pytest.raises(LastOwner):
            changed(ROSTER, "o1", by=by, role=Role.MANAGER)
    assert changed(ROSTER, "o1", by="o1", role=Role.OWNER) == WANG


def test_who_is_there_is_not_added_again() -> None:
    with pytest.raises(AlreadyOperator):
        ROSTER.with_new(Operator("o3", "Somebody", Role.VIEWER))


def test_reviews_come_to_managers_and_owners_unless_they_choose() -> None:
    assert [operator.wants("reviews") for operator in (WANG, ZHANG, ANN)] == [True, True, False]
    assert not changed(ROSTER, "o2", by="o2", alerts={"reviews": False}).wants("reviews")


def test_an_operator_is_read_back_from_json() -> None:
    everything = Operator("o9", "张三", Role.MANAGER, "en", {"reviews": False}, 1795.25)
    assert Operator.from_json("o9", everything.as_json()) == everything


OPENIDS = st.sampled_from([f"o{number}" for number in range(1, 7)])
BY = OPENIDS | st.just(SHELL)
ROLES = st.sampled_from(list(Role))
NAMES = st.sampled_from(["王芳", "张三", "ann", "ANN", "李四", "ａｎｎ"])
STEPS = st.lists(
    st.tuples(st.just("change"), OPENIDS, BY, ROLES, NAMES | st.none())
    | st.tuples(st.just("remove"), OPENIDS, BY, ROLES, st.none())
    | st.tuples(st.just("add"), OPENIDS, BY, ROLES, NAMES),
    max_size=30,
)


@settings(deadline=None)  # a busy machine breaks no rule
@given(STEPS)
def test_whatever_is_done_an_owner_remains_and_names_tell_people_apart(
    steps: list[tuple[str, str, str, Role, str | None]],
) -> None:
    roster = ROSTER
    for kind, openid, by, role, name in steps:
        with contextlib.suppress(Explained):
            if kind == "remove":
                roster = roster.after(removed(roster, openid, by=by), roster.version + 1, removed=True)
            elif kind == "change":
                roster = roster.after(changed(roster, openid, by=by, role=role, name=name), roster.version + 1)
            else:
                roster.demand_owner(by)
                roster = roster.after(roster.with_new(Operator(openid, name or "", role)), roster.version + 1)
        operators = list(roster.people.values())
        assert any(operator.role is Role.OWNER for operator in operators)
        assert len({plain(operator.name) for operator in operators}) == len(operators)
