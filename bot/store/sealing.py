"""Words that must not be readable in Redis: sealed with a key made from the account's secret."""

from __future__ import annotations

import base64
import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12


class Sealer:
    """Seals and opens text for one account (AES-256-GCM). A new AppSecret makes what was sealed before unreadable."""

    def __init__(self, secret: str, purpose: bytes) -> None:
        self._cipher = AESGCM(hashlib.blake2b(secret.encode(), digest_size=32, person=purpose).digest())

    def seal(self, text: str) -> str:
        """``text`` as base64 that only :meth:`open` reads."""
        nonce = secrets.token_bytes(_NONCE)
        return base64.b64encode(nonce + self._cipher.encrypt(nonce, text.encode(), None)).decode()

    def open(self, sealed: str) -> str | None:
        """The text, or None when it was sealed with another secret or changed since."""
        try:
            raw = base64.b64decode(sealed, validate=True)
            return self._cipher.decrypt(raw[:_NONCE], raw[_NONCE:], None).decode()
        except (InvalidTag, ValueError):
            return None
