"""One account as the command line works with it: beside the running bot, on the same Redis."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from bot.cli.settings import settings_of

if TYPE_CHECKING:
    from bot.merchants.people import People
    from bot.store import Store
    from bot.store.keepsakes import Keepsakes
    from bot.wechat.account import Account
    from bot.wechat.client import WeChat
    from bot.wechat.component.platform import Platform
    from config import Settings

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Backstage:
    """What a command may use; ``wechat`` opens no connection before it is asked."""

    settings: Settings
    store: Store
    wechat: WeChat
    keepsakes: Keepsakes

    @property
    def platform(self) -> Platform:
        """The third-party platform; raises :exc:`bot.errors.SettingsError` where there is none."""
        from bot.errors import SettingsError

        if self.wechat.platform is None:
            raise SettingsError("[component] is missing in the settings, expected a third-party platform")
        return self.wechat.platform

    async def account(self, appid: str | None) -> Account:
        """The account ``--account`` names, or the only one of the settings; raises :exc:`bot.errors.SettingsError`."""
        from bot.errors import SettingsError
        from bot.wechat.account import account_of

        known = {account.appid: account for account in self.settings.accounts}
        if appid is None and len(known) == 1:
            return account_of(next(iter(known.values())))
        if appid in known:
            return account_of(known[appid])
        platform = self.wechat.platform
        if appid and platform and (authorizer := await platform.authorizers.get(appid)):
            return platform.account(authorizer)
        found = "is missing" if appid is None else f"is {appid}"
        listed = ["one of those that accounts list prints"] if platform else list(known)
        expected = " or ".join(listed) or "an account, but none is configured"
        raise SettingsError(f"--account {found}, expected {expected}")

    async def people(self, account: Account) -> People:
        """The operators of ``account``."""
        from bot.merchants.people import People

        people = People(self.store, account, self.keepsakes)
        await people.refresh()
        return people


@asynccontextmanager
async def backstage(settings: Settings) -> AsyncIterator[Backstage]:
    """Opened for one command."""
    from bot.store import connect
    from bot.store.copies import Copies
    from bot.store.embedded import redis_for
    from bot.store.keepsakes import Keepsakes
    from bot.wechat.client import WeChat
    from bot.wechat.component.model import component_of

    component = component_of(settings.component) if settings.component else None
    copies = Copies(settings.data.dir / "copies", component.secret if component else "")
    async with redis_for(settings.redis.url, settings.data.dir) as url:
        store = connect(url, wait_for_replicas=settings.redis.wait_for_replicas)
        wechat = WeChat(settings.wechat, store, component=component, copies=copies)
        try:
            yield Backstage(settings, store, wechat, Keepsakes(store, copies if component else None))
        finally:
            await wechat.close()
            await copies.close()
            await store.close()


def with_backstage(config: Path | None, use: Callable[[Backstage], Awaitable[T]]) -> T:
    """What ``use`` makes of the settings' Redis and WeChat."""
    settings = settings_of(config)

    async def run() -> T:
        async with backstage(settings) as opened:
            return await use(opened)

    return asyncio.run(run())
