"""What WeChat allows a day: the figures it prints for a new account, and those it tells on request.

Sources: "API call limits" (figures of a new verified account; they rise with its followers, and the console shows the
real ones); page of ``openapi/quota/get``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from bot.errors import AnswerUnreadable
from bot.wechat.exchange import whole_number

GET = "cgi-bin/openapi/quota/get"

DAILY: Mapping[str, int] = MappingProxyType({
    "cgi-bin/token": 2_000,
    "cgi-bin/stable_token": 500_000,
    "cgi-bin/menu/create": 1_000,
    "cgi-bin/menu/get": 10_000,
    "cgi-bin/menu/delete": 1_000,
    "cgi-bin/media/upload": 100_000,
    "cgi-bin/media/get": 200_000,
    "cgi-bin/message/custom/send": 500_000,
    "cgi-bin/message/mass/sendall": 100,
    "cgi-bin/message/template/send": 100_000,
    "cgi-bin/qrcode/create": 100_000,
    "cgi-bin/user/get": 500,
    "cgi-bin/user/info": 5_000_000,
    "cgi-bin/user/info/updateremark": 10_000,
})  # fmt: skip
"""Calls a day by path, where a source prints a figure. Of the card and data calls none does."""


@dataclass(frozen=True, slots=True)
class Quota:
    """What WeChat says of one path today: calls allowed, made (by anybody for this account), left."""

    limit: int
    used: int
    left: int


def read(answer: Mapping[str, Any]) -> Quota:
    """The figures in an answer of ``openapi/quota/get``; raises :exc:`bot.errors.AnswerUnreadable`."""
    found = answer.get("quota")
    told = [found.get(name) if isinstance(found, Mapping) else None for name in ("daily_limit", "used", "remain")]
    limit, used, left = (whole_number(figure, -1) for figure in told)
    if min(limit, used) < 0 or told[2] is None:
        raise AnswerUnreadable(GET, 200, "quota has no figures")
    return Quota(limit, used, max(left, 0))
