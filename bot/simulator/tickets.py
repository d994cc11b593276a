"""QR codes the accounts had made: of vouchers, and parametric ones of the account itself."""

from __future__ import annotations

import secrets
import time
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.simulator.persistence import Store
from bot.simulator.stream import Stream


@dataclass
class Ticket:
    """One QR code.

    ``cards``: {card_id, code, openid, is_unique_code, outer_str, outer_id} of each voucher in it; ``scene``: of a
    parametric code. ``expires_at`` 0: never. ``used``: how often it was scanned.
    """

    appid: str
    ticket: str
    url: str
    made_at: float
    expires_at: float
    cards: list[dict[str, Any]] = field(default_factory=list)
    scene: str = ""
    used: int = 0

    @property
    def expired(self) -> bool:
        """Whether its time is over."""
        return 0 < self.expires_at < time.time()


class TicketBook:
    """QR codes by ticket; an address in one is as good as its ticket."""

    def __init__(self, store: Store, stream: Stream) -> None:
        self._store, self._stream = store, stream
        self._tickets = {key: Ticket(**value) for _, key, value in store.all("ticket")}

    def make(self, appid: str, seconds: int, *, cards: list[dict[str, Any]] | None = None, scene: str = "") -> Ticket:
        """A new code, valid for so many seconds; 0: for good."""
        name, now = secrets.token_urlsafe(18), time.time()
        ticket = Ticket(
            appid=appid,
            ticket=f"gQ{secrets.token_urlsafe(60)}==",
            url=f"http://weixin.qq.com/q/{name}",
            made_at=now,
            expires_at=now + seconds if seconds else 0,
            cards=cards or [],
            scene=scene,
        )
        self.save(ticket)
        return ticket

    def save(self, ticket: Ticket) -> None:
        """Keep a new or scanned code and tell the watchers."""
        self._tickets[ticket.ticket] = ticket
        self._store.put("ticket", ticket.appid, ticket.ticket, asdict(ticket))
        self._stream.publish("ticket", appid=ticket.appid, ticket=ticket.ticket)

    def find(self, appid: str, content: str) -> Ticket:
        """The account's code by its ticket or by the address in the picture. Raises :exc:`LookupError`."""
        for ticket in self._tickets.values():
            if ticket.appid == appid and content in {ticket.ticket, ticket.url}:
                return ticket
        raise LookupError(f"no QR code of {appid} holds {content!r}")

    def of(self, appid: str) -> list[Ticket]:
        """The account's codes, oldest first."""
        return [ticket for ticket in self._tickets.values() if ticket.appid == appid]
