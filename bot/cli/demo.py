"""``voucherbot demo``: everything at once, on this machine alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.settings import PORT

if TYPE_CHECKING:
    from bot.app import App
    from config import Settings


@click.command()
@click.option("--port", type=PORT, default=8888, show_default=True, help="Port of the chat page.")
@click.option("--no-browser", is_flag=True, help="Do not open the chat page.")
@click.option("--data", type=click.Path(path_type=Path), metavar="DIR", help="Folder to keep things in.")
def demo(port: int, no_browser: bool, data: Path | None) -> None:
    """Try it: a simulated WeChat with two shops, a chat page, and the bot. Ctrl-C stops all of it."""
    import logging

    from bot import log
    from bot.cli.running import run_until_told

    log.configure(level=logging.WARNING)
    run_until_told(_demo(port, data, browser=not no_browser))


def demo_settings(data: Path | None) -> Settings:
    """The settings of the demo, its data in ``data`` if given."""
    import config

    overrides = dict(os.environ)
    if data is not None:
        overrides["VOUCHERBOT_DATA__DIR"] = str(data)
    return config.load(Path(config.__file__).with_name("demo.toml"), overrides)


def address_file(settings: Settings) -> Path:
    """Where a running demo tells ``voucherbot say`` its bot's address."""
    return settings.data.dir / "bot-address"


async def _demo(port: int, data: Path | None, *, browser: bool) -> None:
    from bot import serving
    from bot.cli.world import simulated
    from bot.store.embedded import redis_for

    settings = demo_settings(data)
    sockets = serving.listen(settings.server.host, settings.server.port)
    bot_address = serving.address(settings.server.host, sockets)
    folder = settings.data.dir
    async with simulated(folder / "simulator", port, bot_address) as wechat, redis_for("", folder) as url:
        here = settings.model_copy(
            update={
                "server": settings.server.model_copy(update={"public_url": bot_address}),
                "redis": settings.redis.model_copy(update={"url": url}),
                "wechat": settings.wechat.model_copy(
                    update=dict.fromkeys(
                        ("api_base_url", "fallback_base_url", "mp_base_url", "open_base_url"), wechat.url
                    )
                ),
            }
        )
        await _register_everybody(here, url)

        def ready(address: str) -> None:
            address_file(settings).write_text(address + "\n", "utf-8")
            click.echo(f"The chat page is at {wechat.url}/ (Ctrl-C stops the demo)")
            if browser:
                open_browser(f"{wechat.url}/")

        try:
            await serving.serve(here, ready=ready, sockets=sockets)
        finally:
            address_file(settings).unlink(missing_ok=True)


async def _register_everybody(settings: Settings, url: str) -> None:
    from bot import app

    built = app.build(settings, url)
    try:
        await built.load()
        for account in settings.accounts:
            await _register(built, account.appid)
    finally:
        await built.close()


async def _register(built: App, appid: str) -> None:
    """Make the shop's persons operators, with their menu, once: who was removed in chat stays removed."""
    from bot.merchants.people import SHELL, Role
    from bot.simulator import DEMO_PERSONS

    people = built.people(appid)
    if people.all():
        return
    for person in DEMO_PERSONS[appid]:
        role = Role.from_word(person.role)
        if role is not None:
            await people.add(person.openid, role, person.name, by=SHELL)
    await built.services[appid].menu.push()


def open_browser(address: str) -> None:
    """Open ``address`` if there is a desktop and somebody in front of it. Ends at once, whatever the browser does."""
    desktop = sys.platform in ("darwin", "win32") or bool({"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys())
    if desktop and sys.stdout.isatty():
        subprocess.Popen(  # noqa: S603 - our own interpreter
            [sys.executable, "-m", "webbrowser", address],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
