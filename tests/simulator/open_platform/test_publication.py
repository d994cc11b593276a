"""The full-network publication check: what a component that does right and one that does wrong are told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from tornado.httputil import HTTPServerRequest

from bot.simulator import Component, Extent, Finding, Simulator
from bot.simulator.elements import read
from bot.simulator.open_platform.checked_accounts import GROUPS
from tests.simulator.conftest import Answer, ShopServer
from tests.simulator.open_platform.conftest import Provider

CASES = [
    "authorized",
    "text",
    "query, answer",
    "query, message",
    "event",
    "unauthorized",
]
MINI_CASES = ["authorized", "query of a mini program, answer", "query of a mini program, message", "unauthorized"]
SHORT = Extent(groups=(1,), patience=0.2)


class Publishable:
    """A component's server that reacts as the check wants; each reaction can be replaced."""

    def __init__(self, hall: ShopServer, provider: Provider) -> None:
        self.hall, self.provider = hall, provider
        self.texts: dict[str, str] = {}
        self.query_answer = Answer(b"")
        self.follow_up: Callable[[dict[str, Any], str], Awaitable[None]] | None = self.send
        self.tasks: set[asyncio.Task[None]] = set()
        self.seen: list[dict[str, Any]] = []
        hall.answers = Always(self.answer)  # type: ignore[assignment]  # endless, where a deque ends

    def answer(self, request: HTTPServerRequest) -> Answer:
        """What a push is answered with."""
        push = read(self.hall.opened().encode())
        self.seen.append(push)
        if "InfoType" in push:
            return Answer(self.texts.get(push["InfoType"], "success").encode())
        nonce = request.query_arguments["nonce"][0].decode()
        kind, _, code = push.get("Content", "").partition(":")
        if kind == "QUERY_AUTH_CODE":
            if self.follow_up is not None:
                task = asyncio.get_running_loop().create_task(self._later(push, code))
                self.tasks.add(task)
            return self.query_answer
        words = f"{push['Event']}from_callback" if push["MsgType"] == "event" else f"{push['Content']}_callback"
        return Answer(self.hall.seal(self.reply(push, self.texts.get(words, words)), nonce))

    async def _later(self, push: dict[str, Any], code: str) -> None:
        assert self.follow_up is not None
        await self.follow_up(push, code)

    def reply(self, push: dict[str, Any], words: str) -> str:
        """A text reply."""
        return (
            f"<xml><ToUserName>{push['FromUserName']}</ToUserName><FromUserName>{push['ToUserName']}</FromUserName>"
            f"<CreateTime>1700000000</CreateTime><MsgType>text</MsgType><Content>{words}</Content></xml>"
        )

    async def send(self, push: dict[str, Any], code: str, words: str = "") -> None:
        """Exchange the code and send the message; a failure is tried once more."""
        answer = await self.twice(lambda: self.provider.ask("api_query_auth", authorization_code=code))
        token = answer["authorization_info"]["authorizer_access_token"]
        message = {
            "touser": push["FromUserName"],
            "msgtype": "text",
            "text": {"content": words or f"{code}_from_api"},
        }
        await self.twice(lambda: self.provider.post("/cgi-bin/message/custom/send", message, access_token=token))

    async def twice(self, call: Callable[[], Awaitable[dict[str, Any]]]) -> dict[str, Any]:
        """The answer, or that of the second try."""
        answer = await call()
        return await call() if answer.get("errcode") else answer


class Always:
    """Answers without end, in the place of the server's list of them."""

    def __init__(self, answer: Callable[[HTTPServerRequest], Answer]) -> None:
        self._answer = answer

    def popleft(self) -> Callable[[HTTPServerRequest], Answer]:
        """The next one."""
        return self._answer


@pytest.fixture
async def publishable(hall: ShopServer, provider: Provider) -> Publishable:
    return Publishable(hall, provider)


def failed(found: list[Finding]) -> list[tuple[str, str, str]]:
    """(case, expected, came) of what did not pass."""
    return [(one.case, one.expected, one.came) for one in found if not one.passed]


async def test_a_component_that_does_nothing_passes_nothing(
    sim: Simulator, component: Component, hall: ShopServer
) -> None:
    hall.answers.extend([Answer(status=500)] * 9)
    component.published = False
    found = await sim.check_publication(SHORT, publish=True)

    assert [one.case for one in found] == ["component_verify_ticket", *CASES]
    assert failed(found)[0] == ("component_verify_ticket", "success", "status 500")
    assert failed(found)[4][2] == "no call"
    assert not [one for one in found if one.passed]
    assert not component.published
    assert len(hall.requests) == 6  # nothing is pushed twice


class TestWrong:
    """One thing is wrong; everything else passes."""

    async def check(self, sim: Simulator, **more: Any) -> list[tuple[str, str, str]]:
        """What did not pass in the first group."""
        return failed(await sim.check_publication(Extent(groups=(1,), **more)))

    async def test_a_ticket_answered_with_something_else(self, sim: Simulator, publishable: Publishable) -> None:
        publishable.texts["component_verify_ticket"] = "ok"
        answer = "malformed answer: the answer has 2 bytes, expected success"
        assert await self.check(sim) == [("component_verify_ticket", "success", answer)]

    async def test_another_text(self, sim: Simulator, publishable: Publishable) -> None:
        wanted = "TESTCOMPONENT_MSG_TYPE_TEXT_callback"
        publishable.texts[wanted] = "你好"
        assert await self.check(sim) == [("text", wanted, "你好")]

    async def test_an_event_answered_as_nothing(self, sim: Simulator, publishable: Publishable) -> None:
        publishable.texts["LOCATIONfrom_callback"] = "？"
        assert await self.check(sim) == [("event", "LOCATIONfrom_callback", "？")]
        assert await self.check(sim, events=False) == []

    async def test_success_in_place_of_the_empty_answer(self, sim: Simulator, publishable: Publishable) -> None:
        publishable.query_answer = Answer(b"success")
        assert await self.check(sim) == [("query, answer", "", "success")]

    async def test_no_message(self, sim: Simulator, publishable: Publishable) -> None:
        publishable.follow_up = None
        [(case, expected, came)] = await self.check(sim, patience=0.2)
        assert (case, came) == ("query, message", "no call")
        assert expected.startswith("queryauthcode@@@")
        assert expected.endswith("_from_api")

    async def test_a_message_that_says_something_else(self, sim: Simulator, publishable: Publishable) -> None:
        async def wrong(push: dict[str, Any], code: str) -> None:
            await publishable.send(push, code, words="here you are")

        publishable.follow_up = wrong
        [(case, _, came)] = await self.check(sim)
        assert (case, came) == ("query, message", "here you are")

    async def test_a_code_that_cannot_be_exchanged(self, sim: Simulator, publishable: Publishable) -> None:
        async def wrong(_push: dict[str, Any], code: str) -> None:
            await publishable.provider.ask("api_query_auth", authorization_code=code + "x")

        publishable.follow_up = wrong
        [(case, _, came)] = await self.check(sim, patience=2.0)
        assert case == "query, message"
        assert came.endswith("/cgi-bin/component/api_query_auth answered 61009")


async def test_a_component_that_does_right_is_published(
    sim: Simulator, component: Component, publishable: Publishable
) -> None:
    component.published = False
    found = await sim.check_publication(publish=True)

    assert failed(found) == []
    assert component.published
    assert [(one.group, one.case) for one in found] == [
        (0, "component_verify_ticket"),
        *((group, case) for group in range(1, 6) for case in CASES),
    ]
    assert {one.appid for one in found if one.group} == {group.official.appid for group in GROUPS.values()}
    assert max(one.seconds for one in found) < 5
    assert sim.world.platform.authorisations.all() == []
    told = {push["ToUserName"] for push in publishable.seen if "ToUserName" in push}
    assert told == {group.official.username for group in GROUPS.values()}


async def test_mini_programs_are_asked_where_their_messages_are_wanted(
    sim: Simulator, component: Component, publishable: Publishable
) -> None:
    component.sets = (*component.sets, 19)
    found = await sim.check_publication(Extent(groups=(3,)))
    only = await sim.check_publication(Extent(groups=(3,), mini_programs=True))

    assert failed(found) == []
    assert [one.case for one in found] == ["component_verify_ticket", *CASES, *MINI_CASES]
    assert [one.case for one in only] == [one.case for one in found]
    assert found[-1].appid == "wx7720d01d4b2a4500"


async def test_without_messages_there_is_little_to_ask(
    sim: Simulator, component: Component, publishable: Publishable
) -> None:
    component.sets = (8,)
    found = await sim.check_publication()

    assert [(one.case, one.passed) for one in found] == [("component_verify_ticket", True)]
    assert publishable.seen[0]["InfoType"] == "component_verify_ticket"


async def test_what_fails_once_is_tried_again(sim: Simulator, publishable: Publishable) -> None:
    found = await sim.check_publication(Extent(groups=(2,), noise=True))

    assert failed(found) == []
    codes = [call.errcode for call in sim.calls() if "component_token" not in call.path]
    assert codes == [61003, 0, -1000, 0]
    assert publishable.tasks
