"""``voucherbot log``: the change log, and whether anybody has tampered with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from bot.cli.backstage import Backstage, with_backstage
from bot.cli.settings import Number, account_option, config_option

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from bot.store.chain import Finding, Verdict
    from bot.vouchers.records import Records

T = TypeVar("T")
EVERY_FIELD = 1000
DIGEST = 64


def _head(_ctx: click.Context, _param: click.Parameter, value: str | None) -> tuple[int, str] | None:
    """``COUNT:DIGEST``, as verify prints it."""
    if value is None:
        return None
    count, _, digest = value.partition(":")
    if not (count.isascii() and count.isdigit() and len(digest) == DIGEST):
        raise click.BadParameter(f"{value}, expected COUNT:DIGEST as verify printed it.")
    return int(count), digest


@click.group(no_args_is_help=False)
def log() -> None:
    """Show who changed what, and verify that nobody has altered the record."""


@log.command("show")
@config_option
@account_option
@click.option("--voucher", metavar="CARD_ID", default="", help="Only the changes of this voucher.")
@click.option(
    "--last", type=Number(1, 10_000), default=50, show_default=True, help="How many, counted from the newest."
)
def show(config: Path | None, account: str | None, voucher: str, last: int) -> None:
    """Print changes, oldest first: number, when, who, what, old and new, what came of it."""
    from bot.render import Renderer
    from bot.vouchers.logged import entry_of

    found, zone = _with_records(config, account, lambda records: records.newest(last, card_id=voucher))
    if not found:
        click.echo("No change is on record.", err=True)
    for asked in reversed(found):
        entry = entry_of(asked, fields=EVERY_FIELD)
        click.echo(Renderer().render("show_log.entry", {"entry": entry}, "en", zone).replace("\n", "\n    "))


@log.command("verify")
@config_option
@account_option
@click.option(
    "--head",
    metavar="COUNT:DIGEST",
    callback=_head,
    help="A head noted earlier, elsewhere than in Redis: finds a log made up anew, too.",
)
def verify(config: Path | None, account: str | None, head: tuple[int, str] | None) -> int:
    """Find lines of the log that were changed, added or taken out; exit 1 if there are any.

    Each line holds the digest of all above it, and the digest of the last is kept beside them. Whoever may write to
    Redis could compute all of it anew: note the head that is printed somewhere else, and give it to --head later.
    """
    verdict, _ = _with_records(config, account, lambda records: records.chain.verify(head))
    for finding in verdict.findings:
        click.echo(_sentence(finding))
    click.echo(_summary(verdict))
    return 1 if verdict.findings else 0


def _sentence(finding: Finding) -> str:
    from bot.store.chain import Fault

    where = f"line {finding.line}" + (f" (change {finding.number})" if finding.number else "")
    lines = f"{finding.line} line{'s' if finding.line != 1 else ''}"
    return {
        Fault.BROKEN: f"{where}: this line does not follow those above it; one of them was changed, added or taken out",
        Fault.UNREADABLE: f"{where}: is no JSON object, expected an entry",
        Fault.HEAD_WAS_LOST: f"{where}: the head was missing when this was written; what stood above may be cut off",
        Fault.NO_HEAD: "the head is missing: whether lines were cut off at the end cannot be told",
        Fault.CUT_OFF: f"{lines} missing: the head counts more than there are",
        Fault.LAST_CHANGED: "the last line was changed: its digest is not the head's",
        Fault.TOO_MANY: f"{lines} too many: the head counts fewer",
        Fault.OTHER_HEAD: "the log does not begin with the lines that --head was noted for",
    }[finding.fault]


def _summary(verdict: Verdict) -> str:
    old = ""
    if verdict.unchained:
        old = f" ({verdict.unchained} of them older than the chain, which vouches for them only together)"
    state = "NOT intact" if verdict.findings else "intact"
    return f"{verdict.count} lines{old}, {state}; head {verdict.count}:{verdict.digest or '-'}"


def _with_records(config: Path | None, appid: str | None, use: Callable[[Records], Awaitable[T]]) -> tuple[T, ZoneInfo]:
    from bot.vouchers.records import Records

    async def run(opened: Backstage) -> tuple[T, ZoneInfo]:
        account = await opened.account(appid)
        return await use(Records(account, opened.store)), account.zone

    return with_backstage(config, run)
