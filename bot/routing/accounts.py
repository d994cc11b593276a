"""The accounts this program serves: those of the settings, and those that authorised the component."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping

from bot.routing.context import Services
from bot.wechat.account import Account

MOST_BUILT = 2_000
"""Accounts whose services are held at once; about 15 kB each. What an idle one knows can be read again."""


class Accounts(Mapping[str, Services]):
    """Services by appid, built when first asked for; accounts come and go while the program runs.

    Whoever holds the services of an account that has left, or was built anew meanwhile, may go on with them: what they
    share lies in Redis.
    """

    def __init__(self, build: Callable[[Account], Services], *, most: int = MOST_BUILT) -> None:
        self._build = build
        self._most = most
        self._accounts: dict[str, Account] = {}
        self._built: OrderedDict[str, Services] = OrderedDict()

    def __getitem__(self, appid: str) -> Services:
        services = self._built.get(appid)
        if services is None:
            services = self._built[appid] = self._build(self._accounts[appid])
            if len(self._built) > self._most:
                self._built.popitem(last=False)
        else:
            self._built.move_to_end(appid)
        return services

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._accounts))  # accounts may come while somebody goes through them

    def __len__(self) -> int:
        return len(self._accounts)

    def __contains__(self, appid: object) -> bool:
        return appid in self._accounts

    def account(self, appid: str) -> Account | None:
        """The account, without building anything for it; None for one that is not served."""
        return self._accounts.get(appid)

    def serve(self, account: Account) -> None:
        """From now on ``account`` is served, as it is given."""
        if self._accounts.get(account.appid) != account:
            self._accounts[account.appid] = account
            self._built.pop(account.appid, None)

    def leave(self, appid: str) -> None:
        """``appid`` is served no more."""
        self._accounts.pop(appid, None)
        self._built.pop(appid, None)

    async def ready(self, appid: str) -> Services:
        """The services, knowing the operators and which calls have ended; raises KeyError, StoreUnavailable."""
        services = self[appid]
        if services.people.version < 0:
            await services.people.refresh()
            await services.wechat.ledger.today()
        return services
