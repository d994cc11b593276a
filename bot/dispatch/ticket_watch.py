"""Sees that tickets come: without one the platform stands still within twelve hours, for every merchant at once.

And that somebody is known: where Redis and the copies have forgotten who authorised us, WeChat is asked.
"""

from __future__ import annotations

import asyncio
import logging

from bot import clock
from bot.dispatch.faults import described
from bot.dispatch.notices import Notices
from bot.errors import StoreUnavailable, WeChatError
from bot.merchants.authorizing import Authorizing
from bot.routing.accounts import Accounts
from bot.routing.reply import Notice, Reply
from bot.store.tickets import GOOD_FOR
from bot.wechat.component.platform import Platform

log = logging.getLogger(__name__)

LATE = 1200.0
"""Seconds without a ticket that are too long: one comes every ten minutes."""
LOOK_EVERY = 60.0


class TicketWatch:
    """Of one process; all of them together tell each person once."""

    def __init__(
        self, platform: Platform, authorizing: Authorizing, accounts: Accounts, notices: Notices
    ) -> None:
        self._platform = platform
        self._authorizing = authorizing
        self._accounts = accounts
        self._notices = notices
        self._since = clock.now()
        self._late = 0.0
        """When the newest ticket was made while none comes, 0 while they come."""

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            try:
                await self.look()
            except StoreUnavailable:
                log.warning("tickets wait for redis")

    async def look(self) -> None:
        """One look; raises :exc:`bot.errors.StoreUnavailable`."""
        newest = await self._platform.tickets.newest()
        made_at = float(newest.made_at) if newest else 0.0
        if clock.now() - max(made_at, self._since) < LATE:
            if self._late and made_at > self._late:
                log.warning("tickets come again", extra={"component": self._platform.component.appid})
                await self._tell("delivery.tickets_again", self._late)
                self._late = 0.0
            if newest is not None:
                await self._recover()
            return
        if not self._late:
            self._late = made_at or self._since
            log.error("no ticket", extra={"component": self._platform.component.appid, "since": self._late})
            await self._tell("delivery.no_ticket", self._late, since=self._late, until=made_at and made_at + GOOD_FOR)
        try:
            await self._platform.ask_for_tickets()
        except WeChatError as error:
            log.warning("tickets not asked for", extra={"fault": described(error)})

    async def _recover(self) -> None:
        try:
            await self._authorizing.recover()
        except WeChatError as error:
            log.warning("authorised accounts not recovered", extra={"fault": described(error)})

    async def _tell(self, template: str, fact: float, **values: float) -> None:
        """The owners of the accounts of the settings, who are the provider's own people."""
        for appid in self._accounts:
            account = self._accounts.account(appid)
            if account is None or account.component:
                continue
            services = await self._accounts.ready(appid)
            for owner in services.people.with_alert("system"):
                told = Notice(owner.openid, Reply(template, **values), f"{template}:{fact}")
                await self._notices.deliver(services, told)
