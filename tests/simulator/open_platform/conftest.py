"""A component on the simulated WeChat, its server, and a program that calls the component API."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import pytest
from tornado.httpclient import AsyncHTTPClient
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application

from bot.simulator import Component, Simulator
from tests.simulator.conftest import NOODLES, ShopServer, _Endpoint

PLATFORM = "wxcccccccccccccccc"
DOMAIN = "bot.example.com"


@pytest.fixture
async def component(sim: Simulator) -> Component:
    """Published, without tickets of its own accord."""
    return sim.add_component(
        Component(
            appid=PLATFORM,
            secret="fedcba9876543210fedcba9876543210",
            token="platform",
            encoding_aes_key="GFEDCBA9876543210zyxwvutsrqponmlkjihgfedcba",
            domain=DOMAIN,
            pushing=False,
        )
    )


@pytest.fixture
async def hall(component: Component) -> AsyncIterator[ShopServer]:
    """The component's server, where tickets, events and the pushes of its merchants go."""
    own = ShopServer(component.as_shop())
    sockets = bind_sockets(0, "127.0.0.1")
    base = f"http://127.0.0.1:{sockets[0].getsockname()[1]}/component"
    component.events_url, component.messages_url = f"{base}/events", f"{base}/$APPID$/messages"
    http = HTTPServer(Application([("/.*", _Endpoint, {"server": own})], log_function=lambda _handler: None))
    http.add_sockets(sockets)
    yield own
    http.stop()
    await http.close_all_connections()


class Provider:
    """The program of the provider: calls with the component's token unless told otherwise."""

    def __init__(self, sim: Simulator, component: Component) -> None:
        self.sim, self.component = sim, component
        self.token = ""
        self._client = AsyncHTTPClient(force_instance=True)

    async def post(self, path: str, body: dict[str, Any], *, method: str = "POST", **query: str) -> dict[str, Any]:
        """Any call."""
        url = f"{self.sim.url}{path}?{urlencode(query)}"
        raw = json.dumps(body, ensure_ascii=False).encode() if method == "POST" else None
        response = await self._client.fetch(url, method=method, body=raw, raise_error=False, request_timeout=5)
        answer: dict[str, Any] = json.loads(response.body)
        return answer

    async def fetch_token(self, **changes: Any) -> dict[str, Any]:
        """api_component_token with the newest ticket."""
        component, tickets = self.component, self.sim.world.platform.tickets
        ticket = changes.pop("ticket", None) or (tickets.earlier(0) if tickets.newest else tickets.make(PLATFORM)).value
        body = {
            "component_appid": component.appid,
            "component_appsecret": component.secret,
            "component_verify_ticket": ticket,
        }
        return await self.post("/cgi-bin/component/api_component_token", body | changes)

    async def ask(self, call: str, *, token: str | None = None, **body: Any) -> dict[str, Any]:
        """A call of the component; component_appid is filled in."""
        if token is None:
            token = self.token = self.token or (await self.fetch_token())["component_access_token"]
        body = {"component_appid": self.component.appid} | body
        return await self.post(f"/cgi-bin/component/{call}", body, access_token=token)

    async def joined(self, appid: str = NOODLES, sets: list[int] | None = None) -> dict[str, Any]:
        """An account authorises, and its code is exchanged: ``authorization_info``."""
        done = await self.sim.authorise(appid, sets, order="event lost")
        info: dict[str, Any] = (await self.ask("api_query_auth", authorization_code=done.code))["authorization_info"]
        return info

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()


@pytest.fixture
async def provider(sim: Simulator, component: Component) -> AsyncIterator[Provider]:
    caller = Provider(sim, component)
    yield caller
    caller.close()
