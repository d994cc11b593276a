"""``voucherbot component``: the third-party platform before it is published, and its tickets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from bot.cli.backstage import Backstage, with_backstage
from bot.cli.settings import config_option, settings_of

if TYPE_CHECKING:
    from bot.simulator import Component, Finding, Simulator
    from config import Settings

ONLY_WECHAT = (
    "that the two addresses, the domain and this machine's address are registered at open.weixin.qq.com",
    "that WeChat's own tickets arrive (voucherbot component ticket asks for one)",
    "QUERY_AUTH_CODE: its code is exchanged, and the message goes out with the token of WeChat's test account",
)


@click.group(no_args_is_help=False)
def component() -> None:
    """Try what WeChat checks before a third-party platform is published; ask for tickets."""


@component.command("check")
@config_option
@click.option("--url", metavar="URL", help="Your own installation, as WeChat reaches it: what can be played there is.")
def check(config: Path | None, url: str | None) -> int:
    """Play the full-network publication check against a simulated WeChat, or what of it can be against --url.

    Exits with 1 if a case fails.
    """
    settings = settings_of(config)
    findings = asyncio.run(_against(settings, url.rstrip("/")) if url else _simulated(settings))
    for each in findings:
        where = f"group {each.group}, {each.appid}" if each.group else "component"
        verdict = "ok    " if each.passed else "FAILED"
        click.echo(f"{verdict}\t{where}\t{each.case}\t{each.seconds:.2f} s")
        if not each.passed:
            click.echo(f"\tsent {each.sent}\n\texpected {each.expected}\n\tcame {each.came or 'nothing'}")
    failed = sum(not each.passed for each in findings)
    click.echo(f"{len(findings) - failed} of {len(findings)} cases passed.")
    if url:
        click.echo("Only WeChat can show:" + "".join(f"\n- {each}" for each in ONLY_WECHAT))
    return 1 if failed else 0


@component.command("ticket")
@config_option
def ticket(config: Path | None) -> None:
    """Ask WeChat to push tickets, and say how old the newest one is."""

    async def asked(opened: Backstage) -> float | None:
        await opened.platform.ask_for_tickets()
        newest = await opened.platform.tickets.newest()
        return newest.age if newest else None

    age = with_backstage(config, asked)
    click.echo("WeChat was asked; one comes every ten minutes.")
    click.echo("No ticket that is good has come yet." if age is None else f"The newest is {age / 60:.0f} minutes old.")


async def _simulated(settings: Settings) -> list[Finding]:
    """All of it, with the settings' own keys, between a simulated WeChat and a bot of this process."""
    from bot import serving

    async with AsyncExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory())
        sockets = serving.listen("127.0.0.1", 0)
        for each in sockets:
            stack.callback(each.close)
        wechat = await stack.enter_async_context(_wechat(settings, serving.address("127.0.0.1", sockets)))
        apart = settings.model_copy(
            update={
                "accounts": (),
                "data": settings.data.model_copy(update={"dir": Path(folder)}),
                "redis": settings.redis.model_copy(update={"url": "", "wait_for_replicas": 0}),
                "wechat": settings.wechat.model_copy(update={"api_base_url": wechat.url}),
            }
        )
        ready = asyncio.Event()
        serve = serving.serve(apart, ready=lambda _: ready.set(), worker=False, sockets=sockets)
        running, waiting = asyncio.create_task(serve), asyncio.create_task(ready.wait())
        try:
            await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
            return await wechat.check_publication() if ready.is_set() else await _never(running)
        finally:
            waiting.cancel()
            running.cancel()
            await asyncio.gather(running, waiting, return_exceptions=True)


async def _never(running: asyncio.Task[None]) -> list[Finding]:
    """The bot ended before it was ready; raises why."""
    await running
    return []


async def _against(settings: Settings, url: str) -> list[Finding]:
    """What needs no answer of WeChat's own: an old ticket, which replaces nothing, a text, and an empty answer."""
    async with _wechat(settings, url) as wechat:
        return await wechat.check_installation()


@asynccontextmanager
async def _wechat(settings: Settings, address: str) -> AsyncIterator[Simulator]:
    from bot.simulator import Simulator

    wechat = Simulator()
    await wechat.start()
    try:
        wechat.add_component(_known_to_wechat(settings, address))
        yield wechat
    finally:
        await wechat.stop()


def _known_to_wechat(settings: Settings, address: str) -> Component:
    """The component as WeChat would know it, with the keys of the settings."""
    from bot.errors import SettingsError
    from bot.simulator import Component

    ours = settings.component
    if ours is None:
        raise SettingsError("[component] is missing in the settings, expected a third-party platform")
    return Component(
        appid=ours.appid,
        secret=ours.secret,
        token=ours.token,
        encoding_aes_key=ours.encoding_aes_key,
        events_url=f"{address}/component/events",
        messages_url=f"{address}/component/$APPID$/messages",
        pushing=False,
    )
