"""The walk through a table of questions: what is asked next, whatever was answered, skipped or changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue import Dialogue, Draft, Move, Said, Step, move


def keeps(name: str) -> Step:
    """A question whose answer is what is said."""
    return Step(name, lambda said: {name: said.text})


def _sweet(values: Mapping[str, Any]) -> bool:
    return values.get("dish") == "cake"


TABLE = Dialogue(
    keeps("dish"),
    Step("cream", lambda said: {"cream": said.text == "yes"}, _sweet, words=frozenset({"yes", "no"})),
    Step("note", lambda said: {"note": said.text}, optional=True, prose=True, names=("remark", "备注")),
    keeps("table"),
)


def answered(draft: Draft, **said: str) -> Draft:
    """``draft`` with these answers, each given when its question was reached or not."""
    for name, text in said.items():
        step = TABLE.named(name)
        draft = TABLE.answered(draft, step, step.read(Said(text, TABLE.values(draft, name))))
    return draft


@pytest.fixture
def draft() -> Draft:
    """One that is begun."""
    return TABLE.begin("order", "1", {"shop": "lake"})


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("上一步", Move.BACK), ("Back", Move.BACK), ("跳过。", Move.SKIP), (" skip ", Move.SKIP), ("停", Move.STOP),
        ("stop!", Move.STOP), ("停车", None), ("back home", None), ("", None), ("「停」", None),
    ],
)  # fmt: skip
def test_moves(text: str, meant: Move | None) -> None:
    assert move(text) is meant


def test_asks_in_the_order_of_the_table(draft: Draft) -> None:
    assert draft.at == "dish"
    assert (draft := answered(draft, dish="soup")).at == "note"
    assert (draft := answered(draft, note="hot")).at == "table"
    assert (draft := answered(draft, table="4")).at == ""
    assert TABLE.step(draft) is None
    assert TABLE.values(draft) == {"shop": "lake", "dish": "soup", "note": "hot", "table": "4"}


def test_what_does_not_apply_any_more_is_neither_asked_nor_told(draft: Draft) -> None:
    draft = answered(draft, dish="cake", cream="yes", note="", table="4")
    assert TABLE.values(draft)["cream"] is True
    draft = answered(draft, dish="soup")

    assert "cream" not in TABLE.values(draft)
    assert [step.name for step in TABLE.asked(draft)] == ["dish", "note", "table"]
    assert TABLE.values(answered(draft, dish="cake"))["cream"] is True, "it is not forgotten, either"


def test_a_changed_answer_asks_for_what_it_needs(draft: Draft) -> None:
    draft = answered(draft, dish="soup", note="", table="4")

    assert answered(draft, dish="cake").at == "cream"


def test_back_stops_at_the_first_question(draft: Draft) -> None:
    assert TABLE.back(draft) is None
    back = TABLE.back(answered(draft, dish="soup", note="", table="4"))
    assert back is not None
    assert back.at == "table"
    back = TABLE.back(back)
    assert back is not None
    assert back.at == "note"


def test_skips_what_is_optional_and_keeps_what_is_there(draft: Draft) -> None:
    assert TABLE.skipped(draft, TABLE.named("dish")) is None
    draft = answered(draft, dish="soup", note="hot")
    skipped = TABLE.skipped(draft, TABLE.named("note"))
    assert skipped is not None
    assert TABLE.values(skipped)["note"] == "hot"
    skipped = TABLE.skipped(answered(draft, dish="cake"), TABLE.named("dish"))
    assert skipped is not None
    assert skipped.at == "cream"


def test_values_before_a_step_are_those_of_earlier_ones(draft: Draft) -> None:
    draft = answered(draft, dish="soup", note="hot", table="4")

    assert TABLE.values(draft, "note") == {"shop": "lake", "dish": "soup"}


@pytest.mark.parametrize("word", ["note", "REMARK", " 备注 "])
def test_a_step_is_found_by_what_it_is_called(draft: Draft, word: str) -> None:
    step = TABLE.called(draft, word)
    assert step is not None
    assert step.name == "note"


def test_a_step_that_does_not_apply_is_not_found(draft: Draft) -> None:
    assert TABLE.called(draft, "cream") is None
    assert TABLE.called(answered(draft, dish="cake"), "cream") is TABLE.named("cream")


def test_the_words_of_all_questions() -> None:
    assert TABLE.words == {"yes", "no", "dish", "cream", "note", "remark", "备注", "table"}


@given(st.lists(st.sampled_from(["answer", "cake", "skip", "back"]), max_size=40))
def test_any_walk_stays_within_the_table_and_outlives_json(moves: list[str]) -> None:
    draft = TABLE.begin("order", "1", {})
    for each in moves:
        step = TABLE.step(draft)
        if each == "back":
            draft = TABLE.back(draft) or draft
        elif step and each == "skip":
            draft = TABLE.skipped(draft, step) or draft
        elif step:
            draft = TABLE.answered(draft, step, step.read(Said(each, {})))
        assert Draft(**asdict(draft)) == draft
        assert draft.at in ("", *(step.name for step in TABLE.asked(draft)))
        if not draft.at:
            assert all(step.name in draft.answers for step in TABLE.asked(draft))
