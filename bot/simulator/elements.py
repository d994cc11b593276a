"""XML as WeChat writes and reads it: flat elements under ``<xml>``, text in CDATA, numbers bare."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET  # noqa: S405 - read() refuses DTDs and entities before parsing
from collections.abc import Mapping
from typing import Any

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class BadXmlError(Exception):
    """Not a document WeChat would read."""


def write(elements: Mapping[str, Any], root: str = "xml") -> str:
    """``elements`` as one document.

    Strings become CDATA, numbers bare text, mappings nested elements, lists repeated elements; None is left
    out.
    """
    return f"<{root}>{''.join(_element(name, value) for name, value in elements.items())}</{root}>"


def _element(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return write(value, name)
    if isinstance(value, list):
        return "".join(_element(name, entry) for entry in value)
    if isinstance(value, int):
        return f"<{name}>{int(value)}</{name}>"
    return f"<{name}>{cdata(str(value))}</{name}>"


def cdata(text: str) -> str:
    """``text`` in CDATA; what XML cannot carry is dropped, as WeChat's clients do."""
    return "<![CDATA[" + _ILLEGAL.sub("", text).replace("]]>", "]]]]><![CDATA[>") + "]]>"


def read(document: bytes) -> dict[str, Any]:
    """The elements under ``<xml>``.

    Strings, nested dicts, lists where a name repeats. Raises :exc:`BadXmlError`.
    """
    try:
        text = document.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadXmlError("not UTF-8") from error
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise BadXmlError("has a DTD")
    try:
        root = ET.fromstring(text)  # noqa: S314 - no DTD gets here
    except (ET.ParseError, ValueError) as error:
        raise BadXmlError(f"not well-formed: {error}") from error
    if root.tag != "xml":
        raise BadXmlError(f"the root is <{root.tag}>, expected <xml>")
    return _children(root)


def _children(parent: ET.Element) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for child in parent:
        value: Any = _children(child) if len(child) else (child.text or "")
        if child.tag not in found:
            found[child.tag] = value
        elif isinstance(found[child.tag], list):
            found[child.tag].append(value)
        else:
            found[child.tag] = [found[child.tag], value]
    return found
