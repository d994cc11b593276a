"""``voucherbot jobs``: what waits, runs or was given up. Arguments stay untold: they may quote what somebody wrote."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from bot.cli.settings import config_option, settings_of
from bot.cli.times import ago, in_words

if TYPE_CHECKING:
    from bot.store.jobs import Job, JobShelf

T = TypeVar("T")
STATES = ("queued", "running", "waiting", "done", "dead")
SHOWN_DONE = 100
PIPED_WIDTH = 400
"""Columns where no terminal says how many it has."""


class NoSuchJob(click.ClickException):
    """Nothing of that name, or not in that state."""

    exit_code = 1


@click.group(no_args_is_help=False)
def jobs() -> None:
    """Look after background jobs: those that wait, run, or were given up."""


@jobs.command("list")
@config_option
@click.option("--account", metavar="APPID", help="Only the jobs of this account.")
@click.option("--state", type=click.Choice(STATES), help="Only the jobs in this state; else all but done ones.")
def list_(config: Path | None, account: str | None, state: str | None) -> None:
    """List jobs, oldest first; of those done in the last week the newest hundred."""
    found = _with_shelf(config, lambda shelf: shelf.all(done=SHOWN_DONE if state == "done" else 0))
    shown = [
        job for job in found if account in (None, job.appid) and (job.state == state if state else job.state != "done")
    ]
    if not shown:
        click.echo("There are no such jobs." if state or account else "No job waits, runs or was given up.")
        return
    _print_table(shown)


@jobs.command("show")
@config_option
@click.argument("job")
def show(config: Path | None, job: str) -> None:
    """Show one JOB, named as in the list."""
    found = _with_shelf(config, lambda shelf: shelf.get(job))
    if found is None:
        raise _unknown(job)
    for name, value in _facts(found):
        click.echo(f"{name + ':':12}{value}")


@jobs.command("retry")
@config_option
@click.argument("job")
def retry(config: Path | None, job: str) -> None:
    """Run a waiting or dead JOB again, now, as if it had never failed."""
    from bot.clock import now

    state = _with_shelf(config, lambda shelf: shelf.retry(job, now()))
    if not state:
        raise _unknown(job)
    if state not in ("waiting", "dead"):
        raise NoSuchJob(f"{job} is {state}, expected a job that is waiting or dead")
    click.echo(f"{job} is queued; a worker takes it at once.")


@jobs.command("drop")
@config_option
@click.argument("job")
def drop(config: Path | None, job: str) -> None:
    """Forget a JOB for good, unless it is running."""
    state = _with_shelf(config, lambda shelf: shelf.drop(job))
    if not state:
        raise _unknown(job)
    if state == "running":
        raise NoSuchJob(f"{job} is running, expected one that is not")
    click.echo(f"{job} is forgotten; it was {state}.")


def _unknown(job: str) -> NoSuchJob:
    return NoSuchJob(f'there is no job "{job}", expected APPID/ID as "voucherbot jobs list" prints it')


def _with_shelf(config: Path | None, use: Callable[[JobShelf], Awaitable[T]]) -> T:
    import asyncio

    from bot.store import connect
    from bot.store.embedded import redis_for
    from bot.store.jobs import JobShelf

    settings = settings_of(config)

    async def run() -> T:
        async with redis_for(settings.redis.url, settings.data.dir) as url:
            store = connect(url)
            try:
                return await use(JobShelf(store))
            finally:
                await store.close()

    return asyncio.run(run())


def _print_table(shown: list[Job]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD)
    for heading in ("job", "kind", "state", "attempts", "created", "next", "why"):
        table.add_column(heading, overflow="fold")
    for job in shown:
        times = ago(job.created_at), ago(job.next_at) if job.state in ("queued", "waiting") else ""
        table.add_row(job.reference, job.name, job.state, str(job.attempts), *times, _why(job))
    Console(width=None if sys.stdout.isatty() else PIPED_WIDTH, markup=False).print(table)


def _facts(job: Job) -> list[tuple[str, str]]:
    facts = [
        ("job", job.reference),
        ("kind", job.name),
        ("state", str(job.state)),
        ("why", _why(job)),
        ("attempts", f"{job.attempts}, of which {job.kills} ended with their worker"),
        ("failures", ", ".join(f"{kind} {count}" for kind, count in job.faults.items()) or "none"),
        ("arguments", ", ".join(job.args) or "none"),
        ("created", in_words(job.created_at)),
    ]
    if job.ended_at:
        facts.append(("ended", in_words(job.ended_at)))
    elif job.state in ("queued", "waiting"):
        facts.append(("next", in_words(job.next_at)))
    return facts


def _why(job: Job) -> str:
    return ", ".join(word for word in (job.reason, job.error) if word)
