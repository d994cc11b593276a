"""``voucherbot simulator``: the simulated WeChat alone, for a bot that runs elsewhere."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.settings import PORT


@click.command()
@click.option("--port", type=PORT, default=8889, show_default=True, help="Port to listen on.")
@click.option(
    "--bot", "bot_address", default="http://127.0.0.1:8888", show_default=True, metavar="URL", help="Where pushes go."
)
@click.option("--data", type=click.Path(path_type=Path), metavar="DIR", help="Folder to keep things in.")
def simulator(port: int, bot_address: str, data: Path | None) -> None:
    """Run the simulated WeChat with its two shops until Ctrl-C."""
    import asyncio

    from bot import log
    from bot.cli.running import run_until_told
    from bot.cli.world import simulated

    async def run() -> None:
        async with simulated(data, port, bot_address) as wechat:
            click.echo(f"The simulated WeChat is at {wechat.url}/")
            await asyncio.Event().wait()

    log.configure()
    run_until_told(run())
