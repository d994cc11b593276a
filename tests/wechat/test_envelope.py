"""Signatures and envelopes against the published vectors, our own, and the second opinion of wechatpy."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto import WeChatCrypto

from bot.errors import PushRefused
from bot.wechat import envelope, signature
from bot.wechat.account import Account, Key, Mode, decode_aes_key

OFFICIAL_KEY = decode_aes_key("A" * 43)
OWN_ENCODED = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
OWN_KEY = decode_aes_key(OWN_ENCODED)
APPID = "wx0123456789abcdef"
MESSAGE = (
    "<xml><ToUserName><![CDATA[gh_000000000001]]></ToUserName><FromUserName><![CDATA[oAAAAAAAAAAAAAAAAAAAAAAAAAAA]]>"
    "</FromUserName><CreateTime>1700000000</CreateTime><MsgType><![CDATA[text]]></MsgType>"
    "<Content><![CDATA[你好 A&B]]></Content><MsgId>24000000000000001</MsgId></xml>"
)
ENCRYPTED = (
    "Q3stYC6hdFzMh9T8HCvyDCZ7WOd3U4cBL73YIObrV8RNKVjRpUZx007nDMe/eoA1EScgVwqsog8xOQ5eQ2IH+sbvQ7TJrXcuBURcZMAJBZ8QXiyG"
    "sK7MwwBySNhHtd1UabiMxGOwenhDDs3wV6JNERNa+Ty5iguY6Txv4k4XnzUmeo/mn5ODrgNA8KHMEaPHmIejEDSYZsGvTvnTrjioskDzHsFyCSRR"
    "7eClg6Hg9D94mFllM4oQGxFp1cGCYgubsYdm6CIjWxwXa6HADv/2JZMEqgU+AQ0mIjOilCsuqreuW0wcYf43rz9vNO27fqBS8th3mQ0+RXtahDpR"
    "aBCPzqn0sYu5jvzjenSiFlbU+FE+MntvDV6EyR3Et+rvziQaK76FC5H5dUAZqHr3DEehjgL/JPV2yLjex9xc5GNQSew="
)
REPLY = (
    "<xml><ToUserName><![CDATA[oAAAAAAAAAAAAAAAAAAAAAAAAAAA]]></ToUserName><FromUserName><![CDATA[gh_000000000001]]>"
    "</FromUserName><CreateTime>1700000002</CreateTime><MsgType><![CDATA[text]]></MsgType>"
    "<Content><![CDATA[收到]]></Content></xml>"
)
SEALED_REPLY = (
    "DpQeJfnf/MGZ/+GTIspwVF7dGxwINw03DhAg5nb39UYdANgQwtJdd8y5tiDFDXI4pJ2Jt9Slyt651ETSJYKR15TqNlzO2MOmL+Q/iWvLWSw03Hl6"
    "atdZ7Yif5yeSQn0OwSqUesLeB9GCwGn8otlnS5MGlrPqtYKNJW2loebJ847UeI2FdVn7Ywt3mBRd8YYrlK9IwySC0Pvgk1Ks4/kTmaEQSNpD3Rjn"
    "TTcyPqOCXVzsosklOPNRhNdC+4vsj68zb9quXUKgaX63ZFWJUJ0w6LS2Pm5Waj0Or9PagYnKhQLnEeMQohEa/kxSv6S42W51G0UnVpG3dVXbIRHY"
    "y1fOgsiTMqI2kcJRIAjrSpFI9Be+jXTewndU/vfIqONh/N9+"
)
OFFICIAL_REPLY = (
    "hE8R6mGXHkJJjU72KxzKUd1GEkKJaEZq7vRL8XgK3o+00k8JGq6+pZJUIlTSyhsX+bxIBQ72g3GyvDdIZcr6+3HAZbSvPT9t/o11MI7d6WELwqrG"
    "d7jMnV0zv3Zc9Nq7"
)


def account(mode: Mode = Mode.SAFE, *keys: Key) -> Account:
    """An account of the own vectors."""
    return Account(APPID, "gh_000000000001", "Test", "s" * 32, keys or (Key("spamtest", OWN_KEY),), mode)


def query(**changed: str) -> dict[str, str]:
    """The address of the own vector."""
    signed = {
        "timestamp": "1700000001",
        "nonce": "987654321",
        "signature": "26c9a602887e7bbf4f3971dfe747f395ffb93a8a",
        "msg_signature": "e004ee6a19ec0f4a29221cba13b42372e6d7447a",
    }
    return signed | changed


def safe_body(encrypted: str = ENCRYPTED, to: str = "gh_000000000001") -> bytes:
    """A push in safe mode."""
    return f"<xml><ToUserName><![CDATA[{to}]]></ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>".encode()


@pytest.mark.parametrize(
    ("timestamp", "nonce", "expected"),
    [
        ("1714036504", "1514711492", "f464b24fc39322e44b38aa78f5edd27bd1441696"),
        ("1714037059", "486452656", "899cf89e464efb63f54ddac96b0a0a235f53aa78"),
    ],
)
def test_signs_the_published_addresses(timestamp: str, nonce: str, expected: str) -> None:
    assert signature.sign("AAAAA", timestamp, nonce) == expected
    signature.verify("AAAAA", expected, timestamp, nonce)


@pytest.mark.parametrize("given_signature", ["", "0" * 40, "F464B24FC39322E44B38AA78F5EDD27BD1441696", "é", "f464"])
def test_believes_no_other_signature(given_signature: str) -> None:
    with pytest.raises(signature.BadSignature):
        signature.verify("AAAAA", given_signature, "1714036504", "1514711492")


def test_an_empty_token_signs_nothing() -> None:
    with pytest.raises(signature.BadSignature):
        signature.verify("", signature.sign("", "1714036504", "1"), "1714036504", "1")


@pytest.mark.parametrize(
    "timestamp", ["", "170000000", "17000000019", "170000000a", "１７００００００１０", " 1700000001", "-170000000"]
)
def test_a_timestamp_has_ten_digits(timestamp: str) -> None:
    """Digits moved between timestamp and nonce leave the signature as it was."""
    assert signature.sign("t", "17000000019", "87654321") == signature.sign("t", "1700000001", "987654321")
    with pytest.raises(PushRefused):
        signature.seconds(timestamp)


def test_opens_the_published_reply() -> None:
    signed = signature.sign("AAAAA", "1713424427", "415670741", OFFICIAL_REPLY)
    assert signed == "03e0812039325c2712ef5f0f980fd14c70d6e307"
    opened = envelope.decrypt(OFFICIAL_KEY, OFFICIAL_REPLY, "wx134c8103faa5a59e")
    assert opened == "<xml><demo_resp>[CDATA[good luck]]</demo_resp></xml>"


def test_opens_our_own_push_vector() -> None:
    opened = envelope.open_push(account(), query(), safe_body())
    assert opened.content == MESSAGE
    assert opened.sealed
    assert opened.timestamp == 1_700_000_001
    assert envelope.encrypt(OWN_KEY, MESSAGE, APPID, b"0123456789abcdef") == ENCRYPTED


def test_seals_our_own_reply_vector() -> None:
    sealed = envelope.seal(
        Key("spamtest", OWN_KEY), REPLY, APPID, timestamp=1_700_000_002, nonce="987654321", prefix=b"fedcba9876543210"
    )
    assert sealed == (
        f"<xml><Encrypt><![CDATA[{SEALED_REPLY}]]></Encrypt>"
        "<MsgSignature><![CDATA[f35362aa153af96c4bdb4361ef38b2a41b3c3ea5]]></MsgSignature>"
        "<TimeStamp>1700000002</TimeStamp><Nonce><![CDATA[987654321]]></Nonce></xml>"
    )


@given(st.text(st.characters(blacklist_categories=["Cs"]), max_size=200))
def test_wechatpy_reads_what_we_seal_and_we_read_what_it_seals(message: str) -> None:
    peer = WeChatCrypto("spamtest", OWN_ENCODED, APPID)
    ours = envelope.encrypt(OWN_KEY, message, APPID)
    sign = signature.sign("spamtest", "1700000001", "1", ours)
    assert peer.decrypt_message({"Encrypt": ours}, sign, "1700000001", "1") == message
    assert envelope.decrypt(OWN_KEY, ours, APPID) == message


@pytest.mark.parametrize(
    "encrypted",
    [
        "",
        "!!!!",
        "QUJD",
        base64.b64encode(b"x" * 32).decode(),
        base64.b64encode(b"x" * 33).decode(),
        ENCRYPTED[:-24] + "A" * 23 + "=",
        ENCRYPTED + "\n=",
    ],
    ids=["empty", "no base64", "no block", "random", "no whole block", "last block changed", "junk behind"],
)
def test_refuses_every_broken_ciphertext_alike(encrypted: str) -> None:
    with pytest.raises(PushRefused) as refused:
        envelope.decrypt(OWN_KEY, encrypted, APPID)
    assert refused.value.reason == "decryption"


def test_refuses_another_appid_inside() -> None:
    foreign = envelope.encrypt(OWN_KEY, MESSAGE, "wxfedcba9876543210")
    signed = query(msg_signature=signature.sign("spamtest", "1700000001", "987654321", foreign))
    with pytest.raises(PushRefused):
        envelope.open_push(account(), signed, safe_body(foreign))


@pytest.mark.parametrize("pad", [0, 33, 255])
def test_refuses_padding_outside_one_to_thirty_two(pad: int) -> None:
    content = MESSAGE.encode()
    plain = b"0" * 16 + len(content).to_bytes(4, "big") + content + APPID.encode()
    plain += bytes([pad]) * (256 + 32 - len(plain) % 32)
    encryptor = Cipher(algorithms.AES(OWN_KEY), modes.CBC(OWN_KEY[:16])).encryptor()
    sealed = base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()
    with pytest.raises(PushRefused):
        envelope.decrypt(OWN_KEY, sealed, APPID)


@pytest.mark.parametrize("rotated", ["token", "key", "both"])
def test_the_previous_token_and_key_still_open_and_seal_the_reply(rotated: str) -> None:
    """During rotation the reply goes back under the pair that opened the push."""
    new_key = decode_aes_key("Z" * 43)
    tokens = ("newtoken", "spamtest") if rotated != "key" else ("spamtest",)
    aes = (new_key, OWN_KEY) if rotated != "token" else (OWN_KEY,)
    rotating = replace(account(), keys=tuple(Key(token, key) for key in aes for token in tokens))
    opened = envelope.open_push(rotating, query(), safe_body())
    assert (opened.key.token, opened.key.aes) == ("spamtest", OWN_KEY)


def test_the_current_pair_opens_too_while_rotating() -> None:
    rotating = replace(account(), keys=(Key("spamtest", OWN_KEY), Key("old", OFFICIAL_KEY)))
    assert envelope.open_push(rotating, query(), safe_body()).key.token == "spamtest"


def test_the_addressee_must_be_this_account_outside_and_inside() -> None:
    with pytest.raises(PushRefused):
        envelope.open_push(account(), query(), safe_body(to="gh_somebody_else"))
    foreign = envelope.encrypt(OWN_KEY, MESSAGE.replace("gh_000000000001", "gh_000000000002"), APPID)
    signed = query(msg_signature=signature.sign("spamtest", "1700000001", "987654321", foreign))
    with pytest.raises(PushRefused):
        envelope.open_push(account(), signed, safe_body(foreign))


def test_in_compatible_mode_both_copies_must_agree() -> None:
    both = MESSAGE.replace("</xml>", f"<Encrypt><![CDATA[{ENCRYPTED}]]></Encrypt></xml>")
    assert envelope.open_push(account(Mode.COMPATIBLE), query(), both.encode()).content == MESSAGE
    for forged in (both.replace("你好", "删除"), both.replace("<MsgId>2", "<Extra>1</Extra><MsgId>2")):
        with pytest.raises(PushRefused):
            envelope.open_push(account(Mode.COMPATIBLE), query(), forged.encode())


def test_plain_mode_reads_the_plain_body_under_the_addresses_signature() -> None:
    opened = envelope.open_push(account(Mode.PLAIN), query(), MESSAGE.encode())
    assert (opened.content, opened.sealed) == (MESSAGE, False)
    with pytest.raises(PushRefused):
        envelope.open_push(account(Mode.PLAIN), query(signature="0" * 40), MESSAGE.encode())
