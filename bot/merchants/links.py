"""Links to pictures for one operator's browser: random, kept as digests, for a day, and no longer than the role.

Whoever has the address sees the picture, so it is as hard to guess as a key, ends by itself, and ends with the role of
whoever asked for it.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from dataclasses import dataclass

from bot import clock
from bot.merchants.people import Operator
from bot.merchants.roles import Role
from bot.pictures.poster import Poster
from bot.store import Store
from bot.store import picture_keys as keys
from bot.store.sealing import Sealer
from bot.wechat.account import Account

LIFETIME = 86_400
_BYTES = 24
TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


@dataclass(frozen=True, slots=True)
class Linked:
    """What a link leads to. ``least``: the role its owner must still have, ``since`` when their membership began."""

    appid: str
    openid: str
    since: float
    least: Role
    sealed: str

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

    async def offer(self, poster: Poster, operator: Operator, least: Role) -> str:
        """An address of ``poster``, to which ``.png`` or ``.svg`` is to be added; "" where there are no links."""
        if not self._public_url:
            return ""
        token = secrets.token_urlsafe(_BYTES)
        record = {
            "appid": self._appid,
            "openid": operator.openid,
            "since": operator.since,
            "least": int(least),
            "until": clock.now() + LIFETIME,
            "sealed": self._sealer.seal(json.dumps(poster.stored(), ensure_ascii=False)),
        }
        await self._store.write(keys.link(digest(token)), record, seconds=LIFETIME)
        return f"{self._public_url}/files/{token}"

    def poster(self, linked: Linked) -> Poster | None:
        """What it shows; None where a new AppSecret has made it unreadable."""
        words = self._sealer.open(linked.sealed)
        return Poster.of(json.loads(words)) if words else None


async def find(store: Store, token: str) -> Linked | None:
    """What ``token`` leads to, whichever account's it is; None for one that never was, or is no more."""
    if not TOKEN.fullmatch(token):
        return None
    record = await store.read(keys.link(digest(token)))
    if record is None or record["until"] <= clock.now():
        return None
    return Linked(record["appid"], record["openid"], record["since"], Role(record["least"]), record["sealed"])


def digest(token: str) -> str:
    """What is kept of a token: who reads Redis cannot open what it leads to."""
    return hashlib.sha256(token.encode()).hexdigest()
