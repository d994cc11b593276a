"""What WeChat pushed, as the program sees it, and what makes two pushes the same push."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.errors import NotUnderstood
from bot.wechat import xml

MESSAGES = frozenset(
    {"text", "image", "voice", "video", "shortvideo", "location", "link", "miniprogrampage"}
)  # fmt: skip
"""The kinds of messages people send; of another one nobody knows what it wants. Source: receiving messages page."""

# What an event is about: with account, event, person and second these tell two events from two copies of one.
# Source: messages page ("FromUserName + CreateTime") and, since one tap may cause two events in a second, the objects
# each event page names. What else a push says (an outcome's text, counts) does not make it another one.
_OBJECTS = (
    "EventKey", "Ticket", "CardId", "UserCardCode", "OldUserCardCode", "FriendUserName", "IsReturnBack", "OrderId",
    "Status", "TransId", "PageId", "MerchantId", "SubMerchantAppId", "ModifyBonus", "ModifyBalance",
    "PoiId", "UniqId", "Latitude", "Longitude", "ScanCodeInfo", "SendPicsInfo", "SendLocationInfo",
    "KfAccount", "FromKfAccount", "ToKfAccount", "OpenID", "DeviceType", "DeviceID", "SuccOrderId", "FailOrderId",
    "SubscribeMsgPopupEvent", "SubscribeMsgChangeEvent", "SubscribeMsgSentEvent", "PublishEventInfo",
)  # fmt: skip
_ENVELOPE = ("ToUserName", "FromUserName", "CreateTime", "MsgType", "Event")

STOCK_OR_MONEY = frozenset(
    {
        "user_get_card", "user_consume_card", "user_del_card", "user_gifting_card", "user_pay_from_pay_cell",
        "card_pay_order", "card_sku_remind", "update_member_card", "giftcard_pay_done", "giftcard_send_to_friend",
        "giftcard_user_accept",
    }
)  # fmt: skip
"""Events whose identity is kept seven days, since stock or money moves with them."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One authentic push.

    ``kind`` is ``message``, ``event`` or (see :func:`unread`) ``unread``; ``type`` the lower-case MsgType or Event;
    ``fields`` every element as text (nested elements as dicts and lists); ``identity`` names the push itself, the same
    for all of WeChat's repeats. ``text`` is the Content, of an unread push all of it.
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


_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
"""Signs without a width that are pasted along; the one that joins emoji stays."""


def parse(appid: str, content: str) -> Incoming:
    """The push in ``content``; raises :exc:`bot.errors.NotUnderstood` for what has no sender or no type we know."""
    fields = xml.read_text(content)
    kind = xml.one(fields, "MsgType").lower()
    openid = xml.one(fields, "FromUserName")
    event = xml.one(fields, "Event").lower()
    is_event = kind == "event"
    if not openid or "/" in openid or (is_event and not event):  # no openid has one: see bot.merchants.persons
        raise NotUnderstood("no type or sender")
    if not is_event and kind not in MESSAGES:
        raise NotUnderstood(f"message {kind[:40]}" if kind else "no type or sender")
    return Incoming(
        appid=appid,
        original_id=xml.one(fields, "ToUserName"),
        openid=openid,
        kind="event" if is_event else "message",
        type=event if is_event else kind,
        created_at=_seconds(xml.one(fields, "CreateTime")),
        identity=_event_identity(fields, event, openid) if is_event else _message_identity(fields, kind, openid),
        text=_INVISIBLE.sub("", xml.one(fields, "Content")).strip(),
        fields=fields,
    )


def unread(appid: str, content: str, why: str) -> Incoming:
    """An authentic push that :func:`parse` did not understand, for ``why``: something to keep, once for all copies."""
    readable = content.encode(errors="surrogateescape").decode(errors="backslashreplace")
    return Incoming(appid, "", "", "unread", why, 0, f"unread:{_digest(content)}", text=readable)


_NO_WORD = re.compile(r"\W", re.ASCII)


def _seconds(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else 0


def _message_identity(fields: dict[str, Any], kind: str, openid: str) -> str:
    # MsgID: so older voice messages spell it.
    number = xml.one(fields, "MsgId") or xml.one(fields, "MsgID")
    if number.strip("0"):
        return f"message:{_digest(openid, number)}"
    return f"message:{_digest(openid, kind, fields)}"


def _event_identity(fields: dict[str, Any], event: str, openid: str) -> str:
    about: dict[str, Any] | str = xml.one(fields, "MsgID") or xml.one(fields, "MsgId")
    if not about:
        about = {name: fields[name] for name in _OBJECTS if fields.get(name)}
    if not about:
        about = {name: value for name, value in fields.items() if value and name not in _ENVELOPE}
    return f"{_NO_WORD.sub('', event)[:40]}:{_digest(event, openid, xml.one(fields, 'CreateTime'), about)}"


def _digest(*parts: Any) -> str:
    return hashlib.blake2b(json.dumps(parts, sort_keys=True).encode(), digest_size=16).hexdigest()
