"""An official account as the protocol needs to know it."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from bot.clock import WECHAT_ZONE
from config import menu
from config.menu import Button

if TYPE_CHECKING:
    from config import AccountSettings, ComponentSettings


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


class Recipient(Protocol):
    """Whom a push is sealed for: an account, or a component.

    ``keys`` holds the current pairs first, the previous ones during rotation after them. ``suffix`` is the appid at the
    end of every encrypted message, ``addressed`` the element that names the recipient and what stands in it.
    """

    @property
    def keys(self) -> tuple[Key, ...]: ...
    @property
    def mode(self) -> Mode: ...
    @property
    def suffix(self) -> str: ...
    @property
    def addressed(self) -> tuple[str, str]: ...


@dataclass(frozen=True, slots=True)
class Account:
    """One merchant's official account: a :class:`Recipient`.

    ``component`` is the appid of the component that acts for it, "" for an account of one's own: then the ``keys`` are
    the component's, and ``secret`` is one that only we know, since the account's own is never told.
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
    component: str = ""

    @property
    def suffix(self) -> str:
        """The appid at the end of every encrypted message: the component's, where one acts for the account."""
        return self.component or self.appid

    @property
    def addressed(self) -> tuple[str, str]:
        """``ToUserName`` and the account's original id."""
        return "ToUserName", self.original_id


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


def keys_of(settings: AccountSettings | ComponentSettings) -> tuple[Key, ...]:
    """Every pair of a current or previous token and key may open a push."""
    tokens = [token for token in (settings.token, settings.previous_token) if token]
    encoded = [key for key in (settings.encoding_aes_key, settings.previous_encoding_aes_key) if key]
    aes = [decode_aes_key(key) for key in encoded] or [b""]
    return tuple(Key(token, key) for key in aes for token in tokens)


def account_of(settings: AccountSettings) -> Account:
    """An account as the protocol needs it."""
    return Account(
        appid=settings.appid,
        original_id=settings.original_id,
        name=settings.name,
        secret=settings.secret,
        keys=keys_of(settings),
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
