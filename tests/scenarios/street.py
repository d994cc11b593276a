"""A street of shops against the simulated WeChat: their settings, their people, and what these write and read.

The clock is the real one, and the bot runs in processes of its own: see :mod:`tests.scenarios.processes`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.app import build
from bot.merchants.people import SHELL
from bot.merchants.roles import Role
from bot.simulator import Bubble, Delivery, Person, Shop, Simulator, cash_voucher
from config import Settings
from tests.shop import KEY


@dataclass
class Writer:
    """Somebody who writes to a shop, one message after the other."""

    simulator: Simulator
    appid: str
    openid: str
    name: str
    card_id: str
    deliveries: list[Delivery] = field(default_factory=list)

    async def writes(self, text: str, **elements: Any) -> Delivery:
        """Text the shop; how that went, with every copy and try."""
        delivery = await self.simulator.text(self.appid, self.openid, text, **elements)
        self.deliveries.append(delivery)
        return delivery

    def read(self) -> list[Bubble]:
        """What the shop showed this person so far; not what WeChat itself said about failures."""
        chat = self.simulator.chat(self.appid, self.openid)
        return [bubble for bubble in chat if bubble.side == "account" and bubble.via != "system"]

    async def reads(self, count: int, seconds: float) -> bool:
        """Wait until the chat shows ``count`` answers or more; False when it does not within ``seconds``."""
        with self.simulator.world.stream.watch() as happenings:
            try:
                async with asyncio.timeout(seconds):
                    while len(self.read()) < count:
                        await happenings.get()
            except TimeoutError:
                return False
        return True


@dataclass
class Street:
    """Shops and the people who write to them."""

    simulator: Simulator
    config: Path
    shops: dict[str, Shop]
    writers: list[Writer]

    def pushes_go_to(self, address: str) -> None:
        """``host:port`` of the bot or of what stands before it."""
        for shop in self.shops.values():
            shop.callback_url = f"http://{address}/wechat/{shop.appid}"

    def of(self, name: str) -> list[Writer]:
        """The people of the shop called so."""
        appid = next(appid for appid, shop in self.shops.items() if shop.name == name)
        return [writer for writer in self.writers if writer.appid == appid]


def slowest_answer(deliveries: Sequence[Delivery]) -> float:
    """Seconds of the slowest HTTP answer; copies that got none do not count."""
    return max(
        (try_.seconds for each in deliveries for try_ in each.attempts if try_.status is not None), default=0.0
    )


@contextlib.asynccontextmanager
async def open_street(
    folder: Path, redis_url: str, shops: Mapping[str, Mapping[str, Any]], *, writers: int = 1, **sections: Any
) -> AsyncIterator[Street]:
    """Shops by name, with what differs in their ``[[accounts]]``; each has ``writers`` managers with a voucher each."""
    simulator = Simulator()
    await simulator.start()
    try:
        accounts = [_account(number, name, given) for number, (name, given) in enumerate(shops.items())]
        settings = {
            "wechat": {"api_base_url": simulator.url, "fallback_base_url": simulator.url},
            "limits": {"messages_per_minute": 0}, **sections,
        }  # fmt: skip
        sides = {each["appid"]: simulator.add_shop(_wechat_side(each)) for each in accounts}
        people = [_writer(simulator, each["appid"], number) for each in accounts for number in range(writers)]
        await _employ(Settings.model_validate({**settings, "accounts": tuple(accounts)}), redis_url, people)
        config = folder / "street.toml"
        redis = {"redis": {"url": redis_url}, "data": {"dir": str(folder / "var")}}
        config.write_text(_toml({**settings, **redis}, accounts), "utf-8")
        yield Street(simulator, config, sides, people)
    finally:
        await simulator.stop()


def _account(number: int, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "appid": f"wx{number:016x}", "original_id": f"gh_{number:012x}", "name": name, "secret": f"{number:032x}",
        "token": "lakeside", "encoding_aes_key": KEY, **given,
    }  # fmt: skip


def _wechat_side(account: Mapping[str, Any]) -> Shop:
    known = ("appid", "original_id", "name", "secret", "token", "encoding_aes_key")
    return Shop(**{key: account[key] for key in known}, customer_service=account.get("customer_service", True))


def _writer(simulator: Simulator, appid: str, number: int) -> Writer:
    openid, name = f"oScenario{appid[-4:]}{number:015d}", f"店长{number}号"
    simulator.add_person(appid, Person(openid, name, "manager"))
    card = cash_voucher("湖畔面馆", 1000, title=f"春节券{number}号")
    return Writer(simulator, appid, openid, name, simulator.add_voucher(appid, card, "VERIFY_OK"))


async def _employ(settings: Settings, redis_url: str, writers: Sequence[Writer]) -> None:
    app = build(settings, redis_url)
    try:
        for writer in writers:
            await app.people(writer.appid).add(writer.openid, Role.MANAGER, writer.name, by=SHELL)
    finally:
        await app.close()


def _toml(sections: Mapping[str, Mapping[str, Any]], accounts: Sequence[Mapping[str, Any]]) -> str:
    tables = [(f"[{name}]", table) for name, table in sections.items()]
    tables += [("[[accounts]]", account) for account in accounts]
    lines = [[head, *(f"{key} = {json.dumps(value)}" for key, value in table.items())] for head, table in tables]
    return "\n".join(line for table in lines for line in table) + "\n"
