"""``voucherbot accounts``: which accounts are served, those of the settings and those behind the platform."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.backstage import Backstage, with_backstage
from bot.cli.settings import config_option

if TYPE_CHECKING:
    from bot.store.authorizers import Authorizer, State

appid_option = click.option("--account", metavar="APPID", required=True, help="Which of those that list prints.")


@click.group(no_args_is_help=False)
def accounts() -> None:
    """List, show, pause or remove the accounts that are served."""


@accounts.command("list")
@config_option
def list_(config: Path | None) -> None:
    """Print a line for each account: appid, state, name, permission sets that are missing."""

    async def everybody(opened: Backstage) -> list[Authorizer]:
        platform = opened.wechat.platform
        for account in opened.settings.accounts:
            click.echo(f"{account.appid}\tsettings\t{account.name}\t")
        return await platform.authorizers.all() if platform else []

    for each in sorted(with_backstage(config, everybody), key=lambda known: known.appid):
        if each.state != "removed":
            click.echo(f"{each.appid}\t{each.state}\t{each.name}\t{_lacking(each)}")


@accounts.command("show")
@config_option
@appid_option
def show(config: Path | None, account: str) -> None:
    """Show what an account behind the platform has granted, and who commands it."""

    async def shown(opened: Backstage) -> tuple[Authorizer, int, bool]:
        known = await _known(opened, account)
        people = await opened.people(opened.platform.account(known))
        return known, len(people.all()), await opened.platform.authorizers.refresh_token(account) is not None

    known, people, has_token = with_backstage(config, shown)
    lines = {
        "appid": known.appid,
        "original id": known.original_id or "unknown",
        "name": known.name or "unknown",
        "state": str(known.state),
        "authorised": _moment(known.authorized_at),
        "changed": _moment(known.changed_at),
        "granted sets": " ".join(map(str, known.sets)) or "none",
        "missing sets": _lacking(known) or "none",
        "cards": "open" if known.cards else "not open: the merchant opens them in the account's console",
        "refresh token": "kept" if has_token else "none",
        "operators": str(people),
    }
    for name, value in lines.items():
        click.echo(f"{name:>14}\t{value}")


@accounts.command("pause")
@config_option
@appid_option
@click.option("--resume", is_flag=True, help="Serve it again.")
def pause(config: Path | None, account: str, *, resume: bool) -> None:
    """Serve an account no more until it is resumed; what it granted stays."""
    from bot.store.authorizers import State

    wanted = State.ACTIVE if resume else State.PAUSED
    known = with_backstage(config, lambda opened: _change(opened, account, wanted, State.ACTIVE, State.PAUSED))
    became = "served again" if resume else "paused: its pushes are answered with 404"
    click.echo(f"{known.name or account} is {became}.")


@accounts.command("remove")
@config_option
@appid_option
def remove(config: Path | None, account: str) -> None:
    """Forget an account's tokens and serve it no more; its people and its log stay, should it authorise again."""
    from bot.store.authorizers import State

    async def removed(opened: Backstage) -> Authorizer:
        known = await _change(opened, account, State.REMOVED, State.ACTIVE, State.PAUSED, State.UNAUTHORIZED)
        await opened.platform.forget(account)
        return known

    known = with_backstage(config, removed)
    click.echo(f"{known.name or account} is not served any more.")
    click.echo("WeChat lets only the merchant take the authorisation back: in the account's console.", err=True)


async def _known(opened: Backstage, appid: str) -> Authorizer:
    known = await opened.platform.authorizers.get(appid)
    if known is None or known.state == "removed":
        expected = "expected one of those that accounts list prints behind the platform."
        raise click.BadParameter(f"{appid}, {expected}", param_hint="'--account'")
    return known


async def _change(opened: Backstage, appid: str, to: State, *allowed: State) -> Authorizer:
    from bot import clock

    known = await _known(opened, appid)
    if known.state not in allowed:
        raise click.BadParameter(f"{appid} is {known.state}, expected one that is served.", param_hint="'--account'")
    changed = replace(known, state=to, changed_at=max(clock.now(), known.changed_at))
    await opened.platform.authorizers.put(changed)
    return changed


def _lacking(known: Authorizer) -> str:
    from bot.wechat.component.model import missing

    return " ".join(map(str, missing(known.sets)))


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC") if seconds else "unknown"
