"""Judges the HTTP answer to a push as WeChat does: what may be shown to the person, and what is a failure.

Source: passive reply page; encryption page, section on replies. Where the pages are silent the stricter
reading stands, because an answer that passes here must pass there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from bot.simulator import articles, crypto, elements
from bot.simulator.model import Mode

TEXT_LIMIT = 2048
"""UTF-8 bytes of a text reply (measured in the field, printed nowhere)."""


class BadAnswerError(Exception):
    """The answer is malformed; the person reads the failure line."""


class Reader(Protocol):
    """Reads an answer to a push, or raises :exc:`BadAnswerError`."""

    def read(self, answer: bytes, push: Mapping[str, Any], nonce: str) -> dict[str, Any] | None:
        """The reply's elements, None for no reply."""


class OnlySuccess:
    """Judges answers to authorisation events: nothing but the plain word ``success`` will do."""

    def read(self, answer: bytes, _push: Mapping[str, Any], _nonce: str) -> None:
        """Raise :exc:`BadAnswerError` for anything else."""
        if answer != b"success":
            raise BadAnswerError(f"the answer has {len(answer)} bytes, expected success")


class Judge:
    """Knows what one push expects: its mode, keys and the two parties."""

    def __init__(self, mode: Mode, token: str, key: str, appid: str) -> None:
        self.mode, self.token, self.key, self.appid = mode, token, key, appid

    def read(self, answer: bytes, push: Mapping[str, Any], nonce: str) -> dict[str, Any] | None:
        """The reply's elements, None for ``success`` and for nothing. Raises :exc:`BadAnswerError`."""
        if answer in {b"", b"success"}:
            return None
        found = _parse(answer)
        if "Encrypt" in found:
            found = _parse(self._open(found, nonce))
        elif self.mode == "safe":
            raise BadAnswerError("a plain reply in safe mode")
        check_reply(found, push)
        return found

    def _open(self, envelope: dict[str, Any], nonce: str) -> bytes:
        if self.mode == "plain":
            raise BadAnswerError("an encrypted reply in plain mode")
        wanted = {"Encrypt", "MsgSignature", "TimeStamp", "Nonce"}
        if set(envelope) != wanted or not all(isinstance(value, str) for value in envelope.values()):
            raise BadAnswerError(f"the envelope has {sorted(envelope)}, expected {sorted(wanted)}")
        stamp = envelope["TimeStamp"]
        if not (stamp.isascii() and stamp.isdecimal()) or envelope["Nonce"] != nonce:
            raise BadAnswerError("TimeStamp is not a number or Nonce is not the push's")
        signature = crypto.sign(self.token, stamp, envelope["Nonce"], envelope["Encrypt"])
        if not crypto.same(signature, envelope["MsgSignature"]):
            raise BadAnswerError("MsgSignature is wrong")
        try:
            return crypto.open_sealed(self.key, self.appid, envelope["Encrypt"])
        except crypto.BadEnvelopeError as error:
            raise BadAnswerError(str(error)) from error


def _parse(document: bytes) -> dict[str, Any]:
    try:
        return elements.read(document)
    except elements.BadXmlError as error:
        raise BadAnswerError(str(error)) from error


def check_reply(reply: Mapping[str, Any], push: Mapping[str, Any]) -> None:
    """Raise :exc:`BadAnswerError` unless ``reply`` is a complete passive reply to ``push``."""
    for name in ("ToUserName", "FromUserName", "CreateTime", "MsgType"):
        if not isinstance(reply.get(name), str) or not reply[name]:
            raise BadAnswerError(f"{name} is missing, empty or repeated")
    if reply["ToUserName"] != push.get("FromUserName") or reply["FromUserName"] != push.get("ToUserName"):
        raise BadAnswerError("ToUserName and FromUserName are not those of the push, swapped")
    if not (reply["CreateTime"].isascii() and reply["CreateTime"].isdecimal()):
        raise BadAnswerError("CreateTime is not an integer")
    check = _KINDS.get(reply["MsgType"])
    if check is None:
        raise BadAnswerError(f"MsgType is {reply['MsgType']!r}")
    check(reply, push)


def _text(reply: Mapping[str, Any], _push: Mapping[str, Any]) -> None:
    content = reply.get("Content")
    if not isinstance(content, str) or not content.strip():
        raise BadAnswerError("Content is missing, empty or repeated")
    if len(content.encode()) > TEXT_LIMIT:
        raise BadAnswerError(f"Content has {len(content.encode())} bytes, the limit is {TEXT_LIMIT}")


def _media(container: str, *required: str) -> Callable[[Mapping[str, Any], Mapping[str, Any]], None]:
    def check(reply: Mapping[str, Any], _push: Mapping[str, Any]) -> None:
        inner = reply.get(container)
        if not isinstance(inner, dict) or not all(inner.get(name) for name in required):
            raise BadAnswerError(f"{container} lacks {' or '.join(required)}")

    return check


def _news(reply: Mapping[str, Any], push: Mapping[str, Any]) -> None:
    """Since 2018-10-12 one article answers a message; an event may have eight."""
    items = _items(reply)
    limit = 8 if push.get("MsgType") == "event" else 1
    if reply.get("ArticleCount") != str(len(items)) or not 1 <= len(items) <= limit:
        raise BadAnswerError(f"{len(items)} articles, ArticleCount {reply.get('ArticleCount')!r}, the limit is {limit}")
    try:
        news(reply)
    except articles.BadArticleError as error:
        raise BadAnswerError(str(error)) from error


def news(reply: Mapping[str, Any]) -> list[dict[str, str]]:
    """The articles of a reply. Raises :exc:`bot.simulator.articles.BadArticleError`."""
    return [articles.read(item, articles.PASSIVE, *articles.PASSIVE) for item in _items(reply)]


def _items(reply: Mapping[str, Any]) -> list[Any]:
    inside = reply.get("Articles")
    items = inside.get("item", []) if isinstance(inside, dict) else []
    return items if isinstance(items, list) else [items]


def _transfer(_reply: Mapping[str, Any], _push: Mapping[str, Any]) -> None:
    """Handing over to human agents needs nothing more."""


_KINDS = {
    "text": _text,
    "image": _media("Image", "MediaId"),
    "voice": _media("Voice", "MediaId"),
    "video": _media("Video", "MediaId"),
    "music": _media("Music", "ThumbMediaId"),
    "news": _news,
    "transfer_customer_service": _transfer,
}


def words(reply: Mapping[str, Any] | None) -> str:
    """What the person reads of a checked reply."""
    if reply is None or reply["MsgType"] == "transfer_customer_service":
        return ""
    if reply["MsgType"] == "text":
        return str(reply["Content"])
    if reply["MsgType"] == "news":
        return articles.words(news(reply))
    return f"[{reply['MsgType']}]"
