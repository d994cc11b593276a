"""WeChat's calls about the component itself; each with the component's own token."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.errors import AnswerUnreadable
from bot.wechat.attempts import Attempts, repeating
from bot.wechat.component.model import (
    Authorization,
    AuthorizerInfo,
    Component,
    Listed,
    authorization,
    authorizer_info,
    listed,
    text,
)
from bot.wechat.exchange import Call, Exchange, whole_number
from bot.wechat.token import Fetched, Tokens

PATH = "cgi-bin/component"
MOST_LISTED = 500
"""Accounts in one answer of the list; more are refused with 40170."""
TOKEN_NAMES = ("component_access_token", "access_token")
"""What the query calls the token: the older pages' name and the newer pages'. That either is taken everywhere is not
confirmed, so both are sent."""


@dataclass(frozen=True, slots=True)
class PreAuthCode:
    """What a page of authorisation is opened with, once; ``lifetime`` in seconds as WeChat said."""

    value: str
    lifetime: float


class ComponentAPI:
    """The component's calls. Every method raises the WeChatError tree, and StoreUnavailable for the token."""

    def __init__(self, component: Component, exchange: Exchange, tokens: Tokens) -> None:
        self.component = component
        self.tokens = tokens
        self._exchange = exchange

    async def pre_auth_code(self) -> PreAuthCode:
        """A code for one page of authorisation (``api_create_preauthcode``)."""
        answer = await self.call("api_create_preauthcode", {}, reads=True)
        value = text(answer, "pre_auth_code")
        if not value:
            raise AnswerUnreadable(f"{PATH}/api_create_preauthcode", 200, "no pre_auth_code")
        return PreAuthCode(value, whole_number(answer.get("expires_in"), 600))

    async def exchange_code(self, code: str) -> Authorization:
        """What an account granted (``api_query_auth``). 61009, 61010: invalid, expired, or exchanged already."""
        granted = authorization(await self.call("api_query_auth", {"authorization_code": code}))
        if not granted.appid:
            raise AnswerUnreadable(f"{PATH}/api_query_auth", 200, "no authorizer_appid")
        return granted

    async def authorizer_token(self, appid: str, refresh_token: str) -> tuple[Fetched, str]:
        """A new access token of ``appid``, and the refresh token from now on (``api_authorizer_token``).

        Whether the refresh token may differ from the one sent is unstated: whatever comes back is to be kept.
        """
        body = {"authorizer_appid": appid, "authorizer_refresh_token": refresh_token}
        answer = await self.call("api_authorizer_token", body)
        value, lifetime = text(answer, "authorizer_access_token"), whole_number(answer.get("expires_in"), 7200)
        if not value or lifetime <= 0:
            raise AnswerUnreadable(f"{PATH}/api_authorizer_token", 200, "no authorizer_access_token")
        return Fetched(value, lifetime), text(answer, "authorizer_refresh_token") or refresh_token

    async def authorizer_info(self, appid: str) -> AuthorizerInfo:
        """What WeChat says of ``appid`` (``api_get_authorizer_info``). 61003: it has not authorised us."""
        answer = await self.call("api_get_authorizer_info", {"authorizer_appid": appid}, reads=True)
        return authorizer_info(appid, answer)

    async def authorizers(self, offset: int, count: int = MOST_LISTED) -> tuple[list[Listed], int]:
        """One page of the accounts that authorised us, and how many there are (``api_get_authorizer_list``)."""
        answer = await self.call("api_get_authorizer_list", {"offset": offset, "count": count}, reads=True)
        page = listed(answer.get("list"))
        return page, whole_number(answer.get("total_count"), len(page))

    async def call(self, name: str, body: Mapping[str, Any], *, reads: bool = False) -> dict[str, Any]:
        """``cgi-bin/component/NAME`` with the component's appid in its body."""
        call = Call(f"{PATH}/{name}", {"component_appid": self.component.appid, **body})
        attempts = Attempts(self._exchange, self.tokens, call, None, token_names=TOKEN_NAMES)
        answer: dict[str, Any] = await repeating(attempts, reads=reads)
        return answer
