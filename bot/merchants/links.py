"""Links for one operator's browser: random, kept as digests, for a day, and no longer than the role.

Whoever has the address sees what it leads to, so it is as hard to guess as a key, ends by itself, and ends with the
role of whoever asked for it. What it leads to is data, sealed: a kind, and whatever that kind needs to be shown.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot import clock
from bot.merchants.people import Operator
from bot.merchants.roles import Role
from bot.store import Store
from bot.store import picture_keys as keys
from bot.store.sealing import Sealer
from bot.wechat.account import Account

LIFETIME = 86_400
_BYTES = 24
TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


class Kind(StrEnum):
    """What a link leads to: a QR code, a chart as a picture, the figures of some days as a page or as files."""

    POSTER = "poster"
    CHART = "chart"
    REPORT = "report"
    EXPORT = "export"


_PATHS = {Kind.REPORT: "reports"}
"""Pictures and files are at ``/files/``."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a link leads: a kind, the ``content`` (JSON values) it is shown from, and the role that may see it."""

    kind: Kind
    content: Mapping[str, Any] = field(repr=False)
    least: Role


@dataclass(frozen=True, slots=True)
class Linked:
    """What is kept of a link.

    ``least``: the role its owner must still have, ``since`` when their membership began, ``until`` when it ends
    (seconds since 1970).
    """

    appid: str
    openid: str
    since: float
    least: Role
    until: float
    sealed: str = field(repr=False)

    def open_to(self, operator: Operator | None) -> bool:
        """Whether it leads anywhere still, its owner being ``operator`` now."""
        return operator is not None and operator.role >= self.least and operator.since == self.since


class Links:
    """Links for the operators of one account; ``public_url`` is where browsers reach us, "" = there are none."""

    def __init__(self, store: Store, account: Account, public_url: str) -> None:
        self._store = store
        self._appid = account.appid
        self._sealer = Sealer(account.secret, b"links")
        self._public_url = public_url.rstrip("/")

    @property
    def possible(self) -> bool:
        """Whether there are any."""
        return bool(self._public_url)

    async def offer(self, destination: Destination, operator: Operator) -> str:
        """An address of ``destination``; "" where there are no links.

        Of pictures and files ``.png``, ``.svg``, ``.csv`` or ``.xlsx`` is to be added.
        """
        if not self._public_url:
            return ""
        token = secrets.token_urlsafe(_BYTES)
        shown = {"kind": destination.kind, "content": destination.content}
        record = {
            "appid": self._appid,
            "openid": operator.openid,
            "since": operator.since,
            "least": int(destination.least),
            "until": clock.now() + LIFETIME,
            "sealed": self._sealer.seal(json.dumps(shown, ensure_ascii=False)),
        }
        await self._store.write(keys.link(digest(token)), record, seconds=LIFETIME)
        return self.address(destination.kind, token)

    def address(self, kind: Kind, token: str) -> str:
        """Where browsers find what ``token`` leads to."""
        return f"{self._public_url}/{_PATHS.get(kind, 'files')}/{token}"

    def destination(self, linked: Linked) -> Destination | None:
        """Where it leads; None where a new AppSecret has made it unreadable."""
        words = self._sealer.open(linked.sealed)
        if words is None:
            return None
        shown = json.loads(words)
        return Destination(Kind(shown["kind"]), shown["content"], linked.least)


async def find(store: Store, token: str) -> Linked | None:
    """What is kept of ``token``, whichever account's it is; None for one that never was, or is no more."""
    if not TOKEN.fullmatch(token):
        return None
    record = await store.read(keys.link(digest(token)))
    if record is None or record["until"] <= clock.now():
        return None
    least = Role(record["least"])
    return Linked(record["appid"], record["openid"], record["since"], least, record["until"], record["sealed"])


def digest(token: str) -> str:
    """What is kept of a token: who reads Redis cannot open what it leads to."""
    return hashlib.sha256(token.encode()).hexdigest()
