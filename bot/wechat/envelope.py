"""Opening pushes and sealing replies in the mode of the account.

The layout of a ciphertext, inside out: 16 random bytes, the length of the message in 4 bytes (big-endian), the message
in UTF-8, the appid; padded to 32 bytes by PKCS#7; AES-256-CBC with the key's first half as IV; base64.
Source: developers.weixin.qq.com, "message push", section on encryption; checked against the vectors published there.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.errors import NotUnderstood, PushRefused
from bot.wechat import signature, xml
from bot.wechat.account import Key, Mode, Recipient
from bot.wechat.outbound import cdata

BLOCK = 32


@dataclass(frozen=True, slots=True)
class Opened:
    """An authentic push.

    ``signature`` is the one that authenticated it, ``key`` the pair to seal the reply with (``sealed`` False: the reply
    stays plain), ``content`` what was inside, as XML or JSON text; bytes that are not UTF-8 stand in it as surrogates,
    so that it is authentic and cannot be read.
    """

    content: str = field(repr=False)
    signature: str
    timestamp: int
    nonce: str
    key: Key
    sealed: bool

    @property
    def is_json(self) -> bool:
        """Whether the content is JSON; official accounts push XML only, so JSON is kept and not dispatched."""
        return _is_json(self.content)


def open_push(to: Recipient, query: Mapping[str, str], body: bytes) -> Opened:
    """Open a push ``to`` an account or a component; raises :exc:`bot.errors.PushRefused` unless it is authentic.

    ``query`` is the address's ``signature``, ``msg_signature``, ``timestamp`` and ``nonce``. Its setting
    decides what a body must look like; ``encrypt_type`` in the address is never asked.
    """
    opener = _open_plain if to.mode is Mode.PLAIN else _open_sealed
    return opener(to, query, signature.seconds(query.get("timestamp", "")), body)


def verify_address(to: Recipient, query: Mapping[str, str]) -> int:
    """Check ``signature`` of an address (URL verification, plain mode); its timestamp."""
    timestamp = signature.seconds(query.get("timestamp", ""))
    _signer(to, query, "signature")
    return timestamp


def _open_plain(to: Recipient, query: Mapping[str, str], timestamp: int, body: bytes) -> Opened:
    key = _signer(to, query, "signature")
    content = _text(body)
    try:
        fields = _fields(content)
    except NotUnderstood:
        # Signed, but unreadable: kept for inspection by whoever receives it.
        fields = {}
    if "Encrypt" in fields:
        raise PushRefused("mode")
    _addressed(to, fields, may_lack=_is_json(content))
    return Opened(content, query["signature"], timestamp, query.get("nonce", ""), key, sealed=False)


def _open_sealed(to: Recipient, query: Mapping[str, str], timestamp: int, body: bytes) -> Opened:
    try:
        outer = _fields(_text(body))
    except NotUnderstood:
        raise PushRefused("envelope") from None
    encrypted = xml.one(outer, "Encrypt")
    has_plain_copy = bool(outer.keys() - {to.addressed[0], "Encrypt"})
    if not encrypted or has_plain_copy is not (to.mode is Mode.COMPATIBLE):
        raise PushRefused("mode")
    key, content = _decrypt_with_any(to, query, encrypted)
    _same_copies(to, outer, content, has_plain_copy)
    return Opened(content, query["msg_signature"], timestamp, query.get("nonce", ""), key, sealed=True)


def _decrypt_with_any(to: Recipient, query: Mapping[str, str], encrypted: str) -> tuple[Key, str]:
    """The pair that opens ``encrypted``: current before previous, token and key rotated each for itself."""
    _signer(to, query, "msg_signature", encrypted)
    for key in to.keys:
        try:
            signature.verify(key.token, query["msg_signature"], *_signed_parts(query), encrypted)
            return key, decrypt(key.aes, encrypted, to.suffix)
        except PushRefused:
            continue
    raise PushRefused("decryption")


def _signer(to: Recipient, query: Mapping[str, str], name: str, *parts: str) -> Key:
    for key in to.keys:
        try:
            signature.verify(key.token, query.get(name, ""), *_signed_parts(query), *parts)
        except signature.BadSignature:
            continue
        return key
    raise signature.BadSignature


def _signed_parts(query: Mapping[str, str]) -> tuple[str, str]:
    return query.get("timestamp", ""), query.get("nonce", "")


def _same_copies(to: Recipient, outer: Mapping[str, Any], content: str, has_plain_copy: bool) -> None:
    """Whom the push is for stands outside and inside; in compatible mode both copies must be the same."""
    try:
        inner = _fields(content)
    except NotUnderstood:
        if has_plain_copy:
            raise PushRefused("copies differ") from None
        _addressed(to, outer, may_lack=True)
        return
    _addressed(to, outer, may_lack=True)
    _addressed(to, inner, may_lack=_is_json(content))
    if has_plain_copy and {name: value for name, value in outer.items() if name != "Encrypt"} != inner:
        raise PushRefused("copies differ")


def _addressed(to: Recipient, fields: Mapping[str, Any], *, may_lack: bool = False) -> None:
    # JSON may lack it: signed for this account, and never dispatched.
    name, value = to.addressed
    if (not fields or may_lack) and name not in fields:
        return
    if xml.one(fields, name) != value:
        raise PushRefused("addressee")


def _text(body: bytes) -> str:
    return body.removeprefix(codecs.BOM_UTF8).decode(errors="surrogateescape")


def _is_json(content: str) -> bool:
    return content.lstrip().startswith("{")


def _fields(content: str) -> dict[str, Any]:
    """The elements of XML, or the members of JSON."""
    if not _is_json(content):
        return xml.read_text(content)
    try:
        members = json.loads(content)
        # JSON can spell half a character, which is no text: neither signed nor compared.
        json.dumps(members, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise NotUnderstood("broken JSON") from None
    return members if isinstance(members, dict) else {}


def decrypt(key: bytes, encrypted: str, suffix: str) -> str:
    """The message inside ``encrypted``; every check of the layout fails with the same :exc:`PushRefused`."""
    try:
        sealed = base64.b64decode(encrypted, validate=True)
        decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
        padded = decryptor.update(sealed) + decryptor.finalize()
        return _unpack(padded, suffix)
    except (binascii.Error, ValueError, IndexError) as error:
        raise PushRefused("decryption") from error


def _unpack(padded: bytes, suffix: str) -> str:
    pad = padded[-1]
    if not 1 <= pad <= BLOCK or padded[-pad:] != bytes([pad]) * pad:
        raise ValueError("padding")
    content = padded[16:-pad]
    length = int.from_bytes(content[:4], "big")
    message, tail = content[4 : 4 + length], content[4 + length :]
    if len(content) < 4 or len(message) != length or tail != suffix.encode():
        raise ValueError("length or appid")
    return message.decode(errors="surrogateescape")


def encrypt(key: bytes, message: str, suffix: str, prefix: bytes | None = None) -> str:
    """``message`` sealed for ``suffix``, as base64; ``prefix`` (16 bytes) is random unless a test vector names it."""
    content = message.encode()
    plain = (prefix or secrets.token_bytes(16)) + len(content).to_bytes(4, "big") + content + suffix.encode()
    pad = BLOCK - len(plain) % BLOCK
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()).decode()


def seal(key: Key, message: str, suffix: str, *, timestamp: int, nonce: str, prefix: bytes | None = None) -> str:
    """The reply envelope around ``message``, signed with ``key``; ``nonce`` is the push's."""
    encrypted = encrypt(key.aes, message, suffix, prefix)
    sign = signature.sign(key.token, str(timestamp), nonce, encrypted)
    return (
        f"<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt><MsgSignature><![CDATA[{sign}]]></MsgSignature>"
        f"<TimeStamp>{timestamp}</TimeStamp><Nonce>{cdata(nonce)}</Nonce></xml>"
    )
