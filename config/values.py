"""The kinds of values settings are made of, each with its check.

A check raises ValueError with the end of a sentence ("has 42 characters, expected 43"); :mod:`config.explain` puts
file and key before it. No check repeats a secret.
"""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field

from config import redis_address

PLACEHOLDERS = frozenset({"the AppSecret", "the Token", "theEncodingAESKeyOfThisAccount43Characters0"})
"""Secrets that ``example.toml`` shows: known to everybody, so whoever keeps them is open to everybody."""


def _appid(value: str) -> str:
    if not re.fullmatch(r"wx[0-9A-Za-z]{16}", value):
        raise ValueError(f'is "{value}", expected "wx" and 16 letters or digits')
    return value


def _original_id(value: str) -> str:
    if not re.fullmatch(r"gh_[0-9A-Za-z_-]+", value):
        raise ValueError(f'is "{value}", expected "gh_" and letters or digits, as the console shows it')
    return value


def _aes_key(value: str) -> str:
    if len(value) != 43:
        raise ValueError(f"has {len(value)} characters, expected 43")
    if not re.fullmatch(r"[A-Za-z0-9]+", value):
        raise ValueError("has characters other than letters and digits, expected 43 letters and digits")
    return value


def _aes_key_or_empty(value: str) -> str:
    return _aes_key(value) if value else value


def _present(value: str) -> str:
    if not value.strip():
        raise ValueError("is empty, expected a value")
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f'is "{value}", expected a time zone such as "Asia/Shanghai"') from error
    return value


def _web_address(value: str) -> str:
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable:
        raise ValueError(f'is "{value}", expected an address that begins with https:// or http://')
    return value.rstrip("/")


def _web_address_or_empty(value: str) -> str:
    return _web_address(value) if value else value


def _redis_url(value: str) -> str:
    if value:
        redis_address.parse(value)
    return value


def _proxy(value: str) -> str:
    try:
        ipaddress.ip_network(value)
    except ValueError as error:
        raise ValueError(f'is "{value}", expected an IP address or network such as "10.0.0.0/8"') from error
    return value


def _folder(value: Path) -> Path:
    if value == Path():
        raise ValueError("is empty, expected a folder")
    return value


def _reply_text(value: str) -> str:
    size = len(value.encode())
    if size > 2000:
        raise ValueError(f"has {size} UTF-8 bytes, expected at most 2000")
    return value


def _own(value: str) -> str:
    if value in PLACEHOLDERS:
        raise ValueError("is still what example.toml shows, expected your own")
    return value


Appid = Annotated[str, AfterValidator(_appid)]
OriginalId = Annotated[str, AfterValidator(_original_id)]
Secret = Annotated[str, Field(repr=False), AfterValidator(_present), AfterValidator(_own)]
OptionalSecret = Annotated[str, Field(repr=False)]
AesKey = Annotated[str, Field(repr=False), AfterValidator(_aes_key), AfterValidator(_own)]
OptionalAesKey = Annotated[str, Field(repr=False), AfterValidator(_aes_key_or_empty), AfterValidator(_own)]
Zone = Annotated[str, AfterValidator(_zone)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
OptionalWebAddress = Annotated[str, AfterValidator(_web_address_or_empty)]
RedisUrl = Annotated[str, Field(repr=False), AfterValidator(_redis_url)]
Proxy = Annotated[str, AfterValidator(_proxy)]
Folder = Annotated[Path, Field(strict=False), AfterValidator(_folder)]
ReplyText = Annotated[str, AfterValidator(_reply_text)]
Present = Annotated[str, AfterValidator(_present)]
Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0)]
Port = Annotated[int, Field(ge=0, le=65535)]
RoleName = Literal["viewer", "clerk", "manager", "owner"]
