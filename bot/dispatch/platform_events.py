"""What becomes of the platform's events: tickets are kept at once, the rest is durable work."""

from __future__ import annotations

import hashlib
import logging

from bot.jobs import Hopeless, Jobs
from bot.merchants.authorizing import Authorizing
from bot.store.sealing import Sealer
from bot.store.tickets import KeptTicket
from bot.wechat.component.events import Authorized, ComponentEvent, Ticket, Unauthorized
from bot.wechat.component.platform import Platform

log = logging.getLogger(__name__)

AUTHORIZED, WITHDRAWN = "authorized", "unauthorized"


class PlatformEvents:
    """Events of one component."""

    def __init__(self, platform: Platform, authorizing: Authorizing, jobs: Jobs) -> None:
        self._platform = platform
        self._authorizing = authorizing
        self._jobs = jobs
        self._sealer = Sealer(platform.component.secret, b"codes")
        jobs.register(AUTHORIZED, self._authorized, looks_first=True)
        jobs.register(WITHDRAWN, self._withdrawn)

    async def take(self, event: ComponentEvent) -> None:
        """Keep a ticket; begin what an authorisation asks for, which goes on whatever becomes of this process.

        Raises :exc:`bot.errors.StoreUnavailable` when it is not recorded: WeChat is to push it again.
        """
        component = self._platform.component.appid
        match event:
            case Ticket(created_at, value):
                await self._platform.tickets.keep(KeptTicket(created_at, value))
            case Authorized(_, appid, code):
                args = {"authorizer": appid, "code": self._sealer.seal(code)}
                digest = hashlib.blake2b(code.encode(), digest_size=12).hexdigest()
                await self._jobs.start(AUTHORIZED, f"authorized:{digest}", component, args)
            case Unauthorized(created_at, appid):
                args = {"authorizer": appid, "at": str(created_at)}
                await self._jobs.start(WITHDRAWN, f"unauthorized:{appid}:{created_at}", component, args)
            case other:
                log.info("component event left alone", extra={"type": other.type})

    async def _authorized(self, _component: str, authorizer: str, code: str) -> None:
        opened = self._sealer.open(code)
        if opened is None:
            raise Hopeless("the component's secret has changed since")
        await self._authorizing.exchange(opened, authorizer)

    async def _withdrawn(self, _component: str, authorizer: str, at: str) -> None:
        await self._authorizing.withdrawn(authorizer, float(at))
