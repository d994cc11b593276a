"""A shop as tests speak with it: ``await shop.manager.says("统计")`` over real sockets and back."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from bot.app import App, build
from bot.clock import day_end, day_start
from bot.merchants.people import SHELL
from bot.merchants.roles import Role
from bot.simulator import Bubble, Call, Delivery, Person, Simulator, cash_voucher, gift_voucher
from bot.simulator import Shop as SimulatedShop
from config import Settings

KEY = "LakesideNoodles0test0key0for0the0simulator8"
PUBLIC = "https://bot.example.com"
"""Where browsers reach a server that has links."""
PEOPLE = {
    "owner": ("oTest0WangFang0owner00000001", "王芳"),
    "manager": ("oTest0ZhangSan0manager000002", "张三"),
    "clerk": ("oTest0LiSi0clerk000000000003", "李四"),
    "viewer": ("oTest0ZhaoMin0viewer00000004", "赵敏"),
    "customer": ("oTest0XiaoChen0customer00005", "小陈"),
}


@dataclass
class Speaker:
    """One person in the shop's chat."""

    shop: Shop
    openid: str
    name: str

    async def says(self, text: str, **extra: Any) -> str:
        """Text the account; what the chat shows in answer to this message (late answers come by :meth:`reads`)."""
        return (await self.texts(text, **extra)).text

    async def texts(self, text: str, **extra: Any) -> Delivery:
        """As :meth:`says`, with everything about the delivery."""
        return await self.shop.simulator.text(self.shop.appid, self.openid, text, **extra)

    def reads(self) -> list[str]:
        """What the account wrote of its own accord since the last look, oldest first."""
        written = [bubble for bubble in self._bubbles() if bubble.side == "account" and bubble.via != "passive"]
        seen = self.shop.seen.setdefault(self.openid, 0)
        self.shop.seen[self.openid] = len(written)
        return [bubble.text for bubble in written[seen:]]

    def _bubbles(self) -> list[Bubble]:
        return self.shop.simulator.chat(self.shop.appid, self.openid)


@dataclass
class Shop:
    """One account, its people and the WeChat around it."""

    simulator: Simulator
    app: App
    appid: str
    wechat_side: SimulatedShop
    address: str
    seen: dict[str, int] = field(default_factory=dict)

    def __getattr__(self, role: str) -> Speaker:
        """``shop.owner``, ``shop.manager``, ``shop.clerk``, ``shop.viewer``, ``shop.customer``."""
        if role not in PEOPLE:
            raise AttributeError(role)
        openid, name = PEOPLE[role]
        return Speaker(self, openid, name)

    def calls(self, path: str = "") -> list[Call]:
        """The API calls WeChat got whose path ends with ``path``."""
        return self.simulator.calls(path, self.appid)

    def data_calls(self) -> list[Call]:
        """Those that asked for figures."""
        return [call for call in self.calls() if call.path.startswith("/datacube/")]

    async def until(self, happened: Callable[[], object]) -> None:
        """Returns when ``happened`` says so; asked again with whatever happens at WeChat."""
        with self.simulator.world.stream.watch() as happenings:
            while not happened():
                await happenings.get()

    def has_voucher(
        self,
        title: str,
        *,
        first_day: str = "2026-01-01",
        last_day: str = "2027-02-28",
        gift: bool = False,
        **base: Any,
    ) -> str:
        """Put an approved Friend's Voucher on the shelf; its card_id. ``base`` are further base_info fields."""
        dates = {
            "type": "DATE_TYPE_FIX_TIME_RANGE",
            "begin_timestamp": day_start(date.fromisoformat(first_day)),
            "end_timestamp": day_end(date.fromisoformat(last_day)),
        }
        fields = {"date_info": dates} | base
        card = (
            gift_voucher("湖畔面馆", title, title=title, base=fields)
            if gift
            else cash_voucher("湖畔面馆", 1000, title=title, base=fields)
        )
        return self.simulator.add_voucher(self.appid, card, "VERIFY_OK")

    async def everybody_texts(self, *absent: Speaker) -> None:
        """All operators but those have texted, so that notices may reach them; what was said before is read."""
        for role in PEOPLE:
            person: Speaker = getattr(self, role)
            if role != "customer" and person not in absent:
                await person.says("我")
            person.reads()

    async def hears(self, event: str, at: int | None = None, **elements: Any) -> None:
        """An event as WeChat words it, from nobody in particular; it is answered with nothing, in time."""
        content = {"FromUserName": "oNobody", "MsgType": "event", "Event": event, **elements}
        delivery = await self.simulator.push(self.appid, content, create_time=at)
        assert delivery.text == ""
        assert all(attempt.error is None for attempt in delivery.attempts)

    async def speaks_english(self) -> None:
        """Everybody here reads English from now on."""
        people = self.app.people(self.appid)
        await people.refresh()
        for operator in people.all():
            await people.change(operator.openid, by=SHELL, language="en")


def settings_for(simulator: Simulator, *accounts: SimulatedShop, **sections: Any) -> Settings:
    """Settings of a bot that serves ``accounts`` against ``simulator``."""
    return Settings.model_validate(
        {
            "wechat": {"api_base_url": simulator.url, **sections.pop("wechat", {})},
            "accounts": tuple(
                {
                    "appid": account.appid,
                    "original_id": account.original_id,
                    "name": account.name,
                    "secret": account.secret,
                    "token": account.token,
                    "encoding_aes_key": account.encoding_aes_key,
                    "mode": str(account.mode),
                    "customer_service": account.customer_service,
                    **sections.pop("account", {}),
                }
                for account in accounts
            ),
            **sections,
        }
    )


def address_of(sockets: list[socket.socket]) -> str:
    """Where a server on ``sockets`` is reached."""
    return f"http://127.0.0.1:{sockets[0].getsockname()[1]}"


@contextlib.asynccontextmanager
async def serving(app: App, sockets: list[socket.socket] | None = None) -> AsyncIterator[str]:
    """The address of ``app``, which listens on ``sockets``, else on a free port."""
    sockets = sockets or bind_sockets(0, "127.0.0.1")
    server = HTTPServer(app.web())
    server.add_sockets(sockets)
    try:
        yield address_of(sockets)
    finally:
        server.stop()
        await server.close_all_connections()


@contextlib.asynccontextmanager
async def open_shop(simulator: Simulator, redis_url: str, mode: str = "safe", **sections: Any) -> AsyncIterator[Shop]:
    """A shop whose pushes a bot of this process answers."""
    account = SimulatedShop(
        appid="wx0123456789abcdef", original_id="gh_0123456789ab", name="湖畔面馆", secret="s" * 32,
        token="lakeside", encoding_aes_key=KEY, mode=mode,  # type: ignore[arg-type]  # the simulator has an enum of its own
        customer_service=sections.get("account", {}).get("customer_service", True),
    )  # fmt: skip
    simulator.add_shop(account)
    for role, (openid, name) in PEOPLE.items():
        simulator.add_person(account.appid, Person(openid, name, role))
    app = build(settings_for(simulator, account, **sections), redis_url)
    await app.load()
    async with serving(app) as address:
        account.callback_url = f"{address}/wechat/{account.appid}"
        for role, (openid, name) in PEOPLE.items():
            if role != "customer":
                await app.people(account.appid).add(openid, Role.from_word(role) or Role.VIEWER, name, by=SHELL)
        try:
            yield Shop(simulator, app, account.appid, account, address)
        finally:
            await simulator.reported()
            await app.close()
