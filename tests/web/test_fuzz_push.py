"""Ten thousand bodies nobody would write: never a 5xx, and the message right after is answered."""

from __future__ import annotations

import asyncio
import base64
import json
import random
import time
from collections.abc import Callable
from urllib.parse import urlencode

import aiohttp
import pytest

from bot.simulator import Simulator
from bot.store import Store
from bot.wechat import envelope, signature
from bot.wechat.account import decode_aes_key
from tests.shop import KEY, PEOPLE, Shop, open_shop
from tests.web.postman import Letter

pytestmark = pytest.mark.slow

EACH = 3_400
"""Bodies for each mode; three modes."""
AT_ONCE = 8
AES = decode_aes_key(KEY)
OWN_SHAPE = {"plain": "plain", "compatible": "both", "safe": "encrypted"}
MESSAGE = (
    "<xml><ToUserName><![CDATA[gh_0123456789ab]]></ToUserName><FromUserName><![CDATA[{openid}]]></FromUserName>"
    "<CreateTime>1795327320</CreateTime><MsgType><![CDATA[{kind}]]></MsgType><Event><![CDATA[{event}]]></Event>"
    "<Content><![CDATA[{content}]]></Content><MsgId>{number}</MsgId><CardId/></xml>"
)
PIECES = [
    "<", ">", "</", "/>", "<![CDATA[", "]]>", "<!DOCTYPE x>", "<!ENTITY a 'b'>", "&a;", "&#0;", "&#x1f600;", "\x00",
    "\x0b", "\ufeff", "\ufffe", "😀", "xml", "<xml>", "</xml>", "<Encrypt>", "Event", "MsgType", "event", "text",
    "{", "}", '"', "[" * 50, "<a>" * 100, "9" * 400, "-1", "1.5", "NaN", "\\ud800", "\r\n", "<!--", "-->", "<?xml ?>",
    "确认", "修改", "统计", "=", "：", "”", "%ff", "\u202e",
]  # fmt: skip


class Fuzz:
    """Everything random comes from one seed, which a failure names."""

    def __init__(self, mode: str, seed: int) -> None:
        self._random = random.Random(seed)
        self._mode = mode
        self._number = 0

    def posting(self) -> tuple[str, bytes]:
        """The query and the body of one push."""
        kinds: list[Callable[[], bytes]] = [
            self._noise,
            self._mutated,
            self._mutated,
            self._json,
            self._deep,
            self._sealed,
        ]
        kinds += [self._sealed, self._broken_base64, self._spoiled]
        body = self._random.choice(kinds)()[:66_000]
        return urlencode(self._query(body)), body

    def _query(self, body: bytes) -> dict[str, str]:
        now = str(int(time.time()) + self._random.choice([0, 0, 0, -250, -400, -80_000]))
        nonce = str(self._random.randrange(10**10)) if self._random.random() < 0.9 else self._piece()
        query = {"timestamp": now, "nonce": nonce, "signature": signature.sign("lakeside", now, nonce)}
        for encrypted in (part.split("<")[0].split("]")[0] for part in self._after_encrypt(body)):
            query["msg_signature"] = signature.sign("lakeside", now, nonce, encrypted)
        if self._random.random() < 0.05:
            query[self._random.choice(sorted(query))] = self._piece()
        return query

    @staticmethod
    def _after_encrypt(body: bytes) -> list[str]:
        """The text after ``<Encrypt>``, wherever that stands."""
        text = body.decode(errors="replace")
        return [part.removeprefix("<![CDATA[") for part in text.split("<Encrypt>")[1:2]]

    def _piece(self) -> str:
        return self._random.choice(PIECES) * self._random.choice([1, 1, 1, 2, 30])

    def _message(self) -> str:
        self._number += 1
        return MESSAGE.format(
            openid=self._random.choice([PEOPLE["manager"][0], PEOPLE["customer"][0], "o", ""]),
            kind=self._random.choice(["text", "text", "event", "image", "file", ""]),
            event=self._random.choice(["CLICK", "card_pass_check", "subscribe", "x" * 300, ""]),
            content=self._random.choice(["取消", "确认", "帮助", "修改 #1 a=b", "join x", self._piece()]),
            number=self._random.choice([str(self._number), "", "0", "x", "9" * 40]),
        )

    def _spoil(self, text: str) -> str:
        for _ in range(self._random.randrange(1, 5)):
            at, length = self._random.randrange(len(text) + 1), self._random.choice([0, 0, 1, 5, 40])
            text = text[:at] + self._piece() + text[at + length :]
        return text

    def _dressed(self, inner: str, encrypted: str) -> bytes:
        """As the account's mode wants it."""
        if self._mode == "plain":
            return inner.encode()
        if self._mode == "compatible":
            return inner.replace("</xml>", f"<Encrypt>{encrypted}</Encrypt></xml>").encode()
        return f"<xml><ToUserName>gh_0123456789ab</ToUserName><Encrypt>{encrypted}</Encrypt></xml>".encode()

    def _sealed(self) -> bytes:
        """Authentic, whatever is inside."""
        inner = self._message() if self._random.random() < 0.3 else self._spoil(self._message())
        return self._dressed(inner, envelope.encrypt(AES, inner, "wx0123456789abcdef"))

    def _spoiled(self) -> bytes:
        """Signed, and not what our key makes."""
        encrypted = base64.b64encode(self._random.randbytes(self._random.choice([0, 16, 32, 33, 320]))).decode()
        return self._dressed(self._message(), encrypted)

    def _broken_base64(self) -> bytes:
        encrypted = envelope.encrypt(AES, self._message(), "wx0123456789abcdef")
        return self._dressed(self._message(), self._spoil(encrypted).replace("<", "").replace(">", ""))

    def _mutated(self) -> bytes:
        body = bytearray(self._sealed())
        for _ in range(self._random.randrange(1, 8)):
            body[self._random.randrange(len(body))] = self._random.randrange(256)
        return bytes(body)

    def _noise(self) -> bytes:
        if self._random.random() < 0.5:
            return self._random.randbytes(self._random.randrange(400))
        return "".join(self._piece() for _ in range(self._random.randrange(12))).encode(errors="ignore")

    def _json(self) -> bytes:
        value: object = self._random.choice([1, None, "\ud800", [], {}, 1e300, "a" * 1000])
        for _ in range(self._random.choice([0, 1, 3, 3_000])):
            value = [value]
        members = {"ToUserName": "gh_0123456789ab", self._random.choice(["Encrypt", "MsgType", ""]): "x"}
        text = (
            json.dumps(members)[:-1] + ', "more": ' + "[" * 3_000
            if self._random.random() < 0.2
            else json.dumps(members)
        )
        return self._spoil(text).encode(errors="ignore") if self._random.random() < 0.5 else _dumped(value)

    def _deep(self) -> bytes:
        name = self._random.choice(["a", "xml", "Encrypt", "ToUserName"])
        depth = self._random.choice([15, 17, 500, 5_000])
        return f"<xml>{f'<{name}>' * depth}{self._piece()}{f'</{name}>' * depth}</xml>".encode()


def _dumped(value: object) -> bytes:
    """JSON of something too deep for the encoder, perhaps."""
    try:
        return json.dumps({"Encrypt": value}).encode()
    except RecursionError:
        return b'{"Encrypt": ' + b"[" * 3_000 + b"]" * 3_000 + b"}"


@pytest.mark.parametrize("mode", ["plain", "compatible", "safe"])
async def test_no_body_breaks_anything(simulator: Simulator, store: Store, redis_server: str, mode: str) -> None:
    seed = random.randrange(10**9)
    fuzz = Fuzz(mode, seed)
    unlimited = {"messages_per_minute": 0}
    async with open_shop(simulator, redis_server, mode, limits=unlimited) as shop, aiohttp.ClientSession() as session:
        statuses: dict[int, int] = {}

        async def post_many() -> None:
            for _ in range(EACH // AT_ONCE):
                query, body = fuzz.posting()
                async with session.post(f"{shop.address}/wechat/{shop.appid}?{query}", data=body) as answer:
                    await answer.read()
                    statuses[answer.status] = statuses.get(answer.status, 0) + 1
                    assert answer.status in {200, 403, 413}, (seed, answer.status, query, body)

        await asyncio.gather(*(post_many() for _ in range(AT_ONCE)))
        assert statuses[200] > EACH / 50, "some must get past the door"
        assert statuses[403] > EACH / 50
        assert await good_message(shop, mode) == 200


async def good_message(shop: Shop, mode: str) -> int:
    """The status of a message as it should be, answered in words."""
    letter = Letter(shop.address, shop.appid, "gh_0123456789ab", "lakeside", KEY, PEOPLE["manager"][0])
    letter.shape, letter.elements = OWN_SHAPE[mode], {"Content": "取消", "MsgId": "24999999999999999"}
    status, body = await letter.post()
    assert ("没有等待确认的操作" in body) if mode == "plain" else ("<Encrypt>" in body)
    return status
