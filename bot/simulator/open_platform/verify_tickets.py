"""The component's verify tickets: a new one every ten minutes, each good for twelve hours."""

from __future__ import annotations

import secrets
import time
from dataclasses import asdict, dataclass

from bot.simulator.errors import ApiError
from bot.simulator.open_platform.model import TICKET_EVERY, TICKET_LIFETIME
from bot.simulator.persistence import Store


@dataclass(frozen=True)
class VerifyTicket:
    """One ticket and the CreateTime of its push."""

    value: str
    made_at: int


class VerifyTickets:
    """Tickets of the last twelve hours, and the moment the next one is due."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._tickets = [VerifyTicket(**value) for _, _, value in store.all("verify_ticket")]

    def make(self, appid: str) -> VerifyTicket:
        """A new one; those that are over are forgotten."""
        ticket = VerifyTicket(f"ticket@@@{secrets.token_urlsafe(60)}", int(time.time()))
        for old in [one for one in self._tickets if one.made_at < ticket.made_at - 2 * TICKET_LIFETIME]:
            self._tickets.remove(old)
            self._store.remove("verify_ticket", appid, old.value)
        self._tickets.append(ticket)
        self._store.put("verify_ticket", appid, ticket.value, asdict(ticket))
        return ticket

    def earlier(self, back: int) -> VerifyTicket:
        """The ticket so many before the newest. Raises :exc:`LookupError`."""
        if not 0 <= back < len(self._tickets):
            raise LookupError(f"there are {len(self._tickets)} tickets, none so far back")
        return self._tickets[-1 - back]

    def check(self, value: str) -> None:
        """Raise 61006 for a ticket of nobody, 61005 for one that is over."""
        ticket = next((one for one in self._tickets if one.value == value), None)
        if ticket is None:
            raise ApiError(61006)
        if time.time() >= ticket.made_at + TICKET_LIFETIME:
            raise ApiError(61005)

    @property
    def due(self) -> float:
        """When the next one is to be pushed; long ago where there was none yet."""
        return self._tickets[-1].made_at + TICKET_EVERY if self._tickets else 0.0

    @property
    def newest(self) -> float:
        """When the newest was made, 0 without any."""
        return self._tickets[-1].made_at if self._tickets else 0.0
