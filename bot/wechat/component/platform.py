"""The third-party platform's parts for one process, and the accounts behind it as the protocol needs to know them."""

from __future__ import annotations

import base64
import hashlib
import hmac

from bot.store import Store, keys
from bot.store.authorizers import Authorizer, Authorizers
from bot.store.copies import Copies
from bot.store.tickets import Tickets
from bot.store.tokens import TokenShelf
from bot.wechat.account import Account
from bot.wechat.component.api import ComponentAPI
from bot.wechat.component.model import Component
from bot.wechat.component.tokens import AuthorizerToken, ComponentToken
from bot.wechat.exchange import Call, Exchange
from bot.wechat.token import Tokens

MAY_SEND = frozenset({1, 6, 100, 101})
"""Permission sets of which any covers customer-service messages."""


class Platform:
    """Tickets, authorised accounts and calls of one component."""

    def __init__(self, component: Component, exchange: Exchange, store: Store, copies: Copies) -> None:
        self.component = component
        self._exchange = exchange
        self._store = store
        self.tickets = Tickets(store, copies, component.appid, component.secret)
        self.authorizers = Authorizers(store, copies, component.appid, component.secret)
        self._fetch = ComponentToken(component, exchange, self.tickets)
        tokens = Tokens(component.appid, TokenShelf(store, component.appid), self._fetch)
        self.api = ComponentAPI(component, exchange, tokens)

    async def ask_for_tickets(self) -> None:
        """Have WeChat push tickets. Raises the WeChatError tree."""
        await self._fetch.ask_for_tickets()

    async def send_text(self, token: str, openid: str, words: str) -> None:
        """A customer-service message with a ``token`` just exchanged, for the check before publication."""
        body = {"touser": openid, "msgtype": "text", "text": {"content": words}}
        await self._exchange(Call("cgi-bin/message/custom/send", body, params={"access_token": token}))

    def token_of(self, appid: str) -> AuthorizerToken:
        """What the token of an account behind the component is fetched with."""
        return AuthorizerToken(self.api, self.authorizers, appid)

    async def forget(self, appid: str) -> None:
        """Delete the tokens of an account that is served no more; raises :exc:`bot.errors.StoreUnavailable`."""
        await self.authorizers.forget_tokens(appid)
        await self._store.delete(keys.token(appid))

    def account(self, authorizer: Authorizer) -> Account:
        """``authorizer`` as the protocol needs it: the component's keys, and a secret that nobody but us has."""
        component = self.component
        secret = hmac.digest(component.secret.encode(), authorizer.appid.encode(), hashlib.sha256)
        return Account(
            appid=authorizer.appid,
            original_id=authorizer.original_id,
            name=authorizer.name or authorizer.appid,
            secret=base64.b64encode(secret).decode(),
            keys=component.keys,
            customer_service=bool(MAY_SEND & set(authorizer.sets)),
            component=component.appid,
        )
