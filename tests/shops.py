"""Several shops of one program, and people who serve more than one: ``await shops.says("owner", NOODLES, "统计")``."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.app import App, build
from bot.merchants import persons
from bot.merchants.people import SHELL, Role
from bot.simulator import Call, Person, Simulator
from bot.simulator import Shop as SimulatedShop
from bot.store import Store
from tests.shop import KEY, serving, settings_for

NOODLES, TEA, CAKES, MALL = "wx00000000000000a1", "wx00000000000000b2", "wx00000000000000c3", "wx00000000000000d4"
NAMES = {NOODLES: "湖畔面馆", TEA: "山间茶室", CAKES: "湖畔饼屋", MALL: "城东商场"}
WANG = "oTest0WangFang0owner00000001"
"""The owner of the noodle shop, at the noodle shop's account."""


@dataclass
class Shops:
    """The accounts, the WeChat around them, and the bot."""

    simulator: Simulator
    app: App
    store: Store

    async def says(self, text: str, *, at: str = NOODLES, openid: str = WANG, **extra: Any) -> str:
        """What the chat of the account ``at`` shows in answer to ``openid``."""
        return (await self.simulator.text(at, openid, text, **extra)).text

    async def add(
        self, shop: str, role: Role, name: str, *, openid: str = WANG, at: str = NOODLES, language: str = ""
    ) -> str:
        """Make whoever is ``openid`` at the account ``at`` an operator of ``shop``; who that is to the shop."""
        person = persons.named(at, openid, shop)
        await self.app.people(shop).add(person, role, name, by=SHELL, language=language)
        return person

    async def invited(self, shop: str, role: Role, name: str = "") -> str:
        """A code of ``shop``."""
        return await self.app.people(shop).invite(role, name, by=SHELL)

    def reads(self, at: str = NOODLES, openid: str = WANG) -> list[str]:
        """What the account ``at`` wrote to ``openid`` of its own accord, all of it."""
        bubbles = self.simulator.chat(at, openid)
        return [bubble.text for bubble in bubbles if bubble.side == "account" and bubble.via != "passive"]

    def calls(self, shop: str, path: str = "") -> list[Call]:
        """What WeChat was asked for ``shop``."""
        return self.simulator.calls(path, shop)


def simulated(appid: str, name: str) -> SimulatedShop:
    """An account as WeChat knows it."""
    return SimulatedShop(
        appid=appid, original_id=f"gh_{appid[-12:]}", name=name, secret=f"{appid[-4:]}" * 8, token=f"token{appid[-4:]}",
        encoding_aes_key=KEY,
    )  # fmt: skip


@contextlib.asynccontextmanager
async def open_shops(
    simulator: Simulator, store: Store, redis_url: str, names: dict[str, str], openids: Sequence[str] = (WANG,),
    **sections: Any,
) -> AsyncIterator[Shops]:  # fmt: skip
    """Shops of these names, all served by one bot; everybody of ``openids`` may text every account."""
    accounts = [simulated(appid, name) for appid, name in names.items()]
    for account in accounts:
        simulator.add_shop(account)
        for number, openid in enumerate(openids):
            simulator.add_person(account.appid, Person(openid, f"P{number}", "customer"))
    app = build(settings_for(simulator, *accounts, **sections), redis_url)
    await app.load()
    async with serving(app) as address:
        for account in accounts:
            account.callback_url = f"{address}/wechat/{account.appid}"
        try:
            yield Shops(simulator, app, store)
        finally:
            await simulator.reported()
            await app.close()
