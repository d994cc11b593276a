"""What the account answers to one push."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from bot.charts.kept import Picture, picture_of
from bot.store.sealing import Sealer
from bot.wechat.outbound import Article


class AnswerKind(StrEnum):
    """Nothing to show (``success``, or an empty body where the platform's check wants one), or what is shown.

    A text, a picture, a card, or the human agents of the account.
    """

    NOTHING = "nothing"
    EMPTY = "empty"
    TEXT = "text"
    IMAGE = "image"
    NEWS = "news"
    TRANSFER = "transfer"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, the same for every copy of its push; each copy is encrypted anew.

    ``private`` words (an invitation's code) are stored sealed. ``kept`` are the entries of kept messages it shows.
    ``pictures`` follow a text as messages of their own; an image shows the one there is, as ``media_id``. A card is an
    ``article``. Both may have a ``text`` that says the same: before a late picture, and where no card can be shown.
    """

    kind: AnswerKind = AnswerKind.NOTHING
    text: str = field(default="", repr=False)
    private: bool = False
    kept: tuple[str, ...] = field(default=(), repr=False)
    stand_in: bool = False
    """Said instead of the answer, which is still owed."""
    pictures: tuple[Picture, ...] = ()
    media_id: str = ""
    article: Article | None = None

    @property
    def following(self) -> tuple[Picture, ...]:
        """The pictures that are to come after it."""
        return () if self.kind is AnswerKind.IMAGE else self.pictures

    @property
    def says_something(self) -> bool:
        """Whether there is anything to read or to see."""
        return bool(self.text or self.pictures)

    @classmethod
    def of(cls, stored: dict[str, Any], sealer: Sealer) -> Answer:
        """From what :meth:`stored` gave; words that cannot be opened any more are nothing to show."""
        pictures = pictures_of(stored.get("posters", ""), sealer)
        if stored.get("sealed"):
            whole = text(sealer.open(stored["text"]) or "", private=True, pictures=pictures)
            shown = sealer.open(stored["article"]) if "article" in stored else None
            return replace(whole, kind=AnswerKind.NEWS, article=Article(**json.loads(shown))) if shown else whole
        return cls(AnswerKind(stored["kind"]), stored["text"], pictures=pictures, media_id=stored.get("media_id", ""))

    def stored(self, sealer: Sealer) -> dict[str, Any]:
        """As JSON for the inbox."""
        seen = {"media_id": self.media_id} if self.media_id else {}
        if self.pictures:
            seen["posters"] = sealed_pictures(self.pictures, sealer)
        if self.article:
            seen["article"] = sealer.seal(json.dumps(asdict(self.article), ensure_ascii=False))
        if self.private:
            return {"kind": self.kind.value, "text": sealer.seal(self.text), "sealed": True, **seen}
        return {"kind": self.kind.value, "text": self.text, **seen}


NOTHING = Answer()


def card(shown: Article, words: str) -> Answer:
    """An answer that is a card; ``words`` say the same. Its addresses are keys, so it is kept sealed."""
    return Answer(AnswerKind.NEWS, words, private=True, article=shown)


def text(words: str, *, private: bool = False, pictures: Sequence[Picture] = ()) -> Answer:
    """An answer in words; nothing at all for no words, since WeChat shows empty content as a failure."""
    return Answer(AnswerKind.TEXT, words, private, pictures=tuple(pictures)) if words else NOTHING


def sealed_pictures(pictures: Sequence[Picture], sealer: Sealer) -> str:
    """``pictures`` as they are kept: what a code says may be worth money."""
    return sealer.seal(json.dumps([picture.stored() for picture in pictures], ensure_ascii=False))


def pictures_of(sealed: str, sealer: Sealer) -> tuple[Picture, ...]:
    """What :func:`sealed_pictures` gave; none where a new AppSecret has made it unreadable."""
    words = sealer.open(sealed) if sealed else None
    return tuple(picture_of(each) for each in json.loads(words)) if words else ()
