"""Encrypted codes, as wx.addCard and the links inside a voucher carry them; card/code/decrypt opens them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

from bot.simulator.errors import ApiError
from bot.simulator.model import Shop

MAC = 8


def encrypted(shop: Shop, number: str) -> str:
    """The code as this account's pages see it: base64, to be URL-encoded in an address."""
    raw = number.encode()
    mac = hmac.digest(shop.secret.encode(), raw, "sha256")[:MAC]
    return base64.b64encode(mac + _mix(shop, mac, raw)).decode()


def decrypted(shop: Shop, text: str) -> str:
    """The code. Raises 40075 for anything but an encrypted code of this account, not URL-encoded."""
    try:
        sealed = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ApiError(40075) from None
    mac, raw = sealed[:MAC], _mix(shop, sealed[:MAC], sealed[MAC:])
    if not raw or not hmac.compare_digest(mac, hmac.digest(shop.secret.encode(), raw, "sha256")[:MAC]):
        raise ApiError(40075)
    return raw.decode()


def _mix(shop: Shop, salt: bytes, data: bytes) -> bytes:
    stream = hashlib.sha256(salt + shop.secret.encode()).digest()
    return bytes(one ^ other for one, other in zip(data, stream, strict=False))
