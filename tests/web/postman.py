"""Posts pushes of any shape, right or forged, the way a hostile world would: bytes over a socket."""

from __future__ import annotations

import io
import json
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp
import xmltodict

from bot.simulator.replies import Judge, words
from bot.wechat import envelope, signature
from bot.wechat.account import decode_aes_key


@dataclass
class Letter:
    """One push to be: who signs it with what, and what the body holds. ``path``: below the bot's address."""

    address: str
    appid: str
    original_id: str
    token: str
    encoding_aes_key: str
    openid: str
    suffix: str = ""
    shape: str = "encrypted"
    as_json: bool = False
    swapped: bool = False
    timestamp: str = ""
    nonce: str = "987654321"
    path: str = ""
    elements: dict[str, Any] = field(default_factory=dict)

    def message(self) -> dict[str, Any]:
        """The inner elements."""
        head = {
            "ToUserName": self.original_id,
            "FromUserName": self.openid,
            "CreateTime": str(int(time.time())),
            "MsgType": "text",
            "Content": "统计",
            "MsgId": "24000000000000001",
        }
        return {name: value for name, value in (head | self.elements).items() if value is not None}

    def _written(self, elements: Mapping[str, Any]) -> str:
        if self.as_json:
            return json.dumps(elements, ensure_ascii=False)
        return str(xmltodict.unparse({"xml": elements}, full_document=False))

    def body_and_query(self) -> tuple[bytes, dict[str, str]]:
        """The bytes and the signed address."""
        timestamp = self.timestamp or str(int(time.time()))
        encrypted = envelope.encrypt(
            decode_aes_key(self.encoding_aes_key), self._written(self.message()), self.suffix or self.appid
        )
        elements: dict[str, Any] = {
            "plain": self.message(),
            "encrypted": {"ToUserName": self.original_id, "Encrypt": encrypted},
            "both": self.message() | {"Encrypt": encrypted},
            "neither": {"ToUserName": self.original_id},
        }[self.shape]
        query = {"timestamp": timestamp, "nonce": self.nonce, "encrypt_type": "aes", "openid": self.openid}
        query["signature"] = signature.sign(self.token, timestamp, self.nonce)
        query["msg_signature"] = signature.sign(self.token, timestamp, self.nonce, encrypted)
        if self.swapped:
            query["signature"], query["msg_signature"] = query["msg_signature"], query["signature"]
        return self._written(elements).encode(), query

    async def post(self) -> tuple[int, str]:
        """Status and body of the answer."""
        body, query = self.body_and_query()
        return await post(f"{self.address}/{self.path or f'wechat/{self.appid}'}", query, body)

    async def says(self) -> str:
        """What the sender reads; raises what WeChat would mind about the answer, by the simulator's own judgement."""
        status, body = await self.post()
        assert status == 200, status
        judge = Judge("safe", self.token, self.encoding_aes_key, self.suffix or self.appid)
        return words(judge.read(body.encode(), self.message(), self.nonce))


async def post(url: str, query: Mapping[str, str], body: bytes | AsyncIterator[bytes]) -> tuple[int, str]:
    """Status and body of the answer to ``body``."""
    data = io.BytesIO(body) if isinstance(body, bytes) else body
    async with aiohttp.ClientSession() as session, session.post(f"{url}?{urlencode(query)}", data=data) as answer:
        return answer.status, await answer.text()


async def get(url: str, query: Mapping[str, str]) -> tuple[int, str]:
    """Status and body of the answer to a GET."""
    async with aiohttp.ClientSession() as session, session.get(f"{url}?{urlencode(query)}") as answer:
        return answer.status, await answer.text()
