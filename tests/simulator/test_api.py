"""What every call has in common: methods, bodies, quotas, faults, the log."""

from __future__ import annotations

import re

import pytest
from time_machine import TimeMachineFixture
from tornado.httpclient import HTTPClientError

from bot.simulator import Fault, Shop, Simulator
from tests.simulator.conftest import CASH, NOODLES, Api, ShopServer

BATCH = {"offset": 0, "count": 10}


@pytest.mark.parametrize(
    ("path", "method", "errcode"),
    [
        ("/card/get", "GET", 43002),
        ("/cgi-bin/stable_token", "GET", 43002),
        ("/cgi-bin/token", "POST", 43001),
        ("/cgi-bin/getcallbackip", "POST", 43001),
        ("/card/unknown", "POST", 40066),
        ("/cgi-bin/card/get", "GET", 40066),
    ],
)
async def test_refuses_a_wrong_method_or_path(api: Api, path: str, method: str, errcode: int) -> None:
    assert (await api.post(path, {}, method=method))["errcode"] == errcode


@pytest.mark.parametrize(
    ("raw", "errcode"),
    [
        (b"", 44002),
        (b"{", 47001),
        (b"[]", 47001),
        (b"null", 47001),
        (b'{"offset": NaN, "count": 1}', 47001),
        (b'{"offset":0,"count":1,"x":"\xff"}', 47001),
        (b'\xef\xbb\xbf{"offset":0,"count":1}', 47001),
        (b"[" * 100_000, 47001),
        (rb'{"offset":0,"count":1,"x":"\u4f60"}', 47002),
        (rb'{"offset":0,"count":1,"x":"\\\u4f60"}', 47002),
        (rb'{"offset":0,"count":1,"status_list":["\\u4f60"]}', 0),
    ],
)
async def test_refuses_a_bad_body(api: Api, raw: bytes, errcode: int) -> None:
    assert (await api.post("/card/batchget", raw))["errcode"] == errcode


async def test_errors_carry_the_official_text_and_a_random_tail(api: Api) -> None:
    first = await api.post("/card/get", {"card_id": "pUnknown"})
    second = await api.post("/card/get", {"card_id": "pUnknown"})
    quota = await api.post("/cgi-bin/openapi/quota/get", {"cgi_path": "card/get"})

    assert re.fullmatch(r"invalid card id hint: \[\w{10}\]", first["errmsg"])
    assert first["errmsg"] != second["errmsg"]
    assert re.search(r" rid: \w{8}-\w{8}-\w{8}$", quota["errmsg"])


class TestFaults:
    async def test_without_any_detail_the_system_is_busy_once(self, sim: Simulator, api: Api) -> None:
        sim.fault("card/batchget", Fault())

        assert [(await api.post("/card/batchget", BATCH))["errcode"] for _ in range(2)] == [-1, 0]

    async def test_any_code_any_number_of_times(self, sim: Simulator, api: Api) -> None:
        sim.fault("/card/batchget", Fault(errcode=45009, errmsg="reach max"), times=2)

        answers = [await api.post("/card/batchget", BATCH) for _ in range(3)]
        assert [answer["errcode"] for answer in answers] == [45009, 45009, 0]
        assert answers[0]["errmsg"].startswith("reach max hint: [")

    async def test_for_good_until_cleared_and_for_one_shop_only(self, sim: Simulator, api: Api) -> None:
        sim.fault("/card/batchget", Fault(errcode=48001), times=None, appid=NOODLES)
        sim.fault("/card/batchget", Fault(), appid="wxffffffffffffffff")

        assert [(await api.post("/card/batchget", BATCH))["errcode"] for _ in range(3)] == [48001] * 3
        sim.clear_faults()
        assert (await api.post("/card/batchget", BATCH))["errcode"] == 0

    async def test_a_gateway_page(self, sim: Simulator, api: Api) -> None:
        sim.fault("/card/batchget", Fault(http_status=502))
        sim.fault("/card/batchget", Fault(html=True))

        assert b"502 Bad Gateway" in await api.fetch("/card/batchget", BATCH)
        assert b"<html>" in await api.fetch("/card/batchget", BATCH)
        assert [call.errcode for call in sim.calls("/card/batchget")] == [None, None]

    async def test_a_dropped_call_does_nothing(self, sim: Simulator, api: Api) -> None:
        await api.stable_token()
        sim.fault("/card/update", Fault(drop=True))

        with pytest.raises((HTTPClientError, OSError)):
            await api.update(base_info={"service_phone": "1"})
        assert (await api.card())["base_info"]["service_phone"] == "0571-1234567"

    async def test_a_late_success_has_been_done(self, sim: Simulator, api: Api) -> None:
        sim.fault("/card/update", Fault(lose_answer=True))

        with pytest.raises((HTTPClientError, OSError)):
            await api.update(base_info={"service_phone": "1"})
        assert (await api.card())["base_info"]["service_phone"] == "1"

    async def test_a_slow_answer_is_right(self, sim: Simulator, api: Api) -> None:
        sim.fault("/card/batchget", Fault(delay=0.2))

        assert (await api.post("/card/batchget", BATCH))["errcode"] == 0
        assert sim.calls("/card/batchget")[0].seconds >= 0.2


class TestQuotas:
    async def test_beyond_the_daily_quota_is_45009_until_midnight(
        self, sim: Simulator, api: Api, time_machine: TimeMachineFixture
    ) -> None:
        time_machine.move_to("2026-11-22 15:59:00+00:00", tick=False)
        sim.set_quota(NOODLES, "/card/batchget", 2)

        assert [(await api.post("/card/batchget", BATCH))["errcode"] for _ in range(3)] == [0, 0, 45009]
        asked = await api.post("/cgi-bin/openapi/quota/get", {"cgi_path": "/card/batchget"})
        assert asked["quota"] == {"daily_limit": 2, "used": 2, "remain": 0}

        time_machine.shift(60)
        assert (await api.post("/card/batchget", BATCH))["errcode"] == 0

    @pytest.mark.parametrize(
        ("path", "errcode"),
        [
            ("card/get", 76003),
            ("https://api.weixin.qq.com/card/get", 76003),
            ("/card/get?access_token=x", 76003),
            (7, 76003),
            ("/sns/oauth2", 76022),
            ("/card/get", 0),
        ],
    )
    async def test_asks_for_a_path(self, api: Api, path: object, errcode: int) -> None:
        assert (await api.post("/cgi-bin/openapi/quota/get", {"cgi_path": path}))["errcode"] == errcode


class TestNetwork:
    @pytest.mark.parametrize(
        ("body", "errcode"),
        [
            ({"action": "look", "check_operator": "DEFAULT"}, 40202),
            ({"action": "all", "check_operator": "TELECOM"}, 40203),
            ({"action": "all", "check_operator": "DEFAULT"}, 40201),
        ],
    )
    async def test_refuses(self, api: Api, body: dict[str, str], errcode: int) -> None:
        assert (await api.post("/cgi-bin/callback/check", body))["errcode"] == errcode

    async def test_knocks_at_the_url(self, api: Api, server: ShopServer) -> None:
        answer = await api.post("/cgi-bin/callback/check", {"action": "all", "check_operator": "DEFAULT"})

        assert answer["dns"] == [{"ip": "127.0.0.1", "real_operator": "UNKNOWN"}]
        assert [(ping["ip"], ping["package_loss"]) for ping in answer["ping"]] == [("127.0.0.1", "0%")]

    async def test_finds_nobody_behind_a_shut_port(self, api: Api, shop: Shop) -> None:
        shop.callback_url = "http://127.0.0.1:1/"

        answer = await api.post("/cgi-bin/callback/check", {"action": "ping", "check_operator": "DEFAULT"})
        assert [ping["package_loss"] for ping in answer["ping"]] == ["100%"]

    async def test_names_its_addresses(self, api: Api) -> None:
        for path in ("/cgi-bin/getcallbackip", "/cgi-bin/get_api_domain_ip"):
            assert (await api.get(path))["ip_list"] == ["127.0.0.1", "::1"]


async def test_the_log_tells_what_was_asked_without_secrets(sim: Simulator, api: Api) -> None:
    await api.post("/card/get", {"card_id": CASH})

    token_call, call = sim.calls()
    assert (call.appid, call.method, call.path, call.query) == (NOODLES, "POST", "/card/get", {"access_token": "***"})
    assert (call.body, call.errcode) == ({"card_id": CASH}, 0)
    assert (token_call.appid, token_call.body["secret"]) == (NOODLES, "***")
    assert sim.calls("/card/get", appid="wxffffffffffffffff") == []
    sim.clear_calls()
    assert sim.calls() == []
