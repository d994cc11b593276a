"""An official account as the protocol needs to know it."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.clock import WECHAT_ZONE
from config import menu
from config.menu import Button

if TYPE_CHECKING:
    from config import AccountSettings


class Mode(StrEnum):
    """How pushes of an account look. The account's own setting, never the request, decides."""

    PLAIN = "plain"
    COMPATIBLE = "compatible"
    SAFE = "safe"


@dataclass(frozen=True, slots=True)
class Key:
    """One token with one AES key (32 bytes; empty where the account is in plain mode without a key)."""

    token: str
    aes: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Account:
    """One merchant's official account.

    ``keys`` holds the current pairs first, the previous ones during rotation after them. ``suffix`` is the appid that
    stands at the end of an encrypted message: the account's own, or the component's.
    """

    appid: str
    original_id: str
    name: str
    secret: str = field(repr=False)
    keys: tuple[Key, ...] = field(repr=False)
    mode: Mode = Mode.SAFE
    language: str = "zh_CN"
    zone: ZoneInfo = WECHAT_ZONE
    customer_service: bool = True
    notice_template_id: str = ""
    menu_links: bool = True
    operators_menu: tuple[Button, ...] = ()
    customers: str = "nothing"
    customers_text: str = ""

    @property
    def suffix(self) -> str:
        """The appid at the end of every encrypted message."""
        return self.appid


def decode_aes_key(encoding_aes_key: str) -> bytes:
    """The 32 bytes behind 43 characters ``[A-Za-z0-9]``; ValueError says what is wrong.

    The 43rd character carries four bits only, so keys are compared decoded, never as text.
    """
    if len(encoding_aes_key) != 43:
        raise ValueError(f"has {len(encoding_aes_key)} characters, expected 43")
    if not re.fullmatch(r"[A-Za-z0-9]{43}", encoding_aes_key):
        raise ValueError("has characters other than letters and digits")
    try:
        return base64.b64decode(encoding_aes_key + "=")
    except binascii.Error as error:  # pragma: no cover - the pattern above admits no such text
        raise ValueError("is not base64") from error


def account_of(settings: AccountSettings) -> Account:
    """An account as the protocol needs it; every pair of a current or previous token and key may open a push."""
    tokens = [token for token in (settings.token, settings.previous_token) if token]
    encoded = [key for key in (settings.encoding_aes_key, settings.previous_encoding_aes_key) if key]
    aes = [decode_aes_key(key) for key in encoded] or [b""]
    return Account(
        appid=settings.appid,
        original_id=settings.original_id,
        name=settings.name,
        secret=settings.secret,
        keys=tuple(Key(token, key) for key in aes for token in tokens),
        mode=Mode(settings.mode),
        language=settings.language,
        zone=ZoneInfo(settings.timezone),
        customer_service=settings.customer_service,
        notice_template_id=settings.notice_template_id,
        menu_links=settings.menu_links,
        operators_menu=menu.parse(settings.operators_menu),
        customers=settings.customers,
        customers_text=settings.customers_text,
    )
