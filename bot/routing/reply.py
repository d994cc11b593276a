"""What a handler returns: an outcome and its values, no words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Self

from bot.charts.kept import Picture
from bot.charts.shapes import Shape
from bot.merchants.links import Destination
from bot.merchants.roles import Role


class Reply:
    """The outcome of a handler: the name of a macro and its arguments.

    ``Reply("extend_voucher.preview", title=…)`` is macro ``preview`` of ``templates/<language>/extend_voucher.txt.j2``.
    """

    __slots__ = ("destinations", "graph", "private", "refused", "shown", "sketch", "template", "values")

    def __init__(self, template: str, **values: Any) -> None:
        self.template = template
        self.values = values
        self.private = False
        self.refused = False
        self.sketch: Sketch | None = None
        self.graph: Graph | None = None
        self.shown: Picture | None = None
        self.destinations: dict[str, Destination] = {}

    def with_links(self, **destinations: Destination) -> Self:
        """This, its macro given the address of each destination under its name: for the sender, for a day.

        Only where there are links (:attr:`bot.routing.Context.has_links`).
        """
        self.destinations = destinations
        return self

    def with_picture(self, template: str, *, code: str, linked: Role | None = None, **values: Any) -> Self:
        """This, and a picture of a QR code that says ``code``; the words around it are another macro.

        Its first line is the picture's title, what follows an empty line stands below the code. ``linked``: there is a
        link to it, too, for as long as the sender has this role, where the server can be reached by browsers.
        """
        self.sketch = Sketch(template, values, code, linked)
        return self

    def with_chart(self, template: str, shape: Shape, *, opens: Destination | None = None, **values: Any) -> Self:
        """This, and a chart of ``shape``; its words (:meth:`bot.charts.words.Words.read`) are another macro.

        This says the figures in few lines, the one that matters first: it is the title of the card where there are
        links. A tap leads to what ``opens``, else to the whole chart.
        """
        self.graph = Graph(template, values, shape, opens)
        return self

    @classmethod
    def of_picture(cls, picture: Picture) -> Self:
        """A reply that is nothing but a picture."""
        reply = cls("delivery.nothing")
        reply.shown = picture
        return reply

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
class Sketch:
    """A picture to draw: a macro with its arguments for the words, and what the QR code says."""

    template: str
    values: dict[str, Any]
    code: str = field(repr=False)
    linked: Role | None = None


@dataclass(frozen=True, slots=True)
class Graph:
    """A chart to draw: figures, a macro with its arguments for the words, and where a tap leads."""

    template: str
    values: dict[str, Any]
    shape: Shape
    opens: Destination | None = None


@dataclass(frozen=True, slots=True)
class Brief:
    """A notice in one ``line``, for a list under a ``heading`` that it shares with others; the worst ``rank`` first."""

    line: Reply
    heading: Reply
    rank: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """A message that answers nothing: ``reply`` for the operator with ``openid``.

    ``key`` names the fact it tells (an event's identity, say), ``also`` further facts told along with it: one person is
    told one fact once. What may come up again for longer than the week repeats of an event are remembered for says
    ``until`` when (seconds since 1970). ``language`` is for a reader who is no operator any more, whose own choice is
    therefore no longer on record. Of notices of one ``topic`` that cannot be delivered only the newest is kept.
    ``brief`` stands for it among those of the reader's other shops, where several come at the same time.
    """

    openid: str
    reply: Reply
    key: str
    language: str = ""
    topic: str = ""
    also: tuple[str, ...] = ()
    until: float = 0.0
    brief: Brief | None = None
