"""XML as WeChat writes it, and what it refuses to read."""

from __future__ import annotations

import pytest
import xmltodict
from hypothesis import given
from hypothesis import strategies as st

from bot.simulator.elements import BadXmlError, read, write

PRINTABLE = st.text(st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\ufffe\uffff"))


@given(PRINTABLE)
def test_any_text_survives_cdata_for_two_parsers(text: str) -> None:
    document = write({"Content": text})

    assert read(document.encode()) == {"Content": text}
    assert (xmltodict.parse(document, strip_whitespace=False)["xml"]["Content"] or "") == text


def test_writes_numbers_bare_lists_repeated_and_leaves_none_out() -> None:
    elements = {"CreateTime": 1700000000, "Event": None, "List": [{"Id": "a"}, {"Id": "b"}]}

    assert write(elements) == (
        "<xml><CreateTime>1700000000</CreateTime>"
        "<List><Id><![CDATA[a]]></Id></List><List><Id><![CDATA[b]]></Id></List></xml>"
    )
    assert read(write(elements).encode()) == {"CreateTime": "1700000000", "List": [{"Id": "a"}, {"Id": "b"}]}


def test_drops_characters_xml_cannot_carry() -> None:
    assert write({"Content": "a\x00b\x1bc\ud800d"}) == "<xml><Content><![CDATA[abcd]]></Content></xml>"


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (b"\xff", "not UTF-8"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><xml>&a;</xml>', "has a DTD"),
        (b"<xml><a></xml>", "not well-formed"),
        (b"{}", "not well-formed"),
        (b"<xml><a>\x01</a></xml>", "not well-formed"),
        (b"<reply><a>1</a></reply>", "the root is <reply>"),
    ],
)
def test_refuses(document: bytes, reason: str) -> None:
    with pytest.raises(BadXmlError, match=reason):
        read(document)
