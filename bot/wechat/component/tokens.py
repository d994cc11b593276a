"""What :class:`bot.wechat.token.Tokens` fetches with: the component's own token, and that of an account behind it."""

from __future__ import annotations

import contextlib
import logging

from bot.errors import AnswerUnreadable, WeChatError, WeChatRefused
from bot.store.authorizers import Authorizers
from bot.store.tickets import Tickets
from bot.wechat.component.api import PATH, ComponentAPI
from bot.wechat.component.model import Component, text
from bot.wechat.errcodes import NOT_AUTHORIZED, REFRESH_TOKEN_INVALID, TICKET_EXPIRED, TICKETS_REFUSED, refusal
from bot.wechat.exchange import Call, Exchange, whole_number
from bot.wechat.token import FETCH_TIMEOUT, Fetched

log = logging.getLogger(__name__)


class ComponentToken:
    """Fetches the component's token (``api_component_token``) with the newest ticket.

    Where there is none, or WeChat does not take it, WeChat is asked to push tickets: until one comes nothing helps.
    """

    path = f"{PATH}/api_component_token"

    def __init__(self, component: Component, exchange: Exchange, tickets: Tickets) -> None:
        self._component = component
        self._exchange = exchange
        self._tickets = tickets

    async def __call__(self, force: bool) -> Fetched:
        """Every call makes a new one; ``force`` makes no difference."""
        ticket = await self._tickets.newest()
        if ticket is None:
            await self._ask()
            raise refusal(self.path, TICKET_EXPIRED, "no ticket that is still good has come")
        try:
            return await self._fetch(ticket.value)
        except WeChatRefused as error:
            if error.errcode in TICKETS_REFUSED:
                await self._ask()
            raise

    async def _fetch(self, ticket: str) -> Fetched:
        body = {
            "component_appid": self._component.appid,
            "component_appsecret": self._component.secret,
            "component_verify_ticket": ticket,
        }
        answer = await self._exchange(Call(self.path, body), FETCH_TIMEOUT)
        value, lifetime = text(answer, "component_access_token"), whole_number(answer.get("expires_in"), 7200)
        if not value or lifetime <= 0:
            raise AnswerUnreadable(self.path, 200, "no component_access_token")
        return Fetched(value, lifetime)

    async def ask_for_tickets(self) -> None:
        """Have WeChat push tickets (``api_start_push_ticket``). Raises the WeChatError tree."""
        body = {"component_appid": self._component.appid, "component_secret": self._component.secret}
        await self._exchange(Call(f"{PATH}/api_start_push_ticket", body), FETCH_TIMEOUT)
        log.warning("asked for tickets", extra={"component": self._component.appid})

    async def _ask(self) -> None:
        with contextlib.suppress(WeChatError):  # it was worth a try; the want of a ticket is what is told
            await self.ask_for_tickets()


class AuthorizerToken:
    """Fetches the token of one account behind the component (``api_authorizer_token``)."""

    def __init__(self, api: ComponentAPI, authorizers: Authorizers, appid: str) -> None:
        self._api = api
        self._authorizers = authorizers
        self._appid = appid

    async def __call__(self, force: bool) -> Fetched:
        """Every call makes a new one; ``force`` makes no difference."""
        refresh_token = await self._authorizers.refresh_token(self._appid)
        if refresh_token:
            try:
                return await self._renew(refresh_token)
            except WeChatRefused as error:
                if error.errcode != REFRESH_TOKEN_INVALID:
                    raise
        return await self._renew(await self._looked_up(not_this=refresh_token))

    async def _renew(self, refresh_token: str) -> Fetched:
        fetched, from_now_on = await self._api.authorizer_token(self._appid, refresh_token)
        if from_now_on != refresh_token:  # kept before anybody works with the token: it may be the only copy
            await self._authorizers.put_refresh_token(self._appid, from_now_on)
        return fetched

    async def _looked_up(self, *, not_this: str | None) -> str:
        """The refresh token as WeChat has it, where ours is lost or void."""
        info = await self._api.authorizer_info(self._appid)
        if not info.refresh_token or info.refresh_token == not_this:
            raise refusal(f"{PATH}/api_authorizer_token", NOT_AUTHORIZED, "WeChat has no other refresh token either")
        await self._authorizers.put_refresh_token(self._appid, info.refresh_token)
        return info.refresh_token
