"""WeChat's signature: SHA-1 over the sorted parts.

Source: developers.weixin.qq.com, "message push", section on the signature, and "encryption" for ``msg_signature``.
"""

from __future__ import annotations

import hashlib
import hmac
import re

from bot.errors import PushRefused

_TEN_DIGITS = re.compile(r"[0-9]{10}")


class BadSignature(PushRefused):
    """Nobody who knows the token signed this."""

    def __init__(self) -> None:
        super().__init__("signature")


def sign(token: str, *parts: str) -> str:
    """Lower-case hex of SHA-1 over ``token`` and ``parts``, sorted as bytes and joined without a separator."""
    joined = b"".join(sorted(part.encode() for part in (token, *parts)))
    return hashlib.sha1(joined, usedforsecurity=False).hexdigest()


def verify(token: str, signature: str, *parts: str) -> None:
    """Raise :exc:`BadSignature` unless somebody who knows ``token`` signed ``parts``.

    There is no boolean to forget: code after the call may trust its input.
    """
    if not token or not hmac.compare_digest(sign(token, *parts).encode(), signature.encode()):
        raise BadSignature


def seconds(timestamp: str) -> int:
    """The address's ``timestamp`` as seconds since 1970.

    Exactly ten digits: the signed parts are joined without a separator, so digits could be moved between timestamp and
    nonce without changing the signature.
    """
    if not _TEN_DIGITS.fullmatch(timestamp):
        raise PushRefused("timestamp")
    return int(timestamp)
