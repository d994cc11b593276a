"""The third-party platform's endpoints, and the parts behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.dispatch.dispatcher import Dispatcher
from bot.dispatch.platform_events import PlatformEvents
from bot.dispatch.publication import Publication
from bot.dispatch.ticket_watch import TicketWatch
from bot.jobs import Jobs
from bot.merchants.authorizing import Authorizing
from bot.merchants.joining import Joining
from bot.routing.accounts import Accounts
from bot.routing.tenants import Tenants
from bot.store import Store
from bot.store.inbox import Inbox
from bot.web.authorize import Reception, ReturnEndpoint, StartEndpoint
from bot.web.component_events import ComponentEventsEndpoint, EventsDoor
from bot.web.pages import Pages
from bot.web.push import Door, PushEndpoint
from bot.wechat.account import Account
from bot.wechat.component.platform import Platform
from config import Settings


@dataclass(frozen=True, slots=True)
class ThirdParty:
    """One component, for one process."""

    platform: Platform
    tenants: Tenants
    authorizing: Authorizing
    events: PlatformEvents
    publication: Publication
    reception: Reception
    ticket_watch: TicketWatch

    @classmethod
    def of(
        cls, platform: Platform, settings: Settings, store: Store, accounts: Accounts, *, dispatcher: Dispatcher,
        jobs: Jobs, pages: Pages,
    ) -> ThirdParty:  # fmt: skip
        """Wire the parts."""
        authorizing, tenants = Authorizing(platform, store), Tenants(platform, accounts)
        reception = Reception(
            Joining(platform, authorizing, store), tenants, accounts, platform.component.appid, pages,
            settings.server.public_url.rstrip("/"), settings.wechat.mp_base_url, settings.wechat.open_base_url,
        )  # fmt: skip
        events = PlatformEvents(platform, authorizing, jobs, accounts, dispatcher.notices)
        return cls(
            platform, tenants, authorizing, events, Publication(platform, Inbox(store), dispatcher), reception,
            TicketWatch(platform, authorizing, accounts, dispatcher.notices),
        )  # fmt: skip

    def routes(self, max_age: int) -> list[Any]:
        """Addresses and their endpoints, as tornado wants them."""
        door = Door(self._account, self.publication, max_age)
        events = EventsDoor(self.platform.component, self.events, max_age)
        return [
            (r"/component/authorize", StartEndpoint, {"reception": self.reception}),
            (r"/component/authorized", ReturnEndpoint, {"reception": self.reception}),
            (r"/component/events", ComponentEventsEndpoint, {"door": events}),
            (r"/component/(wx[0-9A-Za-z]{16})/messages", PushEndpoint, {"door": door}),
        ]

    async def _account(self, appid: str) -> Account | None:
        return self.publication.account(appid) or await self.tenants.find(appid)
