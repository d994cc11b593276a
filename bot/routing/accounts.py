"""The accounts this program serves: those of the settings, and those that authorised the component."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from time import monotonic

from bot.errors import NotServed
from bot.merchants import persons
from bot.routing.context import Services
from bot.wechat.account import Account

MOST_BUILT = 2_000
"""Accounts whose services are held at once; about 15 kB each."""
IDLE = 60.0
"""Seconds after which services may be dropped to make room. What they know can be read again."""


class Accounts(Mapping[str, Services]):
    """Services by appid, built when first asked for; accounts come and go while the program runs.

    Whoever holds the services of an account that has left, or was built anew meanwhile, may go on with them: what they
    share lies in Redis.
    """

    def __init__(self, build: Callable[[Account], Services], *, most: int = MOST_BUILT) -> None:
        self._build = build
        self._most = most
        self._accounts: dict[str, Account] = {}
        self._built: OrderedDict[str, _Built] = OrderedDict()

    def __getitem__(self, appid: str) -> Services:
        built = self._built.get(appid)
        if built is None:
            account = self._accounts.get(appid)
            if account is None:
                raise NotServed(appid)
            built = self._built[appid] = _Built(self._build(account))
            self._make_room()
        built.asked_at = monotonic()
        self._built.move_to_end(appid)
        return built.services

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._accounts))  # accounts may come while somebody goes through them

    def __len__(self) -> int:
        return len(self._accounts)

    def __contains__(self, appid: object) -> bool:
        return appid in self._accounts

    def account(self, appid: str) -> Account | None:
        """The account, without building anything for it; None for one that is not served."""
        return self._accounts.get(appid)

    def reached(self, shop: Services, person: str) -> tuple[Services, str]:
        """The services of the account that ``person`` of ``shop`` texts, and their openid there.

        Raises :exc:`bot.errors.NotServed` where that account is served no more: then nobody can write to them.
        """
        appid, openid = persons.texting(person, shop.account.appid)
        return (shop if appid == shop.account.appid else self[appid]), openid

    def serve(self, account: Account) -> None:
        """From now on ``account`` is served, as it is given."""
        if self._accounts.get(account.appid) != account:
            self._accounts[account.appid] = account
            self._built.pop(account.appid, None)

    def leave(self, appid: str) -> None:
        """``appid`` is served no more."""
        self._accounts.pop(appid, None)
        self._built.pop(appid, None)

    def _make_room(self) -> None:
        """Drop services that nobody has asked for lately; what is in use is never dropped, however many there are."""
        ended = monotonic() - IDLE
        while len(self._built) > self._most and next(iter(self._built.values())).asked_at < ended:
            self._built.popitem(last=False)

    async def ready(self, appid: str) -> Services:
        """The services, knowing the operators and which calls have ended.

        Raises :exc:`bot.errors.NotServed`, :exc:`bot.errors.StoreUnavailable`.
        """
        services = self[appid]
        if services.people.version < 0:
            await services.people.refresh()
            await services.wechat.ledger.today()
        return services


@dataclass(slots=True)
class _Built:
    """Services, and when they were last asked for, on a clock that only moves on."""

    services: Services
    asked_at: float = 0.0
