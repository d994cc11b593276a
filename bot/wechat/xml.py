"""The one reader of WeChat's XML: small, without document types, and never surprised.

It stands in front of everything, also of what nobody has signed yet, so it bounds its own work: one pass over the
bytes by expat, which stops at the first document type, comment or processing instruction and at more elements than any
push has.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NoReturn
from xml.parsers import expat

from bot.errors import NotUnderstood

MOST_ELEMENTS = 1_000
DEEPEST = 16
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def read(body: bytes) -> dict[str, Any]:
    """The children of ``<xml>``: stripped text by name, dicts for nested elements, lists for repeated ones.

    Whether text came as CDATA makes no difference, attributes are not looked at, and text beside elements is dropped.
    Control characters, which XML forbids but phones send, are dropped so that the message survives.
    Raises :exc:`bot.errors.NotUnderstood`.
    """
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise NotUnderstood("not UTF-8") from None
    return read_text(text)


def read_text(text: str) -> dict[str, Any]:
    """As :func:`read`, of text."""
    reader = _Reader()
    cleaned = _CONTROL.sub("", text).removeprefix("\ufeff").strip()
    try:
        reader.parser.Parse(cleaned.encode(), True)
    except UnicodeEncodeError:
        raise NotUnderstood("not UTF-8") from None
    except expat.ExpatError:
        # The parser's own words may quote the message.
        raise NotUnderstood("broken XML") from None
    name, root = reader.root
    if name != "xml" or not isinstance(root, dict):
        raise NotUnderstood("no <xml> element with content")
    return root


class _Reader:
    """Collects what expat finds."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate("utf-8")  # whatever the XML declaration says
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._said
        self.parser.StartDoctypeDeclHandler = self._unwanted
        self.parser.CommentHandler = self._unwanted
        self.parser.ProcessingInstructionHandler = self._unwanted
        self.root: tuple[str, str | dict[str, Any]] = ("", "")
        self._open: list[tuple[dict[str, Any], list[str]]] = []
        self._count = 0

    def _start(self, _name: str, _attributes: Mapping[str, str]) -> None:
        self._count += 1
        if self._count > MOST_ELEMENTS or len(self._open) >= DEEPEST:
            raise NotUnderstood("too many elements")
        self._open.append(({}, []))

    def _said(self, text: str) -> None:
        self._open[-1][1].append(text)

    def _end(self, name: str) -> None:
        children, texts = self._open.pop()
        value = children or "".join(texts).strip()
        if not self._open:
            self.root = (name, value)
            return
        siblings = self._open[-1][0]
        known = siblings.get(name)
        if isinstance(known, list):
            known.append(value)
        else:
            siblings[name] = value if known is None else [known, value]

    def _unwanted(self, *_: object) -> NoReturn:
        raise NotUnderstood("document type or comment")


def one(fields: Mapping[str, Any], name: str) -> str:
    """The text of element ``name``: ``""`` where it is missing, empty or nested; of repeated ones the first."""
    value = fields.get(name)
    if isinstance(value, list):
        value = value[0] if value else ""
    return value.strip() if isinstance(value, str) else ""
