"""What the account answers to one push."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.store.sealing import Sealer


class AnswerKind(StrEnum):
    """Nothing to show, a text, or the human agents of the account."""

    NOTHING = "nothing"
    TEXT = "text"
    TRANSFER = "transfer"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, the same for every copy of its push; each copy is encrypted anew.

    ``private`` words (an invitation's code) are stored sealed. ``kept`` are the entries of kept messages it shows.
    """

    kind: AnswerKind = AnswerKind.NOTHING
    text: str = field(default="", repr=False)
    private: bool = False
    kept: tuple[str, ...] = field(default=(), repr=False)
    stand_in: bool = False
    """Said instead of the answer, which is still owed."""

    @classmethod
    def of(cls, stored: dict[str, Any], sealer: Sealer) -> Answer:
        """From what :meth:`stored` gave; words that cannot be opened any more are nothing to show."""
        if stored.get("sealed"):
            return text(sealer.open(stored["text"]) or "", private=True)
        return cls(AnswerKind(stored["kind"]), stored["text"])

    def stored(self, sealer: Sealer) -> dict[str, Any]:
        """As JSON for the inbox."""
        if self.private:
            return {"kind": self.kind.value, "text": sealer.seal(self.text), "sealed": True}
        return {"kind": self.kind.value, "text": self.text}


NOTHING = Answer()


def text(words: str, *, private: bool = False) -> Answer:
    """An answer in words; nothing at all for no words, since WeChat shows empty content as a failure."""
    return Answer(AnswerKind.TEXT, words, private) if words else NOTHING
