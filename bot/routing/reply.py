"""What a handler returns: an outcome and its values, no words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self


class Reply:
    """The outcome of a handler: the name of a macro and its arguments.

    ``Reply("extend_voucher.preview", title=…)`` is macro ``preview`` of ``templates/<language>/extend_voucher.txt.j2``.
    """

    __slots__ = ("private", "refused", "template", "values")

    def __init__(self, template: str, **values: Any) -> None:
        self.template = template
        self.values = values
        self.private = False
        self.refused = False

    @classmethod
    def refusal(cls, template: str, **values: Any) -> Self:
        """A reply to a command that could not be read: nothing was previewed, and no older preview stands any more."""
        reply = cls(template, **values)
        reply.refused = True
        return reply

    @classmethod
    def in_confidence(cls, template: str, **values: Any) -> Self:
        """A reply whose words are a secret (an invitation, say): wherever they are kept, they are kept sealed."""
        reply = cls(template, **values)
        reply.private = True
        return reply

    def __repr__(self) -> str:
        return f"Reply({self.template})"


@dataclass(frozen=True, slots=True)
class Notice:
    """A message that answers nothing: ``reply`` for the operator with ``openid``.

    ``key`` names the fact it tells (an event's identity, say), ``also`` further facts told along with it: one person is
    told one fact once. What may come up again for longer than the week repeats of an event are remembered for says
    ``until`` when (seconds since 1970). ``language`` is for a reader who is no operator any more, whose own choice is
    therefore no longer on record. Of notices of one ``topic`` that cannot be delivered only the newest is kept.
    """

    openid: str
    reply: Reply
    key: str
    language: str = ""
    topic: str = ""
    also: tuple[str, ...] = ()
    until: float = 0.0
