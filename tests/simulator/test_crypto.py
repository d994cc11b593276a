"""The simulator's encryption against Tencent's vectors, our own, and a second implementation."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto import PrpCrypto

from bot.simulator.crypto import BadEnvelopeError, key_bytes, open_sealed, seal, sign

KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
APPID = "wx0123456789abcdef"
MESSAGE = (
    "<xml><ToUserName><![CDATA[gh_000000000001]]></ToUserName>"
    "<FromUserName><![CDATA[oAAAAAAAAAAAAAAAAAAAAAAAAAAA]]></FromUserName><CreateTime>1700000000</CreateTime>"
    "<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[你好 A&B]]></Content><MsgId>24000000000000001</MsgId></xml>"
)
SEALED = (
    "Q3stYC6hdFzMh9T8HCvyDCZ7WOd3U4cBL73YIObrV8RNKVjRpUZx007nDMe/eoA1EScgVwqsog8xOQ5eQ2IH+sbvQ7TJrXcuBURcZMAJBZ8Q"
    "XiyGsK7MwwBySNhHtd1UabiMxGOwenhDDs3wV6JNERNa+Ty5iguY6Txv4k4XnzUmeo/mn5ODrgNA8KHMEaPHmIejEDSYZsGvTvnTrjioskDz"
    "HsFyCSRR7eClg6Hg9D94mFllM4oQGxFp1cGCYgubsYdm6CIjWxwXa6HADv/2JZMEqgU+AQ0mIjOilCsuqreuW0wcYf43rz9vNO27fqBS8th3"
    "mQ0+RXtahDpRaBCPzqn0sYu5jvzjenSiFlbU+FE+MntvDV6EyR3Et+rvziQaK76FC5H5dUAZqHr3DEehjgL/JPV2yLjex9xc5GNQSew="
)
OFFICIAL = (
    "hE8R6mGXHkJJjU72KxzKUd1GEkKJaEZq7vRL8XgK3o+00k8JGq6+pZJUIlTSyhsX+bxIBQ72g3GyvDdIZcr6+3HAZbSvPT9t/o11MI7d6WEL"
    "wqrGd7jMnV0zv3Zc9Nq7"
)


@pytest.mark.parametrize(
    ("token", "parts", "expected"),
    [
        ("AAAAA", ("1714036504", "1514711492"), "f464b24fc39322e44b38aa78f5edd27bd1441696"),
        ("AAAAA", ("1714037059", "486452656"), "899cf89e464efb63f54ddac96b0a0a235f53aa78"),
        ("AAAAA", ("1713424427", "415670741", OFFICIAL), "03e0812039325c2712ef5f0f980fd14c70d6e307"),
        ("spamtest", ("1700000001", "987654321", SEALED), "e004ee6a19ec0f4a29221cba13b42372e6d7447a"),
        ("spamtest", ("1700000001", "987654321"), "26c9a602887e7bbf4f3971dfe747f395ffb93a8a"),
    ],
)
def test_signs_as_the_published_examples_do(token: str, parts: tuple[str, ...], expected: str) -> None:
    assert sign(token, *parts) == expected


def test_seals_our_vector_byte_for_byte() -> None:
    assert seal(KEY, APPID, MESSAGE.encode(), b"0123456789abcdef") == SEALED


def test_opens_tencents_example_of_an_encrypted_reply() -> None:
    opened = open_sealed("A" * 43, "wx134c8103faa5a59e", OFFICIAL)

    assert opened == b"<xml><demo_resp>[CDATA[good luck]]</demo_resp></xml>"


@pytest.mark.parametrize("key", ["", "a" * 42, "a" * 44, "a" * 42 + "=", "a" * 42 + "é"])
def test_refuses_a_key_that_is_not_43_letters_and_digits(key: str) -> None:
    with pytest.raises(ValueError, match="expected 43"):
        key_bytes(key)


@given(message=st.text(max_size=300), random=st.binary(min_size=16, max_size=16))
def test_opens_what_it_sealed_and_so_does_wechatpy(message: str, random: bytes) -> None:
    sealed = seal(KEY, APPID, message.encode(), random)

    assert open_sealed(KEY, APPID, sealed) == message.encode()
    assert PrpCrypto(key_bytes(KEY)).decrypt(sealed, APPID) == message


@given(message=st.text(max_size=200))
def test_opens_what_wechatpy_sealed(message: str) -> None:
    assert open_sealed(KEY, APPID, PrpCrypto(key_bytes(KEY)).encrypt(message, APPID).decode()) == message.encode()


@given(position=st.integers(min_value=0, max_value=351), flip=st.integers(min_value=1, max_value=255))
def test_a_changed_byte_never_yields_the_message(position: int, flip: int) -> None:
    data = bytearray(base64.b64decode(SEALED))
    data[position % len(data)] ^= flip

    try:
        opened = open_sealed(KEY, APPID, base64.b64encode(bytes(data)).decode())
    except BadEnvelopeError:
        return
    # Without the signature, a change inside the first 16 bytes can only reach the random part.
    assert (opened == MESSAGE.encode() and position % len(data) < 16) or opened != MESSAGE.encode()


@pytest.mark.parametrize(
    ("sealed", "reason"),
    [
        ("", "has 0 bytes"),
        ("?", "not base64"),
        ("YWJj", "has 3 bytes"),
        (seal(KEY, "wxffffffffffffffff", b"x", bytes(16)), "the appid at the end"),
        (seal("b" * 43, APPID, b"x", bytes(16)), "padding|length field|the appid|too short"),
    ],
)
def test_says_why_it_cannot_open(sealed: str, reason: str) -> None:
    with pytest.raises(BadEnvelopeError, match=reason):
        open_sealed(KEY, APPID, sealed)
