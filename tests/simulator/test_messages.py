"""Customer-service messages: to whom, when, how many, and what they may hold."""

from __future__ import annotations

from typing import Any

import pytest
from time_machine import TimeMachineFixture

from bot.simulator import Shop, Simulator
from tests.simulator.conftest import NOODLES, PLAIN, WANG, ZHANG, Api, ShopServer

HOUR = 3600
ARTICLE = {"title": "核销 54 张", "url": "https://b.example/r"}


async def send(api: Api, text: str = "通知", touser: str = WANG) -> int:
    """The errcode of sending a text."""
    body = {"touser": touser, "msgtype": "text", "text": {"content": text}}
    code: int = (await api.post("/cgi-bin/message/custom/send", body))["errcode"]
    return code


@pytest.fixture(autouse=True)
def frozen(time_machine: TimeMachineFixture, server: ShopServer) -> TimeMachineFixture:
    time_machine.move_to("2026-11-22 04:00:00+00:00", tick=False)
    return time_machine


class TestWindows:
    async def test_nobody_may_be_written_to_out_of_the_blue(self, api: Api) -> None:
        assert await send(api) == 45015

    async def test_a_message_allows_five_for_48_hours(
        self, sim: Simulator, api: Api, frozen: TimeMachineFixture
    ) -> None:
        await sim.text(NOODLES, WANG, "统计")

        assert [await send(api, str(number)) for number in range(6)] == [0] * 5 + [45047]
        assert [bubble.text for bubble in sim.chat(NOODLES, WANG) if bubble.via == "custom"] == list("01234")
        assert await send(api, touser=ZHANG) == 45015

        await sim.text(NOODLES, WANG, "again")
        frozen.shift(48 * HOUR - 1)
        api.token = ""
        assert await send(api) == 0
        frozen.shift(1)
        assert await send(api) == 45015

    @pytest.mark.parametrize(
        ("event", "elements"),
        [
            ("CLICK", {"EventKey": "k"}),
            ("scancode_push", {"EventKey": "k"}),
            ("scancode_waitmsg", {"EventKey": "k"}),
            ("subscribe", {"EventKey": ""}),
            ("SCAN", {"EventKey": "7"}),
        ],
    )
    async def test_taps_follows_and_scans_allow_three_for_a_minute(
        self, sim: Simulator, api: Api, frozen: TimeMachineFixture, event: str, elements: dict[str, Any]
    ) -> None:
        await sim.event(NOODLES, WANG, event, elements)
        assert [await send(api) for _ in range(4)] == [0, 0, 0, 45047]

        frozen.shift(60)
        assert await send(api) == 45015

    @pytest.mark.parametrize("event", ["VIEW", "LOCATION", "user_get_card", "unsubscribe"])
    async def test_other_events_allow_nothing(self, sim: Simulator, api: Api, event: str) -> None:
        await sim.event(NOODLES, WANG, event, {"EventKey": "x"})

        assert await send(api) == 45015

    async def test_an_entry_of_a_message_menu_counts_as_a_tap(
        self, sim: Simulator, api: Api, frozen: TimeMachineFixture
    ) -> None:
        await sim.text(NOODLES, WANG, "确认", bizmsgmenuid="1")

        assert [await send(api) for _ in range(4)] == [0, 0, 0, 45047]

    async def test_the_window_that_shuts_first_is_used_first(
        self, sim: Simulator, api: Api, frozen: TimeMachineFixture
    ) -> None:
        await sim.text(NOODLES, WANG, "统计")
        await sim.event(NOODLES, WANG, "CLICK", {"EventKey": "k"})
        assert [await send(api) for _ in range(3)] == [0, 0, 0]

        frozen.shift(60)
        assert [await send(api) for _ in range(6)] == [0] * 5 + [45047]

    async def test_passive_replies_cost_nothing_and_a_redelivery_opens_nothing(
        self, sim: Simulator, api: Api, server: ShopServer
    ) -> None:
        server.will_reply(
            f"<xml><ToUserName>{WANG}</ToUserName><FromUserName>gh_0000000000a1</FromUserName>"
            "<CreateTime>1</CreateTime><MsgType>text</MsgType><Content>好</Content></xml>"
        )
        delivery = await sim.text(NOODLES, WANG, "统计")
        assert [await send(api) for _ in range(5)] == [0] * 5

        await sim.push(NOODLES, delivery.elements)
        assert await send(api) == 45047

    async def test_who_leaves_cannot_be_reached(self, sim: Simulator, api: Api) -> None:
        await sim.text(NOODLES, WANG, "统计")
        await sim.unfollow(NOODLES, WANG)

        assert await send(api) == 45015


class TestContent:
    @pytest.fixture(autouse=True)
    async def open_window(self, sim: Simulator, frozen: TimeMachineFixture) -> None:
        await sim.text(NOODLES, WANG, "统计")

    @pytest.mark.parametrize("touser", ["", None, 7, "oNobody", "oWang"])
    async def test_refuses_an_openid_of_nobody(self, api: Api, touser: Any) -> None:
        assert await send(api, touser=touser) == 40003

    async def test_refuses_an_account_without_the_right(self, api: Api, shop: Shop) -> None:
        shop.customer_service = False

        assert await send(api) == 48001

    @pytest.mark.parametrize(
        ("body", "errcode"),
        [
            ({}, 40008),
            ({"msgtype": "sms", "sms": {}}, 40008),
            ({"msgtype": 7}, 40008),
            ({"msgtype": "text"}, 47001),
            ({"msgtype": "text", "text": "hi"}, 47001),
            ({"msgtype": "text", "text": {}}, 44004),
            ({"msgtype": "text", "text": {"content": " "}}, 44004),
            ({"msgtype": "text", "text": {"content": "好" * 683}}, 45002),
            ({"msgtype": "image", "image": {}}, 40097),
            ({"msgtype": "news", "news": {"articles": [{}, {}]}}, 45008),
            ({"msgtype": "news", "news": {"articles": {"title": "t"}}}, 47001),
            ({"msgtype": "news", "news": {"articles": ["t"]}}, 40097),
            ({"msgtype": "news", "news": {"articles": [{"title": "t"}]}}, 40097),
            ({"msgtype": "news", "news": {"articles": [{"url": "https://b.example"}]}}, 40097),
            ({"msgtype": "news", "news": {"articles": [{"title": "t", "url": "b.example"}]}}, 40097),
            ({"msgtype": "news", "news": {"articles": [ARTICLE | {"description": 7}]}}, 40097),
            ({"msgtype": "news", "news": {"articles": [ARTICLE | {"picurl": "ftp://b.example"}]}}, 40097),
            ({"msgtype": "wxcard", "wxcard": {"card_id": "pNobody"}}, 40073),
            ({"msgtype": "msgmenu", "msgmenu": {"list": []}}, 40097),
            ({"msgtype": "msgmenu", "msgmenu": {"list": [{"id": 1, "content": "是"}]}}, 40097),
            ({"msgtype": "msgmenu", "msgmenu": {"list": "是"}}, 40097),
            ({"msgtype": "msgmenu", "msgmenu": {"list": [{"id": "1", "content": "是"}], "head_content": 7}}, 47001),
        ],
    )
    async def test_refuses_and_keeps_the_allowance(
        self, sim: Simulator, api: Api, body: dict[str, Any], errcode: int
    ) -> None:
        answer = await api.post("/cgi-bin/message/custom/send", {"touser": WANG, **body})

        assert answer["errcode"] == errcode
        assert sim.world.people.window(NOODLES, WANG)[0] == 5

    async def test_a_menu_arrives_with_its_entries(self, sim: Simulator, api: Api) -> None:
        entries = [{"id": "1", "content": "确认"}, {"id": "2", "content": "取消"}]
        menu = {"head_content": "改吗？", "list": entries, "tail_content": "10分钟内有效"}
        await api.post("/cgi-bin/message/custom/send", {"touser": WANG, "msgtype": "msgmenu", "msgmenu": menu})

        bubble = sim.chat(NOODLES, WANG)[-1]
        assert (bubble.side, bubble.kind, bubble.via, list(bubble.items)) == ("account", "msgmenu", "custom", entries)
        assert bubble.text == "改吗？\n确认\n取消\n10分钟内有效"

    async def test_an_article_arrives_as_a_card(self, sim: Simulator, api: Api) -> None:
        article = ARTICLE | {"description": "领取 186 张", "picurl": "https://b.example/p.png"}
        body = {"touser": WANG, "msgtype": "news", "news": {"articles": [article]}}
        await api.post("/cgi-bin/message/custom/send", body)

        bubble = sim.chat(NOODLES, WANG)[-1]
        assert (bubble.kind, bubble.via, bubble.text) == ("news", "custom", "核销 54 张\n领取 186 张")
        assert [dict(item) for item in bubble.items] == [
            ARTICLE | {"description": "领取 186 张", "picture": "https://b.example/p.png"}
        ]

    @pytest.mark.parametrize(
        ("kind", "content"),
        [
            ("news", {"articles": [ARTICLE]}),
            ("wxcard", {"card_id": PLAIN}),
        ],
    )
    async def test_other_kinds_arrive(self, sim: Simulator, api: Api, kind: str, content: dict[str, Any]) -> None:
        answer = await api.post("/cgi-bin/message/custom/send", {"touser": WANG, "msgtype": kind, kind: content})

        assert answer == {"errcode": 0, "errmsg": "ok"}
        assert sim.chat(NOODLES, WANG)[-1].kind == kind
