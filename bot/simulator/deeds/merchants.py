"""What happens between a merchant, WeChat and a component: tickets, authorisations, what is taken back."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from bot.simulator.deeds.base import Deeds
from bot.simulator.model import Attempt, Delivery, Shop
from bot.simulator.open_platform import joining
from bot.simulator.open_platform.model import Authorisation, Component, Order, PlatformReadings
from bot.simulator.open_platform.publication import Extent, Finding, PublicationCheck
from bot.simulator.open_platform.ticket_clock import TicketClock


@dataclass(frozen=True)
class Joined:
    """What came of a confirmation: the code, where the browser was sent, how the event and the browser's visit went
    (None: there was none)."""

    code: str
    location: str
    event: Delivery | None
    visit: Attempt | None


class Merchants(Deeds):
    """Deeds on the Open Platform."""

    ticket_clock: TicketClock

    def add_component(self, component: Component) -> Component:
        """Know the third-party platform; the same object comes back, and changing it changes the platform."""
        self.world.platform.add(component)
        self.ticket_clock.wake()
        return component

    @property
    def component(self) -> Component:
        """The third-party platform. Raises :exc:`LookupError`."""
        return self.world.platform.known

    @property
    def platform_readings(self) -> PlatformReadings:
        """How open questions of the third-party platform are read; assign to its members."""
        return self.world.platform.readings

    async def push_ticket(self) -> Delivery:
        """A new verify ticket, now."""
        return await self.herald.ticket()

    async def repeat_ticket(self, back: int = 1) -> Delivery:
        """The ticket so many before the newest once more, with its own CreateTime. Raises :exc:`LookupError`."""
        return await self.herald.ticket(self.world.platform.tickets.earlier(back))

    async def tickets_due(self) -> Delivery | None:
        """Push a ticket if ten minutes have gone by on a clock that a test has set."""
        return await self.ticket_clock.due()

    def stop_tickets(self) -> None:
        """Tickets come no more of themselves until they are let go on, or asked for by api_start_push_ticket."""
        self.component.pushing = False

    def resume_tickets(self) -> None:
        """Tickets come again; one that is due sets out at once."""
        self.component.pushing = True
        self.ticket_clock.wake()

    async def authorise(
        self, appid: str, sets: Sequence[int] | None = None, *, page: str = "", order: Order | None = None
    ) -> Joined:
        """An account's administrator authorises the component, or changes what was granted; all is over afterwards.

        ``sets``: all the page offers unless given. ``page``: the address of the authorisation page, as the component
        made it, tapped on the component's domain; without it there is no browser to come back. ``order``: the
        component's own unless given. Raises :exc:`bot.simulator.open_platform.joining.NotShownError`.
        """
        shop, platform = self.world.shop(appid), self.world.platform
        if page:
            query = dict(parse_qsl(urlsplit(page).query))
            offer = joining.read(platform, query, f"https://{self.component.domain}/")
        else:
            code = platform.codes.pre_auth(platform.readings.pre_auth_seconds)
            offer = joining.Offer(code, "", self.component.sets)
        done = joining.confirm(platform, offer, shop.appid, offer.sets if sets is None else sets)
        return await self._tell(done, order or self.component.order)

    async def _tell(self, done: joining.Confirmed, order: Order) -> Joined:
        event = visit = None
        if order == "redirect first" and done.location:
            visit = await self.herald.browse(done.location)
        if order != "event lost" and done.info_type:
            event = await self.herald.push({"InfoType": done.info_type, **done.elements})
        if order in {"event first", "event lost"} and done.location:
            visit = await self.herald.browse(done.location)
        return Joined(done.code.value, done.location, event, visit)

    async def unauthorise(self, appid: str) -> Delivery:
        """The account takes its grant back: its tokens are dead, and ``unauthorized`` is pushed.

        Raises :exc:`LookupError` where there is none.
        """
        self.world.platform.authorisations.take_back(appid)
        return await self.herald.push({"InfoType": "unauthorized", "AuthorizerAppid": appid})

    async def check_publication(self, extent: Extent = Extent(), *, publish: bool = False) -> list[Finding]:  # noqa: B008 - frozen
        """Play the full-network publication check; ``publish``: and let everybody in if all of it passed."""

        async def once(appid: str, elements: dict[str, Any]) -> Delivery:
            return await self.push(appid, elements, tries=1)

        found = await PublicationCheck(self.world, self.herald, once).run(extent)
        if publish and all(finding.passed for finding in found):
            self.component.published = True
        return found

    def review_agent(self, approve: bool) -> None:
        """Decide about the provider's own papers (upload_card_agent_qualification). Raises :exc:`LookupError`."""
        agents = self.world.platform.card_agents
        if agents.agent != "RESULT_CHECKING":
            raise LookupError("the provider's papers are not being checked")
        agents.set_agent(self.component.appid, "RESULT_PASS" if approve else "RESULT_NOT_PASS")

    async def review_card_merchant(self, appid: str, approve: bool, reason: str = "") -> Delivery:
        """Decide about a merchant's papers; card_merchant_auth_check_result is pushed. Raises :exc:`LookupError`."""
        agents = self.world.platform.card_agents
        merchant = agents.find(appid)
        if merchant is None or merchant.result != "RESULT_CHECKING":
            raise LookupError(f"the papers of {appid} are not being checked")
        merchant.result, merchant.reason = "RESULT_PASS" if approve else "RESULT_NOT_PASS", "" if approve else reason
        agents.save(merchant)
        name = "Event" if self.platform_readings.result_in_event else "InfoType"
        told = {"SubMerchantAppId": appid, "IsPass": int(approve), "Reason": merchant.reason}
        return await self.herald.push({name: "card_merchant_auth_check_result", **told})

    def authorisation(self, appid: str) -> Authorisation | None:
        """What an account granted, None if nothing."""
        return self.world.platform.authorisations.get(appid)

    def authorise_many(self, count: int, sets: Sequence[int] | None = None) -> list[Shop]:
        """So many new accounts, authorised long ago: no event tells of them, api_get_authorizer_list does."""
        granted = self.component.sets if sets is None else sets
        shops = [self.world.add_shop(_account(len(self.world.shops) + number)) for number in range(count)]
        for shop in shops:
            self.world.platform.grant(shop.appid, granted)
        return shops


def _account(number: int) -> Shop:
    """An account without a server of its own."""
    key = "MerchantOfAThirdPartyPlatform0000000000000"
    name = f"{number:010x}"
    return Shop(
        appid=f"wxaaaaaa{name}",
        original_id=f"gh_aa{name}",
        name=f"商户{number}",
        secret=secrets.token_hex(16),
        token="merchant",  # noqa: S106 - it has no server
        encoding_aes_key=f"{key}0",
    )
