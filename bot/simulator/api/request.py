"""What an API function gets, and how it is entered in the table of endpoints."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.simulator.errors import ApiError
from bot.simulator.model import Shop
from bot.simulator.tokens import Kind
from bot.simulator.world import World

Answer = Mapping[str, Any]


@dataclass(frozen=True)
class Upload:
    """A file of a form."""

    filename: str
    data: bytes


@dataclass(frozen=True)
class Blob:
    """An answer that is a file instead of JSON."""

    data: bytes
    content_type: str
    filename: str


@dataclass(frozen=True)
class Request:
    """An authorised call: whose it is, its query, its JSON ({} for GET) and the files of its form.

    ``shop``: the account; the component (as :meth:`Component.as_shop` shows it) where its own token or secret came.
    ``kind``: of the token, "" where a secret came.
    """

    world: World
    shop: Shop
    query: Mapping[str, str]
    body: Mapping[str, Any]
    files: Mapping[str, Upload] = field(default_factory=dict)
    kind: Kind | Literal[""] = ""


Credential = Literal["account", "component", "any", "secret", "component_appsecret", "component_secret"]
"""What the caller shows: the token of an account, of a component, of either; or a secret in the body's member of this
name, where tokens are fetched."""


@dataclass(frozen=True)
class Endpoint:
    """One API: ``act`` answers or raises :exc:`ApiError`.

    ``form``: the body is multipart/form-data, not JSON. ``members``: what may stand in the body, where nothing else may
    (40097; that code is not confirmed).
    """

    method: Literal["GET", "POST"]
    path: str
    act: Callable[[Request], Answer | Blob | Awaitable[Answer]]
    shows: Credential = "account"
    form: bool = False
    members: tuple[str, ...] | None = None

    def check(self, body: Mapping[str, Any]) -> None:
        """Raise 40097 for a member that the page does not name."""
        if self.members is not None and set(body) - set(self.members):
            raise ApiError(40097)


_ESCAPE = re.compile(rb"(?<!\\)(?:\\\\)*\\u[0-9a-fA-F]{4}")


def parse(raw: bytes, *, unique: bool = False) -> dict[str, Any]:
    """A POST body.

    Raises 44002 (empty), 47002 (``\\uXXXX`` escapes), 47001 (anything but a JSON object in UTF-8); with ``unique``
    61008 for a key that stands there twice.
    """
    if not raw:
        raise ApiError(44002)
    if _ESCAPE.search(raw):
        raise ApiError(47002)
    try:
        body = json.loads(raw.decode("utf-8"), parse_constant=_refuse, object_pairs_hook=_once if unique else None)
    except (ValueError, RecursionError):
        raise ApiError(47001) from None
    if not isinstance(body, dict):
        raise ApiError(47001)
    return body


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(found := dict(pairs)) < len(pairs):
        raise ApiError(61008)
    return found


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def integer(body: Mapping[str, Any], name: str, *, least: int = 0, most: int | None = None) -> int:
    """A required whole number. Raises 40097."""
    value = body.get(name)
    if type(value) is not int or value < least or (most is not None and value > most):
        raise ApiError(40097)
    return value
