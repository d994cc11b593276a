"""What the endpoint answers, cell by cell of the table of outcomes, over real sockets."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.simulator import Simulator
from bot.store import Store
from bot.wechat import envelope, signature
from bot.wechat.account import decode_aes_key
from tests.shop import KEY, Shop, open_shop
from tests.web.postman import get, post
from tests.web.test_push_matrix import letter_to

EVENT = {
    "MsgType": "event",
    "Event": "card_pass_check",
    "CardId": "pNobodyKnowsThisCard00000001",
    "Content": None,
    "MsgId": None,
}


def address_of(shop: Shop) -> str:
    """Where this shop's pushes go."""
    return f"{shop.address}/wechat/{shop.appid}"


def signed(timestamp: str, nonce: str = "1", token: str = "lakeside") -> dict[str, str]:
    """An address as WeChat signs it."""
    return {"timestamp": timestamp, "nonce": nonce, "signature": signature.sign(token, timestamp, nonce)}


async def test_url_verification_echoes_exactly(shop: Shop) -> None:
    query = signed(str(int(time.time()))) | {"echostr": " 4375120948345356249<b>&  "}
    assert await get(address_of(shop), query) == (200, " 4375120948345356249<b>&  ")


async def test_url_verification_believes_nobody_else(shop: Shop) -> None:
    now = str(int(time.time()))
    forged = [signed(now, token="wrong"), signed(now) | {"nonce": "2"}, {}, signed("1700000000"), signed(now + "1")]
    for query in forged:
        assert await get(address_of(shop), query | {"echostr": "1"}) == (403, "")
    assert (await get(f"{shop.address}/wechat/wxffffffffffffffff", signed(now)))[0] == 404


async def test_an_unknown_account_is_not_found(shop: Shop) -> None:
    status, body = await replace(letter_to(shop), appid="wxffffffffffffffff").post()
    assert (status, body) == (404, "")


@pytest.mark.parametrize("size", [64 * 1024 + 1, 300_000, 5_000_000])
async def test_a_body_over_64_kib_is_refused_before_anything_is_read(shop: Shop, size: int) -> None:
    status, body = await post(address_of(shop), {}, b"x" * size)
    assert (status, body) == (413, "")
    assert await shop.owner.says("取消") == "现在没有等待确认的操作。预览 10 分钟内有效，过期请重新发送原来的命令。"


async def test_a_chunked_body_is_counted_too(shop: Shop) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(70):
            yield b"x" * 1024

    assert (await post(address_of(shop), {}, chunks()))[0] == 413


@pytest.mark.parametrize("age", [-301, 301, 3_600, 90_000])
async def test_a_message_older_or_newer_than_max_age_is_refused(shop: Shop, age: int) -> None:
    assert await replace(letter_to(shop), timestamp=str(int(time.time()) - age)).post() == (403, "")
    assert shop.calls() == []


@pytest.mark.parametrize("age", [-299, 299])
async def test_within_max_age_the_timestamp_of_the_address_counts_and_never_createtime(shop: Shop, age: int) -> None:
    letter = replace(letter_to(shop), timestamp=str(int(time.time()) - age), elements={"CreateTime": "1000000000"})
    assert (await letter.post())[0] == 200


async def test_an_encrypted_event_may_be_a_day_old_if_it_is_new(shop: Shop) -> None:
    late = replace(letter_to(shop), elements=EVENT, timestamp=str(int(time.time()) - 80_000))
    assert await late.post() == (200, "success")
    assert await late.post() == (403, "")
    too_late = replace(late, elements=EVENT | {"CreateTime": "1"}, timestamp=str(int(time.time()) - 90_001))
    assert await too_late.post() == (403, "")


async def test_a_plain_event_may_not_be_a_day_old(simulator: Simulator, store: Store, redis_server: str) -> None:
    async with open_shop(simulator, redis_server, "plain") as shop:
        late = replace(letter_to(shop), shape="plain", elements=EVENT, timestamp=str(int(time.time()) - 80_000))
        assert await late.post() == (403, "")


async def test_a_second_body_under_a_seen_signature_is_refused(
    simulator: Simulator, store: Store, redis_server: str
) -> None:
    """In plain mode the signature does not cover the body: whoever saw one address could post any command."""
    async with open_shop(simulator, redis_server, "plain") as shop:
        letter = replace(letter_to(shop), shape="plain", timestamp=str(int(time.time())))
        status, first = await letter.post()
        assert (status, "统计" in first) == (200, True)
        assert await letter.post() == (200, first)
        forged = replace(letter, elements={"Content": "帮助", "MsgId": "24000000000000002"})
        assert await forged.post() == (403, "")
        moved = replace(forged, timestamp=letter.timestamp + "9", nonce="87654321")
        assert await moved.post() == (403, "")


@pytest.mark.parametrize(
    "content",
    [
        "", "{}", "[]", "{", "null", "not xml", "<xml>", "<xml></xml>", "<xml>abc</xml>", "<a/>", "<xml/>",
        "<xml><ToUserName>gh_0123456789ab</ToUserName></xml>",
        "<xml><ToUserName>gh_0123456789ab</ToUserName><FromUserName>o</FromUserName><MsgType/></xml>",
        "<xml><ToUserName>gh_0123456789ab</ToUserName><FromUserName>o</FromUserName><MsgType>event</MsgType></xml>",
        "<xml><ToUserName>gh_0123456789ab</ToUserName><FromUserName>o</FromUserName><MsgType>event</MsgType><Event/></xml>",
        "<xml><ToUserName>gh_0123456789ab</ToUserName><FromUserName>o</FromUserName><MsgType>file</MsgType></xml>",
        "<xml><ToUserName>gh_0123456789ab</ToUserName><FromUserName>o</FromUserName><MsgType>event</MsgType>"
        "<Event>a_new_event</Event><CreateTime>soon</CreateTime></xml>",
        '<!DOCTYPE xml><xml><ToUserName>gh_0123456789ab</ToUserName><MsgType>text</MsgType></xml>',
        '<!DOCTYPE x [<!ENTITY a "b">]><xml><ToUserName>gh_0123456789ab</ToUserName><Content>&a;</Content></xml>',
        "<xml>" + "<a>" * 6_000 + "</a>" * 6_000 + "</xml>",
        "<xml>" + "<a/>" * 9_000 + "</xml>",
        "\ufeff<xml><ToUserName>gh_0123456789ab</ToUserName></xml>",
    ],
    ids=lambda content: content[:30] or "empty",
)  # fmt: skip
async def test_what_is_authentic_but_not_understood_is_kept(
    simulator: Simulator, store: Store, redis_server: str, content: str
) -> None:
    async with open_shop(simulator, redis_server) as shop:
        encrypted = envelope.encrypt(decode_aes_key(KEY), content, shop.appid)
        now = str(int(time.time()))
        query = signed(now) | {"msg_signature": signature.sign("lakeside", now, "1", encrypted)}
        body = f"<xml><ToUserName>gh_0123456789ab</ToUserName><Encrypt>{encrypted}</Encrypt></xml>".encode()
        assert await post(address_of(shop), query, body) == (200, "success")
        assert shop.calls() == []


@pytest.mark.parametrize("body", [b"\xff\xfe<\x00x\x00", b"<xml>\x00\x0b</xml>", b"<" * 60_000, b"\x00" * 60_000])
async def test_hostile_bytes_meet_a_closed_door(shop: Shop, body: bytes) -> None:
    assert await post(address_of(shop), signed(str(int(time.time()))), body) == (403, "")


async def test_a_control_character_does_not_lose_the_message(shop: Shop) -> None:
    assert await shop.owner.says("取\x0b消") != ""
