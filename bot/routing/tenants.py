"""Keeps the accounts that this process serves in step with those that have authorised the component."""

from __future__ import annotations

import asyncio
import logging

from bot import clock
from bot.errors import StoreUnavailable
from bot.routing.accounts import Accounts
from bot.store.authorizers import Authorizer, State
from bot.wechat.account import Account
from bot.wechat.component.platform import Platform

log = logging.getLogger(__name__)

READ_ANEW = 600.0
"""Seconds after which everybody is read again, whatever was heard meanwhile."""
ASKED_AGAIN = 5.0
"""Seconds in which a second push for an account nobody knows does not ask Redis again."""
MOST_UNKNOWN = 1_000


class Tenants:
    """The accounts behind the component, for one process."""

    def __init__(self, platform: Platform, accounts: Accounts) -> None:
        self._platform = platform
        self._accounts = accounts
        self._unknown: dict[str, float] = {}

    async def load(self) -> None:
        """Serve everybody who may be served; who is missing in Redis is put back from the copies on disk.

        Raises :exc:`bot.errors.StoreUnavailable`.
        """
        if restored := await self._platform.authorizers.restore():
            log.warning("authorised accounts restored", extra={"count": restored})
        for authorizer in await self._platform.authorizers.all():
            self._take(authorizer)

    async def run(self) -> None:
        """Hear of every change, until cancelled; Redis may come and go."""
        while True:
            try:
                async with self._platform.authorizers.news() as news:
                    await self.load()
                    until = clock.now() + READ_ANEW
                    while (left := until - clock.now()) > 0:
                        if appid := await news.next(left):
                            await self.hear_of(appid)
            except StoreUnavailable:
                log.warning("authorised accounts wait for redis")
                await asyncio.sleep(1)

    async def find(self, appid: str) -> Account | None:
        """The account ``appid``, also one that authorised us a moment ago at another process.

        Raises :exc:`bot.errors.StoreUnavailable` where only Redis could tell.
        """
        account = self._accounts.account(appid)
        if account is None and self._may_ask(appid):
            await self.hear_of(appid)
            account = self._accounts.account(appid)
        return account if account and account.component else None

    async def hear_of(self, appid: str) -> None:
        """Serve ``appid``, or no more, as it stands by now; raises :exc:`bot.errors.StoreUnavailable`."""
        if authorizer := await self._platform.authorizers.get(appid):
            self._take(authorizer)

    def _take(self, authorizer: Authorizer) -> None:
        known = self._accounts.account(authorizer.appid)
        if known is not None and not known.component:
            return  # an account of the settings is served as they say
        if authorizer.state is State.ACTIVE:
            self._accounts.serve(self._platform.account(authorizer))
            self._unknown.pop(authorizer.appid, None)
        else:
            self._accounts.leave(authorizer.appid)

    def _may_ask(self, appid: str) -> bool:
        """Whether Redis is to be asked for ``appid``: anybody may post to any address."""
        now = clock.now()
        if now - self._unknown.get(appid, 0.0) < ASKED_AGAIN:
            return False
        if len(self._unknown) >= MOST_UNKNOWN:
            self._unknown.clear()
        self._unknown[appid] = now
        return True
