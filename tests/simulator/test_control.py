"""The control API: the chat page's eyes and hands, shut to other sites."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPResponse

from bot.simulator import FAILURE_LINE, Fault, Simulator
from bot.simulator.stream import BACKLOG, Stream
from tests.simulator.conftest import CASH, NOODLES, WANG, Api, ShopServer

PERSON = {"appid": NOODLES, "openid": WANG}


class Page:
    """A page (or program) that talks to the control API."""

    def __init__(self, sim: Simulator) -> None:
        self.sim = sim
        self.client = AsyncHTTPClient(force_instance=True)

    async def fetch(self, path: str, body: Any = None, **headers: str) -> HTTPResponse:
        """GET, or POST with a JSON body; header names with _ for -."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            given = {"Content-Type": "application/json"} | given
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        method, data = ("GET", None) if body is None else ("POST", raw)
        return await self.client.fetch(
            self.sim.url + path, method=method, body=data, headers=given, raise_error=False, request_timeout=20
        )

    async def get(self, path: str) -> dict[str, Any]:
        """The JSON of a GET."""
        answer: dict[str, Any] = json.loads((await self.fetch(path)).body)
        return answer

    async def post(self, path: str, body: Any) -> tuple[int, dict[str, Any]]:
        """Status and JSON of a POST."""
        response = await self.fetch(path, body)
        return response.code, json.loads(response.body)


@pytest.fixture
async def page(sim: Simulator, server: ShopServer) -> AsyncIterator[Page]:
    own = Page(sim)
    yield own
    own.client.close()


class TestDoor:
    """A foreign website can neither read nor act."""

    @pytest.mark.parametrize(
        "headers",
        [
            {"Host": "evil.example"},
            {"Host": "evil.example:80"},
            {"Host": "127.0.0.1.evil.example"},
            {"Host": "[::1"},
            {"Origin": "http://evil.example"},
            {"Origin": "null"},
            {"Origin": "http://127.0.0.1:1"},
            {"Sec_Fetch_Site": "cross-site"},
            {"Sec_Fetch_Site": "same-site"},
        ],
    )
    async def test_refuses_other_sites(self, page: Page, headers: dict[str, str]) -> None:
        for path, body in (("/_control/state", None), ("/_control/say", {**PERSON, "text": "hi"})):
            assert (await page.fetch(path, body, **headers)).code == 403
        assert page.sim.chat(NOODLES, WANG) == []

    @pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
    async def test_refuses_what_a_form_can_send(self, page: Page, kind: str) -> None:
        assert (await page.fetch("/_control/say", {**PERSON, "text": "hi"}, Content_Type=kind)).code == 415
        assert page.sim.chat(NOODLES, WANG) == []

    async def test_lets_its_own_page_in(self, page: Page) -> None:
        own = {"Origin": page.sim.url, "Sec_Fetch_Site": "same-origin"}
        assert (await page.fetch("/_control/say", {**PERSON, "text": "hi"}, **own)).code == 200
        port = page.sim.url.rpartition(":")[2]
        assert (await page.fetch("/_control/state", Host=f"localhost:{port}")).code == 200


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("say", b"{", 400),
        ("say", [], 400),
        ("say", PERSON, 400),
        ("say", {**PERSON, "text": "  "}, 400),
        ("say", {**PERSON, "text": 7}, 400),
        ("say", {"appid": NOODLES, "openid": "oNobody", "text": "hi"}, 404),
        ("say", {"appid": "wxffffffffffffffff", "openid": WANG, "text": "hi"}, 404),
        ("tap", {**PERSON, "content": "确认"}, 400),
        ("event", {**PERSON}, 400),
        ("event", {**PERSON, "event": "CLICK", "elements": []}, 400),
        ("event", {**PERSON, "event": "CLICK", "elements": {"EventKey": None}}, 400),
        ("review", {"appid": NOODLES, "card_id": CASH}, 400),
        ("review", {"appid": NOODLES, "card_id": CASH, "approve": 1}, 400),
        ("review", {"appid": NOODLES, "card_id": CASH, "approve": True, "reason": 7}, 400),
        ("review", {"appid": NOODLES, "card_id": CASH, "approve": True}, 404),
        ("review", {"appid": NOODLES, "card_id": "pNobody", "approve": True}, 404),
        ("fault", {}, 400),
        ("fault", {"path": "/card/get", "times": 0}, 400),
        ("fault", {"path": "/card/get", "errcode": "45009"}, 400),
        ("fault", {"appid": NOODLES, "path": "/card/get", "daily": "7"}, 400),
        ("fault", {"appid": NOODLES, "path": "/card/get", "daily": -1}, 400),
        ("fault", {"appid": "wxnobody", "path": "/card/get", "daily": 1}, 404),
        ("fault", {"template": "failed"}, 400),
        ("fault", {"push": "lose"}, 400),
        ("fault", {"push": "delay"}, 400),
        ("fault", {"push": "delay", "seconds": 61}, 400),
        ("follow", {"appid": NOODLES}, 400),
    ],
)
async def test_says_what_is_wrong_with_a_request(page: Page, path: str, body: Any, status: int) -> None:
    code, answer = await page.post(f"/_control/{path}", body)

    assert code == status
    assert answer["error"]
    assert page.sim.chat(NOODLES, WANG) == []


async def test_who_does_not_follow_cannot_say_anything(page: Page) -> None:
    assert (await page.post("/_control/unfollow", PERSON))[0] == 200

    assert await page.post("/_control/say", {**PERSON, "text": "hi"}) == (
        400,
        {"error": "this person does not follow the account"},
    )
    assert (await page.post("/_control/follow", PERSON))[0] == 200
    assert (await page.post("/_control/say", {**PERSON, "text": "hi"}))[0] == 200


async def test_the_state_shows_shops_people_vouchers_and_reviews(page: Page, api: Api) -> None:
    await page.sim.text(NOODLES, WANG, "hi")
    await api.update(base_info={"notice": "新"})

    (shop,) = (await page.get("/_control/state"))["shops"]

    assert (shop["appid"], shop["name"], shop["mode"]) == (NOODLES, "面馆", "safe")
    assert not {"secret", "token", "encoding_aes_key"} & set(shop)
    wang, zhang = shop["persons"]
    assert (wang["name"], wang["role"], wang["follows"], wang["window"]["left"]) == ("王芳", "owner", True, 5)
    assert zhang["window"] == {"left": 0, "until": 0.0}
    voucher = next(entry for entry in shop["vouchers"] if entry["card_id"] == CASH)
    assert (voucher["title"], voucher["status"], voucher["under_review"], voucher["friends"]) == (
        "10元代金券",
        "CARD_STATUS_NOT_VERIFY",
        True,
        True,
    )
    assert shop["reviews"][0]["changed"] == {"base_info.notice": ["结账前出示券码", "新"]}


async def test_saying_and_tapping_show_in_the_chat(page: Page) -> None:
    code, answer = await page.post("/_control/say", {**PERSON, "text": " 统计 "})
    assert (code, answer["text"], answer["reply"], answer["failure"]) == (200, "", None, "")
    assert [attempt["status"] for attempt in answer["attempts"]] == [200]
    await page.post("/_control/tap", {**PERSON, "id": "1", "content": "确认"})

    bubbles = (await page.get(f"/_control/chat?appid={NOODLES}&openid={WANG}"))["bubbles"]
    assert [(bubble["side"], bubble["text"]) for bubble in bubbles] == [("person", "统计"), ("person", "确认")]
    assert (await page.fetch(f"/_control/chat?appid={NOODLES}&openid=oNobody")).code == 404
    assert (await page.fetch("/_control/chat")).code == 400


async def test_an_event_reaches_the_shop(page: Page, server: ShopServer) -> None:
    await page.post("/_control/event", {**PERSON, "event": "CLICK", "elements": {"EventKey": "stats"}})

    assert "<Event><![CDATA[CLICK]]></Event><EventKey><![CDATA[stats]]></EventKey>" in server.opened()


async def test_a_review_is_decided_once(page: Page, api: Api, server: ShopServer) -> None:
    await api.update(base_info={"notice": "新"})
    decision = {"appid": NOODLES, "card_id": CASH, "approve": False, "reason": "LOGO 模糊"}

    assert (await page.post("/_control/review", decision))[0] == 200
    assert (await page.post("/_control/review", decision))[0] == 404

    (shop,) = (await page.get("/_control/state"))["shops"]
    (decided,) = shop["decided"]
    assert (decided["approved"], decided["reason"], shop["reviews"]) == (False, "LOGO 模糊", [])
    assert len(server.requests) == 1


async def test_a_daily_quota_can_be_set(page: Page, api: Api) -> None:
    assert await page.post("/_control/fault", {"appid": NOODLES, "path": "/card/batchget", "daily": 1}) == (
        200,
        {"ok": True},
    )

    answers = [await api.post("/card/batchget", {"offset": 0, "count": 1}) for _ in range(2)]
    assert [answer["errcode"] for answer in answers] == [0, 45009]


@pytest.mark.parametrize(
    ("asked", "status"),
    [("user block", "failed:user block"), ("system failed", "failed: system failed"), ("lost", None)],
)
async def test_what_becomes_of_template_messages_can_be_set(page: Page, asked: str, status: str | None) -> None:
    assert (await page.post("/_control/fault", {"template": asked, "times": 2}))[0] == 200
    assert [page.sim.world.templates.next_end() for _ in range(3)] == [status, status, "success"]

    await page.post("/_control/fault", {"template": asked})
    await page.post("/_control/fault", {"clear": True})
    assert page.sim.world.templates.next_end() == "success"


async def test_faults_of_calls_and_deliveries_can_be_asked_for_and_cleared(
    page: Page, api: Api, server: ShopServer
) -> None:
    batch = {"offset": 0, "count": 1}
    await page.post("/_control/fault", {"path": "/card/batchget", "errcode": 45009, "times": 2})
    assert (await api.post("/card/batchget", batch))["errcode"] == 45009
    await page.post("/_control/fault", {"clear": True})
    assert (await api.post("/card/batchget", batch))["errcode"] == 0

    await page.post("/_control/fault", {"push": "duplicate", "times": 1})
    _, answer = await page.post("/_control/say", {**PERSON, "text": "hi"})
    assert len(answer["attempts"]) == len(server.requests) == 2


async def test_tokens_expire_on_demand(page: Page, api: Api) -> None:
    batch = {"offset": 0, "count": 1}
    assert (await api.post("/card/batchget", batch))["errcode"] == 0
    assert (await page.post("/_control/fault", {"expire_tokens": True, "appid": "wxnobody"}))[0] == 404

    await page.post("/_control/fault", {"expire_tokens": True, "appid": NOODLES})

    assert (await api.post("/card/batchget", batch))["errcode"] == 42001


async def test_the_log_shows_calls_and_pushes(page: Page, api: Api, server: ShopServer) -> None:
    await api.card()
    server.answers.clear()
    page.sim.shop(NOODLES).callback_url = "http://127.0.0.1:1/"
    _, answer = await page.post("/_control/say", {**PERSON, "text": "hi"})

    log = await page.get("/_control/log")
    assert answer["text"] == FAILURE_LINE
    assert [call["path"] for call in log["calls"]] == ["/cgi-bin/stable_token", "/card/get"]
    assert [(push["what"], push["outcome"], len(push["attempts"])) for push in log["pushes"]] == [("text", "failed", 3)]


async def test_the_stream_tells_everything_as_it_happens(page: Page, api: Api) -> None:
    heard = asyncio.Queue[str]()
    client = AsyncHTTPClient(force_instance=True)
    stream = asyncio.ensure_future(
        client.fetch(
            page.sim.url + "/_control/stream",
            streaming_callback=lambda chunk: heard.put_nowait(chunk.decode()),
            request_timeout=30,
            raise_error=False,
        )
    )
    assert await heard.get() == ": open\n\n"

    page.sim.fault("/card/get", Fault(errcode=-1))
    await api.post("/card/get", {"card_id": CASH})
    await page.sim.text(NOODLES, WANG, "hi")
    await api.update(base_info={"notice": "新"})
    await page.sim.review(NOODLES, CASH, approve=True)
    await page.sim.unfollow(NOODLES, WANG)

    events: list[tuple[str, dict[str, Any]]] = []
    while not (events and events[-1][0] == "push" and events[-1][1]["what"] == "unsubscribe"):
        for block in (await heard.get()).strip().split("\n\n"):
            kind, data = block.split("\n", 1)
            events.append((kind.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    client.close()
    stream.cancel()

    assert [kind for kind, _ in events] == [
        "call",
        "call",
        "bubble",
        "push",
        "voucher",
        "review",
        "call",
        "voucher",
        "review",
        "push",
        "person",
        "push",
    ]
    assert [data["errcode"] for kind, data in events if kind == "call"] == [0, -1, 0]
    assert [data["state"] for kind, data in events if kind == "review"] == ["submitted", "decided"]
    assert [data["outcome"] for kind, data in events if kind == "push"] == ["accepted"] * 3
    assert not [data for _, data in events if "access_token=" in json.dumps(data)]


async def test_a_watcher_who_leaves_is_forgotten(page: Page) -> None:
    port = int(page.sim.url.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET /_control/stream HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
    await reader.readuntil(b": open\n\n")
    assert page.sim.world.stream.watchers == 1

    writer.close()
    while page.sim.world.stream.watchers:  # the server notices in its own time; the test's time limit bounds it
        await page.get("/_control/state")


async def test_a_slow_watcher_loses_the_oldest_happenings() -> None:
    stream = Stream()
    with stream.watch() as queue:
        for number in range(BACKLOG + 2):
            stream.publish("call", number=number)
        assert queue.get_nowait() == ("call", {"number": 2})
        assert queue.qsize() == BACKLOG - 1


async def test_the_page_is_served_with_a_policy(page: Page) -> None:
    front = await page.fetch("/")

    assert (front.code, front.headers["Content-Type"].partition(";")[0]) == (200, "text/html")
    assert "default-src 'none'; script-src 'self'; style-src 'self';" in front.headers["Content-Security-Policy"]
    assert (await page.fetch("/_page/index.html")).code == 200
    for path in ("/_page/../control/handler.py", "/_page/%2e%2e/run.py", "/elsewhere"):
        assert (await page.fetch(path)).code in {403, 404}
