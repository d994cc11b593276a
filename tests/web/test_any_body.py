"""Ten thousand bodies nobody would write: never a 5xx, nothing breaks, and the message right after is answered.

Two thirds are signed (and sealed) as WeChat would, so that they reach the reader, the dispatcher and the handlers.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlencode
from xml.sax.saxutils import escape

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.simulator import Simulator
from bot.store import Store
from bot.wechat import envelope, signature
from bot.wechat.account import decode_aes_key
from tests.shop import KEY, PEOPLE, Shop, open_shop

pytestmark = pytest.mark.slow

MODES = ("plain", "safe")
IN_ONE_GO = 25
ROUNDS = 200
"""25 × 200 × 2 modes are the ten thousand."""

NAMES = st.sampled_from(
    [
        "ToUserName", "FromUserName", "CreateTime", "MsgType", "Event", "Content", "MsgId", "EventKey", "CardId",
        "RefuseReason", "UserCardCode", "OrderId", "ScanCodeInfo", "Encrypt", "PicUrl", "Latitude", "xml", "名",
    ]
)  # fmt: skip
WORDS = st.sampled_from(
    [
        "gh_0123456789ab", PEOPLE["owner"][0], PEOPLE["manager"][0], PEOPLE["customer"][0], "oNobody", "text", "event",
        "image", "voice", "location", "CLICK", "subscribe", "card_pass_check", "card_not_pass_check", "user_get_card",
        "统计 最近7天", "show #1", "update #1 notice=“", "remove #9", "help ]]>", "join 1234567890123456", "1795356120",
        "-1", "1e400", "NaN", "0", "", "9" * 400, "<![CDATA[x]]>", "]]>", "\u202e", "&amp;", "&bogus;", "{{ 7*7 }}",
    ]
)  # fmt: skip
TYPED = st.text(st.characters(codec="utf-8"), max_size=12)
VALUES = WORDS | TYPED | TYPED.map(escape) | WORDS.map(lambda word: f"<![CDATA[{word}]]>")
ELEMENTS = st.lists(st.tuples(NAMES, VALUES), max_size=9).map(
    lambda pairs: "".join(f"<{name}>{value}</{name}>" for name, value in pairs)
)
OURS = f"<ToUserName>gh_0123456789ab</ToUserName><FromUserName>{PEOPLE['manager'][0]}</FromUserName>"
TYPING = ["统计", "show", "修改", "yes", "#1", "=", "，", "“", "６", "7d", "全部"]
COMMANDS = st.lists(st.sampled_from(TYPING), max_size=6).map(" ".join)
ORDERS = st.tuples(st.integers(1, 2**64), COMMANDS).map(
    lambda order: f"<xml>{OURS}<MsgType>text</MsgType><MsgId>{order[0]}</MsgId><Content>{order[1]}</Content></xml>"
)
HAPPENINGS = st.tuples(st.sampled_from(["card_pass_check", "card_not_pass_check", "CLICK", "new"]), ELEMENTS).map(
    lambda event: f"<xml>{OURS}<MsgType>event</MsgType><Event>{event[0]}</Event>{event[1]}</xml>"
)
BODIES = st.one_of(
    st.binary(max_size=40),
    TYPED.map(str.encode),
    st.one_of(ELEMENTS.map(lambda inside: f"<xml>{inside}</xml>"), ORDERS, HAPPENINGS).map(str.encode),
    st.tuples(ORDERS | HAPPENINGS, st.integers(0, 200), st.binary(max_size=4)).map(
        lambda torn: torn[0].encode()[: torn[1]] + torn[2] + torn[0].encode()[torn[1] + 1 :]
    ),
)


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A body, and how much of what WeChat would do about it was done: nothing, signed, or sealed too."""

    body: bytes
    how: str


WRAPPED = st.builds(Wrapped, BODIES, st.sampled_from(["unsigned", "signed", "sealed"]))
_nonces = count()


async def _post(session: aiohttp.ClientSession, shop: Shop, wrapped: Wrapped) -> int:
    stamp, nonce = str(int(time.time())), str(next(_nonces))
    query, body = {"timestamp": stamp, "nonce": nonce}, wrapped.body
    if wrapped.how != "unsigned":
        query["signature"] = signature.sign("lakeside", stamp, nonce)
    if wrapped.how == "sealed" and shop.wechat_side.mode != "plain":
        sealed = envelope.encrypt(decode_aes_key(KEY), body.decode(errors="replace"), shop.appid)
        query["msg_signature"] = signature.sign("lakeside", stamp, nonce, sealed)
        body = f"<xml><ToUserName>gh_0123456789ab</ToUserName><Encrypt>{sealed}</Encrypt></xml>".encode()
    async with session.post(f"{shop.address}/wechat/{shop.appid}?{urlencode(query)}", data=body) as answer:
        await answer.read()
        return answer.status


@pytest.fixture(params=MODES)
async def asked(
    request: pytest.FixtureRequest, simulator: Simulator, store: Store, redis_server: str
) -> AsyncIterator[Shop]:
    """A shop with a voucher, in each mode; nobody is slowed down."""
    unlimited = {"messages_per_minute": 0}
    async with open_shop(simulator, redis_server, request.param, limits=unlimited) as shop:
        shop.has_voucher("春节券")
        yield shop


@pytest.mark.timeout(300)
@settings(
    max_examples=ROUNDS,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(bodies=st.lists(WRAPPED, min_size=IN_ONE_GO, max_size=IN_ONE_GO))
async def test_no_body_breaks_anything(asked: Shop, caplog: pytest.LogCaptureFixture, bodies: list[Wrapped]) -> None:
    async with aiohttp.ClientSession() as session:
        statuses = await asyncio.gather(*(_post(session, asked, wrapped) for wrapped in bodies))
    assert set(statuses) <= {200, 403}
    assert await asked.viewer.says("取消") == "现在没有等待确认的操作。预览 10 分钟内有效，过期请重新发送原来的命令。"
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []
