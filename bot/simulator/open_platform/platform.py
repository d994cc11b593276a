"""The Open Platform as the world knows it: the component, its tickets and codes, and who authorised it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.simulator.crypto import key_bytes
from bot.simulator.errors import ApiError
from bot.simulator.model import Line, Shop
from bot.simulator.open_platform.authorisations import Authorisations
from bot.simulator.open_platform.card_agents import CardAgents
from bot.simulator.open_platform.codes import CodeBook
from bot.simulator.open_platform.model import Authorisation, Component, PlatformReadings
from bot.simulator.open_platform.sets import MESSAGES, MINI_MESSAGES, covers
from bot.simulator.open_platform.verify_tickets import VerifyTickets
from bot.simulator.persistence import Store
from bot.simulator.stream import Stream
from bot.simulator.tokens import Token, TokenBook


class OpenPlatform:
    """At most one component; without it nothing here is known to anybody."""

    def __init__(self, store: Store, stream: Stream, tokens: TokenBook) -> None:
        self._tokens = tokens
        self.component: Component | None = None
        self.tickets = VerifyTickets(store)
        self.codes = CodeBook(store)
        self.authorisations = Authorisations(store, stream)
        self.card_agents = CardAgents(store, stream)
        self.readings = PlatformReadings()
        self.want_ticket: Callable[[], None] = lambda: None
        """Pushes a ticket behind the answer to the call that asked for it."""

    def add(self, component: Component) -> Component:
        """Know the component. Raises :exc:`ValueError` for a key of another length or a second component."""
        key_bytes(component.encoding_aes_key)
        if "$APPID$" not in component.messages_url and component.messages_url:
            raise ValueError(f"messages_url is {component.messages_url}, expected $APPID$ in it")
        if self.component is not None:
            raise ValueError(f"there is a component {self.component.appid} already")
        self.component = component
        return component

    @property
    def known(self) -> Component:
        """The component. Raises :exc:`LookupError` without one."""
        if self.component is None:
            raise LookupError("there is no component: add_component first")
        return self.component

    def grant(self, appid: str, sets: Sequence[int]) -> Authorisation:
        """An account authorises. Tokens of an earlier grant that was taken back stay dead."""
        if self.authorisations.get(appid) is None:
            self._tokens.kill(appid, "authorizer")
        return self.authorisations.grant(appid, sets)

    def lines(self, shop: Shop) -> list[Line]:
        """Where an account's pushes go: its own server, or the component that manages its messages."""
        granted = self.authorisations.get(shop.appid)
        if self.component is None or granted is None or not {MESSAGES, MINI_MESSAGES} & set(granted.sets):
            return [shop.line] if shop.callback_url else []
        lines = [self.component.messages(shop.appid)] if self.component.messages_url else []
        if self.readings.account_hears_too and shop.callback_url:
            lines.append(shop.line)
        return lines

    def admit(self, token: Token, path: str, address: str) -> None:
        """Let a call on behalf of an account in.

        Raises 61003 or 40001 (the grant was taken back), 61004, 61007.
        """
        granted = self.authorisations.get(token.appid)
        if granted is None:
            raise ApiError(61003 if self.readings.dead_token_says_unauthorised else 40001)
        self.check_address(address)
        if not covers(granted.sets, path):
            raise ApiError(61007)

    def check_address(self, address: str) -> None:
        """Raise 61004 unless the caller's address is on the component's list, if there is a list."""
        allowed = self.known.addresses
        if allowed is not None and address not in allowed:
            raise ApiError(61004, f"access clientip is not registered, requestIP: {address}")
