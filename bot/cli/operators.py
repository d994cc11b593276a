"""``voucherbot operators`` and ``invite``: people and roles without chat, to have a first owner."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from bot.cli.backstage import Backstage, with_backstage
from bot.cli.settings import account_option, config_option

if TYPE_CHECKING:
    from bot.merchants.people import Operator, People
    from bot.merchants.roles import Role

T = TypeVar("T")


@click.group(no_args_is_help=False)
def operators() -> None:
    """Add, list or remove the people who may command an account."""


@operators.command("add")
@config_option
@account_option
@click.option("--openid", required=True, help="Who, as WeChat names them to this account.")
@click.option("--role", "role_word", required=True, help="viewer, clerk, manager or owner.")
@click.option("--name", required=True, help="What others call them.")
def add(config: Path | None, account: str | None, openid: str, role_word: str, name: str) -> None:
    """Make somebody an operator."""
    role = _role(role_word)
    _check_openid(openid)
    _check_name(name)
    added = _with_people(config, account, lambda people: people.add(openid, role, name, by=_shell()))
    click.echo(f"{added.name} is {added.role.word} now.")


@operators.command("list")
@config_option
@account_option
def list_(config: Path | None, account: str | None) -> None:
    """List the operators: number, role, openid, name, and who is suspended since they unfollowed."""

    async def all_of(people: People) -> list[Operator]:
        return people.all()

    everybody = _with_people(config, account, all_of)
    if not everybody:
        click.echo("nobody yet: voucherbot invite --role owner", err=True)
    for number, operator in enumerate(everybody, 1):
        suspended = "\tsuspended" if operator.suspended else ""
        click.echo(f"#{number}\t{operator.role.word}\t{operator.openid}\t{operator.name}{suspended}")


@operators.command("remove")
@config_option
@account_option
@click.option("--openid", help="Who, as WeChat names them to this account.")
@click.option("--name", help="Who, by name or #number of the list.")
def remove(config: Path | None, account: str | None, openid: str | None, name: str | None) -> None:
    """Take everything from somebody; the last owner stays."""
    if (openid is None) is (name is None):
        raise click.UsageError("expected either --openid or --name")

    async def removed_from(people: People) -> Operator:
        if openid and people.operator(openid) is None:
            raise click.BadParameter(
                f"{openid}, expected one of those that operators list prints.", param_hint="'--openid'"
            )
        return await people.remove(openid or people.find(name or "").openid, by=_shell())

    click.echo(f"{_with_people(config, account, removed_from).name} is no operator any more.")


@click.command()
@config_option
@account_option
@click.option("--role", "role_word", required=True, help="viewer, clerk, manager or owner.")
@click.option("--name", default="", help="What others will call them; else named by role.")
def invite(config: Path | None, account: str | None, role_word: str, name: str) -> None:
    """Print a one-time code; whoever texts "join CODE" to the account within a day gets the role."""
    role = _role(role_word)
    if name:
        _check_name(name)
    code = _with_people(config, account, lambda people: people.invite(role, name, _shell()))
    click.echo(code)
    click.echo(f"within 24 hours, from their own phone, text the account: join {code}", err=True)


def _with_people(config: Path | None, appid: str | None, use: Callable[[People], Awaitable[T]]) -> T:
    async def run(opened: Backstage) -> T:
        return await use(await opened.people(await opened.account(appid)))

    return with_backstage(config, run)


def _role(word: str) -> Role:
    from bot.merchants.roles import Role

    role = Role.from_word(word)
    if role is None:
        raise click.BadParameter(f'"{word}", expected viewer, clerk, manager or owner.', param_hint="'--role'")
    return role


def _check_openid(openid: str) -> None:
    if not openid.isascii() or not openid.isprintable() or " " in openid or not 1 <= len(openid) <= 64:
        raise click.BadParameter("expected the person's openid, about 28 letters and digits.", param_hint="'--openid'")


def _check_name(name: str) -> None:
    from bot.merchants.names import LONGEST_NAME, BadName, checked_name

    try:
        checked_name(name)
    except BadName as error:
        expected = f"expected 1 to {LONGEST_NAME} characters, not a number, without quotes, # and =."
        raise click.BadParameter(expected, param_hint="'--name'") from error


def _shell() -> str:
    from bot.merchants.people import SHELL

    return SHELL
