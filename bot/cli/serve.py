"""``voucherbot serve``: the web endpoint, with the background work inside unless told otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.settings import PORT, Number, config_option, settings_of

if TYPE_CHECKING:
    from config import Settings


@click.command()
@config_option
@click.option("--host", help="Address to listen on, instead of server.host.")
@click.option("--port", type=PORT, help="Port, instead of server.port; 0: any free one.")
@click.option("--processes", type=Number(1, 64), help="Web processes, instead of server.processes.")
@click.option("--no-worker", is_flag=True, help="Leave background work to others.")
def serve(config: Path | None, host: str | None, port: int | None, processes: int | None, no_worker: bool) -> int:
    """Answer WeChat's pushes until Ctrl-C."""
    settings = settings_of(config)
    if host is not None and not host.strip():
        # An empty one would mean every address of this machine.
        raise click.BadParameter("expected an address of this machine.", param_hint="'--host'")
    given = {"host": host, "port": port, "processes": processes}
    server = settings.server.model_copy(update={name: value for name, value in given.items() if value is not None})
    return _serve(settings.model_copy(update={"server": server}), worker=not no_worker)


def _serve(settings: Settings, *, worker: bool) -> int:
    from bot import log, serving
    from bot.cli.running import Processes, run_until_told
    from bot.store.embedded import redis_for

    log.configure()
    # Bound and started before any process is forked: all share one socket and one embedded Redis.
    sockets = serving.listen(settings.server.host, settings.server.port)
    with redis_for(settings.redis.url, settings.data.dir) as url:
        redis = settings.redis.model_copy(update={"url": url})
        shared = settings.model_copy(update={"redis": redis})

        def one(number: int = 0, parent: int | None = None) -> None:
            ready = _announce if number == 0 else None
            run_until_told(serving.serve(shared, ready=ready, worker=worker, sockets=sockets), parent)

        if settings.server.processes > 1:
            return Processes(one, sockets).run(settings.server.processes)
        one()
    return 0


def _announce(address: str) -> None:
    click.echo(f"Voucherbot answers pushes at {address}/wechat/APPID")
