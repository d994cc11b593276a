"""The command line: ``voucherbot COMMAND``.

Commands import what they need when they run, so that ``--help`` is quick. Whatever is wrong with options or settings
ends in one sentence on stderr and exit code 2; trouble with the world around in one sentence and 1.
"""

from __future__ import annotations

import io
import sys

import click

from bot import __version__
from bot.cli.accounts import accounts
from bot.cli.commands import commands
from bot.cli.component import component
from bot.cli.demo import demo
from bot.cli.jobs import jobs
from bot.cli.log import log
from bot.cli.menu import menu
from bot.cli.operators import invite, operators
from bot.cli.outcome import carried_out
from bot.cli.say import say
from bot.cli.serve import serve
from bot.cli.simulator import simulator
from bot.cli.worker import worker


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(version)s")
@click.pass_context
def program(context: click.Context) -> None:
    """A chat-bot for merchants who run vouchers on a WeChat official account."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


_COMMANDS = (
    serve, worker, demo, simulator, operators, invite, menu, commands, say, jobs, log, accounts, component,
)  # fmt: skip
for _command in _COMMANDS:
    program.add_command(_command)


def main(arguments: list[str] | None = None) -> None:
    """Run the command that ``arguments`` (the process's own) name, and end the process."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that lacks a sign shows a question mark instead of a traceback.
            stream.reconfigure(errors="replace")
    sys.exit(carried_out(lambda: program.main(arguments, "voucherbot", standalone_mode=False)))
