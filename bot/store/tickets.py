"""The component's ticket: without it no token, and without a token no account behind the component can be served.

It comes every ten minutes and is good for twelve hours, so the newest is kept twice: in Redis for all, and as a copy on
disk. An older one, pushed again or out of order, never replaces a newer one.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bot import clock
from bot.errors import StoreUnavailable
from bot.store import component_keys as keys
from bot.store.connection import Script, Store
from bot.store.copies import Copies
from bot.store.sealing import Sealer

GOOD_FOR = 12 * 3600
"""Seconds from when it was made."""
COPY = "ticket"

_KEEP = Script("""
-- KEYS: ticket. ARGV: when it was made, sealed, milliseconds to keep. 1 when it is the newest now.
local made = tonumber(redis.call('HGET', KEYS[1], 'made_at') or '-1')
if made > tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'made_at', ARGV[1], 'sealed', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
""")


@dataclass(frozen=True, slots=True)
class KeptTicket:
    """A ticket, and the second WeChat made it."""

    made_at: int
    value: str = field(repr=False)

    @property
    def age(self) -> float:
        """Seconds."""
        return clock.now() - self.made_at


class Tickets:
    """The ticket of one component."""

    def __init__(self, store: Store, copies: Copies, component: str, secret: str) -> None:
        self._store = store
        self._copies = copies
        self._key = keys.ticket(component)
        self._sealer = Sealer(secret, b"ticket")

    async def keep(self, ticket: KeptTicket) -> None:
        """Keep ``ticket`` in both places; raises :exc:`bot.errors.StoreUnavailable` when it is in neither."""
        on_disk = await self._copies.keep(COPY, ticket.made_at, ticket.value)
        try:
            await self._into_redis(ticket)
        except StoreUnavailable:
            if not on_disk:
                raise

    async def newest(self) -> KeptTicket | None:
        """The newest ticket of both places; None when there is none that is still good.

        One that Redis did not have is put there. Raises :exc:`bot.errors.StoreUnavailable` where neither has one.
        """
        copy = await self._copies.newest(COPY)
        on_disk = KeptTicket(int(copy.version), copy.value) if copy else None
        try:
            known = await self._from_redis()
            if on_disk and (known is None or known.made_at < on_disk.made_at) and on_disk.age < GOOD_FOR:
                await self._into_redis(on_disk)
        except StoreUnavailable:
            if on_disk is None:
                raise
            known = None
        newest = max((each for each in (known, on_disk) if each), key=lambda each: each.made_at, default=None)
        return newest if newest and newest.age < GOOD_FOR else None

    async def _from_redis(self) -> KeptTicket | None:
        made_at, sealed = await self._store.do("HMGET", self._key, "made_at", "sealed")
        value = self._sealer.open(sealed) if sealed else None
        return KeptTicket(int(made_at), value) if value else None

    async def _into_redis(self, ticket: KeptTicket) -> None:
        args = (ticket.made_at, self._sealer.seal(ticket.value), GOOD_FOR * 1000)
        await self._store.script(_KEEP, [self._key], args)
