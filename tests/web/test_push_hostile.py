"""What a hostile or odd world posts, beyond the table of outcomes: closed doors look alike, nothing breaks."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import time
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.simulator import Simulator
from bot.store import Store
from bot.wechat import envelope, signature
from bot.wechat.account import decode_aes_key
from tests.discretion import Eavesdropper
from tests.shop import KEY, PEOPLE, Shop, open_shop
from tests.web.postman import Letter, post
from tests.web.test_push import EVENT, address_of, signed
from tests.web.test_push_matrix import letter_to

NOTHING_WAITS = "现在没有等待确认的操作。预览 10 分钟内有效，过期请重新发送原来的命令。"
UNREAD = "v1:{wx0123456789abcdef}:unread"


async def unread(store: Store) -> list[dict[str, Any]]:
    """What was kept for inspection, newest first."""
    return [json.loads(entry) for entry in await store.do("LRANGE", UNREAD, 0, -1)]


async def raw(shop: Shop, query: str, body: bytes = b"", method: str = "POST") -> tuple[int, bytes, dict[str, str]]:
    """Status, body and headers of the answer to an address that is not even encoded properly."""
    host, _, port = shop.address.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = f"{method} /wechat/{shop.appid}?{query} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n"
    writer.write(head.encode("latin-1") + b"Connection: close\r\n\r\n" + body)
    answer = await reader.read()
    writer.close()
    top, _, rest = answer.partition(b"\r\n\r\n")
    status, *lines = top.decode("latin-1").split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    return int(status.split(" ")[1]), rest, headers


# the address ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "signature=%ff&timestamp=%fe&nonce=%c3%28",
        "signature=%00&timestamp=1764000000&nonce=%0d%0a",
        "signature&timestamp&nonce",
        "signature=" + "a" * 8_000,
        "timestamp=" + "1" * 5_000,
        "signature=%ud800",
        "&&&===%%%",
        quote("signature=你&nonce=好"),
        "",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_an_address_that_makes_no_sense_is_refused_like_any_other(shop: Shop, query: str, method: str) -> None:
    status, body, headers = await raw(shop, query, method=method)
    assert (status, body) == (403, b"")
    assert "Server" not in headers


async def test_echostr_comes_back_byte_for_byte(shop: Shop) -> None:
    query = signed(str(int(time.time())))
    address = "&".join(f"{name}={value}" for name, value in query.items())
    status, body, headers = await raw(shop, f"{address}&echostr=%ff%00%20a%2bb%e4%bd%a0%0d%0a", method="GET")
    assert (status, body) == (200, b"\xff\x00 a+b\xe4\xbd\xa0\r\n")
    assert headers["Content-Type"] == "text/plain; charset=utf-8"
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])
async def test_other_methods_are_not_ours(shop: Shop, log: Eavesdropper, method: str) -> None:
    status, body, _ = await raw(shop, "signature=a", method=method)
    assert (status, body) == (405, b"")
    assert any("request refused" in line for line in log.heard)
    assert not any("request failed" in line for line in log.heard), "it is no fault of ours"


async def test_of_a_name_given_twice_one_is_taken(shop: Shop) -> None:
    letter = letter_to(shop)
    body, query = letter.body_and_query()
    address = "&".join(f"{name}={quote(value)}" for name, value in query.items())
    assert (await raw(shop, f"nonce=5&{address}", body))[0] == 200
    assert (await raw(shop, f"{address}&nonce=5", body))[0] == 403


# the envelope -----------------------------------------------------------------------------------------------------


async def test_half_a_character_in_json_is_refused_and_breaks_nothing(shop: Shop) -> None:
    """``\\ud800`` is JSON and no text: nothing can be signed over it. Nobody has to know the token to post this."""
    for body in (rb'{"Encrypt": "\ud800"}', rb'{"ToUserName": "\udfff", "Encrypt": "a"}', rb'{"\ud800": "Encrypt"}'):
        assert await post(address_of(shop), signed(str(int(time.time()))) | {"msg_signature": "a"}, body) == (403, "")


async def test_half_a_character_inside_is_kept_and_not_dispatched(shop: Shop, store: Store) -> None:
    status, body = await sealed(shop, r'{"ToUserName": "gh_0123456789ab", "Content": "\ud800"}')
    assert (status, body) == (200, "success")
    assert [entry["why"] for entry in await unread(store)] == ["JSON"]


@pytest.mark.parametrize("members", ["{}", '{"MsgType": "event"}', ' {"a": NaN}', '{"ToUserName": '])
@pytest.mark.parametrize("mode", ["plain", "safe"])
async def test_json_that_names_no_addressee_is_kept_and_not_dispatched(
    simulator: Simulator, store: Store, redis_server: str, mode: str, members: str
) -> None:
    async with open_shop(simulator, redis_server, mode) as shop:
        assert await pushed(shop, members.encode()) == (200, "success")
    assert [(entry["why"], entry["body"]) for entry in await unread(store)] == [("JSON", members)]


@pytest.mark.parametrize("mode", ["plain", "safe"])
async def test_bytes_that_are_no_text_are_believed_and_kept_each_for_itself(
    simulator: Simulator, store: Store, redis_server: str, mode: str
) -> None:
    async with open_shop(simulator, redis_server, mode) as shop:
        for number, body in enumerate((b"<xml><Content>\xff\xfe</Content></xml>", "<xml>你</xml>".encode("gb18030"))):
            assert await pushed(shop, body, str(number)) == (200, "success")
        assert await shop.manager.says("取消") == NOTHING_WAITS
    assert [(entry["why"], entry["body"]) for entry in await unread(store)] == [
        ("not UTF-8", r"<xml>\xc4\xe3</xml>"),
        ("not UTF-8", r"<xml><Content>\xff\xfe</Content></xml>"),
    ]


async def pushed(shop: Shop, content: bytes, nonce: str = "1") -> tuple[int, str]:
    """The answer to ``content`` in the mode of ``shop``, plain or safe."""
    if shop.wechat_side.mode == "safe":
        return await sealed(shop, content, nonce)
    return await post(address_of(shop), signed(str(int(time.time())), nonce), content)


async def sealed(shop: Shop, content: str | bytes, nonce: str = "1", number: int = 0) -> tuple[int, str]:
    """The answer to ``content``, encrypted as it should be."""
    now = str(int(time.time()))
    encrypted = encrypted_for(shop.appid, content if isinstance(content, bytes) else content.encode(), number)
    query = signed(now, nonce) | {"msg_signature": signature.sign("lakeside", now, nonce, encrypted)}
    body = f"<xml><ToUserName>gh_0123456789ab</ToUserName><Encrypt>{encrypted}</Encrypt></xml>".encode()
    return await post(address_of(shop), query, body)


def encrypted_for(appid: str, content: bytes, number: int) -> str:
    """``content``, which need not be text, as WeChat would encrypt it."""
    plain = f"{number:016}".encode() + len(content).to_bytes(4, "big") + content + appid.encode()
    pad = 32 - len(plain) % 32
    key = decode_aes_key(KEY)
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()).decode()


@pytest.mark.parametrize("nonce", ["]]></Nonce><X>", "]]]]>>", "<![CDATA[", "1 2", "你好", "&amp;", "0", "9" * 100])
async def test_no_nonce_breaks_out_of_the_reply(shop: Shop, nonce: str) -> None:
    letter = replace(letter_to(shop), nonce=nonce, elements={"Content": "取消"})
    assert await letter.says() == NOTHING_WAITS


async def test_a_byte_order_mark_inside_does_not_lose_the_message(shop: Shop) -> None:
    content = (
        "\ufeff<xml><ToUserName>gh_0123456789ab</ToUserName><FromUserName>{}</FromUserName><CreateTime>1</CreateTime>"
        "<MsgType>text</MsgType><Content>取消</Content><MsgId>5</MsgId></xml>"
    )
    status, body = await sealed(shop, content.format(PEOPLE["manager"][0]))
    assert (status, "<Encrypt>" in body) == (200, True)


async def test_closed_doors_look_alike(shop: Shop) -> None:
    """Whoever tries keys, paddings and appids must not be told which of them was wrong."""
    letter = letter_to(shop)
    body, query = letter.body_and_query()
    wrong = [
        (b"", {}),
        (b"not xml", query),
        (body, query | {"msg_signature": "0" * 40}),
        replace(letter, token="wrong").body_and_query(),
        replace(letter, encoding_aes_key="W" * 43).body_and_query(),
        replace(letter, suffix="wxfedcba9876543210").body_and_query(),
        replace(letter, original_id="gh_other").body_and_query(),
        replace(letter, shape="plain").body_and_query(),
        replace(letter, shape="both").body_and_query(),
        replace(letter, timestamp="1700000000").body_and_query(),
    ]
    answers = []
    for content, address in wrong:
        query_string = "&".join(f"{name}={quote(value)}" for name, value in address.items())
        status, answer, headers = await raw(shop, query_string, content)
        answers.append((status, answer, {name: value for name, value in headers.items() if name != "Date"}))
    assert answers[0][:2] == (403, b"")
    assert all(answer == answers[0] for answer in answers)


# what is believed and not understood -------------------------------------------------------------------------------


async def test_a_second_body_under_a_seen_signature_is_refused_even_if_nobody_could_read_it(
    simulator: Simulator, store: Store, redis_server: str
) -> None:
    async with open_shop(simulator, redis_server, "plain") as shop:
        letter = replace(letter_to(shop), shape="plain")
        body, query = letter.body_and_query()
        assert (await post(address_of(shop), query, body))[0] == 200
        for forged in (b"{}", b"<xml>", b'{"ToUserName": "gh_0123456789ab"}', b"\xff"):
            assert await post(address_of(shop), query, forged) == (403, "")
        unreadable = signed(str(int(time.time())), "2")
        assert await post(address_of(shop), unreadable, b"<xml>") == (200, "success")
        assert await post(address_of(shop), unreadable, body) == (403, "")
        assert [entry["body"] for entry in await unread(store)] == ["<xml>"]


async def test_copies_of_what_nobody_understands_are_kept_once_and_counted_by_kind(shop: Shop, store: Store) -> None:
    for number in range(3):
        assert await sealed(shop, "<xml>", f"1{number}", number) == (200, "success")
        json_body = '{"ToUserName": "gh_0123456789ab", "MsgType": "event", "Event": "debug_demo"}'
        assert await sealed(shop, json_body, f"2{number}", number) == (200, "success")
    assert [(entry["why"], entry["body"]) for entry in await unread(store)][1:] == [("broken XML", "<xml>")]
    counts = await store.do("HGETALL", "v1:{wx0123456789abcdef}:unread:count")
    assert counts == {"broken": "1", "JSON": "1"}


@pytest.mark.parametrize("who", ["manager", "customer"])
async def test_an_unknown_kind_of_message_is_kept_and_not_answered(shop: Shop, store: Store, who: str) -> None:
    odd = replace(letter_to(shop), openid=PEOPLE[who][0], elements={"MsgType": "file", "Content": None})
    assert await odd.post() == (200, "success")
    assert [entry["why"] for entry in await unread(store)] == ["message file"]


async def test_an_unknown_event_is_kept_with_all_it_says(shop: Shop, store: Store, log: Eavesdropper) -> None:
    event = replace(letter_to(shop), elements=EVENT | {"Event": "A_New_Event", "Thing": {"Part": ["一", "二"]}})
    assert await event.post() == (200, "success")
    (entry,) = await unread(store)
    assert entry["why"] == "event a_new_event"
    assert json.loads(entry["body"])["Thing"] == {"Part": ["一", "二"]}
    log.forbid("一", EVENT["CardId"] or "")


@pytest.mark.parametrize("name", ["CLICK", "subscribe", "user_get_card", "TEMPLATESENDJOBFINISH", "debug_demo"])
async def test_a_known_event_that_asks_nothing_is_answered_success(shop: Shop, store: Store, name: str) -> None:
    assert await replace(letter_to(shop), elements=EVENT | {"Event": name}).post() == (200, "success")
    assert await unread(store) == []


async def test_the_newest_hundred_are_kept(shop: Shop, store: Store) -> None:
    for number in range(103):
        assert await sealed(shop, f"<xml>{number}", str(number)) == (200, "success")
    kept = await unread(store)
    assert [entry["body"] for entry in kept] == [f"<xml>{number}" for number in range(102, 2, -1)]


# people -----------------------------------------------------------------------------------------------------------

MEDIA: dict[str, dict[str, str]] = {
    "image": {"PicUrl": "http://mmbiz.qpic.cn/x/0", "MediaId": "m"},
    "voice": {"MediaId": "m", "Format": "amr", "Recognition": "统计"},
    "video": {"MediaId": "m", "ThumbMediaId": "t"},
    "shortvideo": {"MediaId": "m", "ThumbMediaId": "t"},
    "location": {"Location_X": "23.1", "Location_Y": "113.3", "Scale": "20", "Label": "路"},
    "link": {"Title": "题", "Description": "", "Url": "https://example.com"},
}


def medium(shop: Shop, kind: str, who: str) -> Letter:
    """A message that is not text."""
    return replace(letter_to(shop), openid=PEOPLE[who][0], elements={"MsgType": kind, "Content": None} | MEDIA[kind])


@pytest.mark.parametrize("kind", MEDIA)
async def test_operators_are_told_that_only_text_is_read(shop: Shop, kind: str) -> None:
    assert await medium(shop, kind, "manager").says() == "这里只看得懂文字。发送「帮助」看你可以做什么。"
    await shop.speaks_english()
    again = medium(shop, kind, "clerk")
    assert await replace(again, elements=again.elements | {"MsgId": "7"}).says() == (
        'Only text is understood here. Send "help" to see what you may do.'
    )


@pytest.mark.parametrize("kind", [*MEDIA, "text"])
@pytest.mark.parametrize("setting", ["nothing", "text", "transfer"])
async def test_customers_get_what_the_account_says(
    simulator: Simulator, store: Store, redis_server: str, setting: str, kind: str
) -> None:
    settings = {"customers": setting, "customers_text": "请到店咨询"}
    async with open_shop(simulator, redis_server, account=settings) as shop:
        letter = medium(shop, kind, "customer") if kind != "text" else letter_to(shop)
        letter = replace(letter, openid=PEOPLE["customer"][0])
        status, body = await letter.post()
        assert status == 200
        if setting == "nothing":
            assert body == "success"
        else:
            content = envelope.decrypt(decode_aes_key(KEY), body.split("CDATA[")[1].split("]")[0], shop.appid)
            assert ("transfer_customer_service" in content, "请到店咨询" in content) == (
                setting == "transfer",
                setting == "text",
            )
        assert shop.calls() == []


async def test_anybody_may_join(shop: Shop) -> None:
    invitation = await shop.owner.says("邀请 店员 小陈")
    joining = re.search(r"绑定 [0-9A-Z -]+", invitation)
    assert joining, invitation
    assert "店员" in await shop.customer.says(joining[0])
    assert await shop.customer.says("取消") == NOTHING_WAITS


# the log ----------------------------------------------------------------------------------------------------------


async def test_nothing_of_a_forged_push_stands_in_the_log(shop: Shop, log: Eavesdropper) -> None:
    secret_words = "这句话不该出现在日志里"
    letter = replace(letter_to(shop), elements={"Content": secret_words})
    for forged in (replace(letter, token="wrong"), replace(letter, shape="plain"), replace(letter, suffix="wx1")):
        assert (await forged.post())[0] == 403
    assert await raw(shop, f"openid={PEOPLE['owner'][0]}&signature=%ff", method="PUT")
    log.forbid(secret_words, letter.body_and_query()[1]["signature"], "msg_signature")
    assert any("push refused" in line for line in log.heard)


async def test_a_client_that_goes_away_leaves_no_trace(shop: Shop, log: Eavesdropper) -> None:
    async with aiohttp.ClientSession() as session:
        body, query = letter_to(shop).body_and_query()
        request = asyncio.create_task(session.post(address_of(shop), params=query, data=body))
        await asyncio.sleep(0)
        request.cancel()
    assert await shop.manager.says("取消") == NOTHING_WAITS
    log.forbid("Uncaught", "Traceback")
