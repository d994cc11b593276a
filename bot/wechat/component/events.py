"""What WeChat posts to the component itself: tickets, and who authorised it or took that back."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.errors import NotUnderstood
from bot.wechat import xml


@dataclass(frozen=True, slots=True)
class Ticket:
    """``component_verify_ticket``: every ten minutes, good for twelve hours. ``created_at`` tells new from old."""

    created_at: int
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Authorized:
    """``authorized`` or ``updateauthorized``: ``code`` is to be exchanged, once, within minutes.

    Whether AuthorizationCodeExpiredTime is a moment or a number of seconds is not confirmed, so it is not read: a code
    that is too old is refused by WeChat.
    """

    created_at: int
    appid: str
    code: str = field(repr=False)
    updated: bool


@dataclass(frozen=True, slots=True)
class Unauthorized:
    """``unauthorized``: the account took everything back."""

    created_at: int
    appid: str


@dataclass(frozen=True, slots=True)
class Qualified:
    """``card_merchant_auth_check_result``: whether ``appid``'s papers for cards passed, and why not.

    Its name stands in InfoType or in Event: sources differ.
    """

    created_at: int
    appid: str
    passed: bool
    reason: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Other:
    """An event about something else; it is answered and left alone. ``type`` is its InfoType."""

    created_at: int
    type: str


ComponentEvent = Ticket | Authorized | Unauthorized | Qualified | Other


def read(content: str) -> ComponentEvent:
    """The event in ``content`` (XML); raises :exc:`bot.errors.NotUnderstood`."""
    fields = xml.read_text(content)
    kind = xml.one(fields, "InfoType") or xml.one(fields, "Event")
    created = _seconds(xml.one(fields, "CreateTime"))
    appid = xml.one(fields, "AuthorizerAppid")
    match kind:
        case "":
            raise NotUnderstood("no InfoType")
        case "component_verify_ticket":
            value = xml.one(fields, "ComponentVerifyTicket")
            if not value or not created:
                raise NotUnderstood("no ticket or no time")
            return Ticket(created, value)
        case "authorized" | "updateauthorized":
            code = xml.one(fields, "AuthorizationCode")
            if not appid or not code:
                raise NotUnderstood("no account or no code")
            return Authorized(created, appid, code, updated=kind == "updateauthorized")
        case "unauthorized":
            if not appid:
                raise NotUnderstood("no account")
            return Unauthorized(created, appid)
        case "card_merchant_auth_check_result":
            merchant = xml.one(fields, "SubMerchantAppId")
            if not merchant:
                raise NotUnderstood("no account")
            return Qualified(created, merchant, xml.one(fields, "IsPass") == "1", xml.one(fields, "Reason"))
    return Other(created, kind[:64])


def _seconds(digits: str) -> int:
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 10 else 0
