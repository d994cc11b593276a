"""The one reader of WeChat's XML: small, without document types, and never surprised.

It stands in front of everything, also of what nobody has signed yet, so it bounds its own work: document types,
entities, comments and processing instructions are refused, as are more elements than any push has.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from xml.parsers import expat

import xmltodict

from bot.errors import NotUnderstood

MOST_ELEMENTS = 2_000
_MARKUP_WE_REFUSE = re.compile(r"<!(?!\[CDATA\[)|<\?(?!xml\s)")
_CDATA = re.compile(r"<!\[CDATA\[.*?\]\]>", re.DOTALL)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def read(body: bytes) -> dict[str, Any]:
    """The children of ``<xml>``: text by name, dicts for nested elements, lists for repeated ones.

    Control characters, which XML forbids but phones send, are dropped so that the message survives.
    Raises :exc:`bot.errors.NotUnderstood`.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotUnderstood("not UTF-8") from None
    return read_text(text)


def read_text(text: str) -> dict[str, Any]:
    """As :func:`read`, of text."""
    text = _CONTROL.sub("", text).strip()
    if _MARKUP_WE_REFUSE.search(_CDATA.sub("", text)):
        raise NotUnderstood("document type or comment")
    if text.count("<") > MOST_ELEMENTS * 2:
        raise NotUnderstood("too many elements")
    try:
        parsed = xmltodict.parse(text.encode(), encoding="utf-8")
    except (expat.ExpatError, ValueError, RecursionError) as error:
        raise NotUnderstood("broken XML") from error
    root = parsed.get("xml")
    if not isinstance(root, dict):
        raise NotUnderstood("no <xml> element with content")
    return root


def one(fields: Mapping[str, Any], name: str) -> str:
    """The text of element ``name``: stripped, ``""`` where it is missing or empty; of repeated ones the first."""
    value = fields.get(name)
    if isinstance(value, list):
        value = value[0]
    if isinstance(value, dict):
        value = value.get("#text")
    return value.strip() if isinstance(value, str) else ""
