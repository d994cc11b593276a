"""What WeChat pushed, as the program sees it, and what makes two pushes the same push."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.errors import NotUnderstood
from bot.wechat import xml

# What an event is about: with account, event, person and second these tell two events from two copies of one.
# Source: messages page ("FromUserName + CreateTime") and, since one tap may cause two events in a second, the objects
# each event page names.
_OBJECTS = (
    "EventKey", "Ticket", "CardId", "UserCardCode", "OldUserCardCode", "OrderId", "Status", "TransId", "MerchantId",
    "SubMerchantAppId", "PoiId", "UniqId", "MsgID", "MsgId", "ScanCodeInfo", "IsReturnBack", "SubscribeMsgPopupEvent",
    "SubscribeMsgChangeEvent", "SubscribeMsgSentEvent", "Latitude", "Longitude",
)  # fmt: skip
_ENVELOPE = ("ToUserName", "FromUserName", "CreateTime", "MsgType", "Event")

STOCK_OR_MONEY = frozenset(
    {
        "user_get_card", "user_consume_card", "user_del_card", "user_gifting_card", "user_pay_from_pay_cell",
        "card_pay_order", "card_sku_remind", "giftcard_pay_done", "giftcard_user_accept",
    }
)  # fmt: skip
"""Events whose identity is kept seven days, since stock or money moves with them."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One authentic push.

    ``kind`` is ``message`` or ``event``; ``type`` the lower-case MsgType or Event; ``fields`` every element as text
    (nested elements as dicts and lists); ``identity`` names the push itself, the same for all of WeChat's repeats.
    ``created_at`` is CreateTime, 0 where WeChat sent none that is a number.
    """

    appid: str
    original_id: str
    openid: str
    kind: str
    type: str
    created_at: int
    identity: str
    text: str = field(default="", repr=False)
    fields: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def value(self, name: str) -> str:
        """Element ``name`` as stripped text, ``""`` where it is missing or empty."""
        return xml.one(self.fields, name)

    @property
    def is_text(self) -> bool:
        """Whether somebody typed this (or tapped something that types)."""
        return self.kind == "message" and self.type == "text"


def parse(appid: str, content: str) -> Incoming:
    """The push in ``content``; raises :exc:`bot.errors.NotUnderstood` for what has no type or no sender."""
    fields = xml.read_text(content)
    kind = xml.one(fields, "MsgType").lower()
    openid = xml.one(fields, "FromUserName")
    event = xml.one(fields, "Event").lower()
    if not kind or not openid or (kind == "event" and not event):
        raise NotUnderstood("no type or sender")
    is_event = kind == "event"
    return Incoming(
        appid=appid,
        original_id=xml.one(fields, "ToUserName"),
        openid=openid,
        kind="event" if is_event else "message",
        type=event if is_event else kind,
        created_at=_seconds(xml.one(fields, "CreateTime")),
        identity=_event_identity(fields, event, openid) if is_event else _message_identity(fields, kind, openid),
        text=xml.one(fields, "Content"),
        fields=fields,
    )


def _seconds(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else 0


def _message_identity(fields: dict[str, Any], kind: str, openid: str) -> str:
    # MsgID: so older voice messages spell it.
    if number := xml.one(fields, "MsgId") or xml.one(fields, "MsgID"):
        return f"message:{_digest(openid, number)}"
    return f"message:{_digest(openid, kind, fields)}"


def _event_identity(fields: dict[str, Any], event: str, openid: str) -> str:
    about = {name: fields[name] for name in _OBJECTS if fields.get(name)}
    if not about:
        about = {name: value for name, value in fields.items() if name not in _ENVELOPE}
    return f"{event[:40]}:{_digest(event, openid, xml.one(fields, 'CreateTime'), about)}"


def _digest(*parts: Any) -> str:
    return hashlib.blake2b(json.dumps(parts, sort_keys=True).encode(), digest_size=16).hexdigest()
