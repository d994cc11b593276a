"""A third-party platform: the simulated WeChat, merchants without a server of their own, and the bot behind it all."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from bot.app import App, build
from bot.merchants.people import SHELL
from bot.merchants.roles import Role
from bot.simulator import Component, Person, Simulator
from bot.simulator import Shop as SimulatedShop
from bot.simulator.deeds.merchants import Joined
from bot.store import Store
from bot.store.authorizers import Authorizer
from bot.web.third_party import ThirdParty
from bot.wechat.component.platform import Platform
from config import Settings
from tests.shop import KEY, PEOPLE

PLATFORM, DOMAIN = "wxcccccccccccccccc", "bot.example.com"
SECRET = "canary0secret0of0the0component00"
NOODLES, TEA = "wx00000000000000a1", "wx00000000000000b2"


@dataclass
class Hall:
    """The platform: one bot, its WeChat, and the merchants by appid."""

    simulator: Simulator
    app: App
    component: Component
    address: str

    async def authorises(self, appid: str = NOODLES, *sets: int) -> Joined:
        """The merchant authorises the component; all of it is done when this returns."""
        async with self.platform.authorizers.news() as news:
            joined = await self.simulator.authorise(appid, list(sets) or None)
            await news.next(5)
        assert await self.third_party.tenants.find(appid) is not None
        return joined

    async def leaves(self, appid: str = NOODLES) -> None:
        """The merchant takes everything back."""
        async with self.platform.authorizers.news() as news:
            await self.simulator.unauthorise(appid)
            await news.next(5)

    async def kept(self, appid: str = NOODLES) -> Authorizer:
        """What the bot keeps of the merchant."""
        kept = await self.platform.authorizers.get(appid)
        assert kept is not None
        return kept

    @property
    def third_party(self) -> ThirdParty:
        """The component's parts of the bot."""
        assert self.app.third_party is not None
        return self.app.third_party

    @property
    def platform(self) -> Platform:
        """The component's way to WeChat."""
        return self.third_party.platform

    async def joins(self, appid: str = NOODLES, *sets: int) -> None:
        """The merchant authorises the component, and its owner becomes one in the chat."""
        await self.authorises(appid, *sets)
        openid, name = PEOPLE["owner"]
        await self.app.people(appid).add(openid, Role.OWNER, name, by=SHELL)

    async def says(self, text: str, appid: str = NOODLES, role: str = "owner") -> str:
        """What the chat of the merchant's account shows in answer."""
        return (await self.simulator.text(appid, PEOPLE[role][0], text)).text


def merchant(appid: str, name: str) -> SimulatedShop:
    """An account without a server of its own."""
    return SimulatedShop(
        appid=appid, original_id=f"gh_{appid[-12:]}", name=name, secret="0" * 32, token="merchant",
        encoding_aes_key=KEY, callback_url="",
    )  # fmt: skip


def settings_of(simulator: Simulator, component: Component, folder: Path, **more: Any) -> Settings:
    """A platform and no account of its own."""
    return Settings.model_validate({
        "component": {
            "appid": component.appid, "secret": component.secret, "token": component.token,
            "encoding_aes_key": component.encoding_aes_key,
        },
        "data": {"dir": str(folder)},
        "wechat": {"api_base_url": simulator.url},
        "server": {"public_url": f"https://{DOMAIN}"},
        **more,
    })  # fmt: skip


@contextlib.asynccontextmanager
async def open_app(settings: Settings, redis_url: str) -> AsyncIterator[tuple[App, str]]:
    """A process of the bot, listening; it hears of accounts as one does."""
    app = build(settings, redis_url)
    await app.load()
    sockets = bind_sockets(0, "127.0.0.1")
    server = HTTPServer(app.web())
    server.add_sockets(sockets)
    following = asyncio.create_task(app.follow())
    try:
        yield app, f"http://127.0.0.1:{sockets[0].getsockname()[1]}"
    finally:
        server.stop()
        following.cancel()
        await app.close()
        await server.close_all_connections()


@pytest.fixture
def component(simulator: Simulator) -> Component:
    """Published; tickets come when a test wants them."""
    return simulator.add_component(
        Component(PLATFORM, SECRET, "platform", KEY[::-1], domain=DOMAIN, pushing=False)
    )


@pytest.fixture
async def hall(
    simulator: Simulator, component: Component, store: Store, redis_server: str, tmp_path: Path
) -> AsyncIterator[Hall]:
    """Two merchants who have not authorised anybody yet; a ticket has come."""
    for appid, name in ((NOODLES, "湖畔面馆"), (TEA, "山间茶室")):
        simulator.add_shop(merchant(appid, name))
        for role, (openid, person) in PEOPLE.items():
            simulator.add_person(appid, Person(openid, person, role))
    async with open_app(settings_of(simulator, component, tmp_path), redis_server) as (app, address):
        component.events_url = f"{address}/component/events"
        component.messages_url = f"{address}/component/$APPID$/messages"
        await simulator.push_ticket()
        yield Hall(simulator, app, component, address)
