"""``voucherbot menu``: the menu that only operators see."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from bot.cli.backstage import Backstage, with_backstage
from bot.cli.settings import account_option, config_option

if TYPE_CHECKING:
    from bot.merchants.menu_members import MenuMembers

T = TypeVar("T")


@click.group(no_args_is_help=False)
def menu() -> None:
    """Put up, show or take away the menu that only operators see."""


@menu.command("push")
@config_option
@account_option
@click.option("--default", metavar="NAME=URL", help="One button for everybody, where the account has no menu yet.")
def push(config: Path | None, account: str | None, default: str | None) -> None:
    """Put the operators' menu up, again after its setting changed; the shop's own menu stays as it is."""
    own = [_button(default)] if default else None
    pushed, count = _with_menu(config, account, lambda members: members.push(own))
    again = ", which was put up again as it was," if pushed.again else ""
    click.echo(f"{count} operators see their menu within five minutes; everybody else the shop's own{again} as before.")
    if not pushed.kept:
        click.echo("The shop's own menu reads differently than before: please look at it on a phone.", err=True)


@menu.command("show")
@config_option
@account_option
def show(config: Path | None, account: str | None) -> None:
    """Show the shop's own menu and the operators'."""
    seen = _with_menu(config, account, lambda members: members.seen())
    click.echo("everybody" + ("" if seen.own else "\tnothing"))
    _print(seen.own or [])
    click.echo("operators" + ("" if seen.ours else "\tthe same"))
    for buttons in list(seen.ours.values())[-1:]:
        _print(buttons)


@menu.command("remove")
@config_option
@account_option
def remove(config: Path | None, account: str | None) -> None:
    """Take the operators' menu away; they see the shop's own again."""
    there_was = _with_menu(config, account, lambda members: members.remove())
    click.echo("Operators see the shop's own menu within five minutes." if there_was else "There was none.")


def _button(text: str) -> dict[str, Any]:
    name, _, url = text.partition("=")
    if not name.strip() or not url.strip().startswith(("http://", "https://")):
        raise click.BadParameter(f'{text}, expected a name and an address: "Website=https://…"', param_hint="--default")
    return {"type": "view", "name": name.strip(), "url": url.strip()}


def _print(buttons: list[dict[str, Any]], indent: str = "  ") -> None:
    for button in buttons:
        below = button.get("sub_button") or []
        below = below.get("list") or [] if isinstance(below, dict) else below
        does = button.get("key") or button.get("url") or button.get("pagepath") or button.get("media_id") or ""
        click.echo(f"{indent}{button.get('name')}" + ("" if below else f"\t{button.get('type')}\t{does}"))
        _print(below, indent + "  ")


def _with_menu(config: Path | None, appid: str | None, work: Callable[[MenuMembers], Awaitable[T]]) -> T:
    from bot import log

    log.configure(level=logging.ERROR)  # what goes wrong ends the command in one sentence

    async def run(opened: Backstage) -> T:
        from bot.merchants.menu_members import MenuMembers
        from bot.wechat.menu import OperatorsMenu

        account = await opened.account(appid)
        people = await opened.people(account)
        return await work(MenuMembers(opened.store, account, OperatorsMenu(opened.wechat.of(account)), people))

    return with_backstage(config, run)
