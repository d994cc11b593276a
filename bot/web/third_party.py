"""The third-party platform's endpoints, and the parts behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.dispatch.dispatcher import Dispatcher
from bot.dispatch.platform_events import PlatformEvents
from bot.dispatch.publication import Publication
from bot.jobs import Jobs
from bot.merchants.authorizing import Authorizing
from bot.routing.accounts import Accounts
from bot.routing.tenants import Tenants
from bot.store import Store
from bot.store.inbox import Inbox
from bot.web.component_events import ComponentEventsEndpoint, EventsDoor
from bot.web.push import Door, PushEndpoint
from bot.wechat.account import Account
from bot.wechat.component.platform import Platform


@dataclass(frozen=True, slots=True)
class ThirdParty:
    """One component, for one process."""

    platform: Platform
    tenants: Tenants
    authorizing: Authorizing
    events: PlatformEvents
    publication: Publication

    @classmethod
    def of(
        cls, platform: Platform, store: Store, accounts: Accounts, dispatcher: Dispatcher, jobs: Jobs
    ) -> ThirdParty:
        """Wire the parts."""
        authorizing = Authorizing(platform, store)
        return cls(
            platform,
            Tenants(platform, accounts),
            authorizing,
            PlatformEvents(platform, authorizing, jobs),
            Publication(platform, Inbox(store), dispatcher),
        )

    def routes(self, max_age: int) -> list[Any]:
        """Addresses and their endpoints, as tornado wants them."""
        door = Door(self._account, self.publication, max_age)
        events = EventsDoor(self.platform.component, self.events, max_age)
        return [
            (r"/component/events", ComponentEventsEndpoint, {"door": events}),
            (r"/component/(wx[0-9A-Za-z]{16})/messages", PushEndpoint, {"door": door}),
        ]

    async def _account(self, appid: str) -> Account | None:
        return self.publication.account(appid) or await self.tenants.find(appid)
