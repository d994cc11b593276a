"""Control routes of the Open Platform: the component, its tickets, its publication, papers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, fields
from typing import Any

from tornado.web import HTTPError

from bot.simulator.control.dealing import DealingHandler
from bot.simulator.model import Shop
from bot.simulator.open_platform.checked_accounts import GROUPS
from bot.simulator.open_platform.joining import named
from bot.simulator.open_platform.model import Order, PlatformReadings
from bot.simulator.open_platform.publication import PATIENCE, Extent
from bot.simulator.world import World

SHOWN = 200
"""Accounts the state tells of."""
ORDERS: tuple[Order, ...] = ("event first", "redirect first", "event lost", "redirect lost")
SETTINGS = ("appid", "name", "domain", "events_url", "messages_url", "start_url", "published", "pushing", "order")


def _appids(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


CHANGES: dict[str, Callable[[Any], bool]] = {
    "published": lambda value: isinstance(value, bool),
    "order": lambda value: value in ORDERS,
    "testers": _appids,
    "addresses": lambda value: value is None or _appids(value),
    "sets": lambda value: isinstance(value, list) and all(type(one) is int for one in value),
}
"""What of a component can be changed, and which values fit."""


class PlatformHandler(DealingHandler):
    """Show the platform; change the component or a reading."""

    def get(self) -> None:
        world = self.sim.world
        component = world.platform.component
        if component is None:
            self.answer(component=None)
            return
        lists = {"testers": component.testers, "addresses": component.addresses, "sets": named(component.sets)}
        self.answer(
            component={name: getattr(component, name) for name in SETTINGS} | lists,
            ticket={"newest": world.platform.tickets.newest, "due": world.platform.tickets.due},
            readings=asdict(world.platform.readings),
            accounts=[_account(world, shop) for shop in _merchants(world)[:SHOWN]],
        )

    def post(self) -> None:
        body, component = self.body(), self.known()
        readings = body.pop("readings", {})
        for name, value in body.items():
            if name not in CHANGES or not CHANGES[name](value):
                raise HTTPError(400, f"{name} cannot be {value!r}")
        kinds = {field.name: type(field.default) for field in fields(PlatformReadings)}
        if not isinstance(readings, dict) or any(
            type(value) is not kinds.get(name) for name, value in readings.items()
        ):
            raise HTTPError(400, "readings are not those of PlatformReadings")
        for name, value in body.items():
            setattr(component, name, tuple(value) if isinstance(value, list) else value)
        for name, value in readings.items():
            setattr(self.sim.platform_readings, name, value)
        self.sim.world.stream.publish("platform")
        self.answer(ok=True)


def _merchants(world: World) -> list[Shop]:
    """Accounts that can authorise: WeChat's own test accounts do not show."""
    return [shop for shop in world.shops.values() if not shop.of_wechat]


def _account(world: World, shop: Shop) -> dict[str, Any]:
    granted = world.platform.authorisations.get(shop.appid)
    sets, since = (granted.sets, granted.auth_time) if granted else ([], 0)
    return {"appid": shop.appid, "name": shop.name, "sets": named(sets), "auth_time": since}


class TicketHandler(DealingHandler):
    """Push, repeat, stop, or let tickets go on."""

    async def post(self) -> None:
        body = self.body()
        self.known()
        act, back = self.member(body, "act"), body.get("back", 1)
        if act == "push":
            self.delivered(await self.sim.push_ticket())
        elif act == "repeat":
            if type(back) is not int:
                raise HTTPError(400, "back is not a number")
            self.delivered(await self.done(self.sim.repeat_ticket(back)))
        elif act in {"stop", "resume"}:
            (self.sim.stop_tickets if act == "stop" else self.sim.resume_tickets)()
            self.sim.world.stream.publish("platform")
            self.answer(ok=True)
        else:
            raise HTTPError(400, "act is not push, repeat, stop or resume")


class PublicationHandler(DealingHandler):
    """Play the publication check."""

    async def post(self) -> None:
        body = self.body()
        self.known()
        groups = body.get("groups", list(GROUPS))
        if not isinstance(groups, list) or not all(one in GROUPS for one in groups):
            raise HTTPError(400, "groups is not a list of numbers from 1 to 5")
        names = ("mini_programs", "events", "noise", "publish")
        switches = {name: self.member(body, name, bool) for name in names if name in body}
        publish = switches.pop("publish", False)
        patience = self.member(body, "patience", float) if "patience" in body else PATIENCE
        extent = Extent(groups=groups, patience=patience, **switches)
        found = await self.sim.check_publication(extent, publish=publish)
        self.sim.world.stream.publish("platform")
        self.answer(passed=all(one.passed for one in found), findings=[asdict(one) for one in found])


class PapersHandler(DealingHandler):
    """Decide about the papers of the provider or of one of its merchants."""

    async def post(self) -> None:
        body = self.body()
        self.known()
        approve, reason = self.member(body, "approve", bool), body.get("reason", "")
        if not isinstance(reason, str):
            raise HTTPError(400, "reason is not a string")
        if self.member(body, "kind") == "merchant":
            appid = self.member(body, "appid")
            self.delivered(await self.done(self.sim.review_card_merchant(appid, approve, reason)))
            return
        if body["kind"] != "agent":
            raise HTTPError(400, "kind is not agent or merchant")
        try:
            self.sim.review_agent(approve)
        except LookupError as error:
            raise HTTPError(404, str(error)) from None
        self.answer(ok=True)
