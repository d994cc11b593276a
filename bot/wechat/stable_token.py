"""Fetches an account's own token by ``cgi-bin/stable_token``; the one place that sends the secret.

Source: developers.weixin.qq.com, "getStableAccessToken".
"""

from __future__ import annotations

import asyncio
import contextlib

from bot.errors import AnswerUnreadable, WeChatBusy
from bot.wechat import token as token_module
from bot.wechat.account import Account
from bot.wechat.exchange import Call, Exchange, whole_number
from bot.wechat.token import Fetched

PAUSE = 0.2
"""Seconds before WeChat, being busy, is asked once more."""


class StableToken:
    """What :class:`bot.wechat.token.Tokens` fetches with, for one account."""

    def __init__(self, account: Account, exchange: Exchange) -> None:
        self._account = account
        self._exchange = exchange

    async def __call__(self, force: bool) -> Fetched:
        """Ask WeChat, twice if it is busy. With ``force`` the token before becomes invalid at once."""
        loop = asyncio.get_running_loop()
        until = loop.time() + token_module.FETCH_TIMEOUT
        with contextlib.suppress(WeChatBusy):
            return await self._ask(force, token_module.FETCH_TIMEOUT)
        await asyncio.sleep(PAUSE)
        return await self._ask(force, until - loop.time())

    async def _ask(self, force: bool, within: float) -> Fetched:
        body = {
            "grant_type": "client_credential",
            "appid": self._account.appid,
            "secret": self._account.secret,
            "force_refresh": force,
        }
        answer = await self._exchange(Call(token_module.PATH, body), max(within, 0.001))
        value, lifetime = answer.get("access_token"), answer.get("expires_in")
        lifetime = 7200 if lifetime is None else whole_number(lifetime, 0)
        if not (isinstance(value, str) and value and lifetime > 0):
            raise AnswerUnreadable(token_module.PATH, 200, "no access_token, or no expires_in")
        return Fetched(value, lifetime)
