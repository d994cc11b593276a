"""Options that several commands share, and what they stand for."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from bot.merchants.people import People
    from config import AccountSettings, Settings


class Number(click.IntRange):
    """A whole number within bounds, refused in one sentence."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """See click."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"{value}, expected a whole number from {self.min} to {self.max}.", param, ctx)


PORT = Number(0, 65535)
config_option = click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The settings; else the file VOUCHERBOT_CONFIG names.",
)
account_option = click.option("--account", metavar="APPID", help="The account; may be left out if there is only one.")


def settings_of(config: Path | None) -> Settings:
    """The settings of ``--config``; raises :exc:`bot.errors.SettingsError`."""
    from config import load

    return load(config, os.environ)


def account_in(settings: Settings, appid: str | None) -> AccountSettings:
    """The account ``--account`` names, or the only one; raises :exc:`bot.errors.SettingsError`."""
    from bot.errors import SettingsError

    known = {account.appid: account for account in settings.accounts}
    if appid is None and len(known) == 1:
        return settings.accounts[0]
    if appid in known:
        return known[appid]
    found = "is missing" if appid is None else f"is {appid}"
    raise SettingsError(f"--account {found}, expected {' or '.join(known) or 'an account, but none is configured'}")


@asynccontextmanager
async def people_of(settings: Settings, account: AccountSettings) -> AsyncIterator[People]:
    """The operators of ``account``, without the rest of the program."""
    from bot.merchants.people import People
    from bot.store import connect
    from bot.store.embedded import redis_for
    from bot.wechat.account import account_of

    async with redis_for(settings.redis.url, settings.data.dir) as url:
        store = connect(url, wait_for_replicas=settings.redis.wait_for_replicas)
        try:
            people = People(store, account_of(account))
            await people.refresh()
            yield people
        finally:
            await store.close()
