"""WeChat's errors: codes, exact texts, and the random tail that nobody may match on.

Texts: card error page and the global list (vouchers.md 11.7, messaging.md A6.2); where no source prints one,
a plain English rendering of the code's meaning.
"""

from __future__ import annotations

import secrets
from typing import Any

from bot.simulator.card_errors import CARD_TEXTS
from bot.simulator.open_platform.errors import COMPONENT_TEXTS

TEXTS: dict[int, str] = {
    **CARD_TEXTS,
    **COMPONENT_TEXTS,
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40008: "invalid message type",
    40013: "invalid appid",
    40014: "invalid access_token",
    40037: "invalid template_id",
    40066: "invalid url",
    40071: "invalid card type",
    40072: "invalid location id",
    40073: "invalid card id",
    40076: "invalid color id",
    40078: "invalid card status",
    40079: "invalid time",
    40097: "invalid args",
    40100: "invalid date info, can only extend time range and date type cannot change",
    40125: "invalid appsecret",
    40141: "invalid image url",
    40142: "invalid sharecard parameters",
    40144: "invalid sharecard number or card id",
    40145: "pay cell conflicts with center cell",
    40149: "invalid use time limit",
    40151: "content is blocked by anti-spam",
    40164: "invalid ip",
    40201: "no callback url is set",
    40202: "invalid action",
    40203: "invalid check_operator",
    41001: "access_token missing",
    41002: "appid missing",
    41004: "appsecret missing",
    41011: "missing required fields! please check document and request json!",
    41012: "missing card id",
    41026: "text image list is empty",
    42001: "access_token expired",
    43001: "require GET method",
    43002: "require POST method",
    43004: "require subscribe",
    44002: "empty post data",
    44004: "empty content",
    45002: "content size out of limit",
    45008: "article size out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit, must slower, retry next minute",
    45015: "response out of time limit or subscription is canceled",
    45021: "field size out of limit",
    45043: "share_friends requires abstract and image",
    45044: "icon url list of abstract out of limit",
    45046: "cell conflicts with center cell",
    45047: "out of response count limit",
    47001: "data format error",
    47002: "do not use unicode escape, use utf-8",
    47003: "argument invalid!",
    48001: "api unauthorized",
    52000: "pic is not from cdn",
    61500: "date format error",
    61501: "date range error",
    61503: "data not ready, please try later",
    72009: "get_limit is out of limit",
    73209: "friends card is being upgraded, validity can not be changed",
    73211: "web link is no longer supported, please use mini program",
    73213: "invalid code type",
    76003: "invalid cgi_path",
    76022: "this cgi_path is not supported",
}


class ApiError(Exception):
    """A call is refused with ``errcode``; ``errmsg`` replaces the usual text."""

    def __init__(self, errcode: int, errmsg: str | None = None) -> None:
        self.errcode = errcode
        self.errmsg = TEXTS.get(errcode, "unknown error") if errmsg is None else errmsg
        super().__init__(f"{self.errmsg} ({errcode})")

    def body(self, path: str) -> dict[str, Any]:
        """The answer's JSON, with a random tail as the modules of ``path`` write it."""
        return {"errcode": self.errcode, "errmsg": self.errmsg + tail(path)}


def tail(path: str) -> str:
    """`` hint: [...]`` of the card modules, `` rid: ...`` of the others."""
    if path.startswith(("/card/", "/datacube/")):
        return f" hint: [{secrets.token_hex(5)}]"
    return f" rid: {secrets.token_hex(4)}-{secrets.token_hex(4)}-{secrets.token_hex(4)}"


def ok(**more: Any) -> dict[str, Any]:
    """The answer of a call that succeeded."""
    return {"errcode": 0, "errmsg": "ok", **more}
