"""Which of many accounts somebody looks after now: those that pushes came for lately, and a part of all others."""

from __future__ import annotations

from contextlib import suppress

from bot.clock import now
from bot.errors import StoreUnavailable
from bot.routing.accounts import Accounts
from bot.store import Store, component_keys

FEW = 100
"""Accounts that are looked at each time, all of them."""
LATELY = 300.0
"""Seconds in which whatever came for an account is done, or lost with its process and to be carried on."""
MARKED_FOR = 60.0
"""Seconds after which an account is marked anew."""
ROUND = 60
"""Looks until each account had its turn, whatever became of its mark."""


class Rounds:
    """Of one process. An account is marked before its push is claimed, so that a claim is never without a mark."""

    def __init__(self, accounts: Accounts, store: Store) -> None:
        self._accounts = accounts
        self._store = store
        self._marked: dict[str, float] = {}
        self._turn = 0

    async def mark(self, appid: str) -> None:
        """A push for ``appid`` is about to be claimed; asked of Redis once a minute. Redis away: the claim tells."""
        at = now()
        if len(self._accounts) <= FEW or at - self._marked.get(appid, 0.0) < MARKED_FOR:
            return
        with suppress(StoreUnavailable):
            await self._store.do("ZADD", component_keys.active_accounts(), at, appid)
            self._marked[appid] = at

    async def next(self) -> list[str]:
        """The accounts to look at now; raises :exc:`bot.errors.StoreUnavailable`."""
        appids = list(self._accounts)
        if len(appids) <= FEW:
            return appids
        self._turn = (self._turn + 1) % ROUND
        since = now() - LATELY - MARKED_FOR
        _, lately = await self._store.pipeline(
            ("ZREMRANGEBYSCORE", component_keys.active_accounts(), "-inf", f"({since}"),
            ("ZRANGE", component_keys.active_accounts(), 0, -1),
        )
        return sorted({*appids[self._turn :: ROUND], *(appid for appid in lately if appid in self._accounts)})
