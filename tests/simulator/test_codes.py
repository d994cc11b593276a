"""card/code/get, mark, consume, unavailable, decrypt; card/user/getcardlist; card/testwhitelist/set."""

from __future__ import annotations

import asyncio
import re
from typing import Any
from urllib.parse import quote

import pytest
from tornado.simple_httpclient import HTTPStreamClosedError

from bot.simulator import Fault, Simulator
from bot.simulator.vouchers import base_info
from tests.simulator.conftest import CASH, NOODLES, PLAIN, WANG, ZHANG, Api, ShopServer
from tests.simulator.test_wallets import pushed

GET, MARK, CONSUME = "/card/code/get", "/card/code/mark", "/card/code/consume"
VOID, DECRYPT, LIST = "/card/code/unavailable", "/card/code/decrypt", "/card/user/getcardlist"
TESTERS = "/card/testwhitelist/set"


@pytest.fixture
async def code(sim: Simulator, server: ShopServer) -> str:
    """A Friend's Voucher in 王芳's wallet."""
    number = await sim.claim(NOODLES, WANG, CASH, outer_str="till-3")
    server.requests.clear()
    return number


@pytest.fixture
async def plain(sim: Simulator, server: ShopServer) -> str:
    """An ordinary coupon in 王芳's wallet."""
    number = await sim.claim(NOODLES, WANG, PLAIN)
    server.requests.clear()
    return number


@pytest.mark.parametrize("path", [GET, CONSUME, VOID])
@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({}, 41013),
        ({"code": ""}, 41013),
        ({"code": 100200300400}, 47001),
        ({"code": "1" * 21}, 45021),
        ({"code": "100200300400"}, 40056),
        ({"code": "100200300400", "card_id": "pNobody"}, 40073),
    ],
)
async def test_refuses_what_is_no_code(api: Api, path: str, body: dict[str, Any], errcode: int) -> None:
    assert (await api.post(path, body))["errcode"] == errcode


async def test_the_texts_are_those_of_the_wire(api: Api, code: str) -> None:
    await api.post(CONSUME, {"code": code})
    for body, text in (
        ({"code": "100200300400"}, "invalid serial code"),
        ({"code": code}, "invalid code, this code has consumed."),
    ):
        answer = await api.post(CONSUME, body)
        assert re.fullmatch(re.escape(text) + r" hint: \[\w+\]", answer["errmsg"])


async def test_get_shows_a_usable_code_in_full(sim: Simulator, api: Api, code: str) -> None:
    dates = base_info(sim.voucher(NOODLES, CASH).card)["date_info"]
    assert await api.post(GET, {"code": code, "check_consume": True}) == {
        "errcode": 0,
        "errmsg": "ok",
        "card": {
            "card_id": CASH,
            "begin_time": dates["begin_timestamp"],
            "end_time": dates["end_timestamp"],
            "code": code,
        },
        "openid": WANG,
        "can_consume": True,
        "user_card_status": "NORMAL",
        "outer_str": "till-3",
    }
    assert (await api.post(GET, {"code": code, "check_consume": "true"}))["errcode"] == 47001
    assert (await api.post(GET, {"code": code, "card_id": PLAIN}))["errcode"] == 40056


@pytest.mark.parametrize(
    ("state", "errcode"),
    [("CONSUMED", 40099), ("GIFTING", 40127), ("DELETE", 40127), ("UNAVAILABLE", 40127), ("EXPIRE", 40127)],
)
async def test_an_abnormal_state_is_an_error_or_is_told(
    sim: Simulator, api: Api, code: str, state: str, errcode: int
) -> None:
    if state == "EXPIRE":
        base_info(sim.voucher(NOODLES, CASH).card)["date_info"]["end_timestamp"] = 1
    else:
        sim.code(NOODLES, code).state = state

    assert (await api.post(GET, {"code": code, "check_consume": True}))["errcode"] == errcode
    assert (await api.post(GET, {"code": code}))["errcode"] == errcode
    told = await api.post(GET, {"code": code, "check_consume": False})
    assert (told["errcode"], told["can_consume"], told["user_card_status"]) == (0, False, state)
    for path in (CONSUME, VOID):
        assert (await api.post(path, {"code": code}))["errcode"] == errcode


async def test_a_code_handed_on_is_unknown_or_told_as_given(sim: Simulator, api: Api, plain: str) -> None:
    await sim.gift(NOODLES, WANG, plain, ZHANG)
    await sim.accept_gift(NOODLES, plain)
    assert (await api.post(GET, {"code": plain, "check_consume": False}))["errcode"] == 40056

    sim.readings.given_codes_unknown = False
    assert (await api.post(GET, {"code": plain, "check_consume": False}))["user_card_status"] == "GIFT_SUCC"
    assert (await api.post(GET, {"code": plain}))["errcode"] == 40127


async def test_a_code_before_its_time(sim: Simulator, api: Api, code: str) -> None:
    base_info(sim.voucher(NOODLES, CASH).card)["date_info"]["begin_timestamp"] = 2**31 - 2
    base_info(sim.voucher(NOODLES, CASH).card)["date_info"]["end_timestamp"] = 2**31 - 1

    told = await api.post(GET, {"code": code})
    assert (told["can_consume"], told["user_card_status"]) == (False, "NORMAL")
    assert (await api.post(CONSUME, {"code": code}))["errcode"] == 40079


async def test_custom_codes_need_the_card_id(sim: Simulator, api: Api, plain: str) -> None:
    base_info(sim.voucher(NOODLES, PLAIN).card)["use_custom_code"] = True

    assert (await api.post(CONSUME, {"code": plain}))["errcode"] == 41012
    assert (await api.post(CONSUME, {"code": plain, "card_id": PLAIN}))["errcode"] == 0


async def test_consuming_is_answered_pushed_and_final(sim: Simulator, server: ShopServer, api: Api, code: str) -> None:
    assert await api.post(CONSUME, {"code": code}) == {
        "errcode": 0,
        "errmsg": "ok",
        "card": {"card_id": CASH},
        "openid": WANG,
    }
    await sim.settled()
    assert pushed(server) == {
        "FromUserName": WANG,
        "Event": "user_consume_card",
        "CardId": CASH,
        "UserCardCode": code,
        "ConsumeSource": "FROM_API",
        "LocationName": "",
        "StaffOpenId": "",
        "VerifyCode": "",
        "RemarkAmount": "",
        "OuterStr": "till-3",
    }
    assert sim.wallet(NOODLES, WANG)[0].status == "CONSUMED"
    assert (await api.post(CONSUME, {"code": code}))["errcode"] == 40099


async def test_of_two_at_once_one_wins(sim: Simulator, server: ShopServer, api: Api, code: str) -> None:
    await api.stable_token()
    both = await asyncio.gather(*(api.post(CONSUME, {"code": code}) for _ in range(2)))

    assert sorted(answer["errcode"] for answer in both) == [0, 40099]
    await sim.settled()
    assert len(server.requests) == 1


async def test_a_lost_answer_has_redeemed(sim: Simulator, api: Api, code: str) -> None:
    await api.stable_token()
    sim.fault(CONSUME, Fault(lose_answer=True))
    with pytest.raises(HTTPStreamClosedError):
        await api.fetch(CONSUME, {"code": code})

    assert (await api.post(GET, {"code": code, "check_consume": False}))["user_card_status"] == "CONSUMED"


async def test_use_limit_counts_a_persons_redemptions(sim: Simulator, api: Api, plain: str) -> None:
    base_info(sim.voucher(NOODLES, PLAIN).card)["use_limit"] = 1
    second = await sim.claim(NOODLES, WANG, PLAIN)

    assert (await api.post(CONSUME, {"code": plain}))["errcode"] == 0
    assert (await api.post(CONSUME, {"code": second}))["errcode"] == 72020


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"code": None}, 41013),
        ({"card_id": None}, 41012),
        ({"openid": "oNobody"}, 40003),
        ({"is_mark": None}, 41011),
        ({"is_mark": 1}, 47001),
        ({"openid": ZHANG}, 40146),  # no friend of hers
    ],
)
async def test_a_mark_is_refused(api: Api, code: str, change: dict[str, Any], errcode: int) -> None:
    body = {"code": code, "card_id": CASH, "openid": WANG, "is_mark": True} | change
    given = {name: value for name, value in body.items() if value is not None}
    assert (await api.post(MARK, given))["errcode"] == errcode


async def test_only_friends_vouchers_are_marked(api: Api, plain: str) -> None:
    body = {"code": plain, "card_id": PLAIN, "openid": WANG, "is_mark": True}
    assert (await api.post(MARK, body))["errcode"] == 45030


async def test_a_mark_reserves_the_code_for_one_of_the_friends(
    sim: Simulator, server: ShopServer, api: Api, code: str
) -> None:
    sim.befriend(NOODLES, WANG, ZHANG)
    body = {"code": code, "card_id": CASH, "openid": ZHANG}
    assert (await api.post(CONSUME, body))["errcode"] == 43018

    assert (await api.post(MARK, body | {"is_mark": True}))["errcode"] == 0
    assert (await api.post(MARK, body | {"openid": WANG, "is_mark": True}))["errcode"] == 40146
    assert (await api.post(MARK, body | {"openid": WANG, "is_mark": False}))["errcode"] == 40146
    assert (await api.post(CONSUME, body | {"openid": WANG}))["errcode"] == 40146
    assert (await api.post(MARK, body | {"is_mark": False}))["errcode"] == 0
    assert (await api.post(MARK, body | {"is_mark": True}))["errcode"] == 0
    assert (await api.post(CONSUME, body))["errcode"] == 0

    await sim.settled()
    assert pushed(server)["FromUserName"] == ZHANG
    assert (await api.post(MARK, body | {"is_mark": True}))["errcode"] == 40099


async def test_a_mark_before_every_redemption_where_wechat_asks_for_it(sim: Simulator, api: Api, code: str) -> None:
    sim.readings.mark_before_consume = True
    assert (await api.post(CONSUME, {"code": code}))["errcode"] == 43018

    mark = {"code": code, "card_id": CASH, "openid": WANG, "is_mark": True}
    assert (await api.post(MARK, mark))["errcode"] == 0
    assert (await api.post(CONSUME, {"code": code}))["errcode"] == 0


async def test_an_invalid_code_tells_its_holder_why_for_good(sim: Simulator, api: Api, code: str) -> None:
    assert (await api.post(VOID, {"code": code, "reason": 7}))["errcode"] == 47001
    assert (await api.post(VOID, {"code": code, "reason": "已退款"})) == {"errcode": 0, "errmsg": "ok"}

    (entry,) = sim.wallet(NOODLES, WANG)
    assert (entry.status, entry.reason) == ("UNAVAILABLE", "已退款")
    assert (await api.post(VOID, {"code": code}))["errcode"] == 40127


@pytest.mark.parametrize(
    ("given", "errcode"), [(None, 40075), (7, 47001), ("x" * 129, 45021), ("kein Base64!", 40075), ("AAAA", 40075)]
)
async def test_refuses_what_was_not_encrypted(api: Api, given: object, errcode: int) -> None:
    assert (await api.post(DECRYPT, {"encrypt_code": given}))["errcode"] == errcode


async def test_decrypts_codes_of_the_own_account_that_are_not_url_encoded(sim: Simulator, api: Api, code: str) -> None:
    sealed = sim.encrypted_code(NOODLES, code)
    assert await api.post(DECRYPT, {"encrypt_code": sealed}) == {"errcode": 0, "errmsg": "ok", "code": code}

    assert (await api.post(DECRYPT, {"encrypt_code": quote(sealed + "=", safe="")}))["errcode"] == 40075
    sim.shop(NOODLES).secret = "another"
    assert (await api.post(DECRYPT, {"encrypt_code": sealed}, token=api.token))["errcode"] == 40075


async def test_lists_usable_codes_and_hints_at_shared_ones(sim: Simulator, api: Api, code: str, plain: str) -> None:
    assert (await api.post(LIST, {"openid": "oNobody"}))["errcode"] == 40003
    listed = [{"code": plain, "card_id": PLAIN}]
    told = await api.post(LIST, {"openid": WANG})
    assert (told["card_list"], told["has_share_card"]) == (listed, True)
    told = await api.post(LIST, {"openid": WANG, "card_id": PLAIN})
    assert (told["card_list"], told["has_share_card"]) == (listed, False)

    await api.post(CONSUME, {"code": plain})
    await api.post(CONSUME, {"code": code})
    told = await api.post(LIST, {"openid": WANG})
    assert (told["card_list"], told["has_share_card"]) == ([], False)


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({"openid": WANG}, 47001),
        ({"openid": [7]}, 47001),
        ({"openid": ["oNobody"]}, 40003),
        ({"username": [f"wx{n}" for n in range(11)]}, 40097),
    ],
)
async def test_refuses_a_bad_list_of_testers(api: Api, body: dict[str, Any], errcode: int) -> None:
    assert (await api.post(TESTERS, body))["errcode"] == errcode


async def test_a_list_of_testers_replaces_the_last(sim: Simulator, api: Api) -> None:
    assert await api.post(TESTERS, {"openid": [WANG], "username": ["wangfang"]}) == {
        "errcode": 0,
        "errmsg": "ok",
        "white_list_size": 2,
        "success_openid": [WANG],
        "success_username": ["wangfang"],
    }
    await api.post(TESTERS, {"openid": [ZHANG]})
    assert sim.world.circles.testers(NOODLES) == [ZHANG]


async def test_a_redemption_elsewhere_is_pushed_with_its_source(sim: Simulator, server: ShopServer, code: str) -> None:
    with pytest.raises(LookupError):
        sim.redeem_elsewhere(NOODLES, "1")
    sim.redeem_elsewhere(NOODLES, code, source="FROM_MOBILE_HELPER", staff=ZHANG)
    await sim.settled()

    told = pushed(server)
    assert (told["ConsumeSource"], told["StaffOpenId"]) == ("FROM_MOBILE_HELPER", ZHANG)


async def test_a_scan_carries_what_the_code_shows(sim: Simulator, server: ShopServer, code: str) -> None:
    with pytest.raises(ValueError, match="has no button to scan with"):
        await sim.scan(NOODLES, ZHANG, code)
    sim.set_console_menu(NOODLES, [{"type": "scancode_waitmsg", "name": "扫码", "key": "scan"}])
    with pytest.raises(ValueError, match="has no button to scan with other"):
        await sim.scan(NOODLES, ZHANG, code, key="other")
    await sim.scan(NOODLES, ZHANG, code)
    assert pushed(server) == {
        "FromUserName": ZHANG,
        "Event": "scancode_waitmsg",
        "EventKey": "scan",
        "ScanCodeInfo": {"ScanType": "qrcode", "ScanResult": code},
    }
    base_info(sim.voucher(NOODLES, CASH).card)["code_type"] = "CODE_TYPE_BARCODE"
    await sim.scan(NOODLES, ZHANG, code, key="scan")
    assert pushed(server)["ScanCodeInfo"] == {"ScanType": "barcode", "ScanResult": f"CODE_128,{code}"}
