"""WeChat's side of the push encryption, written apart from the bot's so that each checks the other.

AES-256-CBC, the first 16 bytes of the key as IV, PKCS#7 with blocks of 32; inside: 16 random bytes, the
message's length (4 bytes, big-endian), the message, the appid. Source: message push page, encryption and
decryption.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32


class BadEnvelopeError(Exception):
    """An encrypted answer that WeChat could not have opened; the text says at which check it failed."""


def sign(token: str, *parts: str) -> str:
    """Lower-case hex SHA-1 over the sorted, joined strings."""
    return hashlib.sha1("".join(sorted((token, *parts))).encode()).hexdigest()


def key_bytes(encoding_aes_key: str) -> bytes:
    """The 32 bytes of a 43-character EncodingAESKey. Raises :exc:`ValueError` for anything else."""
    if len(encoding_aes_key) != 43 or not (encoding_aes_key.isascii() and encoding_aes_key.isalnum()):
        raise ValueError(f"EncodingAESKey has {len(encoding_aes_key)} characters, expected 43 of A-Z a-z 0-9")
    return base64.b64decode(encoding_aes_key + "=")


def _cipher(key: bytes) -> Cipher[modes.CBC]:
    return Cipher(algorithms.AES(key), modes.CBC(key[:16]))


def seal(encoding_aes_key: str, appid: str, message: bytes, random: bytes | None = None) -> str:
    """Encrypt ``message`` for (or as) ``appid``; base64. ``random``: 16 bytes, fresh ones unless given."""
    plain = (random or secrets.token_bytes(16)) + len(message).to_bytes(4, "big") + message + appid.encode()
    pad = BLOCK - len(plain) % BLOCK
    encryptor = _cipher(key_bytes(encoding_aes_key)).encryptor()
    return base64.b64encode(encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()).decode()


def open_sealed(encoding_aes_key: str, appid: str, encrypted: str) -> bytes:
    """The message inside ``encrypted``. Raises :exc:`BadEnvelopeError` at the first check that fails."""
    try:
        data = base64.b64decode(encrypted, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadEnvelopeError("Encrypt is not base64") from error
    if not data or len(data) % BLOCK:
        raise BadEnvelopeError(f"Encrypt has {len(data)} bytes, not a multiple of {BLOCK}")
    decryptor = _cipher(key_bytes(encoding_aes_key)).decryptor()
    return _unpack(decryptor.update(data) + decryptor.finalize(), appid)


def _unpack(plain: bytes, appid: str) -> bytes:
    pad = plain[-1]
    if not 1 <= pad <= BLOCK or plain[-pad:] != bytes([pad]) * pad:
        raise BadEnvelopeError("the padding is wrong")
    plain = plain[:-pad]
    if len(plain) < 20:
        raise BadEnvelopeError("too short for random, length and message")
    end = 20 + int.from_bytes(plain[16:20], "big")
    if end > len(plain):
        raise BadEnvelopeError("the length field is larger than the content")
    if plain[end:] != appid.encode():
        raise BadEnvelopeError(f"the appid at the end is {plain[end:]!r}, expected {appid}")
    return plain[20:end]


def same(left: str, right: str) -> bool:
    """Compare two signatures."""
    return hmac.compare_digest(left.encode(), right.encode())
