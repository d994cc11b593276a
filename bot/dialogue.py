"""Guided dialogues: one question at a time, as a table of steps. Pure.

A :class:`Dialogue` is the table, a :class:`Draft` what one person has answered so far. An answer is read the moment it
is given; what it means for later questions (:attr:`Step.applies`) is judged anew each time, so that an earlier answer
may be changed at any time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Self

Values = Mapping[str, Any]


class Move(StrEnum):
    """What else may be said to a question than an answer."""

    BACK = "back"
    SKIP = "skip"
    STOP = "stop"


_MOVES: Mapping[str, Move] = {
    **dict.fromkeys(("back", "previous", "上一步", "上一题", "返回", "后退"), Move.BACK),
    **dict.fromkeys(("skip", "next", "跳过", "下一步", "略过", "不填", "不要", "不用", "不用了"), Move.SKIP),
    **dict.fromkeys(
        ("stop", "pause", "later", "cancel", "停", "暂停", "停止", "先停", "以后再说", "取消", "算了"), Move.STOP
    ),
}


def move(text: str) -> Move | None:
    """The move that ``text`` alone asks for."""
    return _MOVES.get(text.strip(" 。.!！").lower())


@dataclass(frozen=True, slots=True)
class Said:
    """An answer as typed, the ``values`` given before it, and what was looked up ``around`` it."""

    text: str
    values: Values
    around: Values = field(default_factory=dict)


def _always(_values: Values) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Step:
    """One question.

    ``read`` makes values of an answer, or raises what the dialogue's handler puts into words. ``applies`` tells from
    the values before it whether it is asked at all. ``words`` are answers to it that mean a command anywhere else.
    ``prose``: whatever is typed may be the answer. ``names``: what else it may be called by who wants to change it.
    """

    name: str
    read: Callable[[Said], Values]
    applies: Callable[[Values], bool] = _always
    optional: bool = False
    words: frozenset[str] = frozenset()
    prose: bool = False
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """What one person has answered: values by step (none for one that was skipped).

    ``at`` names the step that is asked; "" when none is left. ``given`` are values from before the first question.
    ``paused``: what is typed is no answer until it is taken up again. ``heard`` is the message that was taken in last,
    so that one whose process died afterwards is not taken in as the answer to the next question, too.
    """

    kind: str
    id: str
    given: Values = field(default_factory=dict)
    answers: Mapping[str, Values] = field(default_factory=dict)
    at: str = ""
    paused: bool = False
    heard: str = ""

    def with_answer(self, name: str, values: Values) -> Self:
        """The same with one answer more, or another one."""
        return replace(self, answers={**self.answers, name: dict(values)})


class Dialogue:
    """The steps of one kind of draft, in the order they are asked."""

    def __init__(self, *steps: Step) -> None:
        self.steps = steps
        self._by_name = {step.name: step for step in steps}

    @property
    def words(self) -> frozenset[str]:
        """Every word that is an answer to some step, or names one, though it may mean a command anywhere else."""
        return frozenset().union(*({*step.words, step.name, *step.names} for step in self.steps))

    def begin(self, kind: str, id: str, given: Values) -> Draft:  # noqa: A002 - what it is
        """A new draft at its first question."""
        return self.onward(Draft(kind, id, given))

    def values(self, draft: Draft, before: str = "") -> dict[str, Any]:
        """All values of the steps that apply; only of those asked before the step named ``before``."""
        values = dict(draft.given)
        for step in self.steps:
            if step.name == before:
                break
            if step.applies(values):
                values |= draft.answers.get(step.name, {})
        return values

    def asked(self, draft: Draft) -> list[Step]:
        """The steps that apply, as far as is known."""
        return list(self._asked(draft))

    def _asked(self, draft: Draft) -> Iterator[Step]:
        values = dict(draft.given)
        for step in self.steps:
            if step.applies(values):
                values |= draft.answers.get(step.name, {})
                yield step

    def step(self, draft: Draft) -> Step | None:
        """The step that is asked; None when none is left."""
        return self._by_name.get(draft.at)

    def onward(self, draft: Draft) -> Draft:
        """At the first question without an answer."""
        left = (step.name for step in self._asked(draft) if step.name not in draft.answers)
        return replace(draft, at=next(left, ""))

    def answered(self, draft: Draft, step: Step, values: Values) -> Draft:
        """With an answer to ``step``, at the next question."""
        return self.onward(draft.with_answer(step.name, values))

    def skipped(self, draft: Draft, step: Step) -> Draft | None:
        """At the next question; what was answered before stays. None where an answer is needed."""
        if step.name not in draft.answers and not step.optional:
            return None
        return self.answered(draft, step, draft.answers.get(step.name, {}))

    def back(self, draft: Draft) -> Draft | None:
        """At the question before this one; None at the first."""
        names = [step.name for step in self._asked(draft)]
        position = names.index(draft.at) if draft.at in names else len(names)
        return replace(draft, at=names[position - 1]) if position else None

    def named(self, name: str) -> Step:
        """The step of that very name; KeyError for one that does not exist."""
        return self._by_name[name]

    def called(self, draft: Draft, word: str) -> Step | None:
        """The step that applies and is called ``word``."""
        wanted = word.strip().lower()
        return next((step for step in self._asked(draft) if wanted in (step.name, *step.names)), None)
