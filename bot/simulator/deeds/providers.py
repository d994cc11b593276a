"""What happens between WeChat and the provider: the component, its tickets, its publication, papers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.simulator.deeds.base import Deeds
from bot.simulator.model import Delivery
from bot.simulator.open_platform.model import Component, PlatformReadings
from bot.simulator.open_platform.publication import Extent, Finding, PublicationCheck
from bot.simulator.open_platform.ticket_clock import TicketClock
from bot.simulator.push import How


class Providers(Deeds):
    """Deeds on the Open Platform that concern the component alone."""

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

    async def notify(
        self,
        elements: Mapping[str, Any],
        *,
        key: str | None = None,
        token: str | None = None,
        suffix: str | None = None,
        create_time: int | None = None,
    ) -> Delivery:
        """Push any event to the component's own address, perhaps as somebody else would who wants to be WeChat.

        ``key``, ``token``, ``suffix`` replace the component's own. AppId and CreateTime are filled in; pushing
        ``delivery.elements`` again is the same event once more.
        """
        return await self.herald.push(elements, create_time, How(key=key, token=token, suffix=suffix))

    def stop_tickets(self) -> None:
        """Tickets come no more of themselves until they are let go on, or asked for by api_start_push_ticket."""
        self.component.pushing = False

    def resume_tickets(self) -> None:
        """Tickets come again; one that is due sets out at once."""
        self.component.pushing = True
        self.ticket_clock.wake()

    async def check_publication(
        self,
        extent: Extent = Extent(),  # noqa: B008 - frozen
        *,
        publish: bool = False,
    ) -> list[Finding]:
        """Play the full-network publication check; ``publish``: and let everybody in if all of it passed."""

        async def once(appid: str, elements: dict[str, Any]) -> Delivery:
            return await self.push(appid, elements, tries=1)

        found = await PublicationCheck(self.world, self.herald, once).run(extent)
        if publish and all(finding.passed for finding in found):
            self.component.published = True
        return found

    async def check_installation(self) -> list[Finding]:
        """Play what of the check needs no call to this WeChat, with the component where it really runs."""

        async def once(appid: str, elements: dict[str, Any]) -> Delivery:
            return await self.push(appid, elements, tries=1)

        return await PublicationCheck(self.world, self.herald, once).installation()

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
