"""What becomes of the platform's events: tickets are kept at once, the rest is durable work."""

from __future__ import annotations

import hashlib
import logging

from bot.dispatch.notices import Notices
from bot.jobs import Hopeless, Jobs
from bot.merchants.authorizing import Authorizing
from bot.routing.accounts import Accounts
from bot.routing.reply import Notice, Reply
from bot.store.sealing import Sealer
from bot.store.tickets import KeptTicket
from bot.wechat.component.events import Authorized, ComponentEvent, Qualified, Ticket, Unauthorized
from bot.wechat.component.platform import Platform

log = logging.getLogger(__name__)

AUTHORIZED, WITHDRAWN, QUALIFIED = "authorized", "unauthorized", "card_merchant"


class PlatformEvents:
    """Events of one component."""

    def __init__(
        self, platform: Platform, authorizing: Authorizing, jobs: Jobs, accounts: Accounts, notices: Notices
    ) -> None:
        self._platform = platform
        self._accounts = accounts
        self._notices = notices
        self._authorizing = authorizing
        self._jobs = jobs
        self._sealer = Sealer(platform.component.secret, b"codes")
        jobs.register(AUTHORIZED, self._authorized, looks_first=True)
        jobs.register(WITHDRAWN, self._withdrawn)
        jobs.register(QUALIFIED, self._qualified)

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
            case Qualified(created_at, appid, passed, reason):
                fact = f"card_merchant:{appid}:{created_at}"
                args = {
                    "merchant": appid, "passed": "yes" if passed else "", "reason": self._sealer.seal(reason),
                    "fact": fact,
                }  # fmt: skip
                await self._jobs.start(QUALIFIED, fact, component, args)
            case other:
                log.info("component event left alone", extra={"type": other.type})

    async def _authorized(self, _component: str, authorizer: str, code: str) -> None:
        opened = self._sealer.open(code)
        if opened is None:
            raise Hopeless("the component's secret has changed since")
        await self._authorizing.exchange(opened, authorizer)

    async def _qualified(self, _component: str, merchant: str, passed: str, reason: str, fact: str) -> None:
        """Tell the people of the account, where it is served, and the provider's own."""
        known = await self._platform.authorizers.get(merchant)
        reply = Reply(
            "delivery.card_merchant", name=(known and known.name) or merchant, passed=bool(passed),
            reason=self._sealer.open(reason) or "",
        )  # fmt: skip
        for appid in self._accounts:
            account = self._accounts.account(appid)
            if appid != merchant and (account is None or account.component):
                continue
            services = await self._accounts.ready(appid)
            for reader in services.people.with_alert("reviews" if appid == merchant else "system"):
                await self._notices.deliver(services, Notice(reader.openid, reply, fact))

    async def _withdrawn(self, _component: str, authorizer: str, at: str) -> None:
        await self._authorizing.withdrawn(authorizer, float(at))
