"""How a push travels: signed by its mode, tried three times at most, the same message every time."""

from __future__ import annotations

import asyncio

import pytest
import xmltodict
from tornado.httputil import HTTPServerRequest

from bot.simulator import FAILURE_LINE, Shop, Simulator
from bot.simulator.crypto import sign
from tests.simulator.conftest import CASH, NOODLES, WANG, ZHANG, Answer, ShopServer
from tests.simulator.test_replies import xml


class TestModes:
    async def test_safe_mode_shows_the_receiver_and_nothing_else(self, sim: Simulator, server: ShopServer) -> None:
        await sim.text(NOODLES, WANG, "你好 ]]> A&B")

        outside = xmltodict.parse(server.requests[0].body)["xml"]
        inside = xmltodict.parse(server.opened())["xml"]
        assert set(outside) == {"ToUserName", "Encrypt"}
        assert server.query()["encrypt_type"] == "aes"
        assert (inside["ToUserName"], inside["FromUserName"]) == ("gh_0000000000a1", WANG)
        assert (inside["MsgType"], inside["Content"]) == ("text", "你好 ]]> A&B")
        assert 2**32 < int(inside["MsgId"]) < 2**63

    async def test_compatible_mode_carries_both_copies(self, sim: Simulator, shop: Shop, server: ShopServer) -> None:
        shop.mode = "compatible"

        await sim.text(NOODLES, WANG, "你好")

        outside = xmltodict.parse(server.requests[0].body)["xml"]
        outside.pop("Encrypt")
        assert outside == xmltodict.parse(server.opened())["xml"]

    async def test_plain_mode_has_no_trace_of_encryption(self, sim: Simulator, shop: Shop, server: ShopServer) -> None:
        shop.mode = "plain"

        await sim.text(NOODLES, WANG, "你好")

        query = server.query()
        assert set(query) == {"signature", "timestamp", "nonce", "openid"}
        assert query["signature"] == sign(shop.token, query["timestamp"], query["nonce"])
        assert xmltodict.parse(server.requests[0].body)["xml"]["Content"] == "你好"

    async def test_a_push_can_be_sealed_with_another_key_and_answered_with_it(
        self, sim: Simulator, shop: Shop, server: ShopServer
    ) -> None:
        previous = "previous00000000000000000000000000000000000"
        reply = (
            f"<xml><ToUserName>{WANG}</ToUserName><FromUserName>gh_0000000000a1</FromUserName>"
            "<CreateTime>1</CreateTime><MsgType>text</MsgType><Content>好</Content></xml>"
        )
        server.will_reply(reply, key=previous)
        server.will_reply(reply)
        message = {"FromUserName": WANG, "MsgType": "text", "Content": "旧"}

        assert (await sim.push(NOODLES, message, key=previous)).text == "好"
        assert (await sim.push(NOODLES, message, key=previous)).text == FAILURE_LINE


class TestTries:
    @pytest.mark.parametrize("status", [302, 403, 404, 413, 500, 503])
    async def test_every_status_but_200_is_tried_three_times(
        self, sim: Simulator, server: ShopServer, status: int
    ) -> None:
        server.answers.extend(Answer(b"", status, location="/elsewhere" if status == 302 else "") for _ in range(3))

        delivery = await sim.text(NOODLES, WANG, "统计")

        assert [attempt.status for attempt in delivery.attempts] == [status] * 3
        assert [request.path for request in server.requests] == [f"/wechat/{NOODLES}"] * 3
        assert (delivery.text, delivery.failure) == (FAILURE_LINE, f"status {status}")

    async def test_silence_is_tried_again_with_the_same_message(self, sim: Simulator, server: ShopServer) -> None:
        never = asyncio.Event()
        server.answers.append(Answer(after=never))

        delivery = await sim.push(NOODLES, {"FromUserName": WANG, "MsgType": "text", "Content": "统计"}, timeout=0.2)
        never.set()

        assert [(attempt.status, attempt.error is None) for attempt in delivery.attempts] == [
            (None, False),
            (200, True),
        ]
        assert server.opened(0) == server.opened(1)
        assert server.query(0)["nonce"] != server.query(1)["nonce"]

    async def test_tries_can_be_the_same_bytes(self, sim: Simulator, server: ShopServer) -> None:
        sim.readings.fresh_signatures = False
        server.answers.append(Answer(b"", 500))

        await sim.text(NOODLES, WANG, "统计")

        first, second = server.requests
        assert (first.uri, first.body) == (second.uri, second.body)

    async def test_nobody_listening_is_a_failure(self, sim: Simulator, shop: Shop) -> None:
        shop.callback_url = "http://127.0.0.1:1/wechat"

        delivery = await sim.text(NOODLES, WANG, "统计")

        assert [attempt.status for attempt in delivery.attempts] == [None] * 3
        assert delivery.text == FAILURE_LINE

    async def test_an_event_without_a_chat_fails_silently(self, sim: Simulator, server: ShopServer) -> None:
        server.answers.extend([Answer(b"", 503)] * 3)

        delivery = await sim.event(NOODLES, WANG, "user_get_card", {"CardId": CASH})

        assert (delivery.text, delivery.failure, len(delivery.attempts)) == ("", "status 503", 3)
        assert sim.chat(NOODLES, WANG) == []

    async def test_a_repeated_delivery_is_the_same_message_and_one_bubble(
        self, sim: Simulator, server: ShopServer
    ) -> None:
        first = await sim.text(NOODLES, WANG, "统计")
        await sim.push(NOODLES, first.elements)

        assert server.opened(0) == server.opened(1)
        assert [bubble.text for bubble in sim.chat(NOODLES, WANG)] == ["统计"]

    async def test_message_ids_never_repeat(self, sim: Simulator, server: ShopServer) -> None:
        ids = [(await sim.text(NOODLES, WANG, "x")).elements["MsgId"] for _ in range(5)]

        assert sorted(set(ids)) == ids


class TestMishaps:
    async def test_a_duplicate_arrives_twice_at_once(self, sim: Simulator, server: ShopServer) -> None:
        gate = asyncio.Event()

        def second(_request: HTTPServerRequest) -> Answer:
            gate.set()
            return Answer()

        server.answers.extend([Answer(after=gate), second])
        sim.delivery_faults.duplicate()

        delivery = await sim.text(NOODLES, WANG, "统计")

        assert len(delivery.attempts) == len(server.requests) == 2
        assert server.opened(0) == server.opened(1)
        assert len(sim.chat(NOODLES, WANG)) == 1

    async def test_a_duplicate_may_come_later(self, sim: Simulator, server: ShopServer) -> None:
        sim.delivery_faults.duplicate(copies=3, apart=0.1)

        delivery = await sim.text(NOODLES, WANG, "统计")

        first, second, third = (attempt.at for attempt in delivery.attempts)
        assert (second - first > 0.05, third - second > 0.05) == (True, True)

    async def test_of_several_replies_the_first_to_arrive_is_shown(self, sim: Simulator, server: ShopServer) -> None:
        gate = asyncio.Event()

        def late(request: HTTPServerRequest) -> Answer:
            return Answer(server.seal(xml("late"), request.query_arguments["nonce"][0].decode()), after=gate)

        def quick(request: HTTPServerRequest) -> Answer:
            asyncio.get_running_loop().call_later(0.2, gate.set)
            return Answer(server.seal(xml("quick"), request.query_arguments["nonce"][0].decode()))

        server.answers.extend([late, quick])
        sim.delivery_faults.duplicate()

        assert (await sim.text(NOODLES, WANG, "统计")).text == "quick"

    async def test_a_push_that_one_copy_brought_home_has_not_failed(self, sim: Simulator, server: ShopServer) -> None:
        server.answers.extend([Answer(b"", 503), Answer()])
        sim.delivery_faults.duplicate()

        delivery = await sim.push(NOODLES, {"FromUserName": WANG, "MsgType": "text", "Content": "统计"}, tries=1)

        assert sorted(attempt.status or 0 for attempt in delivery.attempts) == [200, 503]
        assert (delivery.text, delivery.failure) == ("", "")

    async def test_a_held_push_arrives_after_the_next_one(self, sim: Simulator, server: ShopServer) -> None:
        sim.delivery_faults.reorder()

        await asyncio.gather(sim.text(NOODLES, WANG, "first"), sim.text(NOODLES, ZHANG, "second"))

        assert ["first" in server.opened(0), "first" in server.opened(1)] == [False, True]

    async def test_a_cut_push_arrives_whole_and_is_tried_again(self, sim: Simulator, server: ShopServer) -> None:
        sim.delivery_faults.cut()

        delivery = await sim.text(NOODLES, WANG, "统计")

        assert [attempt.status for attempt in delivery.attempts] == [None, 200]
        assert delivery.attempts[0].error == "the connection was cut before the answer"
        assert {server.opened(number) for number in range(len(server.requests))} == {server.opened(0)}

    async def test_a_late_push_is_late(self, sim: Simulator, server: ShopServer) -> None:
        sim.delivery_faults.delay(0.2)
        late = asyncio.create_task(sim.text(NOODLES, WANG, "first"))
        await asyncio.sleep(0)
        await sim.text(NOODLES, ZHANG, "second")

        assert len(server.requests) == 1
        await late
        assert "first" in server.opened(1)


class TestPeople:
    async def test_a_stranger_cannot_text(self, sim: Simulator) -> None:
        with pytest.raises(LookupError, match="add_person first"):
            await sim.text(NOODLES, "oNobody", "hi")

    async def test_who_left_cannot_text_until_they_follow_again(self, sim: Simulator, server: ShopServer) -> None:
        await sim.unfollow(NOODLES, WANG)
        with pytest.raises(ValueError, match="does not follow"):
            await sim.text(NOODLES, WANG, "hi")

        await sim.follow(NOODLES, WANG, scene="table-7")
        await sim.text(NOODLES, WANG, "hi")

        events = [xmltodict.parse(server.opened(number))["xml"].get("Event") for number in range(3)]
        assert events == ["unsubscribe", "subscribe", None]
        assert xmltodict.parse(server.opened(1))["xml"]["EventKey"] == "qrscene_table-7"


class TestUrlVerification:
    async def test_is_content_with_the_echo(self, sim: Simulator, server: ShopServer) -> None:
        server.answers.append(lambda request: Answer(request.query_arguments["echostr"][0]))

        assert (await sim.verify_url(NOODLES)).error is None
        query = server.query()
        assert query["signature"] == sign(server.shop.token, query["timestamp"], query["nonce"])

    async def test_is_not_content_with_anything_else(self, sim: Simulator, server: ShopServer) -> None:
        server.answers.append(lambda request: Answer(request.query_arguments["echostr"][0] + b"\n"))

        assert (await sim.verify_url(NOODLES)).error == "the answer is not echostr"
