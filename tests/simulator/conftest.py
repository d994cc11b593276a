"""A running simulated WeChat, one shop in it, and that shop's server, which answers whatever a test tells it to.

The server opens pushes and seals replies with wechatpy, so that the simulator's encryption is checked by a second hand.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from tornado.httpclient import AsyncHTTPClient
from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPServerRequest
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler
from wechatpy.crypto import WeChatCrypto

from bot.simulator import Person, Shop, Simulator, cash_voucher, general_coupon, gift_voucher

NOODLES = "wx00000000000000a1"
WANG = "oWang000000000000000000000a1"
ZHANG = "oZhang00000000000000000000a1"
CASH = "pCash00000000000000000000001"
GIFT = "pGift00000000000000000000002"
PLAIN = "pPlain0000000000000000000003"


def new_shop(**changes: Any) -> Shop:
    """A shop in safe mode."""
    settings: dict[str, Any] = {
        "appid": NOODLES,
        "original_id": "gh_0000000000a1",
        "name": "面馆",
        "secret": "0123456789abcdef0123456789abcdef",
        "token": "noodles",
        "encoding_aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    }
    return Shop(**settings | changes)


@dataclass
class Answer:
    """What the shop's server says: a status, a body, perhaps headers, perhaps only after somebody lets it."""

    body: bytes = b"success"
    status: int = 200
    location: str = ""
    after: asyncio.Event | None = None


class ShopServer:
    """Keeps the requests and answers them with ``answers`` one by one, then with ``success``."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.requests: list[HTTPServerRequest] = []
        self.answers: deque[Answer | Callable[[HTTPServerRequest], Answer]] = deque()

    def query(self, number: int = -1) -> dict[str, str]:
        """The query of a request."""
        return {name: values[0].decode() for name, values in self.requests[number].query_arguments.items()}

    def opened(self, number: int = -1) -> str:
        """The XML inside an encrypted request, as wechatpy opens it."""
        query = self.query(number)
        crypto = WeChatCrypto(self.shop.token, self.shop.encoding_aes_key, self.shop.appid)
        opened: str = crypto.decrypt_message(
            self.requests[number].body, query["msg_signature"], query["timestamp"], query["nonce"]
        )
        return opened

    def seal(self, xml: str, nonce: str, **other: str) -> bytes:
        """A reply's envelope, as wechatpy writes it."""
        keys = {"token": self.shop.token, "key": self.shop.encoding_aes_key, "appid": self.shop.appid} | other
        crypto = WeChatCrypto(keys["token"], keys["key"], keys["appid"])
        sealed: str = crypto.encrypt_message(xml, nonce, "1700000000")
        return sealed.encode()

    def will_reply(self, xml: str, **other: str) -> None:
        """Answer the next request with ``xml``, sealed."""
        self.answers.append(
            lambda request: Answer(self.seal(xml, request.query_arguments["nonce"][0].decode(), **other))
        )


class _Endpoint(RequestHandler):
    def initialize(self, server: ShopServer) -> None:
        self.server = server

    async def get(self) -> None:
        await self.post()

    async def post(self) -> None:
        self.server.requests.append(self.request)
        answer = self.server.answers.popleft() if self.server.answers else Answer()
        if not isinstance(answer, Answer):
            answer = answer(self.request)
        if answer.after is not None:
            await answer.after.wait()
        self.set_status(answer.status)
        if answer.location:
            self.set_header("Location", answer.location)
        self.finish(answer.body)


class Api:
    """A program that calls WeChat's API, with a token of its own unless told otherwise."""

    def __init__(self, sim: Simulator, shop: Shop) -> None:
        self.sim, self.shop = sim, shop
        self.token = ""
        self._client = AsyncHTTPClient(force_instance=True)

    async def fetch(self, path: str, body: Any = None, *, method: str = "POST", token: str | None = None) -> bytes:
        """The raw answer; ``body`` is JSON unless it is bytes already."""
        if token is None:
            token = self.token = self.token or (await self.stable_token())["access_token"]
        raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        url = f"{self.sim.url}{path}" + (f"?access_token={token}" if token else "")
        response = await self._client.fetch(
            url, method=method, body=raw if method == "POST" else None, raise_error=False, request_timeout=5
        )
        return response.body

    async def post(self, path: str, body: Any = None, **more: Any) -> dict[str, Any]:
        """The JSON of the answer."""
        answer: dict[str, Any] = json.loads(await self.fetch(path, body, **more))
        return answer

    async def get(self, path: str, **more: Any) -> dict[str, Any]:
        """The JSON of the answer to GET."""
        return await self.post(path, method="GET", **more)

    async def stable_token(self, **changes: Any) -> dict[str, Any]:
        """What stable_token says."""
        body = {"grant_type": "client_credential", "appid": self.shop.appid, "secret": self.shop.secret} | changes
        return await self.post("/cgi-bin/stable_token", body, token="")

    async def update(self, card_id: str = CASH, key: str = "cash", **sections: Any) -> dict[str, Any]:
        """card/update with base_info= and advanced_info=."""
        return await self.post("/card/update", {"card_id": card_id, key: sections})

    async def card(self, card_id: str = CASH) -> dict[str, Any]:
        """What stands under the type's key of card/get."""
        card = (await self.post("/card/get", {"card_id": card_id}))["card"]
        inside: dict[str, Any] = card[card["card_type"].lower()]
        return inside

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()


@pytest.fixture
async def shop() -> Shop:
    return new_shop()


@pytest.fixture
async def sim(shop: Shop) -> AsyncIterator[Simulator]:
    simulator = Simulator()
    simulator.add_shop(shop)
    simulator.add_person(NOODLES, Person(WANG, "王芳", "owner"))
    simulator.add_person(NOODLES, Person(ZHANG, "张三", "manager"))
    simulator.add_voucher(NOODLES, cash_voucher("面馆", 1000, card_id=CASH))
    simulator.add_voucher(NOODLES, gift_voucher("面馆", "豆浆", 1, "杯", card_id=GIFT), source=0)
    simulator.add_voucher(NOODLES, general_coupon("面馆", "生日长寿面", "一碗", card_id=PLAIN))
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def server(shop: Shop) -> AsyncIterator[ShopServer]:
    """The shop's own server, where its pushes go."""
    own = ShopServer(shop)
    sockets = bind_sockets(0, "127.0.0.1")
    shop.callback_url = f"http://127.0.0.1:{sockets[0].getsockname()[1]}/wechat/{shop.appid}"
    http = HTTPServer(Application([("/.*", _Endpoint, {"server": own})], log_function=lambda _handler: None))
    http.add_sockets(sockets)
    yield own
    http.stop()
    await http.close_all_connections()


@pytest.fixture
async def api(sim: Simulator, shop: Shop) -> AsyncIterator[Api]:
    caller = Api(sim, shop)
    yield caller
    caller.close()
