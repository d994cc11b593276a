"""A merchant's administrator joins in a browser: sent to WeChat's page, known again on return, given an owner's code.

What comes back is believed only in the browser that was sent out: its cookie and the address belong together. A page
that is loaded again shows the same code again, so that nobody has to start anew for a tap too many.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot import clock
from bot.merchants.authorizing import Authorizing
from bot.merchants.people import SHELL, People
from bot.merchants.roles import Role
from bot.store import Store
from bot.store import component_keys as keys
from bot.store.authorizers import Authorizer
from bot.store.sealing import Sealer
from bot.wechat.component.platform import Platform

SHOWN_AGAIN = 3600.0
"""Seconds the page of a merchant who has joined may be loaded again."""
_BYTES = 24

PeopleOf = Callable[[str], Awaitable[People]]
"""The operators of an account that has just been authorised."""


@dataclass(frozen=True, slots=True)
class Departure:
    """A browser on its way to WeChat's page. ``lifetime``: seconds until its code is void."""

    state: str = field(repr=False)
    cookie: str = field(repr=False)
    pre_auth_code: str = field(repr=False)
    lifetime: float


@dataclass(frozen=True, slots=True)
class Arrival:
    """A merchant who has joined. ``invitation`` makes whoever texts it an owner."""

    authorizer: Authorizer
    invitation: str = field(repr=False)


class Joining:
    """Departures and arrivals of one component."""

    def __init__(self, platform: Platform, authorizing: Authorizing, store: Store) -> None:
        self._platform = platform
        self._authorizing = authorizing
        self._store = store
        self._sealer = Sealer(platform.component.secret, b"joining")

    async def depart(self) -> Departure:
        """Take a code for one page of authorisation. Raises the WeChatError tree and StoreUnavailable."""
        code = await self._platform.api.pre_auth_code()
        departure = Departure(secrets.token_urlsafe(_BYTES), secrets.token_urlsafe(_BYTES), code.value, code.lifetime)
        record = {"cookie": _digest(departure.cookie), "until": clock.now() + code.lifetime}
        await self._store.write(self._key(departure.state), record, seconds=code.lifetime)
        return departure

    async def arrive(self, state: str, cookie: str, code: str, people_of: PeopleOf) -> Arrival | None:
        """The merchant whose browser came back; None for one that was not sent out, or too long ago.

        Raises what :meth:`bot.merchants.authorizing.Authorizing.exchange` raises.
        """
        record = await self._store.read(self._key(state))
        if record is None or record["until"] <= clock.now() or not code:
            return None
        if not hmac.compare_digest(record["cookie"], _digest(cookie)):
            return None
        if "arrival" in record:
            return await self._again(record["arrival"])
        authorizer = await self._authorizing.exchange(code)
        invitation = await (await people_of(authorizer.appid)).invite(Role.OWNER, "", SHELL)
        sealed = self._sealer.seal(json.dumps({"appid": authorizer.appid, "invitation": invitation}))
        shown = {**record, "until": clock.now() + SHOWN_AGAIN, "arrival": sealed}
        await self._store.write(self._key(state), shown, seconds=SHOWN_AGAIN)
        return Arrival(authorizer, invitation)

    async def _again(self, sealed: str) -> Arrival | None:
        opened = self._sealer.open(sealed)
        known = json.loads(opened) if opened else {}
        authorizer = await self._platform.authorizers.get(known.get("appid", ""))
        return Arrival(authorizer, known["invitation"]) if authorizer else None

    def _key(self, state: str) -> str:
        return keys.authorization_state(self._platform.component.appid, _digest(state))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
