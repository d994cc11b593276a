"""A component, and what WeChat tells it about the accounts that authorised it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.wechat.account import Key, Mode, keys_of
from bot.wechat.exchange import whole_number

if TYPE_CHECKING:
    from config import ComponentSettings

NEEDED_SETS = (1, 2, 3, 7, 8, 11, 13, 15)
"""Permission sets the bot works with: messages, users, QR codes, templates, cards, material, stores, menu."""
CARDS = 8


@dataclass(frozen=True, slots=True)
class Component:
    """The third-party platform: a :class:`~bot.wechat.account.Recipient` of its own, always in safe mode."""

    appid: str
    secret: str = field(repr=False)
    keys: tuple[Key, ...] = field(repr=False)

    @property
    def mode(self) -> Mode:
        """Its format is fixed."""
        return Mode.SAFE

    @property
    def suffix(self) -> str:
        """The appid at the end of every encrypted message, both ways, whichever account it is about."""
        return self.appid

    @property
    def addressed(self) -> tuple[str, str]:
        """``AppId``, outside and inside."""
        return "AppId", self.appid


def component_of(settings: ComponentSettings) -> Component:
    """The component as the protocol needs it."""
    return Component(settings.appid, settings.secret, keys_of(settings))


@dataclass(frozen=True, slots=True)
class Authorization:
    """What an account granted: answer of ``api_query_auth``. Lifetimes in seconds.

    ``access_token`` and ``refresh_token`` are "" for an account without rights to the API.
    """

    appid: str
    access_token: str = field(repr=False)
    lifetime: float
    refresh_token: str = field(repr=False)
    sets: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AuthorizerInfo:
    """What WeChat says of an account: answer of ``api_get_authorizer_info``.

    ``service``: 0, 1 subscription account, 2 service account. ``verified``: -1 not, 0 by WeChat, 3 and 4 qualified.
    ``cards``: whether its card function is open. ``status``: 1 normal; 14 cancelled, 16 banned, 18 warned, 19 frozen.
    """

    appid: str
    original_id: str
    name: str
    service: int
    verified: int
    cards: bool
    status: int
    sets: tuple[int, ...]
    refresh_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of ``api_get_authorizer_list``: an account, its refresh token, and when it authorised (second)."""

    appid: str
    refresh_token: str = field(repr=False)
    authorized_at: int


def authorization(answer: Mapping[str, Any]) -> Authorization:
    """From ``authorization_info`` of an answer."""
    given = section(answer, "authorization_info")
    return Authorization(
        appid=text(given, "authorizer_appid"),
        access_token=text(given, "authorizer_access_token"),
        lifetime=whole_number(given.get("expires_in"), 0),
        refresh_token=text(given, "authorizer_refresh_token"),
        sets=sets_of(given.get("func_info")),
    )


def authorizer_info(appid: str, answer: Mapping[str, Any]) -> AuthorizerInfo:
    """From the answer about ``appid``; what is missing counts as the least: not verified, no cards, no sets."""
    told, granted = section(answer, "authorizer_info"), section(answer, "authorization_info")
    return AuthorizerInfo(
        appid=appid,
        original_id=text(told, "user_name"),
        name=text(told, "nick_name"),
        service=whole_number(section(told, "service_type_info").get("id"), 0),
        verified=whole_number(section(told, "verify_type_info").get("id"), -1),
        cards=whole_number(section(told, "business_info").get("open_card"), 0) == 1,
        status=whole_number(told.get("account_status"), 1),
        sets=sets_of(granted.get("func_info")),
        refresh_token=text(granted, "authorizer_refresh_token"),
    )


def listed(entries: object) -> list[Listed]:
    """From ``list`` of an answer; what names no account is left out."""
    return [
        Listed(text(entry, "authorizer_appid"), text(entry, "refresh_token"), whole_number(entry.get("auth_time"), 0))
        for entry in _objects(entries)
        if text(entry, "authorizer_appid")
    ]


def missing(sets: Iterable[int]) -> tuple[int, ...]:
    """Which of the sets the bot works with were not granted."""
    granted = set(sets)
    return tuple(each for each in NEEDED_SETS if each not in granted)


def sets_of(func_info: object) -> tuple[int, ...]:
    """Ids of the permission sets in ``func_info``, in order, each once."""
    ids = (whole_number(section(each, "funcscope_category").get("id"), 0) for each in _objects(func_info))
    return tuple(sorted({each for each in ids if each > 0}))


def section(answer: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The object under ``name``; an empty one where there is none."""
    value = answer.get(name)
    return value if isinstance(value, Mapping) else {}


def text(answer: Mapping[str, Any], name: str) -> str:
    """The text under ``name``; "" where there is none."""
    value = answer.get(name)
    return value if isinstance(value, str) else ""


def _objects(value: object) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []
