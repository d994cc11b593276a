"""``voucherbot worker``: background work alone; any number of them, on any machine that reaches Redis."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.settings import config_option, settings_of


@click.command()
@config_option
def worker(config: Path | None) -> None:
    """Do background work until Ctrl-C; what runs then is finished or handed back within ten seconds."""
    settings = settings_of(config)

    from bot import log, serving
    from bot.cli.running import run_until_told

    log.configure()
    run_until_told(serving.work(settings, ready=lambda: click.echo("Voucherbot works in the background")))
