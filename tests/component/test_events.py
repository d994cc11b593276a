"""What is posted to the component's address: forged, replayed, unreadable, out of order, and WeChat's own."""

from __future__ import annotations

import time
from typing import Any

import pytest
import time_machine
import xmltodict

from bot.store import Store
from bot.store.authorizers import State
from bot.wechat import envelope, signature
from bot.wechat.account import decode_aes_key
from tests.component.conftest import NOODLES, PLATFORM, Hall
from tests.shop import KEY, PEOPLE
from tests.web.postman import get, post

TICKET = {"AppId": PLATFORM, "InfoType": "component_verify_ticket", "ComponentVerifyTicket": "ticket@@@forged"}


def letter(
    elements: dict[str, Any] | str, *, token: str = "platform", suffix: str = PLATFORM, outside: str = PLATFORM,
    age: int = 0,
) -> tuple[dict[str, str], bytes]:  # fmt: skip
    """Query and body of an event as WeChat seals it, unless told otherwise."""
    at = str(int(time.time()) - age)
    if isinstance(elements, dict):
        elements = str(xmltodict.unparse({"xml": {"CreateTime": at, **elements}}, full_document=False))
    encrypted = envelope.encrypt(decode_aes_key(KEY[::-1]), elements, suffix)
    query = {"timestamp": at, "nonce": "987654321", "encrypt_type": "aes"}
    query["signature"] = signature.sign(token, at, "987654321")
    query["msg_signature"] = signature.sign(token, at, "987654321", encrypted)
    body = xmltodict.unparse({"xml": {"AppId": outside, "Encrypt": encrypted}}, full_document=False)
    return query, str(body).encode()


async def newest(hall: Hall) -> str:
    """The ticket the bot would use."""
    ticket = await hall.platform.tickets.newest()
    assert ticket is not None
    return ticket.value


@pytest.mark.parametrize(
    "wrong",
    [
        {"token": "another"},
        {"suffix": NOODLES},
        {"outside": NOODLES},
        {"age": 25 * 3600 + 1},
        {"age": -301},
        {"elements": TICKET | {"AppId": NOODLES}},
    ],
)
async def test_what_is_not_wechats_changes_nothing(hall: Hall, wrong: dict[str, Any]) -> None:
    before = await newest(hall)

    assert await post(f"{hall.address}/component/events", *letter(**{"elements": TICKET, **wrong})) == (403, "")
    assert await newest(hall) == before


@pytest.mark.parametrize("body", [b"", b"<xml>", b"<xml><AppId>x</AppId></xml>", b'{"Encrypt": "x"}', b"\xff\xfe"])
async def test_a_body_without_a_seal_is_refused(hall: Hall, body: bytes) -> None:
    query, _ = letter(TICKET)

    assert await post(f"{hall.address}/component/events", query, body) == (403, "")
    assert await post(f"{hall.address}/component/events", query, b"<xml>" + b"x" * 65_536) == (413, "")


@pytest.mark.parametrize(
    "elements",
    [
        "no XML at all",
        {"AppId": PLATFORM},
        {"AppId": PLATFORM, "InfoType": "component_verify_ticket"},
        {"AppId": PLATFORM, "InfoType": "authorized", "AuthorizerAppid": NOODLES},
        {"AppId": PLATFORM, "InfoType": "authorized", "AuthorizationCode": "queryauthcode@@@x"},
        {"AppId": PLATFORM, "InfoType": "unauthorized"},
        {"AppId": PLATFORM, "InfoType": "notify_third_fasteregister"},
    ],
)
async def test_authentic_and_not_understood_is_answered_and_left_alone(hall: Hall, elements: Any) -> None:
    assert await post(f"{hall.address}/component/events", *letter(elements)) == (200, "success")
    assert await hall.platform.authorizers.all() == []


async def test_the_address_is_verified_for_whoever_knows_the_token(hall: Hall) -> None:
    query, _ = letter(TICKET)

    assert await get(f"{hall.address}/component/events", query | {"echostr": "42"}) == (200, "42")
    assert await get(f"{hall.address}/component/events", query | {"signature": "0" * 40}) == (403, "")


async def test_an_older_ticket_never_replaces_a_newer_one(hall: Hall, clock: time_machine.Traveller) -> None:
    clock.shift(600)
    newer = await hall.simulator.push_ticket()
    kept = await newest(hall)
    again = await hall.simulator.repeat_ticket(1)

    assert [delivery.attempts[0].body for delivery in (newer, again)] == [b"success", b"success"]
    assert await newest(hall) == kept


async def test_an_old_withdrawal_does_not_undo_a_new_authorisation(hall: Hall) -> None:
    await hall.joins()
    old = {"AppId": PLATFORM, "InfoType": "unauthorized", "AuthorizerAppid": NOODLES}
    await hall.authorises(NOODLES, 1, 2, 8)

    assert await post(f"{hall.address}/component/events", *letter(old, age=3600)) == (200, "success")
    assert (await hall.kept()).state is State.ACTIVE
    assert (await hall.says("我")).startswith("「湖畔面馆」· 老板 王芳\n")


async def test_an_event_that_could_not_be_recorded_is_refused(hall: Hall, store: Store, tmp_path: Any) -> None:
    await store.do("CONFIG", "SET", "maxmemory", "1")
    try:
        event = {
            "AppId": PLATFORM, "InfoType": "authorized", "AuthorizerAppid": NOODLES,
            "AuthorizationCode": "queryauthcode@@@x",
        }  # fmt: skip
        assert await post(f"{hall.address}/component/events", *letter(event)) == (503, "")
        later = TICKET | {"ComponentVerifyTicket": "ticket@@@on-disk", "CreateTime": str(int(time.time()) + 5)}
        assert await post(f"{hall.address}/component/events", *letter(later)) == (200, "success")
    finally:
        await store.do("CONFIG", "SET", "maxmemory", "0")
    assert await newest(hall) == "ticket@@@on-disk"


@pytest.mark.parametrize("name", ["InfoType", "Event"])
async def test_the_papers_of_a_merchant_are_decided_about(hall: Hall, name: str) -> None:
    await hall.joins()
    await hall.says("我")
    result = {"AppId": PLATFORM, name: "card_merchant_auth_check_result", "SubMerchantAppId": NOODLES}
    refused = result | {"IsPass": "0", "Reason": "执照看不清", "CreateTime": str(int(time.time()) - 60)}
    for elements in (refused, refused, result | {"IsPass": "1", "Reason": ""}):
        assert await post(f"{hall.address}/component/events", *letter(elements)) == (200, "success")
    await hall.app.jobs.close()

    told = [bubble.text for bubble in hall.simulator.chat(NOODLES, PEOPLE["owner"][0]) if bubble.via == "custom"]
    assert told == [
        "❌ 「湖畔面馆」的卡券资质未通过审核\n原因：执照看不清\n请服务商改好材料后重新提交",
        "✅ 「湖畔面馆」的卡券资质通过审核",
    ]
