"""The demo's two shops on a running simulator, the bot that answers for them, and a browser to look with."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Browser, async_playwright
from tornado.netutil import bind_sockets

from bot.app import App, build
from bot.merchants.people import SHELL
from bot.merchants.roles import Role
from bot.simulator import DEMO_PERSONS, DEMO_SHOPS, Shop, Simulator, demo_world
from tests.shop import address_of, serving, settings_for

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@dataclass
class Stage:
    """What a browser test plays on."""

    simulator: Simulator
    app: App
    address: str

    @property
    def lakeside(self) -> Shop:
        """The first of the demo's shops."""
        return self.simulator.shop(DEMO_SHOPS[0].appid)

    def openid(self, name: str) -> str:
        """The openid of one of its people."""
        return next(person.openid for person in DEMO_PERSONS[self.lakeside.appid] if person.name == name)


def chromium() -> str | None:
    """The browser on this machine."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if (found := shutil.which(name))), None)


@contextlib.asynccontextmanager
async def open_stage(redis_url: str, port: int = 0, **sections: Any) -> AsyncIterator[Stage]:
    """Simulator and bot, with everybody of the demo in the role the page shows; ``sections`` of the bot's settings.

    As in the demo the bot links to itself.
    """
    simulator = Simulator()
    demo_world(simulator, "http://127.0.0.1:9")
    await simulator.start(port)
    shops = [simulator.shop(shop.appid) for shop in DEMO_SHOPS]
    sockets = bind_sockets(0, "127.0.0.1")
    server = {"public_url": address_of(sockets)}
    app = build(settings_for(simulator, *shops, **({"server": server} | sections)), redis_url)
    await app.load()
    async with serving(app, sockets) as address:
        for shop in shops:
            shop.callback_url = f"{address}/wechat/{shop.appid}"
            await _appoint(app, shop.appid)
        try:
            yield Stage(simulator, app, address)
        finally:
            await app.close()
            await simulator.stop()


async def _appoint(app: App, appid: str) -> None:
    for person in DEMO_PERSONS[appid]:
        if person.role != "customer":
            role = Role.from_word(person.role) or Role.VIEWER
            await app.people(appid).add(person.openid, role, person.name, by=SHELL)


@contextlib.asynccontextmanager
async def open_browser(executable: str) -> AsyncIterator[Browser]:
    """Chromium without a window."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            await browser.close()
