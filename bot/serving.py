"""Runs what :mod:`bot.app` builds: listens, works, and stops without losing what was begun."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Callable
from contextlib import AsyncExitStack
from socket import socket

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from bot.app import App, build
from bot.errors import SettingsError
from bot.store.embedded import redis_for
from bot.web.push import MOST_READ
from config import Settings


def listen(host: str, port: int) -> list[socket]:
    """Sockets for :func:`serve`, bound before any process is forked; raises :exc:`bot.errors.SettingsError`."""
    try:
        return bind_sockets(port, host)
    except OSError as error:
        reason = f"cannot be listened on ({error.strerror})"
        if error.errno == errno.EADDRINUSE:
            reason = "is in use by another program"
        raise SettingsError(f"port {port} of {host} {reason}, expected a free port of this machine") from error


async def serve(
    settings: Settings,
    *,
    ready: Callable[[str], None] | None = None,
    worker: bool = True,
    sockets: list[socket] | None = None,
) -> None:
    """Serve until cancelled; ``ready`` is told the address once pushes are answered.

    ``sockets`` listen already and may be shared by several processes. Raises :exc:`bot.errors.SettingsError`.
    """
    async with AsyncExitStack() as stack:
        listening = listen(settings.server.host, settings.server.port) if sockets is None else sockets
        for each in listening:
            stack.callback(each.close)
        redis_url = await stack.enter_async_context(redis_for(settings.redis.url, settings.data.dir))
        app = build(settings, redis_url)
        stack.push_async_callback(app.close)
        await app.load()
        server = HTTPServer(app.web(), max_body_size=MOST_READ, body_timeout=10.0, idle_connection_timeout=60.0)
        server.add_sockets(listening)
        stack.push_async_callback(server.close_all_connections)
        stack.callback(server.stop)
        async with asyncio.TaskGroup() as running:
            running.create_task(_until_stopped(app, server.stop))
            running.create_task(app.follow())
            if worker:
                running.create_task(app.work())
            if ready is not None:
                ready(address(settings.server.host, listening))


async def _until_stopped(app: App, shut: Callable[[], None]) -> None:
    """Until cancelled. Then the door is ``shut`` at once; whoever waits for an answer gets it before the line is cut.

    Background work ends at the same time, not before: while it lasted pushes would still come, and all of it together
    would take too long.
    """
    try:
        await asyncio.Event().wait()
    finally:
        shut()
        app.jobs.stopping()
        await app.dispatcher.close()


async def work(settings: Settings, *, ready: Callable[[], None] | None = None) -> None:
    """Do background work alone until cancelled; ``ready`` is called once it is begun."""
    async with redis_for(settings.redis.url, settings.data.dir) as redis_url:
        app = build(settings, redis_url)
        try:
            await app.load()
            await app.jobs.prepare()
            if ready is not None:
                ready()
            async with asyncio.TaskGroup() as running:
                running.create_task(_until_stopped(app, lambda: None))
                running.create_task(app.follow())
                running.create_task(app.work())
        finally:
            await app.close()


def address(host: str, sockets: list[socket]) -> str:
    """The address under which ``sockets`` are reached from this machine."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    shown = f"[{reachable}]" if ":" in reachable else reachable
    return f"http://{shown}:{sockets[0].getsockname()[1]}"
