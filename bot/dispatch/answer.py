"""What the account answers to one push."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class AnswerKind(StrEnum):
    """Nothing to show, a text, or the human agents of the account."""

    NOTHING = "nothing"
    TEXT = "text"
    TRANSFER = "transfer"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, the same for every copy of its push; each copy is sealed anew."""

    kind: AnswerKind = AnswerKind.NOTHING
    text: str = field(default="", repr=False)

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Answer:
        """From what :meth:`stored` gave."""
        return cls(AnswerKind(stored["kind"]), stored["text"])

    def stored(self) -> dict[str, Any]:
        """As JSON for the inbox."""
        return asdict(self)


NOTHING = Answer()


def text(words: str) -> Answer:
    """An answer in words; nothing at all for no words, since WeChat shows empty content as a failure."""
    return Answer(AnswerKind.TEXT, words) if words else NOTHING
